"""What the police side writes to people: that something happened, and where to read it. Never a comment or a reason."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.models import Plan
from certification.selectors.facts import subject_of
from core.notify import Message

__all__ = ["changes_requested", "ready_to_sign", "refused", "released", "sent_back"]


def changes_requested(plan: Plan, *, count: int) -> Message:
    return Message(
        kind="plan.changes_requested",
        subject=_("Changes are needed to the plan for %(name)s") % {"name": subject_of(plan).name},
        body=_(
            "The police adviser who is reviewing your security plan needs something more before they can go on.\n\n"
            "Criteria to change: %(count)s\n\n"
            "Read what is needed, and answer, here:\n%(link)s\n\n"
            "Only these criteria are open for changes. Submit the plan again when they are done."
        )
        % {"count": count, "link": _link("certification:plan", plan)},
    )


def released(plan: Plan) -> Message:
    return Message(
        kind="review.released",
        subject=_("A plan you were reviewing is back in the queue"),
        body=_(
            "An authorising officer of your area gave a plan that you had claimed back to the queue, so that another "
            "adviser can review it. What you wrote is kept.\n\n%(link)s"
        )
        % {"link": _link("certification:review", plan)},
    )


def ready_to_sign(plan: Plan) -> Message:
    return Message(
        kind="plan.recommended",
        subject=_("A plan is waiting for a signature"),
        body=_(
            "A review in your area is finished and a recommendation has been made. An authorising officer who took no "
            "part in the review needs to decide.\n\n%(link)s"
        )
        % {"link": _link("certification:decide", plan)},
    )


def sent_back(plan: Plan) -> Message:
    return Message(
        kind="plan.sent_back",
        subject=_("A recommendation of yours was sent back"),
        body=_(
            "The authorising officer sent back a recommendation that you made. Their reason is on the review page.\n\n%(link)s"
        )
        % {"link": _link("certification:review", plan)},
    )


def refused(plan: Plan) -> Message:
    return Message(
        kind="plan.refused",
        subject=_("The decision on the plan for %(name)s") % {"name": subject_of(plan).name},
        body=_(
            "The police have decided not to certify this plan. The reasons, and what would need to change, are here:\n"
            "%(link)s\n\nYou can begin a new plan at any time."
        )
        % {"link": _link("certification:decision", plan)},
    )


def _link(name: str, plan: Plan) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[plan.pk])}"
