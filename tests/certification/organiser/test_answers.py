"""Answers: the version that the writer saw, the levels that exist, and what may be written in which state."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.models import Answer, ChangeRequest, Plan
from certification.services import answers
from certification.services.answers import AnswerInput
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput, NotPermitted
from core.models import AuditEvent
from tests.factories import certification as make
from tests.factories import events

pytestmark = pytest.mark.django_db

THREE = AnswerInput(level=3, account="It is done.")


def save(plan: Plan, actor: User, code: str = "GOV-01", answer: AnswerInput = THREE, expected: int = 0) -> Answer:
    return answers.save(actor=actor, plan_id=plan.pk, code=code, answer=answer, expected_version=expected)


def test_an_answer_is_saved(organisation: Organisation, organiser: User) -> None:
    plan = make.draft_plan(organisation)
    saved = save(plan, organiser)
    assert (saved.level, saved.account, saved.version, saved.updated_by) == (3, "It is done.", 1, organiser)
    again = save(plan, organiser, answer=AnswerInput(level=4, account="Tested."), expected=1)
    assert (again.pk, again.level, again.version) == (saved.pk, 4, 2)


def test_the_record_holds_levels_and_no_words(organisation: Organisation, organiser: User) -> None:
    plan = make.draft_plan(organisation)
    save(plan, organiser, answer=AnswerInput(level=3, account="SECRET-MARKER"))
    event = AuditEvent.objects.get(chain__key=f"plan:{plan.pk}", action="answer.saved")
    assert event.facts == {"code": "GOV-01", "level": 3, "not_applicable": False, "version": 1, "account_length": 13}


@pytest.mark.parametrize("role", ["viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"])
def test_nobody_writes_for_an_organisation(
    organisation: Organisation, request: pytest.FixtureRequest, role: str
) -> None:
    plan = make.draft_plan(organisation)
    with pytest.raises(NotPermitted):
        save(plan, request.getfixturevalue(role))
    assert not Answer.objects.exists()


def test_two_colleagues_and_nothing_is_lost(organisation: Organisation, organiser: User, colleague: User) -> None:
    plan = make.draft_plan(organisation)
    theirs = save(plan, colleague, answer=AnswerInput(level=2, account="Partly."))
    with pytest.raises(Conflict) as caught:
        save(plan, organiser)
    assert caught.value.current == theirs
    assert Answer.objects.get().account == "Partly."
    mine = save(plan, organiser, expected=theirs.version)
    assert (mine.account, mine.version) == ("It is done.", 2)


def test_the_same_words_twice_are_no_conflict(organisation: Organisation, organiser: User, colleague: User) -> None:
    plan = make.draft_plan(organisation)
    save(plan, organiser)
    assert save(plan, colleague).version == 1
    assert Answer.objects.get().updated_by == organiser


@pytest.mark.parametrize(
    ("code", "answer", "field"),
    [
        ("ZZZ-99", THREE, "code"),
        ("PHY-03", THREE, "code"),  # of the enhanced tier alone
        ("GOV-01", AnswerInput(level=5), "level"),
        ("GOV-01", AnswerInput(level=-1), "level"),
        ("GOV-01", AnswerInput(level=None, not_applicable=True, reason="No."), "level"),
        ("GOV-03", AnswerInput(level=None, not_applicable=True, reason="  "), "reason"),
        ("GOV-01", AnswerInput(level=3, account="x" * 10_001), "account"),
        ("GOV-01", AnswerInput(level=None), "level"),
    ],
)
def test_what_cannot_be_taken(
    organisation: Organisation, organiser: User, code: str, answer: AnswerInput, field: str
) -> None:
    plan = make.draft_plan(organisation)
    with pytest.raises(InvalidInput) as caught:
        save(plan, organiser, code, answer)
    assert caught.value.field == field
    assert not Answer.objects.exists()


def test_not_applicable_takes_a_reason_and_drops_the_level(organisation: Organisation, organiser: User) -> None:
    plan = make.draft_plan(organisation)
    save(plan, organiser, "GOV-03", AnswerInput(level=2, account="Half."))
    given = AnswerInput(level=2, not_applicable=True, reason="We have no yard.", account="Half.")
    saved = save(plan, organiser, "GOV-03", given, expected=1)
    assert (saved.level, saved.not_applicable, saved.reason) == (None, True, "We have no yard.")


def test_line_ends_and_nuls_are_tidied(organisation: Organisation, organiser: User) -> None:
    plan = make.draft_plan(organisation)
    saved = save(plan, organiser, answer=AnswerInput(level=3, account="One\r\ntwo\x00\rthree\n"))
    assert saved.account == "One\ntwo\nthree"


@pytest.mark.parametrize("state", lifecycle.PLAN_STATES)
def test_only_drafts_and_what_was_asked_about_can_be_written(
    organisation: Organisation, organiser: User, adviser: User, state: str
) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser, codes=("GOV-01",))
    plan = make.in_state(plan, state, reviewer=adviser)
    changed = AnswerInput(level=4, account="New.")
    for code in ("GOV-01", "PHY-01"):
        may = state == "draft" or (state == "changes_requested" and code == "GOV-01")
        if may:
            assert save(plan, organiser, code, changed, expected=1).level == 4
            continue
        with pytest.raises(IllegalMove):
            save(plan, organiser, code, changed, expected=1)
        assert Answer.objects.get(plan=plan, criterion_code=code).level == 3


def test_an_answered_request_closes_its_question_again(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser)
    ChangeRequest.objects.update(state="answered")
    with pytest.raises(IllegalMove):
        save(plan, organiser, "GOV-01", AnswerInput(level=4), expected=1)


def test_a_question_that_applies_only_now_can_be_answered(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    """Otherwise a plan whose subject moved a tier meanwhile could never be submitted again."""
    plan = make.changes_requested_plan(organisation, reviewer=adviser)
    assert plan.venue is not None
    type(plan.venue).objects.filter(pk=plan.venue.pk).update(judged_tier="enhanced")
    assert save(plan, organiser, "PHY-03").level == 3


def test_a_copied_answer_is_confirmed_with_a_click(organisation: Organisation, organiser: User) -> None:
    plan = make.answered_plan(organisation)
    Answer.objects.filter(plan=plan).update(confirm_needed=True)
    confirmed = answers.confirm(actor=organiser, plan_id=plan.pk, code="GOV-01")
    assert (confirmed.confirm_needed, confirmed.level, confirmed.version) == (False, 3, 2)
    assert answers.confirm(actor=organiser, plan_id=plan.pk, code="GOV-01").version == 2


def test_without_a_level_there_is_nothing_to_confirm(organisation: Organisation, organiser: User) -> None:
    plan = make.answered_plan(organisation)
    Answer.objects.filter(plan=plan, criterion_code="GOV-01").update(level=None, confirm_needed=True)
    with pytest.raises(Incomplete):
        answers.confirm(actor=organiser, plan_id=plan.pk, code="GOV-01")


def test_saving_the_same_words_confirms_them(organisation: Organisation, organiser: User) -> None:
    plan = make.answered_plan(organisation)
    Answer.objects.filter(plan=plan).update(confirm_needed=True)
    same = AnswerInput(level=3, account="Account of GOV-01.")
    assert save(plan, organiser, "GOV-01", same, expected=1).confirm_needed is False


def test_the_subject_decides_what_is_asked(organisation: Organisation, organiser: User) -> None:
    stadium = events.make_venue(organisation, people=9000)
    plan = make.draft_plan(organisation, subject=stadium)
    assert save(plan, organiser, "PHY-03").level == 3
