"""One colour for one idea, whichever app the word comes from."""

from __future__ import annotations

from django.template.defaultfilters import capfirst
from django.utils.html import format_html
from django.utils.safestring import SafeString

__all__ = ["STATUS_COLOURS", "TAG_COLOURS", "status_colour", "tag"]

TAG_COLOURS = frozenset({"grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"})

STATUS_COLOURS: dict[str, str] = {
    # not yet anybody's business
    "draft": "grey",
    "discarded": "grey",
    "not_started": "grey",
    "none": "grey",
    "excluded": "grey",
    # on its way, with us
    "submitted": "blue",
    "new": "blue",
    "queued": "blue",
    "pending": "blue",
    "offered": "blue",
    "claimed": "teal",
    "seen": "teal",
    "passed_on": "purple",
    "under_review": "teal",
    "in_review": "teal",
    "recommended": "purple",
    "awaiting_decision": "purple",
    # with the organiser
    "in_progress": "yellow",
    "changes_requested": "yellow",
    "incomplete": "yellow",
    "expiring": "orange",
    "due": "orange",
    "asked": "blue",
    "not_yet": "orange",
    "sent_back": "orange",
    # good
    "confirmed": "green",
    "approved": "green",
    "certified": "green",
    "certify": "green",
    "complete": "green",
    "completed": "green",
    "discharged": "green",
    "in_force": "green",
    "issued": "green",
    "published": "green",
    "valid": "green",
    "clean": "green",
    "accepted": "green",
    "admitted": "green",
    "sent": "green",
    # good, with something to do
    "certify_with_conditions": "teal",
    "conditional": "teal",
    "approved_with_conditions": "teal",
    # advisories
    "awaiting_approval": "yellow",
    "scheduled": "blue",
    "retracted": "red",
    # over
    "expired": "grey",
    "superseded": "grey",
    "surrendered": "grey",
    "lapsed": "grey",
    "withdrawn": "grey",
    "declined": "grey",
    "ended": "grey",
    "consented": "grey",
    "closed": "grey",
    # stopped
    "overdue": "red",
    "failed": "red",
    "infected": "red",
    "refuse": "red",
    "refused": "red",
    "revoked": "red",
    "suspended": "red",
    # tiers and obligations
    "standard": "blue",
    "enhanced": "purple",
    "qualifying_event": "purple",
    "law": "purple",
    "scheme": "blue",
    "advisory": "grey",
}


def status_colour(status: str) -> str:
    """Grey for a word not listed: a new status is never dressed up as good news by accident."""
    return STATUS_COLOURS.get(status.lower().replace("-", "_").replace(" ", "_"), "grey")


def tag(text: str, colour: str) -> SafeString:
    # Not a template: a list of fifty has fifty of them, and a template of its own for each is a fifth of the page.
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, capfirst(text))
