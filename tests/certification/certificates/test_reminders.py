"""Reminders: which, when, to whom, and never twice."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from certification import tasks
from certification.domain import lifecycle
from certification.models import Certificate, Plan, Reminder
from certification.services import plans, reminders, submissions
from core.models import OutboxJob, OutgoingMail
from tests.factories import certificates as make
from tests.factories.certification import DECLARED, answer_all
from tests.factories.events import make_event

END = date(2028, 6, 30)


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
        (60, 1, {90, 60}),
        (30, 1, {90, 60, 30}),
        (7, 1, {90, 60, 30, 7}),
        (0, 1, {90, 60, 30, 7}),
        (-1, 0, set()),
    ],
)
def test_what_is_due(running: Certificate, left: int, reminded: int, marked: set[int]) -> None:
    assert reminders.sweep(today=days_before(left)) == reminded
    assert milestones(running) == marked


def test_day_by_day_each_milestone_is_one_message(running: Certificate, organiser: User) -> None:
    for left in range(95, -3, -1):
        reminders.sweep(today=days_before(left))
    number = running.number
    assert sent() == [f"Certificate {number} runs out in {days} days" for days in (90, 60, 30, 7)]
    assert set(OutgoingMail.objects.filter(kind="certificate.reminder").values_list("to", flat=True)) == {
        organiser.email
    }


def test_after_downtime_one_message_and_none_later(running: Certificate) -> None:
    assert reminders.sweep(today=days_before(20)) == 1
    assert milestones(running) == {90, 60, 30}
    assert reminders.sweep(today=days_before(20)) == 0
    assert reminders.sweep(today=days_before(8)) == 0
    assert sent() == [f"Certificate {running.number} runs out in 20 days"]


def test_run_again_at_once_it_changes_nothing(running: Certificate) -> None:
    reminders.sweep(today=days_before(60))
    before = (list(Reminder.objects.values()), list(OutgoingMail.objects.values()), OutboxJob.objects.count())
    assert reminders.sweep(today=days_before(60)) == 0
    assert (list(Reminder.objects.values()), list(OutgoingMail.objects.values()), OutboxJob.objects.count()) == before


def test_owners_and_editors_each_get_one(running: Certificate, organiser: User, colleague: User, viewer: User) -> None:
    assert reminders.sweep(today=days_before(30)) == 1
    mails = OutgoingMail.objects.filter(kind="certificate.reminder")
    assert sorted(mails.values_list("to", "recipient_id")) == sorted(
        [(organiser.email, organiser.pk), (colleague.email, colleague.pk)]
    )
    assert sorted(mails.values_list("key", flat=True)) == sorted(
        f"reminder:{running.pk}:30:{person.pk}" for person in (organiser, colleague)
    )
    assert OutboxJob.objects.filter(kind="mail.deliver", key__in=[f"mail:{m.pk}" for m in mails]).count() == 2
    assert not [m for m in mails if any(words in m.subject + m.body for words in make.PLAN_WORDS)]


def test_the_message_says_which_when_and_where(running: Certificate) -> None:
    reminders.sweep(today=days_before(7))
    body = OutgoingMail.objects.get(kind="certificate.reminder").body
    assert running.subject_name in body
    assert "30 June 2028" in body
    assert f"http://testserver/certificates/{running.pk}/" in body


@pytest.mark.parametrize("state", [s for s in lifecycle.CERTIFICATE_STATES if s != "in_force"])
def test_what_is_not_in_force_is_left_alone(decided: Certificate, state: str) -> None:
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
    assert milestones(running) == {90, 60, 30}


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
    assert milestones(decided) == {90, 60}
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


def test_cut_off_between_chunks_it_goes_on(running: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    make.copies(running, 4)
    monkeypatch.setattr(reminders, "CHUNK", 2)
    real, calls = reminders._remind, []

    def dies(ids: list, *, today: date) -> int:  # type: ignore[type-arg]
        if calls:
            raise KeyboardInterrupt
        calls.append(ids)
        return real(ids, today=today)

    with monkeypatch.context() as patch:
        patch.setattr(reminders, "_remind", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.sweep(today=days_before(30))
    assert len(sent()) == 2
    assert reminders.sweep(today=days_before(30)) == 3
    assert len(sent()) == 5 == OutgoingMail.objects.filter(kind="certificate.reminder").values("key").distinct().count()


def test_killed_inside_a_chunk_neither_row_nor_mail_is_left(
    running: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reminders.notify, "send_all", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.sweep(today=days_before(30))
    assert (Reminder.objects.count(), len(sent())) == (0, 0)
    assert reminders.sweep(today=days_before(30)) == 1


def test_a_chunk_costs_the_same_for_one_and_for_many(
    running: Certificate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Two to find chunks, two for the savepoint, nine for what is written and for what has to be known before.
    with django_assert_num_queries(13):
        reminders.sweep(today=days_before(90))
    make.copies(running, 30)
    with django_assert_num_queries(13):
        assert reminders.sweep(today=days_before(90)) == 30


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_once(running: Certificate) -> None:
    make.copies(running, 6)
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
    assert Reminder.objects.count() == 21
