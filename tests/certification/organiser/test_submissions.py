"""A submission is frozen: complete or refused, hashed, receipted, and never changed again."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.models import Answer, ChangeRequest, Evidence, Review, Submission
from certification.selectors import cases, readiness, snapshots
from certification.services import answers, submissions
from certification.services.answers import AnswerInput
from certification.services.submissions import Declaration
from core.errors import IllegalMove, Incomplete, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def test_a_complete_plan_is_submitted(organisation: Organisation, organiser: User) -> None:
    plan = make.answered_plan(organisation)
    done = submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
    plan.refresh_from_db()
    assert (plan.state, plan.first_submitted_at, plan.submitted_at) == (
        "submitted",
        done.submitted_at,
        done.submitted_at,
    )
    assert (done.number, done.declared_name, done.declared_position) == (1, "Olive Organiser", "Trust manager")
    assert re.fullmatch(r"WM-\d{4}-[0-9A-HJKMNP-TV-Z]{8}", done.receipt)
    assert done.content_hash == snapshots.digest(done.snapshot)


def test_the_snapshot_holds_everything_that_was_said(organisation: Organisation) -> None:
    plan = make.submitted_plan(organisation)
    frozen = snapshots.read(make.latest(plan))
    file = Evidence.objects.get(plan=plan)
    assert frozen.standard == {"code": "SMALL", "version": "2025.1", "sha256": plan.standard.sha256}
    assert (frozen.subject["kind"], frozen.subject["organisation"]) == ("venue", "Harbour Lights Trust")
    assert frozen.facts["tier"] == "standard"
    assert set(frozen.answers) == {"GOV-01", "GOV-02", "GOV-03", "PHY-01", "PHY-02"}
    assert frozen.answers["GOV-01"] == snapshots.SnapshotAnswer(3, False, "", "Account of GOV-01.", ())
    assert frozen.answers["GOV-02"].evidence == (
        snapshots.SnapshotFile(str(file.pk), "gov-02.txt", file.sha256, file.size, "text/plain"),
    )


def test_the_same_plan_gives_the_same_hash(organisation: Organisation) -> None:
    plan = make.answered_plan(organisation)
    first = snapshots.of_case(cases.load(plan)).as_json()
    Answer.objects.filter(plan=plan).update(version=7)
    assert snapshots.digest(snapshots.of_case(cases.load(plan)).as_json()) == snapshots.digest(first)
    Answer.objects.filter(plan=plan, criterion_code="GOV-01").update(account="Account of GOV-01")
    assert snapshots.digest(snapshots.of_case(cases.load(plan)).as_json()) != snapshots.digest(first)


def test_the_score_of_the_day_goes_along(organisation: Organisation) -> None:
    score = make.latest(make.submitted_plan(organisation, level=3)).score
    assert (score["outcome"], score["overall"], score["sections"]) == (
        "certify",
        "75.0",
        {"GOV": "75.0", "PHY": "75.0"},
    )


def test_the_database_refuses_to_change_it(organisation: Organisation) -> None:
    plan = make.submitted_plan(organisation)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(plan=plan).update(declared_name="Somebody Else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(plan=plan).delete()
    assert make.latest(plan).declared_name == "Olive Organiser"


def test_later_answers_leave_it_alone(organisation: Organisation, organiser: User, adviser: User) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser)
    before = make.latest(plan)
    answers.save(
        actor=organiser, plan_id=plan.pk, code="GOV-01", answer=AnswerInput(level=4, account="New."), expected_version=1
    )
    after = make.latest(plan)
    assert (after.snapshot, after.content_hash) == (before.snapshot, before.content_hash)


def test_what_is_missing_is_named_in_page_order(organisation: Organisation, organiser: User) -> None:
    plan = make.answered_plan(organisation)
    Answer.objects.filter(plan=plan, criterion_code="GOV-01").delete()
    Answer.objects.filter(plan=plan, criterion_code="GOV-03").update(confirm_needed=True)
    Evidence.objects.filter(plan=plan).delete()
    with pytest.raises(Incomplete) as caught:
        submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
    assert caught.value.missing == (
        "GOV-01 is not answered.",
        "GOV-02 needs a file as evidence for the level you chose.",
        "GOV-03 was copied from last time and must be confirmed.",
    )
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("scan", "missing"),
    [
        ("clean", []),
        ("pending", ["GOV-02 has a file that is still being scanned. Try again in a minute."]),
        ("held", ["GOV-02 needs evidence, and its files are held because no scanner is available."]),
        ("infected", ["GOV-02 needs a file as evidence for the level you chose."]),
    ],
)
def test_only_a_scanned_file_is_evidence(organisation: Organisation, scan: str, missing: list[str]) -> None:
    plan = make.answered_plan(organisation)
    Evidence.objects.filter(plan=plan).delete()
    make.make_evidence(plan, "GOV-02", scan=scan)
    assert [item.text for item in readiness.blocking(cases.load(plan))] == missing


def test_a_low_level_claims_nothing_and_needs_no_file(organisation: Organisation) -> None:
    plan = make.answered_plan(organisation, level=2)
    assert not Evidence.objects.filter(plan=plan).exists()
    assert readiness.blocking(cases.load(plan)) == []


def test_a_plan_in_which_nothing_applies_is_none(organisation: Organisation) -> None:
    only = make.criterion_data("GOV-01", na_allowed=True)
    section = {"code": "GOV", "title": "Governance", "intro": "", "criteria": [only]}
    make.small_standard(version="2025.2", effective_from="2025-06-01", sections=[section])
    plan = make.draft_plan(organisation)
    given = AnswerInput(level=None, not_applicable=True, reason="None of it.")
    answers.save(actor=plan.created_by, plan_id=plan.pk, code="GOV-01", answer=given, expected_version=0)
    case = cases.load(plan)
    assert cases.score(case) is None
    assert len(readiness.blocking(case)) == 1


@pytest.mark.parametrize(
    ("declaration", "field"),
    [
        (Declaration(name=" ", position="Chair", agreed=True), "name"),
        (Declaration(name="Olive", position="", agreed=True), "position"),
        (Declaration(name="Olive", position="Chair", agreed=False), "agreed"),
        (Declaration(name="O" * 121, position="Chair", agreed=True), "name"),
    ],
)
def test_somebody_must_declare(
    organisation: Organisation, organiser: User, declaration: Declaration, field: str
) -> None:
    plan = make.answered_plan(organisation)
    with pytest.raises(InvalidInput) as caught:
        submissions.submit(actor=organiser, plan_id=plan.pk, declaration=declaration)
    assert caught.value.field == field


@pytest.mark.parametrize("role", ["viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"])
def test_nobody_else_submits(organisation: Organisation, request: pytest.FixtureRequest, role: str) -> None:
    plan = make.answered_plan(organisation)
    with pytest.raises(NotPermitted):
        submissions.submit(actor=request.getfixturevalue(role), plan_id=plan.pk, declaration=make.DECLARED)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("state", lifecycle.PLAN_STATES)
def test_from_which_states(organisation: Organisation, organiser: User, adviser: User, state: str) -> None:
    plan = make.in_state(make.answered_plan(organisation), state, reviewer=adviser)
    after = {"draft": "submitted", "changes_requested": "under_review"}.get(state)
    if after is None:
        with pytest.raises(IllegalMove):
            submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
        after = state
    else:
        submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
    plan.refresh_from_db()
    assert plan.state == after


def test_the_second_submission_goes_to_the_same_reviewer(
    organisation: Organisation, organiser: User, adviser: User, second_adviser: User
) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser)
    OutgoingMail.objects.all().delete()
    done = submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
    plan.refresh_from_db()
    assert (done.number, plan.state, plan.reviewer) == (2, "under_review", adviser)
    assert Review.objects.get(plan=plan).submission == done
    request = ChangeRequest.objects.get(plan=plan)
    assert (request.state, request.answered_at) == ("answered", done.submitted_at)
    police = OutgoingMail.objects.filter(kind="plan.submitted.police")
    assert [mail.recipient for mail in police] == [adviser]


def test_nothing_acted_on_is_said_beforehand(organisation: Organisation, organiser: User, adviser: User) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser, codes=("GOV-01", "PHY-01"))
    answers.save(actor=organiser, plan_id=plan.pk, code="GOV-01", answer=AnswerInput(level=4), expected_version=1)
    said = [item.text for item in readiness.warnings(cases.load(plan))]
    assert said == ["PHY-01: nothing has changed since the police adviser asked about it."]


def test_who_is_told_and_nothing_of_the_plan_is_said(
    organisation: Organisation,
    organiser: User,
    colleague: User,
    viewer: User,
    adviser: User,
    other_area_adviser: User,
    authoriser: User,
) -> None:
    plan = make.answered_plan(organisation)
    Answer.objects.filter(plan=plan).update(account="SECRET-MARKER")
    submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
    mails = OutgoingMail.objects.all()
    assert {(mail.kind, mail.to) for mail in mails} == {
        ("plan.submitted.police", adviser.email),
        ("plan.submitted", organiser.email),
        ("plan.submitted", colleague.email),
    }
    assert plan.venue is not None
    for mail in mails:
        assert "SECRET-MARKER" not in mail.body + mail.subject
        assert plan.venue.name not in mail.body + mail.subject


def test_the_record(organisation: Organisation) -> None:
    plan = make.submitted_plan(organisation)
    done = make.latest(plan)
    event = AuditEvent.objects.get(chain__key=f"plan:{plan.pk}", action="plan.submitted")
    assert event.facts == {
        "number": 1,
        "receipt": done.receipt,
        "content_hash": done.content_hash,
        "outcome": "certify",
        "overall": "75.0",
    }
