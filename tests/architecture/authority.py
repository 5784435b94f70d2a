"""Each named address of the pages, asked by each role of one case (tests/factories/case.py), and what it must answer.

A page that is only posted to is posted to. A status of 302 for nobody is the way to the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Membership
from tests.factories.case import ROLES, Case, submitted_file

# allauth's own addresses: its suite proves them; the project's rules on them are in tests/accounts/web.
ALLAUTH = ("account_", "mfa_", "usersessions_")
# Every operation of the API has its row in api_authority.py.
API = "api:"


@dataclass(frozen=True)
class Ask:
    expected: str
    args: Callable[[Case], list[object]] = lambda _: []
    data: Callable[[Case], dict[str, object]] | None = None

    def status_for(self, role: str) -> int:
        return int(self.expected.split()[ROLES.index(role)])


def _posts(_: Case) -> dict[str, object]:
    return {"confirm": "on"}


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


def _token(case: Case) -> list[object]:
    owner = case.people["owner"]
    assert owner is not None
    return [owner.api_tokens.get().pk]


#                 nobody own edi vie str adv aut oth adm aud
_ANYBODY = "         200 200 200 200 200 200 200 200 200 200"
_SIGNED_IN = "       302 200 200 200 200 200 200 200 200 200"
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
    "certification:certificate_renew": Ask(_EDITORS_DONE, _of("expiring"), data=_posts),
    "certification:revocation": Ask(_POLICE, _of("certified")),
    "certification:revocation_confirm": Ask(_AUTHORISERS_DONE, _of("proposed"), data=_posts),
    "certification:revocation_drop": Ask(_OFFICERS_DONE, _of("proposed"), data=_posts),
}

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
    **_LISTING,
}
