"""Each operation of the API, asked by each role of one case (tests/factories/case.py), and what it must answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from advisories.serializers.lessons import NewLessonSerializer
from advisories.serializers.sightings import NewSightingSerializer
from events.serializers import subjects as shapes
from tests.factories.case import ROLES, Case, submitted_file

OUTCOME = {"outcome": "certify", "conditions": []}
DECLARATION = {"declaration": {"name": "Olive Organiser", "position": "Trust manager", "agreed": True}}


@dataclass(frozen=True)
class Ask:
    """`path` and `body` are made for the case. `expected`: a status for each of ROLES, in their order."""

    method: str
    path: Callable[[Case], str]
    expected: str
    body: Callable[[Case], Any] = lambda _: None
    files: bool = False

    def status_for(self, role: str) -> int:
        return int(self.expected.split()[ROLES.index(role)])


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


def _fixed(body: dict[str, object]) -> Callable[[Case], Any]:
    return lambda _: body


#                         nobody own edi vie str adv aut oth adm aud
_ANYBODY = "              200    200 200 200 200 200 200 200 200 200"
_SIGNED_IN = "            401    200 200 200 200 200 200 200 200 200"
_CASE = "                 401    200 200 200 404 200 200 404 404 200"
_ORGANISATION = "         401    200 200 200 404 404 404 404 404 200"  # what the police have not been sent
_WRITING = "              401    200 200 200 404 403 403 404 404 200"  # what is still being written
_EDITORS = "              401    200 200 403 404 403 403 404 404 403"
_EDITORS_OF_DRAFT = "     401    200 200 403 404 404 404 404 404 403"
_POLICE = "               401    403 403 403 404 200 200 404 404 200"
_ADVISERS = "             401    403 403 403 404 200 403 404 404 403"
_AUTHORISERS = "          401    403 403 403 404 403 200 404 404 403"
_OFFICERS = "             401    403 403 403 404 200 200 404 404 403"


def _made(row: str, status: int) -> str:
    """The same row with another status of success."""
    return row.replace("200", str(status))


PUBLIC = {
    "triage_determine",
    "standards_list",
    "standards_retrieve",
    "verify_retrieve",
    "register_list",
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
    "certificates_renew": Ask("post", lambda c: f"/certificates/{c.expiring.pk}/renew/", _made(_EDITORS, 201)),
    "certificates_revocation_propose": Ask(
        "post",
        lambda c: f"/certificates/{c.certified.pk}/revocation/",
        _made(_OFFICERS, 201),
        _fixed({"reason": "The building burnt down."}),
    ),
    "certificates_revocation_drop": Ask(
        "delete", lambda c: f"/certificates/{c.proposed.pk}/revocation/", _made(_OFFICERS, 204)
    ),
    "certificates_revocation_confirm": Ask(
        "post", lambda c: f"/certificates/{c.proposed.pk}/revocation/confirm/", _AUTHORISERS
    ),
}

_POST = _fixed({"title": "A title", "text": "Words.", "tlp": "amber"})
_LESSON = _fixed({**NewLessonSerializer.example, "criteria": ["GOV-01"]})
_IN_NETWORK = "           401    200 404 404 404 200 404 404 404 200"
_NETWORKS = {
    "networks_list": Ask("get", lambda _: "/networks/", _SIGNED_IN),
    "networks_join": Ask(
        "post",
        lambda _: "/networks/commercial/membership/",
        "401 200 200 200 403 200 200 200 403 403",
        _fixed({"mail": "none"}),
    ),
    "networks_leave": Ask("delete", lambda _: "/networks/commercial/membership/", _made(_SIGNED_IN, 204)),
    "networks_posts": Ask("get", lambda _: "/networks/commercial/posts/", _SIGNED_IN),
    "networks_post_create": Ask(
        "post", lambda _: "/networks/commercial/posts/", "401 201 403 403 403 201 403 403 403 403", _POST
    ),
    "networks_post_retrieve": Ask("get", lambda c: f"/networks/commercial/posts/{c.network.question.pk}/", _IN_NETWORK),
    "networks_reply": Ask(
        "post",
        lambda c: f"/networks/commercial/posts/{c.network.question.pk}/",
        "401 201 404 404 404 201 404 404 404 403",
        _fixed({"text": "Words."}),
    ),
    "networks_post_hide": Ask(
        "post",
        lambda c: f"/networks/commercial/posts/{c.network.news.pk}/hide/",
        "401 403 404 404 404 204 404 404 404 403",
        _fixed({"reason": "It names people."}),
    ),
}
_SIGHTINGS = {
    "sightings_list": Ask("get", lambda _: "/sightings/", _SIGNED_IN),
    "sightings_create": Ask(
        "post", lambda _: "/sightings/", _made(_SIGNED_IN, 201), _fixed(NewSightingSerializer.example)
    ),
    "sightings_queue": Ask("get", lambda _: "/sightings/queue/", "401 403 403 403 403 200 200 200 403 200"),
    "sightings_retrieve": Ask(
        "get", lambda c: f"/sightings/{c.network.sighting.pk}/", "401 200 404 404 404 200 200 404 404 200"
    ),
    "sightings_act": Ask(
        "post",
        lambda c: f"/sightings/{c.network.sighting.pk}/",
        "401 403 404 404 404 200 200 404 404 403",
        _fixed({"action": "see"}),
    ),
}
_REVIEWERS = "            401    403 404 404 404 200 200 200 200 403"
_LESSONS = {
    "lessons_public": Ask("get", lambda _: "/lessons/public/", _ANYBODY),
    "lessons_public_retrieve": Ask("get", lambda c: f"/lessons/public/{c.network.lesson_clear.series}/", _ANYBODY),
    "lessons_list": Ask("get", lambda _: "/lessons/", _SIGNED_IN),
    "lessons_create": Ask("post", lambda _: "/lessons/", "401 201 201 201 201 201 201 201 201 403", _LESSON),
    "lessons_retrieve": Ask(
        "get", lambda c: f"/lessons/{c.network.lesson.series}/", "401 200 404 404 404 200 200 200 200 200"
    ),
    "lessons_publish": Ask(
        "post",
        lambda c: f"/lessons/{c.network.lesson_waiting.series}/1/publish/",
        _REVIEWERS,
    ),
    "lessons_send_back": Ask(
        "post",
        lambda c: f"/lessons/{c.network.lesson_waiting.series}/1/send-back/",
        _REVIEWERS,
        _fixed({"note": "Say where."}),
    ),
    "lessons_withdraw": Ask(
        "post",
        lambda c: f"/lessons/{c.network.lesson.series}/1/withdraw/",
        _REVIEWERS,
        _fixed({"reason": "It was wrong."}),
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
    **_NETWORKS,
    **_SIGHTINGS,
    **_LESSONS,
}
