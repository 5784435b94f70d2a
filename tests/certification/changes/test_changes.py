"""A change is recorded, or opens a plan in which only what it concerns is answered and judged again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain import changes as rules
from certification.domain import lifecycle
from certification.models import Certificate, MaterialChange, Plan
from certification.selectors import reviews as cases
from certification.services import _changes, answers, changes, documents, plans, reviews, submissions
from certification.services.answers import AnswerInput
from certification.services.changes import Report
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from events.models import Venue
from tests.factories import certificates as make
from tests.factories.certification import DECLARED, draft_plan
from tests.factories.events import make_event
from tests.factories.reviews import judge_all, recommend_as_scored, sign_as_recommended

pytestmark = pytest.mark.django_db

LAYOUT = Report(declared=frozenset({"layout"}), description="SECRET-CHANGE: a new gate on the river side.")


def more_people(certificate: Certificate, number: int) -> None:
    Venue.objects.filter(pk=certificate.venue_id).update(expected_attendance=number)


def told(certificate: Certificate, by: User, given: Report = LAYOUT) -> MaterialChange:
    return changes.report(actor=by, certificate_id=certificate.pk, given=given)


def test_a_minor_change_is_recorded_and_the_area_is_told(certified: Certificate, owner: User, adviser: User) -> None:
    venue = Venue.objects.get(pk=certified.venue_id)
    more_people(certified, venue.expected_attendance + 1)
    change = told(certified, owner, Report(description="SECRET-CHANGE"))
    assert (change.state, change.kinds, change.reasons, change.plan) == ("recorded", ["numbers"], [], None)
    assert (change.before, change.after) == (
        {"expected_attendance": venue.expected_attendance},
        {"expected_attendance": venue.expected_attendance + 1},
    )
    mail = OutgoingMail.objects.get(kind="change.reported")
    assert (mail.recipient, "SECRET-CHANGE" in mail.body) == (adviser, False)
    event = AuditEvent.objects.get(action="change.reported")
    assert event.facts["kinds"] == ["numbers"]
    assert "SECRET-CHANGE" not in str(event.facts)
    certified.refresh_from_db()
    assert certified.state == "in_force"


def test_nothing_that_is_different_is_refused(certified: Certificate, owner: User) -> None:
    with pytest.raises(InvalidInput) as error:
        told(certified, owner, Report(description="Nothing much."))
    assert error.value.field == "declared"
    assert not MaterialChange.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Report(declared=frozenset({"layout"}), description=" "), "description"),
        (Report(declared=frozenset({"layout"}), description="x" * 4001), "description"),
        (Report(declared=frozenset({"works"}), description="A wall."), "starts_on"),
        (Report(declared=frozenset({"moon"}), description="Phase."), "declared"),
    ],
)
def test_what_cannot_be_taken_names_its_field(certified: Certificate, owner: User, given: Report, field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        told(certified, owner, given)
    assert error.value.field == field


@pytest.mark.parametrize(("days", "late"), [(1, False), (0, True), (-30, True)])
def test_works_are_told_before_they_start_or_it_is_on_the_record(
    certified: Certificate, owner: User, days: int, late: bool
) -> None:
    start = timezone.localdate() + timedelta(days=days)
    change = told(certified, owner, Report(frozenset({"works"}), "A new stand.", start))
    assert (change.starts_on, change.told_late, change.state) == (start, late, "open")
    assert change.plan is not None
    assert change.plan.needed_by == (certified.valid_until if late else start)


def test_a_major_change_opens_a_plan_with_what_it_concerns(certified: Certificate, owner: User) -> None:
    change = told(certified, owner)
    plan = change.plan
    assert plan is not None
    assert (change.state, change.codes, plan.state, plan.standard) == (
        "open",
        ["PHY-01", "PHY-02"],
        "draft",
        certified.standard,
    )
    assert sorted(plan.standing) == ["GOV-01", "GOV-02", "GOV-03"]
    stands = plan.answers.get(criterion_code="GOV-03")
    assert (stands.level, stands.confirm_needed) == (4, False)
    again = plan.answers.get(criterion_code="PHY-01")
    assert (again.level, again.confirm_needed) == (4, True)


def test_only_what_it_concerns_can_be_written(certified: Certificate, owner: User) -> None:
    plan = told(certified, owner).plan
    assert plan is not None
    for code in ("PHY-01", "GOV-01"):
        version = plan.answers.get(criterion_code=code).version
        given = AnswerInput(level=3, account="Anew.")
        if code in plan.standing:
            with pytest.raises(IllegalMove):
                answers.save(actor=owner, plan_id=plan.pk, code=code, answer=given, expected_version=version)
        else:
            answers.save(actor=owner, plan_id=plan.pk, code=code, answer=given, expected_version=version)
    assert plan.answers.get(criterion_code="GOV-01").level == 4
    assert plan.answers.get(criterion_code="PHY-01").level == 3


def submitted(change: MaterialChange, owner: User) -> Plan:
    plan = change.plan
    assert plan is not None
    for code in change.codes:
        answers.confirm(actor=owner, plan_id=plan.pk, code=code)
    submissions.submit(actor=owner, plan_id=plan.pk, declaration=DECLARED)
    return plan


def test_the_judgements_of_the_rest_stand(certified: Certificate, owner: User, second_adviser: User) -> None:
    plan = submitted(told(certified, owner), owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    case = cases.case_of(cases.plan_with_subject(plan.pk))
    assert [item.code for item in case.unsettled] == ["PHY-01", "PHY-02"]


def test_a_judgement_does_not_stand_for_another_answer(
    certified: Certificate, owner: User, second_adviser: User
) -> None:
    """Somebody who writes past the page: the answer is another, so it wants judging."""
    change = told(certified, owner)
    assert change.plan is not None
    change.plan.answers.filter(criterion_code="GOV-01").update(account="Another thing altogether.")
    plan = submitted(change, owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    case = cases.case_of(cases.plan_with_subject(plan.pk))
    assert [item.code for item in case.unsettled] == ["GOV-01", "PHY-01", "PHY-02"]


def decided(plan: Plan, *, reviewer: User, signer: User, levels: dict[str, int] | None = None) -> None:
    reviews.claim(actor=reviewer, plan_id=plan.pk)
    judge_all(plan, reviewer=reviewer, levels=levels)
    recommend_as_scored(plan, reviewer=reviewer)
    sign_as_recommended(plan, by=signer)


def test_an_accepted_change_supersedes_and_lengthens_nothing(
    certified: Certificate, owner: User, second_adviser: User, authoriser: User
) -> None:
    certified = make.running_until(certified, timezone.localdate() + timedelta(days=200))
    change = told(certified, owner)
    decided(submitted(change, owner), reviewer=second_adviser, signer=authoriser)
    change.refresh_from_db()
    assert change.state == "accepted"
    made = Certificate.objects.get(plan=change.plan)
    assert (made.valid_until, made.supersedes, made.state) == (certified.valid_until, certified, "being_issued")
    certified.refresh_from_db()
    assert certified.state == "in_force"
    documents.render({"certificate": str(made.pk)})
    certified.refresh_from_db()
    made.refresh_from_db()
    assert (certified.state, made.state) == ("superseded", "in_force")


def test_a_refused_change_leaves_the_certificate_to_the_police(
    certified: Certificate, owner: User, second_adviser: User, authoriser: User
) -> None:
    change = told(certified, owner)
    decided(submitted(change, owner), reviewer=second_adviser, signer=authoriser, levels={"PHY-01": 0, "PHY-02": 0})
    change.refresh_from_db()
    certified.refresh_from_db()
    assert (change.state, certified.state) == ("refused", "in_force")


def test_a_withdrawn_plan_withdraws_the_change(certified: Certificate, owner: User) -> None:
    change = told(certified, owner)
    assert change.plan is not None
    plans.withdraw(actor=owner, plan_id=change.plan.pk)
    change.refresh_from_db()
    assert change.state == "withdrawn"


def test_a_plan_that_is_open_already_takes_the_change(
    certified: Certificate, owner: User, organisation: Organisation
) -> None:
    draft_plan(organisation, subject=certified.venue, by=owner)
    with pytest.raises(Conflict):
        told(certified, owner)
    assert not MaterialChange.objects.exists()


@pytest.mark.parametrize("state", lifecycle.CERTIFICATE_STATES)
def test_there_is_cover_to_bear_on_or_it_is_refused(certified: Certificate, owner: User, state: str) -> None:
    make.put_in(state, certified)
    if state in lifecycle.CERTIFICATE_STANDING:
        assert told(certified, owner).state == "open"
        return
    with pytest.raises(IllegalMove):
        told(certified, owner)
    assert not Plan.objects.filter(state="draft").exists()


def test_an_event_that_moves(organisation: Organisation, owner: User, adviser: User, authoriser: User) -> None:
    event = make_event(organisation)
    certificate = make.put_in(
        "in_force", make.decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=event)
    )
    moved = timedelta(days=3)
    type(event).objects.filter(pk=event.pk).update(starts_at=event.starts_at + moved, ends_at=event.ends_at + moved)
    change = told(certificate, owner, Report(description="Three days later."))
    assert (change.kinds, change.state) == (["dates"], "recorded")


# Classing anew ----------------------------------------------------------------------------------------------------------


def test_an_officer_makes_a_minor_change_major(certified: Certificate, owner: User, adviser: User) -> None:
    more_people(certified, Venue.objects.get(pk=certified.venue_id).expected_attendance + 1)
    change = told(certified, owner, Report(description="One more."))
    made = changes.raise_(actor=adviser, change_id=change.pk, reason="The last one counts.")
    assert (made.state, made.reclassed_by, made.plan is not None) == ("open", adviser, True)
    assert made.plan is not None
    assert made.plan.created_by == owner
    assert OutgoingMail.objects.filter(kind="change.reclassed").count() == 1


def test_an_officer_makes_a_major_change_minor_before_its_plan_is_submitted(
    certified: Certificate, owner: User, adviser: User
) -> None:
    change = told(certified, owner)
    made = changes.lower(actor=adviser, change_id=change.pk, reason="A garden gate.")
    assert made.state == "recorded"
    assert Plan.objects.get(pk=change.plan_id).state == "withdrawn"
    again = told(certified, owner)
    submitted(again, owner)
    with pytest.raises(IllegalMove):
        changes.lower(actor=adviser, change_id=again.pk, reason="Too late.")


@pytest.mark.parametrize("who", ["owner", "colleague", "other_area_adviser", "national_admin", "auditor", "stranger"])
def test_nobody_else_classes_anew(
    request: pytest.FixtureRequest, certified: Certificate, owner: User, who: str
) -> None:
    change = told(certified, owner)
    with pytest.raises(NotPermitted):
        changes.lower(actor=request.getfixturevalue(who), change_id=change.pk, reason="Because.")
    change.refresh_from_db()
    assert change.state == "open"


@pytest.mark.parametrize("who", ["viewer", "adviser", "authoriser", "stranger", "national_admin", "auditor"])
def test_nobody_but_owners_and_editors_tells(request: pytest.FixtureRequest, certified: Certificate, who: str) -> None:
    with pytest.raises(NotPermitted):
        told(certified, request.getfixturevalue(who))


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("action", rules.ACTIONS)
def test_each_move_lands_or_changes_nothing(state: str, action: str) -> None:
    change = MaterialChange(state=state)
    after = rules.after(state, action)
    if after is None:
        with pytest.raises(IllegalMove):
            _changes.move(change, action)
        assert change.state == state
    else:
        _changes.move(change, action)
        assert change.state == after


def test_the_database_keeps_one_open_change_and_its_plan(certified: Certificate, owner: User) -> None:
    change = told(certified, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        MaterialChange.objects.filter(pk=change.pk).update(plan=None)
    other = MaterialChange.objects.get(pk=change.pk)
    other.pk, other.plan_id = MaterialChange._meta.pk.get_default(), certified.plan_id
    other._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(force_insert=True)
