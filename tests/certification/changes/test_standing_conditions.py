"""After an accepted change "the rest stand" holds for conditions: those on criteria that were not concerned go on as they
are, and only what was reviewed again gets new ones.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from certification import documents as drawn
from certification.domain.departures import Condition
from certification.models import Certificate, CertificateCondition, ConditionReminder, Decision, Plan
from certification.selectors import reviews as cases
from certification.selectors import verification
from certification.selectors.standing import NOTHING, standing_of
from certification.services import answers, condition_reminders, conditions, discharges, documents, proposals, reviews
from certification.services.answers import AnswerInput
from certification.services.proposals import Wanted
from core import audit, storage
from core.errors import InvalidInput
from core.govuk.formats import uk_date
from core.models import AuditEvent, OutgoingMail
from events.models import Event, Venue
from tests.certification.certificates.test_documents import text_of
from tests.certification.changes.test_changes import submitted, told
from tests.factories import certificates as make
from tests.factories import conditions as things
from tests.factories.events import make_event, make_venue
from tests.factories.reviews import (
    judge_all,
    recommend,
    recommend_as_scored,
    recommended_plan,
    sign_as_recommended,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def certified(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    """In force with a condition on GOV-02, which a change of the layout does not concern."""
    decided = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2})
    return make.put_in("in_force", decided)


@pytest.fixture
def condition(certified: Certificate) -> CertificateCondition:
    return certified.conditions.get()


def judged(certificate: Certificate, owner: User, reviewer: User, levels: dict[str, int] | None = None) -> Plan:
    """A change of the layout, its plan judged; PHY-01 and PHY-02 were reviewed again."""
    plan = submitted(told(certificate, owner), owner)
    reviews.claim(actor=reviewer, plan_id=plan.pk)
    judge_all(plan, reviewer=reviewer, levels=levels)
    plan.refresh_from_db()
    return plan


def signed(plan: Plan, reviewer: User, signer: User) -> Certificate:
    recommend_as_scored(plan, reviewer=reviewer)
    sign_as_recommended(plan, by=signer)
    return Certificate.objects.get(plan=plan)


def render(certificate: Certificate) -> Certificate:
    documents.render({"certificate": str(certificate.pk)})
    certificate.refresh_from_db()
    return certificate


def varied(certificate: Certificate, adviser: User, authoriser: User, **changes: object) -> Certificate:
    wanted = Wanted("vary", "Because.", changes=changes)
    proposal = proposals.propose(actor=adviser, certificate_id=certificate.pk, wanted=wanted)
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    return Certificate.objects.get(supersedes=certificate)


def lines(certificate: Certificate) -> list[tuple[str, str, bool]]:
    rows = certificate.conditions.order_by("criterion_code")
    return [(row.criterion_code, row.text, row.discharged_at is not None) for row in rows]


def checked(certificate: Certificate) -> str:
    return verification.check(certificate.number, today=timezone.localdate(), now=timezone.now()).status


# What stands --------------------------------------------------------------------------------------------------------------


def test_an_open_condition_goes_on_with_words_day_and_owner(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    conditions.assign(actor=owner, condition_id=condition.pk, owner_id=organiser.pk)
    until = condition.due_on + timedelta(days=20)
    conditions.extend(actor=adviser, condition_id=condition.pk, until=until, reason="The builder is late.")
    condition.refresh_from_db()
    made = render(signed(judged(certified, owner, second_adviser), second_adviser, authoriser))
    row = made.conditions.get()
    assert (row.criterion_code, row.text, row.due_on, row.due_set_at, row.owner, row.discharged_at) == (
        "GOV-02",
        condition.text,
        until,
        condition.due_set_at,
        organiser,
        None,
    )
    assert (row.stands_from, row.origin) == (condition, condition)
    assert checked(made) == "in_force_with_conditions"


def test_what_was_met_is_not_set_again(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    sent = things.submitted(condition, organiser)
    discharges.accept(actor=adviser, discharge_id=sent.pk)
    condition.refresh_from_db()
    plan = judged(certified, owner, second_adviser)
    made = render(signed(plan, second_adviser, authoriser))
    row = made.conditions.get()
    assert (row.discharged_at, row.due_on, row.stands_from) == (condition.discharged_at, condition.due_on, condition)
    # The score still has the old judgement, so the outcome is the same; nothing new is asked, and the check says so.
    assert Decision.objects.get(plan=plan).conditions == []
    assert checked(made) == "in_force"


def test_words_that_a_variation_had_narrowed_are_kept(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    term = {"code": "GOV-02", "text": "Narrower.", "due_on": (condition.due_on - timedelta(days=3)).isoformat()}
    standing = render(varied(certified, adviser, authoriser, conditions=[term]))
    made = signed(judged(standing, owner, second_adviser), second_adviser, authoriser)
    row = made.conditions.get()
    assert (row.text, row.due_on) == ("Narrower.", condition.due_on - timedelta(days=3))
    assert (row.stands_from, row.origin) == (standing.conditions.get(), condition)


def test_words_of_a_variation_that_is_still_being_made_hold_too(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    """It was decided on; its document comes first, and the new certificate takes its place. Its earlier end holds too."""
    plan = judged(certified, owner, second_adviser)
    last = certified.valid_until - timedelta(days=40)
    term = {"code": "GOV-02", "text": "Narrower.", "due_on": condition.due_on.isoformat()}
    waiting = varied(certified, adviser, authoriser, conditions=[term], valid_until=last.isoformat())
    made = signed(plan, second_adviser, authoriser)
    assert (made.supersedes, made.valid_until) == (certified, last)
    assert made.conditions.get().stands_from == waiting.conditions.get()
    render(waiting)
    render(made)
    assert (lines(made), made.state) == ([("GOV-02", "Narrower.", False)], "in_force")


def test_what_was_reviewed_again_gets_new_ones(
    certified: Certificate, condition: CertificateCondition, owner: User, second_adviser: User, authoriser: User
) -> None:
    things.add(certified, "PHY-01", condition.due_on, "Of the old gate.")
    plan = judged(certified, owner, second_adviser, levels={"PHY-01": 2})
    made = render(signed(plan, second_adviser, authoriser))
    assert lines(made) == [("GOV-02", condition.text, False), ("PHY-01", "Put PHY-01 in place.", False)]
    new = made.conditions.get(criterion_code="PHY-01")
    assert (new.stands_from, new.origin) == (None, None)
    assert [item["code"] for item in Decision.objects.get(plan=plan).conditions] == ["PHY-01"]


def test_one_bound_to_no_criterion_stands_until_a_variation_ends_it(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    things.add(certified, "", condition.due_on, "Tell the neighbours.")
    made = render(signed(judged(certified, owner, second_adviser), second_adviser, authoriser))
    assert lines(made) == [("", "Tell the neighbours.", False), ("GOV-02", condition.text, False)]
    term = {"code": "GOV-02", "text": condition.text, "due_on": condition.due_on.isoformat()}
    assert lines(varied(made, adviser, authoriser, conditions=[term])) == [("GOV-02", condition.text, False)]


def test_a_renewal_sets_its_conditions_anew(
    certified: Certificate, owner: User, second_adviser: User, authoriser: User
) -> None:
    renewal = recommended_plan(
        certified.organisation, reviewer=second_adviser, subject=certified.venue, level=4, levels={"GOV-02": 2}
    )
    assert standing_of(cases.case_of(cases.plan_with_subject(renewal.pk))) is NOTHING
    sign_as_recommended(renewal, by=authoriser)
    assert Certificate.objects.get(plan=renewal).conditions.get().stands_from is None


# What officers can and cannot say ----------------------------------------------------------------------------------------


def test_nobody_sets_words_for_what_stands(
    certified: Certificate, condition: CertificateCondition, owner: User, second_adviser: User
) -> None:
    plan = judged(certified, owner, second_adviser)
    given = (Condition("GOV-02", "Other words.", 10),)
    with pytest.raises(InvalidInput, match="GOV-02: judged before") as caught:
        recommend(plan, reviewer=second_adviser, outcome="certify_with_conditions", conditions=given)
    assert caught.value.field == "conditions"


def test_a_reason_is_not_asked_for_what_somebody_else_decided(
    certified: Certificate, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    """The score says certify, and a condition that an officer once set of their own stands: that is no departure."""
    full = make.put_in(
        "in_force", make.decided_certificate(certified.organisation, reviewer=adviser, signer=authoriser)
    )
    things.add(full, "GOV-01", timezone.localdate() + timedelta(days=30), "Once more.")
    plan = judged(full, owner, second_adviser)
    with pytest.raises(InvalidInput, match=f"stand from certificate {full.number}") as caught:
        recommend(plan, reviewer=second_adviser, outcome="certify")
    assert caught.value.field == "outcome"
    made = recommend(plan, reviewer=second_adviser, outcome="certify_with_conditions")
    assert (made.engine_outcome, made.departure_reason, made.conditions) == ("certify_with_conditions", "", [])
    sign_as_recommended(plan, by=authoriser)
    assert lines(Certificate.objects.get(plan=plan)) == [("GOV-01", "Once more.", False)]


def test_what_was_asked_about_again_is_judged_again(
    certified: Certificate, condition: CertificateCondition, owner: User, second_adviser: User
) -> None:
    plan = judged(certified, owner, second_adviser)
    reviews.draft_change_request(actor=second_adviser, plan_id=plan.pk, code="GOV-02", message="Who is it now?")
    before = standing_of(cases.case_of(cases.plan_with_subject(plan.pk)))
    assert [one.row for one in before.stands] == [condition]
    reviews.request_changes(actor=second_adviser, plan_id=plan.pk)
    after = standing_of(cases.case_of(cases.plan_with_subject(plan.pk)))
    assert (after.stands, after.anew, "GOV-02" in after.closed) == ((), (condition,), False)


def test_a_refused_change_leaves_them_where_they_are(
    certified: Certificate, condition: CertificateCondition, owner: User, second_adviser: User, authoriser: User
) -> None:
    plan = judged(certified, owner, second_adviser, levels={"PHY-01": 0, "PHY-02": 0})
    recommend_as_scored(plan, reviewer=second_adviser)
    sign_as_recommended(plan, by=authoriser)
    assert (list(CertificateCondition.objects.all()), Certificate.objects.count()) == ([condition], 1)


def test_met_between_recommendation_and_signature_it_is_met(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    plan = judged(certified, owner, second_adviser)
    recommend_as_scored(plan, reviewer=second_adviser)
    sent = things.submitted(condition, organiser)
    discharges.accept(actor=adviser, discharge_id=sent.pk)
    sign_as_recommended(plan, by=authoriser)
    assert Certificate.objects.get(plan=plan).conditions.get().discharged_at is not None


def test_the_trail_says_what_stands_and_what_ends(
    certified: Certificate, condition: CertificateCondition, owner: User, second_adviser: User, authoriser: User
) -> None:
    things.add(certified, "PHY-02", condition.due_on)
    signed(judged(certified, owner, second_adviser, levels={"PHY-01": 2}), second_adviser, authoriser)
    for action in ("plan.recommended", "plan.decided", "certificate.created"):
        facts = AuditEvent.objects.filter(action=action).latest("pk").facts
        assert (facts["standing"], facts["ending"]) == (["GOV-02"], ["PHY-02"])
    assert facts["conditions"] == 2
    assert "SECRET" not in str(list(AuditEvent.objects.values_list("facts", flat=True)))
    assert audit.verify_all().problem == ""


def test_the_document_says_what_stands_and_what_had_been_met(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    met = things.add(certified, "GOV-01", condition.due_on, "Name a deputy.")
    discharges.accept(actor=adviser, discharge_id=things.submitted(met, organiser).pk)
    plan = judged(certified, owner, second_adviser, levels={"PHY-01": 2})
    made = render(signed(plan, second_adviser, authoriser))
    document = drawn.certificate_document(made)
    today, day = timezone.localdate(), condition.due_on
    assert sorted((line.criterion, line.met_on, line.since, line.due_on) for line in document.conditions) == [
        ("GOV-01", today, certified.number, day),
        ("GOV-02", None, certified.number, day),
        ("PHY-01", None, "", today + timedelta(days=30)),
    ]
    pages = " ".join(text_of(storage.read_all(made.pdf_name)))
    assert "subject to 2 conditions in the schedule" in pages
    assert f"Met on {uk_date(today)}" in pages
    assert f"Put GOV-02 in place. Stands from certificate {certified.number} {uk_date(day)}" in pages
    # What is met afterwards is asked of the check: the document drawn anew says what the first one said.
    row = made.conditions.get(criterion_code="GOV-02")
    discharges.accept(actor=adviser, discharge_id=things.submitted(row, organiser).pk)
    assert drawn.certificate_document(made).conditions == document.conditions


def test_where_all_was_met_the_document_says_so(
    certified: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    discharges.accept(actor=adviser, discharge_id=things.submitted(condition, organiser).pk)
    made = signed(judged(certified, owner, second_adviser), second_adviser, authoriser)
    html = " ".join(drawn.source_of(drawn.certificate_document(made), identifier="x").html.split())
    assert ", the conditions in the schedule having been met." in html


# Triaged down ------------------------------------------------------------------------------------------------------------


def test_on_a_criterion_that_does_not_apply_any_more_it_falls_away(
    organisation: Organisation, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    """Triaged down: PHY-03 is asked at the enhanced tier alone. Whoever wants it all the same sets it by a variation."""
    hall = make_venue(organisation, people=900)
    decided = make.decided_certificate(
        organisation, subject=hall, reviewer=adviser, signer=authoriser, levels={"GOV-02": 2, "PHY-03": 2}
    )
    enhanced = make.put_in("in_force", decided)
    assert [code for code, _text, _met in lines(enhanced)] == ["GOV-02", "PHY-03"]
    Venue.objects.filter(pk=hall.pk).update(expected_attendance=300, tier="standard", judged_tier="standard")
    change = told(enhanced, owner)
    assert change.plan is not None
    version = change.plan.answers.get(criterion_code="GOV-03").version
    given = AnswerInput(level=4, account="As before.")
    answers.save(actor=owner, plan_id=change.plan.pk, code="GOV-03", answer=given, expected_version=version)
    plan = submitted(change, owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    judge_all(plan, reviewer=second_adviser)
    standing = standing_of(cases.case_of(cases.plan_with_subject(plan.pk)))
    assert [row.criterion_code for row in standing.gone] == ["PHY-03"]
    assert [one.row.criterion_code for one in standing.stands] == ["GOV-02"]
    made = render(signed(plan, second_adviser, authoriser))
    assert lines(made) == [("GOV-02", "Put GOV-02 in place.", False)]
    assert lines(enhanced) == [("GOV-02", "Put GOV-02 in place.", False), ("PHY-03", "Put PHY-03 in place.", False)]
    term = {"code": "PHY-03", "text": "All the same.", "due_on": timezone.localdate().isoformat()}
    again = varied(made, adviser, authoriser, conditions=[term])
    assert lines(again) == [("PHY-03", "All the same.", False)]


def test_a_day_after_the_event_s_new_start_comes_forward(
    organisation: Organisation, owner: User, adviser: User, second_adviser: User, authoriser: User
) -> None:
    """Nothing else of it moves; met by a day on which it is too late would help nobody."""
    concert = make_event(organisation)
    decided = make.decided_certificate(
        organisation, subject=concert, reviewer=adviser, signer=authoriser, levels={"GOV-01": 2, "GOV-02": 2}
    )
    certificate = make.put_in("in_force", decided)
    starts = concert.starts_at - timedelta(days=30)
    late, soon = certificate.conditions.order_by("criterion_code")
    things.due(late, timezone.localdate(concert.starts_at) - timedelta(days=5))
    things.due(soon, timezone.localdate() + timedelta(days=3))
    Event.objects.filter(pk=concert.pk).update(starts_at=starts, ends_at=concert.ends_at - timedelta(days=30))
    plan = judged(certificate, owner, second_adviser)
    shown = standing_of(cases.case_of(cases.plan_with_subject(plan.pk))).stands
    days = [timezone.localdate(starts) - timedelta(days=1), timezone.localdate() + timedelta(days=3)]
    found = {one.row.criterion_code: (one.due_on, one.brought_forward) for one in shown}
    assert found == {"GOV-01": (days[0], True), "GOV-02": (days[1], False)}
    made = signed(plan, second_adviser, authoriser)
    assert [row.due_on for row in made.conditions.order_by("criterion_code")] == days


# Reminders ---------------------------------------------------------------------------------------------------------------


def test_nobody_is_reminded_twice_of_what_stands(
    certified: Certificate, condition: CertificateCondition, owner: User, second_adviser: User, authoriser: User
) -> None:
    today = timezone.localdate()
    make.running_until(certified, today + timedelta(days=200))
    things.due(condition, today + timedelta(days=10))
    assert condition_reminders.sweep(today=today) == 1
    sent = OutgoingMail.objects.filter(kind="condition.reminder").count()
    made = render(signed(judged(certified, owner, second_adviser), second_adviser, authoriser))
    row = made.conditions.get()
    assert [(mark.milestone, mark.due_on) for mark in row.reminders.all()] == [(14, row.due_on)]
    assert condition_reminders.sweep(today=today) == 0
    assert OutgoingMail.objects.filter(kind="condition.reminder").count() == sent
    assert condition_reminders.sweep(today=row.due_on - timedelta(days=3)) == 1
    assert ConditionReminder.objects.filter(condition=row).count() == 2
