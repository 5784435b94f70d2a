"""Reminders: which, when, to whom, and never twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from certification import tasks
from certification.domain import cover, lifecycle
from certification.models import Certificate, Plan, Reminder
from certification.selectors import reminders as selectors
from certification.services import plans, reminders, submissions
from core.models import OutboxJob, OutgoingMail, SweepRun
from tests.factories import certificates as make
from tests.factories.certification import DECLARED, answer_all
from tests.factories.events import make_event

END = date(2028, 6, 30)
QUERIES = 10


@pytest.fixture
def running(decided: Certificate) -> Certificate:
    """In force, decided long ago, to the 30th of June 2028."""
    return make.running_until(make.put_in("in_force", decided), END)


def days_before(days: int) -> date:
    return END - timedelta(days=days)


def milestones(certificate: Certificate) -> set[int]:
    return set(certificate.reminders.values_list("milestone", flat=True))


def sent() -> list[str]:
    return list(
        OutgoingMail.objects.filter(kind="certificate.reminder").order_by("pk").values_list("subject", flat=True)
    )


@pytest.mark.parametrize(
    ("left", "reminded", "marked"),
    [
        (91, 0, set()),
        (90, 1, {90}),
        (61, 1, {90}),
        (60, 1, {60}),
        (30, 1, {30}),
        (7, 1, {7}),
        (0, 1, {7}),
        (-1, 0, set()),
    ],
)
def test_what_is_due(running: Certificate, left: int, reminded: int, marked: set[int]) -> None:
    assert reminders.sweep(today=days_before(left)) == reminded
    assert milestones(running) == marked


def test_day_by_day_each_milestone_is_one_message(
    running: Certificate, organiser: User, run_outbox: Callable[[], int]
) -> None:
    for left in range(95, -3, -1):
        with time_machine.travel(datetime.combine(days_before(left), time(12), tzinfo=UTC)):
            reminders.sweep(today=days_before(left))
            run_outbox()
    number = running.number
    assert sent() == [f"Certificate {number} runs out in {days} days" for days in (90, 60, 30, 7)]
    assert set(OutgoingMail.objects.filter(kind="certificate.reminder").values_list("to", flat=True)) == {
        organiser.email
    }


def test_after_downtime_one_message_and_none_later(running: Certificate, run_outbox: Callable[[], int]) -> None:
    with time_machine.travel(datetime.combine(days_before(20), time(12), tzinfo=UTC)):
        assert reminders.sweep(today=days_before(20)) == 1
        assert milestones(running) == {30}
        assert reminders.sweep(today=days_before(20)) == 0
        assert reminders.sweep(today=days_before(8)) == 0
        run_outbox()
    assert sent() == [f"Certificate {running.number} runs out in 20 days"]


def test_run_again_at_once_it_changes_nothing(
    running: Certificate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reminders.sweep(today=days_before(60))
    before = (list(Reminder.objects.values()), list(OutgoingMail.objects.values()), OutboxJob.objects.count())
    # One look at what is due, within the row that says that it ran.
    with django_assert_num_queries(3):
        assert reminders.sweep(today=days_before(60)) == 0
    assert (list(Reminder.objects.values()), list(OutgoingMail.objects.values()), OutboxJob.objects.count()) == before


def test_owners_and_editors_each_get_one(
    running: Certificate, organiser: User, colleague: User, viewer: User, run_outbox: Callable[[], int]
) -> None:
    assert reminders.sweep(today=days_before(30)) == 1
    mails = OutgoingMail.objects.filter(kind="certificate.reminder")
    assert sorted(mails.values_list("to", "recipient_id")) == sorted(
        [(organiser.email, organiser.pk), (colleague.email, colleague.pk)]
    )
    assert sorted(mails.values_list("key", flat=True)) == sorted(
        f"reminder:{running.pk.hex}:30:{person.pk.hex}" for person in (organiser, colleague)
    )
    [job] = OutboxJob.objects.filter(kind="mail.deliver_many")
    assert sorted(job.payload["mails"].split(",")) == sorted(str(mail.pk) for mail in mails)
    run_outbox()
    told = [message for message in mail.outbox if "runs out" in message.subject]
    assert sorted(message.to for message in told) == sorted([[organiser.email], [colleague.email]])
    assert not [m for m in told if any(words in f"{m.subject}{m.body}" for words in make.PLAN_WORDS)]
    assert "List-Unsubscribe" not in told[0].extra_headers


def test_the_message_says_which_when_and_where(running: Certificate, run_outbox: Callable[[], int]) -> None:
    reminders.sweep(today=days_before(7))
    run_outbox()
    body = str(mail.outbox[-1].body)
    assert "suspended" not in body
    assert running.subject_name in body
    assert "30 June 2028" in body
    assert f"http://testserver/certificates/{running.pk}/" in body


def test_of_a_suspended_one_they_are_told_too(decided: Certificate, run_outbox: Callable[[], int]) -> None:
    """Its last day comes all the same, and a renewal takes as long."""
    make.running_until(make.put_in("suspended", decided), END)
    assert reminders.sweep(today=days_before(30)) == 1
    run_outbox()
    assert "It is suspended at the moment." in str(mail.outbox[-1].body)


@pytest.mark.parametrize("state", [s for s in lifecycle.CERTIFICATE_STATES if s not in lifecycle.CERTIFICATE_STANDING])
def test_what_does_not_stand_is_left_alone(decided: Certificate, state: str) -> None:
    make.running_until(make.put_in(state, decided), END)
    assert reminders.sweep(today=days_before(30)) == 0
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("state", lifecycle.PLAN_STATES)
def test_a_renewal_on_its_way_stops_them(running: Certificate, organiser: User, state: str) -> None:
    renewal = plans.begin_renewal(actor=organiser, certificate_id=running.pk)
    now = timezone.now()
    Plan.objects.filter(pk=renewal.pk).update(state=state, first_submitted_at=now, submitted_at=now, reviewer=organiser)
    expected = 1 if state in {"draft", "refused", "withdrawn"} else 0
    assert reminders.sweep(today=days_before(30)) == expected


def test_a_renewal_that_was_refused_brings_back_the_most_urgent_alone(running: Certificate, organiser: User) -> None:
    reminders.sweep(today=days_before(90))
    renewal = plans.begin_renewal(actor=organiser, certificate_id=running.pk)
    answer_all(renewal)
    submissions.submit(actor=organiser, plan_id=renewal.pk, declaration=DECLARED)
    for left in (60, 30):
        assert reminders.sweep(today=days_before(left)) == 0
    plans.withdraw(actor=organiser, plan_id=renewal.pk)
    assert reminders.sweep(today=days_before(25)) == 1
    assert milestones(running) == {90, 30}


def test_an_event_s_certificate_is_not_renewed_and_nobody_is_reminded(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = make.decided_certificate(
        organisation, reviewer=adviser, signer=authoriser, subject=make_event(organisation)
    )
    make.running_until(make.put_in("in_force", certificate), END)
    assert reminders.sweep(today=days_before(30)) == 0


def test_a_short_certificate_is_not_reminded_of_what_was_known_when_it_was_signed(decided: Certificate) -> None:
    make.running_until(make.put_in("in_force", decided), END, decided_on=days_before(45))
    assert reminders.sweep(today=days_before(45)) == 0
    assert milestones(decided) == set()
    assert reminders.sweep(today=days_before(30)) == 1


@pytest.mark.parametrize(
    ("moment", "reminded"),
    [
        # 90 days before the end is the 1st of April, in summer time: midnight is 23:00 of the day before in UTC.
        ("2028-03-31T22:59:59+00:00", 0),
        ("2028-03-31T23:00:00+00:00", 1),
    ],
)
def test_the_task_goes_by_the_uk_date(running: Certificate, moment: str, reminded: int) -> None:
    with time_machine.travel(moment, tick=False):
        tasks.remind()
    assert len(sent()) == reminded


def test_cut_off_between_parts_it_goes_on(running: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    make.copies(running, 9, apart=True)
    monkeypatch.setattr(reminders, "CHUNK", 2)
    real, told = reminders._remind, []

    def dies(part: object, *, today: date) -> tuple[int, int]:
        if any(certificates for certificates, _ in told):
            raise KeyboardInterrupt
        told.append(real(part, today=today))  # type: ignore[arg-type]
        return told[-1]

    with monkeypatch.context() as patch:
        patch.setattr(reminders, "_remind", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.sweep(today=days_before(30))
    first = told[-1][0]
    assert len(sent()) == first
    assert reminders.sweep(today=days_before(30)) == 10 - first
    assert (
        len(sent()) == 10 == OutgoingMail.objects.filter(kind="certificate.reminder").values("key").distinct().count()
    )
    assert list(SweepRun.objects.filter(kind="reminders").order_by("pk").values_list("error", flat=True))[-2:] == [
        "KeyboardInterrupt",
        "",
    ]


def test_killed_inside_a_chunk_neither_row_nor_mail_is_left(
    running: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reminders.notify, "promise_together", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.sweep(today=days_before(30))
    assert (Reminder.objects.count(), len(sent())) == (0, 0)
    assert reminders.sweep(today=days_before(30)) == 1


def test_a_part_costs_the_same_for_one_and_for_many(
    running: Certificate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Two for the row that says that it ran, one to count what is due, two for the savepoint; marks, holders of many,
    # messages; the job's four.
    with django_assert_num_queries(QUERIES):
        reminders.sweep(today=days_before(90))
    make.copies(running, 30, apart=True)
    with django_assert_num_queries(QUERIES):
        assert reminders.sweep(today=days_before(90)) == 30


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_once(running: Certificate) -> None:
    make.copies(running, 6, apart=True)
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def sweep() -> None:
        start.wait()
        try:
            reminders.sweep(today=days_before(30))
        except Exception as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reminders.sweep(today=days_before(30))
    assert failures == []
    assert len(sent()) == 7
    assert Reminder.objects.count() == 7


@pytest.mark.parametrize(("held", "lists"), [(4, 0), (5, 1)])
def test_a_holder_of_many_gets_one_list(
    running: Certificate,
    organiser: User,
    colleague: User,
    viewer: User,
    held: int,
    lists: int,
) -> None:
    make.copies(running, held - 1)
    assert reminders.sweep(today=days_before(30)) == held
    mails = OutgoingMail.objects.filter(kind__startswith="certificate.reminder")
    assert sorted(mails.values_list("kind", "to")) == sorted(
        [("certificate.reminders", person.email) for person in (organiser, colleague)]
        if lists
        else [("certificate.reminder", person.email) for person in (organiser, colleague)] * held
    )
    assert reminders.sweep(today=days_before(30)) == 0
    assert Reminder.objects.count() == held


def test_a_list_says_public_facts_and_where(running: Certificate, run_outbox: Callable[[], int]) -> None:
    others = make.copies(running, 5)
    make.running_until(others[0], days_before(25))
    reminders.sweep(today=days_before(30))
    run_outbox()
    [message] = [message for message in mail.outbox if "of your certificates" in message.subject]
    assert message.subject == "6 of your certificates run out, the first in 5 days"
    body = str(message.body)
    assert body.index(others[0].number) < body.index(running.number)
    for certificate in (running, *others):
        assert f"{certificate.number}, {certificate.subject_name}\n" in body
        assert f"http://testserver/certificates/{certificate.pk}/" in body
    assert "5 June 2028" in body
    assert not [words for words in make.PLAN_WORDS if words in body]
    # It is about a duty: nobody unsubscribes from it.
    assert "List-Unsubscribe" not in message.extra_headers


@pytest.mark.parametrize("signed_on", [None, *(days_before(days) for days in (91, 60, 45, 30, 7, 1))])
def test_the_database_finds_what_the_rule_says(running: Certificate, signed_on: date | None) -> None:
    """`selectors.reminders.due` and `cover.milestone_due`, day by day."""
    if signed_on is not None:
        make.running_until(running, END, decided_on=signed_on)
        running.refresh_from_db()
    marks = {90, 30} if signed_on is None else set()
    Reminder.objects.bulk_create(Reminder(certificate=running, milestone=m, created_at=timezone.now()) for m in marks)
    for left in range(93, -3, -1):
        found = selectors.due(days_before(left)).values_list("milestone", flat=True)
        told = cover.milestone_due(
            today=days_before(left), valid_until=END, decided_on=running.decided_on, done=frozenset(marks)
        )
        assert list(found) == ([] if told is None else [told]), left
