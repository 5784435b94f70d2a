"""Each named address of the pages, asked by each role of one case (tests/factories/case.py), and what it must answer.

A page that is only posted to is posted to. A status of 302 for nobody is the way to the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership
from tests.architecture import network_authority
from tests.architecture.authority_rows import ANYBODY as _ANYBODY
from tests.architecture.authority_rows import SIGNED_IN as _SIGNED_IN
from tests.architecture.authority_rows import Ask
from tests.architecture.authority_rows import posts as _posts
from tests.factories.case import Case, submitted_file

# allauth's own addresses: its suite proves them; the project's rules on them are in tests/accounts/web.
ALLAUTH = ("account_", "mfa_", "usersessions_")
# Every operation of the API has its row in api_authority.py.
API = "api:"


def _member(case: Case) -> list[object]:
    viewer = case.people["viewer"]
    return [case.organisation.pk, Membership.objects.get(user=viewer, organisation=case.organisation).pk]


def _team(case: Case) -> list[object]:
    return [case.organisation.pk]


def _invitation(case: Case) -> list[object]:
    return [case.organisation.pk, case.organisation.invitations.get().pk]


def _person(case: Case) -> list[object]:
    viewer = case.people["viewer"]
    assert viewer is not None
    return [viewer.pk]


def _officer(case: Case) -> list[object]:
    adviser = case.people["adviser"]
    assert adviser is not None
    return [adviser.pk, adviser.appointments.get().pk]


def _of(name: str, *more: object) -> Callable[[Case], list[object]]:
    return lambda case: [getattr(case, name).pk, *more]


def _begin(case: Case) -> dict[str, object]:
    return {"kind": "venue", "pk": str(case.venue.pk)}


def _answer(_: Case) -> dict[str, object]:
    return {"level": "4", "account": "Anew.", "version": "1"}


def _send_back(_: Case) -> dict[str, object]:
    return {"back-reason": "Look at PHY-01 again."}


def _reason(_: Case) -> dict[str, object]:
    return {"reason": "Because."}


def _urgent(case: Case) -> dict[str, object]:
    return {**_reason(case), "urgent": "on"}


def _given_up(case: Case) -> dict[str, object]:
    return {**_reason(case), "understood": "on"}


def _told(_: Case) -> dict[str, object]:
    return {"declared": "layout", "description": "A gate."}


def _bundled(case: Case) -> dict[str, object]:
    return {"organisation": str(case.organisation.pk), "kind": "documents"}


def _proposal(case: Case) -> list[object]:
    return [case.proposed.pk, case.proposal.pk]


def _token(case: Case) -> list[object]:
    owner = case.people["owner"]
    assert owner is not None
    return [owner.api_tokens.get().pk]


#                 nobody own edi vie str adv aut oth adm aud
_CASE = "            302 200 200 200 404 200 200 404 404 200"
_WRITING = "         302 200 200 200 404 403 403 404 404 200"
_ORGANISATION = "    302 200 200 200 404 404 404 404 404 200"
_EDITORS = "         302 200 200 403 404 403 403 404 404 403"
_EDITORS_DONE = "    302 302 302 403 404 403 403 404 404 403"
_EDITORS_DRAFT = "   302 302 302 403 404 404 404 404 404 403"
_OWNERS = "          302 200 403 403 404 404 404 404 404 403"
_POLICE = "          302 403 403 403 404 200 200 404 404 200"
_ADVISERS = "        302 403 403 403 404 200 403 404 404 403"
_ADVISERS_DONE = "   302 403 403 403 404 302 403 404 404 403"
_OFFICERS_DONE = "   302 403 403 403 404 302 302 404 404 403"
_AUTHORISERS_DONE = "302 403 403 403 404 403 302 404 404 403"
_OFFICERS = "        302 403 403 403 404 200 200 404 404 403"
_HOLDERS = "         302 200 403 403 404 403 403 404 404 403"
_NONE_OF_THEM = "    302 403 403 403 404 403 403 404 404 403"
_MEMBERS = "         302 200 200 200 404 404 404 404 404 404"
_NATIONAL = "        302 403 403 403 403 403 403 403 200 200"
_ADMINISTRATOR = "   302 403 403 403 403 403 403 403 200 403"

_SITE = {
    "healthz": Ask("200 200 200 200 200 200 200 200 200 200"),
    "readyz": Ask("200 200 200 200 200 200 200 200 200 200"),
    "about": Ask(_ANYBODY),
    "accessibility": Ask(_ANYBODY),
    "privacy": Ask(_ANYBODY),
    "styleguide": Ask("404 404 404 404 404 404 404 404 404 404"),
    "api-schema": Ask("200 200 200 200 200 200 200 200 200 200"),
    "api-docs": Ask("200 200 200 200 200 200 200 200 200 200"),
    "api-not-found": Ask("404 404 404 404 404 404 404 404 404 404"),
}
_ACCOUNTS = {
    "accounts:account": Ask(_SIGNED_IN),
    "accounts:change_name": Ask(_SIGNED_IN),
    "accounts:mail": Ask(_SIGNED_IN),
    "accounts:mail_stop": Ask("404 404 404 404 404 404 404 404 404 404", lambda _: ["no-such-token"]),
    "accounts:tokens": Ask(_SIGNED_IN),
    "accounts:token_new": Ask("302 200 200 200 200 200 200 200 200 200"),
    "accounts:token_revoke": Ask("302 200 404 404 404 404 404 404 404 404", _token),
    "accounts:organisation_new": Ask("302 200 200 200 200 200 200 200 403 403"),
    "accounts:organisation_rename": Ask(_OWNERS, _team),
    "accounts:team": Ask("302 200 200 200 404 404 404 404 404 200", _team),
    "accounts:invite": Ask(_OWNERS, _team),
    "accounts:member_role": Ask(_OWNERS, _member),
    "accounts:member_remove": Ask("302 200 403 200 404 404 404 404 404 403", _member),
    "accounts:invitation_withdraw": Ask(_OWNERS, _invitation),
    "accounts:invitation_accept": Ask("404 404 404 404 404 404 404 404 404 404", lambda _: ["no-such-token"]),
    "accounts:people": Ask(_NATIONAL),
    "accounts:person": Ask("302 404 404 403 404 404 404 404 200 200", _person),
    "accounts:appoint": Ask("302 404 404 403 404 404 404 404 200 403", _person),
    "accounts:appointment_end": Ask("302 404 404 404 404 403 404 404 200 403", _officer),
    "accounts:national_role": Ask("302 404 404 403 404 404 404 404 200 403", _person),
    "accounts:second_factor_reset": Ask("302 404 404 403 404 404 404 404 200 403", _person),
    "accounts:person_close": Ask("302 404 404 403 404 404 404 404 200 403", _person),
    "accounts:person_reopen": Ask("302 404 404 403 404 404 404 404 200 403", _person),
    "accounts:areas": Ask(_NATIONAL),
    "accounts:area": Ask(_NATIONAL, lambda _: ["west-yorkshire"]),
    "accounts:sent_mail": Ask("404 404 404 404 404 404 404 404 404 404"),
    "accounts:sent_mail_message": Ask("404 404 404 404 404 404 404 404 404 404", lambda _: [1]),
}
_TRIAGE = {
    "events:triage": Ask(_ANYBODY),
    "events:triage_questions": Ask(_ANYBODY),
    "events:triage_result": Ask("302 302 302 302 302 302 302 302 302 302"),
    "events:triage_register": Ask("302 302 302 302 302 302 302 302 302 302", data=_posts),
    "events:places": Ask(_SIGNED_IN),
    "events:event_where": Ask("302 200 200 403 200 403 403 403 403 403"),
}


def _subject(kind: str) -> dict[str, Ask]:
    return {
        f"events:{kind}_new": Ask(
            # An event is asked first where it is held.
            "302 302 302 403 302 403 403 403 403 403" if kind == "event" else "302 200 200 403 200 403 403 403 403 403"
        ),
        f"events:{kind}": Ask(_CASE, _of(kind)),
        f"events:{kind}_edit": Ask(_EDITORS, _of(kind)),
        f"events:{kind}_archive": Ask(_EDITORS, _of(kind)),
        f"events:{kind}_tier": Ask(_CASE, _of(kind)),
    }


_PUBLIC = {
    "certification:check": Ask(_ANYBODY),
    "certification:check_result": Ask(_ANYBODY, lambda c: [c.certified.number]),
    "certification:check_file": Ask("302 302 302 302 302 302 302 302 302 302"),
    "certification:offline_check": Ask(_ANYBODY),
    "certification:issuing_authority": Ask(_ANYBODY),
    "certification:authority_file": Ask("404 404 404 404 404 404 404 404 404 404", lambda _: ["0" * 64]),
    "certification:status_list": Ask(_ANYBODY, lambda _: [0]),
    "certification:jwks": Ask(_ANYBODY),
    "certification:register": Ask(_ANYBODY),
    "certification:register_entry": Ask(_ANYBODY, lambda c: [c.certified.number]),
    "certification:register_data": Ask(_ANYBODY),
    "certification:register_csv": Ask(_ANYBODY),
    "certification:register_json": Ask(_ANYBODY),
    "certification:badge": Ask(_ANYBODY, lambda c: [c.certified.token]),
    "certification:home": Ask(_ANYBODY),
    "certification:standard": Ask(_ANYBODY),
}
_PLANS = {
    "certification:plan_begin": Ask(_EDITORS_DONE, data=_begin),
    "certification:plan": Ask(_ORGANISATION, _of("draft")),
    "certification:plan_score": Ask(_WRITING, _of("submitted")),
    "certification:plan_withdraw": Ask(_EDITORS, _of("submitted")),
    "certification:criterion": Ask(_WRITING, _of("submitted", "GOV-01")),
    "certification:criterion_autosave": Ask(
        "302 200 200 403 404 404 404 404 404 403", _of("draft", "GOV-01"), data=_answer
    ),
    "certification:criterion_confirm": Ask(_EDITORS_DRAFT, _of("draft", "GOV-01"), data=_posts),
    "certification:evidence_file": Ask(_CASE, lambda c: [c.submitted.pk, submitted_file(c.submitted)]),
    "certification:evidence_remove": Ask(_EDITORS_DRAFT, lambda c: [c.draft.pk, c.evidence.pk], data=_posts),
    "certification:plan_submit": Ask("302 200 200 403 404 404 404 404 404 403", _of("draft")),
    "certification:receipt": Ask(_CASE, _of("submitted", 1)),
    "certification:submission": Ask(_CASE, _of("submitted", 1)),
    "certification:subject_plans": Ask(_CASE, lambda c: ["venue", c.submitted.venue_id]),
}
_STANDARDS = {
    "certification:standards": Ask(_NATIONAL),
    "certification:standard_load": Ask(_ADMINISTRATOR),
    "certification:standard_version": Ask(_NATIONAL, _of("standard")),
    "certification:standard_publish": Ask("302 403 403 403 403 403 403 403 422 403", _of("standard"), data=_posts),
    "certification:standard_withdraw": Ask("302 403 403 403 403 403 403 403 302 403", _of("standard"), data=_posts),
}
_REVIEWS = {
    "certification:queue": Ask("302 403 403 403 403 200 200 200 403 200"),
    "certification:claim": Ask(_ADVISERS_DONE, _of("submitted"), data=_posts),
    "certification:release": Ask(_OFFICERS_DONE, _of("judged"), data=_posts),
    "certification:review": Ask(_POLICE, _of("judged")),
    "certification:review_criterion": Ask(_POLICE, _of("judged", "GOV-01")),
    "certification:change_requests": Ask(_POLICE, _of("asking")),
    "certification:change_requests_send": Ask(_ADVISERS_DONE, _of("asking"), data=_posts),
    "certification:change_request_drop": Ask(_ADVISERS_DONE, _of("asking", "GOV-01"), data=_posts),
    "certification:recommend": Ask(_ADVISERS, _of("judged")),
    "certification:decide": Ask(_POLICE, _of("recommended")),
    "certification:send_back": Ask(_AUTHORISERS_DONE, _of("recommended"), data=_send_back),
    "certification:decision": Ask(_CASE, lambda c: [c.certified.plan_id]),
}
_CERTIFICATES = {
    "certification:certificates": Ask(_SIGNED_IN),
    "certification:certificate": Ask(_CASE, _of("certified")),
    "certification:certificate_download": Ask(_CASE, _of("certified")),
    "certification:certificate_text": Ask(_CASE, _of("certified")),
    "certification:certificate_poster": Ask(_CASE, _of("certified")),
    "certification:estate": Ask("302 200 200 200 200 403 403 403 403 403"),
    "certification:bundle": Ask(_MEMBERS, _of("bundle")),
    "certification:bundle_file": Ask(_MEMBERS, _of("bundle")),
    "certification:design": Ask(_ADMINISTRATOR),
    "certification:certificate_renew": Ask(_EDITORS_DONE, _of("expiring"), data=_posts),
    "certification:surrender": Ask(_HOLDERS, _of("certified")),
    "certification:transfer": Ask(_HOLDERS, _of("certified")),
    "certification:propose": Ask(_OFFICERS, _of("certified", "revoke")),
    "certification:proposals": Ask("302 403 403 403 403 200 200 200 403 200"),
    "certification:proposal": Ask(_POLICE, _proposal),
    "certification:proposal_confirm": Ask(_AUTHORISERS_DONE, _proposal, data=_posts),
    "certification:proposal_drop": Ask(_OFFICERS_DONE, _proposal, data=_posts),
    "certification:transfer_offer": Ask(_CASE, _of("offer")),
    # Whoever it was sent to is of none of these roles: see tests/certification/certificates/test_transfer_ends.py.
    "certification:transfer_accept": Ask(_NONE_OF_THEM, _of("offer")),
    "certification:transfer_decline": Ask(_NONE_OF_THEM, _of("offer"), data=_posts),
    "certification:transfer_withdraw": Ask(_HOLDERS.replace("200", "302"), _of("offer"), data=_posts),
    "certification:transfer_refuse": Ask(_AUTHORISERS_DONE, _of("offer"), data=_reason),
}


def _about(name: str, *more: str) -> Callable[[Case], list[object]]:
    """The certificate, the condition of `name` and, for each of `more`, the id of what stands there."""

    def args(case: Case) -> list[object]:
        there = case.conditioned
        found = getattr(there, name)
        condition = getattr(found, "condition", found)
        return [condition.certificate_id, condition.pk, *(getattr(there, one).pk for one in more)]

    return args


def _dated(prefix: str, days: int) -> Callable[[Case], dict[str, object]]:
    def data(case: Case) -> dict[str, object]:
        late = prefix == "wait"
        until = (timezone.localdate() if late else case.conditioned.condition.due_on) + timedelta(days=days)
        until_parts = {"day": until.day, "month": until.month, "year": until.year}
        parts = {f"{prefix}-until_{part}": str(value) for part, value in until_parts.items()}
        return {**parts, f"{prefix}-reason": "SECRET-WHY"}

    return data


_CONDITIONS = {
    "certification:conditions": Ask("302 403 403 403 403 200 200 200 403 200"),
    "certification:condition": Ask(_CASE, _about("sent")),
    "certification:condition_assign": Ask(_EDITORS_DONE, _about("condition"), data=lambda _: {"owner": ""}),
    "certification:condition_discharge": Ask(
        _EDITORS_DONE, _about("condition"), data=lambda _: {"note": "Done.", "action": "submit"}
    ),
    "certification:condition_withdraw": Ask(_EDITORS_DONE, _about("sent", "sent"), data=_posts),
    # The authoriser signed this certificate, and so takes no part.
    "certification:condition_accept": Ask(_ADVISERS_DONE, _about("sent", "sent"), data=_posts),
    "certification:condition_send_back": Ask(
        _ADVISERS_DONE, _about("sent", "sent"), data=lambda _: {"back-reason": "SECRET-MISSING"}
    ),
    "certification:condition_ask_time": Ask(_EDITORS_DONE, _about("condition"), data=_dated("ask", 20)),
    "certification:condition_grant": Ask(_ADVISERS_DONE, _about("asked", "asked"), data=_posts),
    "certification:condition_refuse": Ask(
        _ADVISERS_DONE, _about("asked", "asked"), data=lambda _: {"answer": "It stays."}
    ),
    "certification:condition_extend": Ask(_ADVISERS_DONE, _about("condition"), data=_dated("extend", 20)),
    "certification:condition_wait": Ask(_ADVISERS_DONE, _about("late"), data=_dated("wait", 20)),
    "certification:condition_file": Ask(_CASE, _about("sent", "sent_file")),
    "certification:condition_file_remove": Ask(_EDITORS_DONE, _about("condition", "draft_file"), data=_posts),
}
_THREAT = {
    "advisories:threat": Ask(_ANYBODY),
    "advisories:threat_propose": Ask(_ADMINISTRATOR),
    "advisories:threat_change": Ask("302 404 404 404 404 404 404 404 200 200", _of("level_change")),
    "advisories:threat_confirm": Ask("302 404 404 404 404 404 404 404 302 403", _of("level_change"), data=_posts),
    "advisories:threat_drop": Ask("302 404 404 404 404 404 404 404 302 403", _of("level_change"), data=_posts),
    "advisories:confirmations": Ask(_SIGNED_IN),
    "advisories:confirmation": Ask(_CASE, _of("confirmation")),
    # An auditor sees the certificate and not what was agreed for it.
    "advisories:measures": Ask("302 200 200 200 404 200 200 404 404 403", _of("enhanced")),
    "advisories:measures_edit": Ask(_EDITORS, _of("enhanced", "heightened")),
}

_CHANGES = {
    "certification:change_report": Ask(_EDITORS, _of("certified")),
    "certification:changes": Ask("302 403 403 403 403 200 200 200 403 200"),
    "certification:change": Ask(_CASE, _of("changed")),
}

_NOBODY_AT_ALL = "   404 404 404 404 404 404 404 404 404 404"
_ISSUERS = "         302 403 403 403 404 200 200 404 404 200"
_AUTHOR = "          302 404 404 404 404 200 403 404 404 403"
_AUTHOR_DONE = "     302 404 404 404 404 302 403 404 404 403"
_BULLETINS = {
    "advisories:bulletins": Ask(_SIGNED_IN),
    "advisories:bulletins_written": Ask("302 403 403 403 403 200 200 200 200 200"),
    "advisories:bulletin_new": Ask("302 403 403 403 403 200 200 200 200 403"),
    "advisories:bulletin_preferences": Ask(_SIGNED_IN),
    "advisories:feed_token_new": Ask(_SIGNED_IN, data=_posts),
    "advisories:feed_token_revoke": Ask("302 302 302 302 302 302 302 302 302 302", data=_posts),
    "advisories:bulletin_file": Ask(_CASE, _of("bulletin_file")),
    "advisories:bulletin": Ask(_CASE, _of("bulletin")),
    "advisories:bulletin_print": Ask(_CASE, _of("bulletin")),
    # Until the worker has drawn it, to the page that one can print; who opens the file itself is test_paper's table.
    "advisories:bulletin_pdf": Ask("302 302 302 302 404 302 302 404 404 302", _of("bulletin")),
    "advisories:bulletin_acknowledge": Ask(_EDITORS_DONE, _of("bulletin"), data=_posts),
    "advisories:bulletin_place": Ask(_CASE, lambda c: [c.bulletin.pk, c.bulletin_place.pk]),
    "advisories:bulletin_manage": Ask(_ISSUERS, _of("bulletin")),
    "advisories:bulletin_edit": Ask(_AUTHOR, _of("bulletin_draft")),
    "advisories:bulletin_submit": Ask(_AUTHOR_DONE, _of("bulletin_draft"), data=_posts),
    "advisories:bulletin_approval": Ask("302 404 404 404 404 403 200 404 404 403", _of("bulletin_awaiting")),
    "advisories:bulletin_publish": Ask(
        "302 404 404 404 404 302 302 404 404 403", _of("bulletin_approved"), data=_posts
    ),
    "advisories:bulletin_reopen": Ask(_AUTHOR_DONE, _of("bulletin_awaiting"), data=_posts),
    "advisories:bulletin_discard": Ask(_AUTHOR_DONE, _of("bulletin_draft"), data=_posts),
    "advisories:bulletin_update": Ask("302 403 403 403 404 302 302 404 404 403", _of("bulletin"), data=_posts),
    "advisories:bulletin_retract": Ask("302 403 403 403 404 200 200 404 404 403", _of("bulletin")),
    "advisories:bulletin_reach": Ask(_ISSUERS, _of("bulletin")),
    "advisories:bulletin_returned": Ask(_ISSUERS, _of("bulletin")),
    "advisories:bulletin_reach_figures": Ask(_ISSUERS, _of("bulletin")),
    # Feeds know no session: TLP:CLEAR for anybody, the rest by a key. That of the case is TLP:AMBER.
    "advisories:feed": Ask(_ANYBODY),
    "advisories:feed_keys": Ask(_ANYBODY),
    "advisories:feed_own": Ask(_NOBODY_AT_ALL, lambda _: ["wf_no"]),
    "advisories:cap_xml": Ask(_NOBODY_AT_ALL, _of("bulletin")),
    "advisories:cap_json": Ask(_NOBODY_AT_ALL, _of("bulletin")),
    "advisories:cap_xml_own": Ask(_NOBODY_AT_ALL, lambda c: ["wf_no", c.bulletin.pk]),
    "advisories:cap_json_own": Ask(_NOBODY_AT_ALL, lambda c: ["wf_no", c.bulletin.pk]),
}

# Pages that are read and posted to: what the post of each role must answer. 422 is an empty form to whoever may send it.


def _posted(row: str) -> str:
    """Whoever may open the page may send its form."""
    return row.replace("200", "422")


def _sent(_: Case) -> dict[str, object]:
    return {"csrfmiddlewaretoken": "x"}


def _kind(kind: str) -> Ask:
    return Ask(_posted(_OFFICERS), _of("certified", kind), data=_sent)


POSTS: tuple[tuple[str, Ask], ...] = (
    *(("certification:propose", _kind(kind)) for kind in ("suspend", "reinstate", "vary", "transfer")),
    # The proposal is there: whoever might propose is led to it.
    ("certification:propose", Ask(_OFFICERS_DONE, _of("proposed", "revoke"), data=_reason)),
    ("certification:propose", Ask(_OFFICERS_DONE, _of("certified", "suspend"), data=_urgent)),
    ("certification:surrender", Ask(_posted(_HOLDERS), _of("certified"), data=_sent)),
    ("certification:surrender", Ask(_HOLDERS.replace("200", "302"), _of("certified"), data=_given_up)),
    ("certification:transfer", Ask(_posted(_HOLDERS), _of("certified"), data=_sent)),
    ("certification:transfer_accept", Ask(_NONE_OF_THEM, _of("offer"), data=_sent)),
    ("certification:change_report", Ask(_posted(_EDITORS), _of("certified"), data=_sent)),
    ("certification:change_report", Ask(_EDITORS_DONE, _of("certified"), data=_told)),
    ("certification:change", Ask(_posted(_OFFICERS), _of("changed"), data=_sent)),
    ("certification:change", Ask(_OFFICERS_DONE, _of("changed"), data=_reason)),
    ("certification:estate", Ask("302 302 302 302 404 403 403 403 403 403", data=_bundled)),
)

_LISTING = {
    "certification:listing": Ask(_CASE, lambda c: ["venue", c.venue.pk]),
    "certification:listing_close": Ask(
        "302 302 403 403 404 403 403 404 404 403", lambda c: ["venue", c.certified.venue_id], data=_posts
    ),
    "certification:listing_requests": Ask(_NATIONAL),
    "certification:listing_request": Ask("302 403 403 403 404 404 404 404 200 200", _of("off_list")),
    "certification:reminders_preview": Ask(_NATIONAL),
}


ASKS: dict[str, Ask] = {
    **_CHANGES,
    **_SITE,
    **_ACCOUNTS,
    **_TRIAGE,
    **_subject("venue"),
    **_subject("event"),
    **_subject("project"),
    **_PUBLIC,
    **_PLANS,
    **_STANDARDS,
    **_REVIEWS,
    **_CERTIFICATES,
    **_CONDITIONS,
    **_THREAT,
    **_BULLETINS,
    **_LISTING,
    **network_authority.ASKS,
}
