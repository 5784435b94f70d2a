"""Each operation of the API, asked by each role of one case (tests/factories/case.py), and what it must answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.serializers import subjects as shapes
from tests.architecture import api_networks
from tests.architecture.api_rows import ANYBODY as _ANYBODY
from tests.architecture.api_rows import SIGNED_IN as _SIGNED_IN
from tests.architecture.api_rows import Ask
from tests.architecture.api_rows import fixed as _fixed
from tests.architecture.api_rows import made as _made
from tests.factories.case import Case, submitted_file

OUTCOME = {"outcome": "certify", "conditions": []}
DECLARATION = {"declaration": {"name": "Olive Organiser", "position": "Trust manager", "agreed": True}}


def _new(example: dict[str, object]) -> Callable[[Case], Any]:
    return lambda case: {**example, "organisation_id": str(case.organisation.pk)}


def _changed(shape: Any, name: str, drop: tuple[str, ...] = ()) -> Callable[[Case], Any]:
    def body(case: Case) -> dict[str, object]:
        subject = getattr(case, name)
        given = {key: value for key, value in shape(subject).data.items() if key in _writable(name)}
        return {**given, "version": subject.version}

    return body


def _writable(name: str) -> set[str]:
    change = {
        "venue": shapes.VenueChangeSerializer,
        "event": shapes.EventChangeSerializer,
        "project": shapes.ProjectChangeSerializer,
    }[name]
    return set(change().fields)


def _file(code: str) -> Callable[[Case], Any]:
    return lambda _: {"code": code, "file": SimpleUploadedFile("note.txt", b"Written down.")}


#                         nobody own edi vie str adv aut oth adm aud
_CASE = "                 401    200 200 200 404 200 200 404 404 200"
_ORGANISATION = "         401    200 200 200 404 404 404 404 404 200"  # what the police have not been sent
_WRITING = "              401    200 200 200 404 403 403 404 404 200"  # what is still being written
_EDITORS = "              401    200 200 403 404 403 403 404 404 403"
_EDITORS_OF_DRAFT = "     401    200 200 403 404 404 404 404 404 403"
_POLICE = "               401    403 403 403 404 200 200 404 404 200"
_ADVISERS = "             401    403 403 403 404 200 403 404 404 403"
_AUTHORISERS = "          401    403 403 403 404 403 200 404 404 403"
_MEMBERS = "              401    200 200 200 404 404 404 404 404 404"
_OFFICERS = "             401    403 403 403 404 200 200 404 404 403"
_HOLDERS = "              401    200 403 403 404 403 403 404 404 403"
_NONE_OF_THEM = "         401    403 403 403 404 403 403 404 404 403"
_REASON = {"reason": "The building burnt down."}


def _proposal(tail: str = "") -> Callable[[Case], str]:
    return lambda case: f"/certificates/{case.proposed.pk}/proposals/{case.proposal.pk}/{tail}"


PUBLIC = {
    "triage_determine",
    "standards_list",
    "standards_retrieve",
    "verify_retrieve",
    "register_list",
    "threat_retrieve",
    "threat_history",
    "verify_file",
    "lessons_public",
    "lessons_public_retrieve",
}

_PUBLIC_ROWS = {
    "triage_determine": Ask(
        "post", lambda _: "/triage/", _ANYBODY, _fixed({"kind": "premises", "use": "hall", "expected_attendance": 250})
    ),
    "standards_list": Ask("get", lambda _: "/standards/", _ANYBODY),
    "standards_retrieve": Ask("get", lambda c: f"/standards/{c.standard.code}/{c.standard.version}/", _ANYBODY),
    "verify_retrieve": Ask("get", lambda c: f"/verify/{c.certified.number}/", _ANYBODY),
    "verify_file": Ask(
        "post",
        lambda _: "/verify/",
        _ANYBODY,
        lambda _: {"file": SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 of somebody else")},
        files=True,
    ),
    "register_list": Ask("get", lambda _: "/register/", _ANYBODY),
}
_LISTS = {
    f"{name}_list": Ask("get", lambda _, name=name: f"/{name}/", _SIGNED_IN)
    for name in ("organisations", "areas", "venues", "events", "projects", "plans", "certificates")
}


def _subject_rows(kind: str, plural: str, example: dict[str, object], shape: Any) -> dict[str, Ask]:
    def at(tail: str = "") -> Callable[[Case], str]:
        return lambda case: f"/{plural}/{getattr(case, kind).pk}/{tail}"

    # Registering for an organisation that is not one's own is refused, known or not.
    return {
        f"{plural}_create": Ask(
            "post", lambda _: f"/{plural}/", "401 201 201 403 403 403 403 403 403 403", _new(example)
        ),
        f"{plural}_retrieve": Ask("get", at(), _CASE),
        f"{plural}_change": Ask("put", at(), _EDITORS, _changed(shape, kind)),
        f"{plural}_archive": Ask("post", at("archive/"), _EDITORS),
        f"{plural}_restore": Ask("post", at("restore/"), _EDITORS.replace("200", "409")),
        f"{plural}_determinations": Ask("get", at("determinations/"), _CASE),
    }


_SUBJECTS = {
    **_subject_rows("venue", "venues", dict(shapes.NewVenueSerializer.example), shapes.VenueSerializer),
    **_subject_rows("event", "events", dict(shapes.NewEventSerializer.example), shapes.EventSerializer),
    **_subject_rows("project", "projects", dict(shapes.NewProjectSerializer.example), shapes.ProjectSerializer),
    "venues_restore": Ask("post", lambda c: f"/venues/{c.archived.pk}/restore/", _EDITORS),
}
_ANSWER = _fixed({"level": 4, "account": "Anew.", "version": 1})
_PLANS = {
    "plans_create": Ask(
        "post",
        lambda _: "/plans/",
        _made(_EDITORS, 201),
        lambda c: {"subject": {"kind": "venue", "id": str(c.venue.pk)}},
    ),
    "plans_retrieve": Ask("get", lambda c: f"/plans/{c.draft.pk}/", _ORGANISATION),
    "plans_withdraw": Ask("post", lambda c: f"/plans/{c.submitted.pk}/withdraw/", _EDITORS),
    "plans_score": Ask("get", lambda c: f"/plans/{c.submitted.pk}/score/", _WRITING),
    "plans_answers": Ask("get", lambda c: f"/plans/{c.submitted.pk}/answers/", _WRITING),
    "plans_answer": Ask("get", lambda c: f"/plans/{c.submitted.pk}/answers/GOV-01/", _WRITING),
    "plans_answer_save": Ask("put", lambda c: f"/plans/{c.draft.pk}/answers/GOV-01/", _EDITORS_OF_DRAFT, _ANSWER),
    "plans_answer_confirm": Ask("post", lambda c: f"/plans/{c.draft.pk}/answers/GOV-01/confirm/", _EDITORS_OF_DRAFT),
    "plans_evidence": Ask("get", lambda c: f"/plans/{c.submitted.pk}/evidence/", _WRITING),
    "plans_evidence_attach": Ask(
        "post", lambda c: f"/plans/{c.draft.pk}/evidence/", _made(_EDITORS_OF_DRAFT, 201), _file("GOV-02"), files=True
    ),
    "plans_evidence_retrieve": Ask("get", lambda c: f"/plans/{c.draft.pk}/evidence/{c.evidence.pk}/", _ORGANISATION),
    "plans_evidence_remove": Ask(
        "delete", lambda c: f"/plans/{c.draft.pk}/evidence/{c.evidence.pk}/", _made(_EDITORS_OF_DRAFT, 204)
    ),
    "plans_evidence_download": Ask(
        "get", lambda c: f"/plans/{c.submitted.pk}/evidence/{submitted_file(c.submitted)}/file/", _CASE
    ),
    "plans_submissions": Ask("get", lambda c: f"/plans/{c.submitted.pk}/submissions/", _CASE),
    "plans_submit": Ask(
        "post", lambda c: f"/plans/{c.draft.pk}/submissions/", _made(_EDITORS_OF_DRAFT, 201), _fixed(DECLARATION)
    ),
    "plans_submission": Ask("get", lambda c: f"/plans/{c.submitted.pk}/submissions/1/", _CASE),
    "plans_requests": Ask("get", lambda c: f"/plans/{c.asking.pk}/requested-changes/", _CASE),
}
_JUDGEMENT = _fixed({"level": 3, "comment": "Seen.", "version": 0})
_REVIEWS = {
    "reviews_retrieve": Ask("get", lambda c: f"/plans/{c.judged.pk}/review/", _POLICE),
    "reviews_claim": Ask("post", lambda c: f"/plans/{c.submitted.pk}/claim/", _ADVISERS),
    "reviews_release": Ask("post", lambda c: f"/plans/{c.judged.pk}/release/", _OFFICERS),
    "reviews_judge": Ask("put", lambda c: f"/plans/{c.asking.pk}/review/criteria/GOV-01/", _ADVISERS, _JUDGEMENT),
    "reviews_request_draft": Ask(
        "post",
        lambda c: f"/plans/{c.judged.pk}/change-requests/",
        _made(_ADVISERS, 201),
        _fixed({"code": "GOV-01", "message": "Say more."}),
    ),
    "reviews_request_drop": Ask(
        "delete", lambda c: f"/plans/{c.asking.pk}/change-requests/GOV-01/", _made(_ADVISERS, 204)
    ),
    "reviews_requests_send": Ask("post", lambda c: f"/plans/{c.asking.pk}/change-requests/send/", _ADVISERS),
    "recommendations_retrieve": Ask("get", lambda c: f"/plans/{c.recommended.pk}/recommendation/", _POLICE),
    "recommendations_create": Ask(
        "post",
        lambda c: f"/plans/{c.judged.pk}/recommendation/",
        _made(_ADVISERS, 201),
        _fixed({**OUTCOME, "summary": "In good order."}),
    ),
    "recommendations_send_back": Ask(
        "post",
        lambda c: f"/plans/{c.recommended.pk}/recommendation/send-back/",
        _AUTHORISERS,
        _fixed({"reason": "Look at PHY-01 again."}),
    ),
    "decisions_retrieve": Ask("get", lambda c: f"/plans/{c.certified.plan_id}/decision/", _CASE),
    "decisions_sign": Ask(
        "post",
        lambda c: f"/plans/{c.recommended.pk}/decision/",
        _made(_AUTHORISERS, 201),
        lambda c: {**OUTCOME, "recommendation_id": c.recommended.recommendations.get().pk},
    ),
}
_CERTIFICATES = {
    "certificates_retrieve": Ask("get", lambda c: f"/certificates/{c.certified.pk}/", _CASE),
    "certificates_download": Ask("get", lambda c: f"/certificates/{c.certified.pk}/pdf/", _CASE),
    "certificates_poster": Ask("get", lambda c: f"/certificates/{c.certified.pk}/poster/", _CASE),
    "certificates_bulk_list": Ask("get", lambda _: "/certificates/bulk/", _SIGNED_IN),
    "certificates_bulk_create": Ask(
        "post",
        lambda _: "/certificates/bulk/",
        "401 202 202 202 404 404 404 404 404 403",
        lambda c: {"organisation_id": str(c.organisation.pk), "kind": "documents"},
    ),
    "certificates_bulk_retrieve": Ask("get", lambda c: f"/certificates/bulk/{c.bundle.pk}/", _MEMBERS),
    "certificates_bulk_download": Ask("get", lambda c: f"/certificates/bulk/{c.bundle.pk}/file/", _MEMBERS),
    "certificates_renew": Ask("post", lambda c: f"/certificates/{c.expiring.pk}/renew/", _made(_EDITORS, 201)),
    "certificates_surrender": Ask(
        "post", lambda c: f"/certificates/{c.certified.pk}/surrender/", _HOLDERS, _fixed(_REASON)
    ),
    "certificates_propose": Ask(
        "post",
        lambda c: f"/certificates/{c.certified.pk}/proposals/",
        _made(_OFFICERS, 201),
        _fixed({"kind": "revoke", **_REASON}),
    ),
    "certificates_proposal_drop": Ask("delete", _proposal(), _made(_OFFICERS, 204)),
    "certificates_proposal_confirm": Ask("post", _proposal("confirm/"), _AUTHORISERS),
    "proposals_list": Ask("get", lambda _: "/proposals/", "401 403 403 403 403 200 200 200 403 200"),
}
_TRANSFERS = {
    "transfers_offer": Ask(
        "post",
        lambda c: f"/certificates/{c.certified.pk}/transfer/",
        _made(_HOLDERS, 201),
        _fixed({"email": "somebody@example.com", "plan_goes_along": True}),
    ),
    "transfers_retrieve": Ask("get", lambda c: f"/transfers/{c.offer.pk}/", _CASE),
    # Whoever it was sent to is of none of these roles: see tests/certification/api/test_moves.py.
    "transfers_accept": Ask("post", lambda c: f"/transfers/{c.offer.pk}/accept/", _NONE_OF_THEM),
    "transfers_decline": Ask("post", lambda c: f"/transfers/{c.offer.pk}/decline/", _NONE_OF_THEM),
    "transfers_withdraw": Ask("post", lambda c: f"/transfers/{c.offer.pk}/withdraw/", _HOLDERS),
    "transfers_refuse": Ask("post", lambda c: f"/transfers/{c.offer.pk}/refuse/", _AUTHORISERS, _fixed(_REASON)),
}
_CHANGES = {
    "changes_list": Ask("get", lambda _: "/changes/", _SIGNED_IN),
    "changes_retrieve": Ask("get", lambda c: f"/changes/{c.changed.pk}/", _CASE),
    "changes_report": Ask(
        "post",
        lambda c: f"/certificates/{c.certified.pk}/changes/",
        _made(_EDITORS, 201),
        _fixed({"declared": ["layout"], "description": "A new gate."}),
    ),
    "changes_reclass": Ask(
        "patch", lambda c: f"/changes/{c.changed.pk}/", _OFFICERS, _fixed({"major": False, "reason": "A garden gate."})
    ),
}


def _at(name: str, tail: str, *more: str) -> Callable[[Case], str]:
    """Under the condition of `name`; `tail` takes the ids of `more`."""

    def path(case: Case) -> str:
        there = case.conditioned
        found = getattr(there, name)
        condition = getattr(found, "condition", found)
        ids = [getattr(there, one).pk for one in more]
        return f"/certificates/{condition.certificate_id}/conditions/{condition.pk}/{tail.format(*ids)}"

    return path


def _until(name: str, days: int, **more: object) -> Callable[[Case], Any]:
    def body(case: Case) -> dict[str, object]:
        start = max(getattr(case.conditioned, name).due_on, timezone.localdate())
        return {"until": (start + timedelta(days=days)).isoformat(), "reason": "SECRET-WHY", **more}

    return body


_MISSING = _fixed({"reason": "SECRET-MISSING"})
_SENT_FILE = _at("sent", "files/{}/", "sent_file")
_CONDITIONS = {
    "conditions_list": Ask("get", lambda _: "/conditions/", "401 403 403 403 403 200 200 200 403 200"),
    "conditions_retrieve": Ask("get", _at("sent", ""), _CASE),
    "conditions_assign": Ask("put", _at("condition", "owner/"), _EDITORS, _fixed({"owner_id": None})),
    "conditions_discharge": Ask(
        "post", _at("condition", "discharges/"), _made(_EDITORS, 201), _fixed({"note": "Done."})
    ),
    "conditions_discharge_withdraw": Ask("post", _at("sent", "discharges/{}/withdraw/", "sent"), _EDITORS),
    # The authoriser signed this certificate, and so takes no part.
    "conditions_accept": Ask("post", _at("sent", "discharges/{}/accept/", "sent"), _ADVISERS),
    "conditions_send_back": Ask("post", _at("sent", "discharges/{}/send-back/", "sent"), _ADVISERS, _MISSING),
    "conditions_file_attach": Ask(
        "post",
        _at("condition", "files/"),
        _made(_EDITORS, 201),
        lambda _: {"file": SimpleUploadedFile("note.txt", b"Written down.")},
        files=True,
    ),
    "conditions_file_download": Ask("get", _SENT_FILE, _CASE),
    "conditions_file_remove": Ask("delete", _at("condition", "files/{}/", "draft_file"), _made(_EDITORS, 204)),
    "conditions_time_ask": Ask("post", _at("condition", "more-time/"), _made(_EDITORS, 201), _until("condition", 20)),
    "conditions_time_grant": Ask("post", _at("asked", "more-time/{}/grant/", "asked"), _ADVISERS),
    "conditions_time_refuse": Ask("post", _at("asked", "more-time/{}/refuse/", "asked"), _ADVISERS, _MISSING),
    "conditions_time_give": Ask("post", _at("late", "date/"), _ADVISERS, _until("late", 20, waits=True)),
}
_THREAT = {
    "threat_retrieve": Ask("get", lambda _: "/threat-level/", _ANYBODY),
    "threat_history": Ask("get", lambda _: "/threat-level/history/", _ANYBODY),
    "threat_confirmations": Ask("get", lambda _: "/threat-level/confirmations/", _SIGNED_IN),
    "threat_confirmation": Ask("get", lambda c: f"/threat-level/confirmations/{c.confirmation.pk}/", _CASE),
    "threat_answer": Ask(
        "post",
        lambda c: f"/threat-level/confirmations/{c.confirmation.pk}/",
        _EDITORS,
        _fixed({"answer": "confirmed", "measures_version": 1}),
    ),
}

_WRITERS = "             401    403 403 403 403 200 200 403 403 403"
_AUTHOR = "              401    404 404 404 404 200 403 404 404 403"
_APPROVER = "            401    404 404 404 404 403 200 404 404 403"
_ISSUERS = "             401    403 403 403 404 200 200 404 404 403"
_BULLETIN = {
    "title": "Watch the doors",
    "body": "Seen twice.",
    "severity": "Moderate",
    "urgency": "Expected",
    "certainty": "Possible",
}
_REASON = _fixed({"reason": "It was a laundry."})


def _advisory(tail: str = "", name: str = "bulletin") -> Callable[[Case], str]:
    return lambda case: f"/advisories/{getattr(case, name).pk}/{tail}"


def _place(tail: str) -> Callable[[Case], str]:
    return lambda case: f"/advisories/{case.bulletin.pk}/places/{case.bulletin_place.pk}/{tail}"


_ADVISORIES = {
    "advisories_list": Ask("get", lambda _: "/advisories/", _SIGNED_IN),
    "advisories_retrieve": Ask("get", _advisory(), _CASE),
    "advisories_read": Ask("post", _advisory("read/"), _made(_CASE, 204)),
    "advisories_acknowledge": Ask("post", _advisory("acknowledge/"), _EDITORS, _fixed({})),
    "advisories_places": Ask("get", _advisory("places/"), _CASE),
    "advisories_place_done": Ask("post", _place("done/"), _EDITORS, _fixed({"note": "Looked."}), files=True),
    "advisories_place_not_applicable": Ask("post", _place("not-applicable/"), _EDITORS, _REASON),
    "advisories_place_answer": Ask(
        "put", _place("answer/"), _EDITORS, _fixed({"level": 3, "account": "Barred.", "version": 0})
    ),
    "advisories_reach": Ask("get", _advisory("reach/"), _POLICE),
    "advisories_cap": Ask("get", _advisory("cap/"), _CASE),
    "advisories_written": Ask("get", lambda _: "/advisories/written/", "401 403 403 403 403 200 200 200 200 200"),
    "advisories_create": Ask(
        "post",
        lambda _: "/advisories/written/",
        _made(_WRITERS, 201),
        _fixed({**_BULLETIN, "area_code": "west-yorkshire"}),
    ),
    "advisories_audience": Ask(
        "post", lambda _: "/advisories/audience/", _WRITERS, _fixed({"area_code": "west-yorkshire"})
    ),
    "advisories_change": Ask("put", _advisory("draft/", "bulletin_draft"), _AUTHOR, _fixed(_BULLETIN)),
    "advisories_submit": Ask("post", _advisory("submit/", "bulletin_draft"), _AUTHOR),
    "advisories_approve": Ask(
        "post",
        _advisory("approve/", "bulletin_awaiting"),
        _APPROVER,
        lambda c: {"content_hash": c.bulletin_awaiting.content_hash},
    ),
    "advisories_send_back": Ask("post", _advisory("send-back/", "bulletin_awaiting"), _APPROVER, _REASON),
    "advisories_publish": Ask(
        "post", _advisory("publish/", "bulletin_approved"), "401 404 404 404 404 200 200 404 404 403"
    ),
    "advisories_update": Ask("post", _advisory("update/"), _made(_ISSUERS, 201)),
    "advisories_retract": Ask("post", _advisory("retract/"), _ISSUERS, _REASON),
}

_LISTING = {
    "listing_requests_list": Ask("get", lambda _: "/listing-requests/", _SIGNED_IN),
    "listing_requests_create": Ask(
        "post",
        lambda _: "/listing-requests/",
        "401 201 403 403 404 403 403 404 404 403",
        lambda c: {"subject": {"kind": "venue", "id": str(c.venue.pk)}, "reason": "People at risk live there."},
    ),
    "listing_requests_retrieve": Ask(
        "get", lambda c: f"/listing-requests/{c.off_list.pk}/", "401 200 200 200 404 404 404 404 200 200"
    ),
    "listing_requests_consent": Ask(
        "post",
        lambda c: f"/listing-requests/{c.off_list.pk}/consent/",
        "401 403 403 403 404 404 404 404 200 403",
        _fixed({}),
    ),
    "listing_requests_refuse": Ask(
        "post",
        lambda c: f"/listing-requests/{c.off_list.pk}/refuse/",
        "401 403 403 403 404 404 404 404 200 403",
        _fixed({"answer": "It is on every map."}),
    ),
    "listing_requests_withdraw": Ask(
        "post", lambda c: f"/listing-requests/{c.off_list.pk}/withdraw/", "401 200 403 403 404 404 404 404 403 403"
    ),
    "listing_requests_end": Ask(
        "post", lambda c: f"/listing-requests/{c.off_list.pk}/end/", "401 409 403 403 404 404 404 404 403 403"
    ),
}

ASKS: dict[str, Ask] = {
    "me_retrieve": Ask("get", lambda _: "/me/", _SIGNED_IN),
    **_PUBLIC_ROWS,
    **_LISTS,
    **_SUBJECTS,
    **_PLANS,
    **_REVIEWS,
    **_CERTIFICATES,
    **_CONDITIONS,
    **_THREAT,
    **_CHANGES,
    **_TRANSFERS,
    **_ADVISORIES,
    **_LISTING,
    **api_networks.ASKS,
}
