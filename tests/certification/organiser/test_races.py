"""Two people at the same instant: one wins, the other is told, nothing is lost or doubled. Holds on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import Organisation, User
from certification.models import Answer, Evidence, Plan, StandardVersion, Submission
from certification.services import answers, evidence, plans, reviews, submissions
from certification.services.answers import AnswerInput
from core.errors import Conflict, DomainError, IllegalMove, InvalidInput
from core.models import OutgoingMail
from tests.factories import certification as make
from tests.factories import events

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call returned or raised, in the order given; all start from one barrier."""
    results: list[object] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(index: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[index] = call()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, call)) for index, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_two_colleagues_save_the_same_answer(organisation: Organisation, organiser: User, colleague: User) -> None:
    plan = make.draft_plan(organisation)

    def save(actor: User, account: str) -> Answer:
        given = AnswerInput(level=3, account=account)
        return answers.save(actor=actor, plan_id=plan.pk, code="GOV-01", answer=given, expected_version=0)

    results = at_once(lambda: save(organiser, "One."), lambda: save(colleague, "Two."))
    won = [result for result in results if isinstance(result, Answer)]
    lost = [result for result in results if isinstance(result, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    stored = Answer.objects.get(plan=plan)
    assert (stored.account, stored.version) == (won[0].account, 1)
    assert lost[0].current == stored


def test_two_colleagues_begin_a_plan(
    organisation: Organisation, organiser: User, colleague: User, standard: StandardVersion
) -> None:
    hall = events.make_venue(organisation)
    results = at_once(
        lambda: plans.begin(actor=organiser, subject=hall), lambda: plans.begin(actor=colleague, subject=hall)
    )
    begun = Plan.objects.get()
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Plan"]
    assert [result.current for result in results if isinstance(result, Conflict)] == [begun]


def test_two_colleagues_submit(organisation: Organisation, organiser: User, colleague: User) -> None:
    plan = make.answered_plan(organisation)
    results = at_once(
        *(
            lambda actor=actor: submissions.submit(actor=actor, plan_id=plan.pk, declaration=make.DECLARED)  # type: ignore[misc]  # bound early on purpose
            for actor in (organiser, colleague)
        )
    )
    assert [type(result) for result in results].count(IllegalMove) == 1
    assert Submission.objects.get() in results


def test_whoever_claims_while_it_is_being_withdrawn_is_told(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    """The withdrawal waits for the claim's lock; who reviews is read after the wait, not before it."""
    plan = make.submitted_plan(organisation)
    begun = threading.Event()

    def withdraw() -> object:
        begun.set()
        return plans.withdraw(actor=organiser, plan_id=plan.pk)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            reviews.claim(actor=adviser, plan_id=plan.pk)
            withdrawal = pool.submit(closing_connection, withdraw)
            begun.wait(60)
            # Long enough to arrive at the lock. Were it not, the test would say the same without proving it.
            time.sleep(0.5)
            assert not withdrawal.done()
        withdrawal.result(60)
    told = OutgoingMail.objects.filter(kind="plan.withdrawn").values_list("to", flat=True)
    assert list(told) == [adviser.email]


def closing_connection(call: Callable[[], object]) -> object:
    try:
        return call()
    finally:
        connection.close()


def test_an_answer_does_not_slip_past_a_submission(
    organisation: Organisation, organiser: User, colleague: User
) -> None:
    """Either the answer is in the snapshot or it is refused: never saved behind the frozen copy's back."""
    plan = make.answered_plan(organisation)
    given = AnswerInput(level=4, account="Late.")
    at_once(
        lambda: submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED),
        lambda: answers.save(actor=colleague, plan_id=plan.pk, code="GOV-01", answer=given, expected_version=1),
    )
    frozen = Submission.objects.get().snapshot["answers"]["GOV-01"]["account"]
    assert frozen == Answer.objects.get(plan=plan, criterion_code="GOV-01").account


def test_the_eleventh_file_has_no_room(organisation: Organisation, organiser: User, colleague: User) -> None:
    plan = make.draft_plan(organisation)
    for number in range(9):
        make.make_evidence(plan, "GOV-01", content=f"File {number}".encode())

    def attach(actor: User, content: bytes) -> Evidence:
        upload = make.open_file(content)
        return evidence.attach(actor=actor, plan_id=plan.pk, code="GOV-01", upload=upload, name="late.txt")

    results = at_once(lambda: attach(organiser, b"Ten"), lambda: attach(colleague, b"Eleven"))
    assert [type(result) for result in results].count(InvalidInput) == 1
    assert Evidence.objects.filter(plan=plan, removed_at__isnull=True).count() == 10
