"""Reminders of conditions: which, when, to whom, and never twice."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, User
from certification import tasks
from certification.models import Certificate, CertificateCondition, ConditionReminder
from certification.services import condition_reminders as reminders
from certification.services import conditions, discharges
from core.models import OutgoingMail
from tests.factories import certificates as certificate_make
from tests.factories import conditions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(condition: CertificateCondition) -> CertificateCondition:
    """In forty days."""
    return make.due(condition, timezone.localdate() + timedelta(days=40))


def before(condition: CertificateCondition, days: int) -> date:
    return condition.due_on - timedelta(days=days)


def sent() -> list[str]:
    found = OutgoingMail.objects.filter(kind="condition.reminder").order_by("pk")
    return [subject.partition(" is ")[2] for subject in found.values_list("subject", flat=True)]


def test_day_by_day_each_milestone_is_one_message(due: CertificateCondition, organiser: User) -> None:
    for left in range(20, -9, -1):
        reminders.sweep(today=before(due, left))
        reminders.sweep(today=before(due, left))
    assert sent() == ["due in 14 days", "due in 3 days", "overdue"]
    assert set(OutgoingMail.objects.filter(kind="condition.reminder").values_list("to", flat=True)) == {organiser.email}


def test_after_downtime_one_message_and_none_later(due: CertificateCondition) -> None:
    assert reminders.sweep(today=before(due, 2)) == 1
    assert reminders.sweep(today=before(due, 2)) == 0
    assert sent() == ["due in 2 days"]
    assert set(due.reminders.values_list("milestone", flat=True)) == {14, 3}


def test_a_new_date_brings_its_own_milestones(due: CertificateCondition, adviser: User) -> None:
    reminders.sweep(today=before(due, 14))
    conditions.extend(actor=adviser, condition_id=due.pk, until=due.due_on + timedelta(days=60), reason="x")
    due.refresh_from_db()
    assert reminders.sweep(today=before(due, 15)) == 0
    assert reminders.sweep(today=before(due, 14)) == 1
    assert due.reminders.values("due_on").distinct().count() == 2


def test_owners_editors_and_the_named_one_are_told_while_they_are_members(
    due: CertificateCondition, organiser: User, colleague: User, viewer: User
) -> None:
    conditions.assign(actor=organiser, condition_id=due.pk, owner_id=viewer.pk)
    reminders.sweep(today=before(due, 14))
    Membership.objects.filter(user=viewer).delete()
    reminders.sweep(today=before(due, 3))
    found = OutgoingMail.objects.filter(kind="condition.reminder")
    assert sorted(found.values_list("to", flat=True)) == sorted(
        [organiser.email, colleague.email, viewer.email, organiser.email, colleague.email]
    )
    assert not [mail for mail in found if due.text in mail.body]


@pytest.mark.parametrize("state", ["being_issued", "expired", "revoked", "superseded", "surrendered"])
def test_of_a_certificate_that_does_not_stand_nobody_is_reminded(
    certificate: Certificate, due: CertificateCondition, state: str
) -> None:
    certificate_make.put_in(state, certificate)
    assert reminders.sweep(today=before(due, 3)) == 0
    assert not ConditionReminder.objects.exists()


def test_nor_after_its_last_day_nor_of_what_is_met(
    certificate: Certificate, due: CertificateCondition, organiser: User, adviser: User
) -> None:
    assert reminders.sweep(today=certificate.valid_until + timedelta(days=1)) == 0
    discharges.accept(actor=adviser, discharge_id=make.submitted(due, organiser).pk)
    assert reminders.sweep(today=before(due, 3)) == 0


def test_while_it_is_with_the_police_nobody_is_nagged_and_sent_back_they_are(
    due: CertificateCondition, organiser: User, adviser: User
) -> None:
    waiting = make.submitted(due, organiser)
    assert reminders.sweep(today=before(due, 3)) == 0
    discharges.send_back(actor=adviser, discharge_id=waiting.pk, reason="x")
    assert reminders.sweep(today=before(due, 2)) == 1
    assert sent() == ["due in 2 days"]


def test_a_date_near_the_decision_is_not_repeated(condition: CertificateCondition) -> None:
    make.due(condition, condition.certificate.decided_on + timedelta(days=10))
    assert reminders.sweep(today=before(condition, 9)) == 0
    assert reminders.sweep(today=before(condition, 3)) == 1


def test_the_task_goes_by_today(due: CertificateCondition) -> None:
    make.due(due, timezone.localdate() - timedelta(days=1))
    tasks.remind_of_conditions()
    assert sent() == ["overdue"]


def many(certificate: Certificate, count: int, day: date) -> None:
    for number in range(count):
        make.add(certificate, f"GOV-{number + 10}", day)


def test_cut_off_between_chunks_it_goes_on(
    certificate: Certificate, due: CertificateCondition, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(certificate, 4, due.due_on)
    monkeypatch.setattr(reminders, "CHUNK", 2)
    real, calls = reminders._remind, []

    def dies(ids: list[int], *, today: date) -> int:
        if calls:
            raise KeyboardInterrupt
        calls.append(ids)
        return real(ids, today=today)

    with monkeypatch.context() as patch:
        patch.setattr(reminders, "_remind", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.sweep(today=before(due, 14))
    assert len(sent()) == 2
    assert reminders.sweep(today=before(due, 14)) == 3
    assert len(sent()) == 5 == ConditionReminder.objects.count()


def test_killed_inside_a_chunk_neither_row_nor_mail_is_left(
    due: CertificateCondition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reminders.notify, "send_all", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.sweep(today=before(due, 14))
    assert (ConditionReminder.objects.count(), len(sent())) == (0, 0)
    assert reminders.sweep(today=before(due, 14)) == 1


def test_a_chunk_costs_the_same_for_one_and_for_many(
    certificate: Certificate, due: CertificateCondition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(13):
        assert reminders.sweep(today=before(due, 14)) == 1
    many(certificate, 30, due.due_on)
    with django_assert_num_queries(13):
        assert reminders.sweep(today=before(due, 14)) == 30


@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_send_each_once(certificate: Certificate, due: CertificateCondition) -> None:
    many(certificate, 6, due.due_on)
    start = threading.Barrier(3)
    failures: list[BaseException] = []
    today = before(due, 14)

    def sweep() -> None:
        start.wait()
        try:
            reminders.sweep(today=today)
        except Exception as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reminders.sweep(today=today)
    assert failures == []
    assert (len(sent()), ConditionReminder.objects.count()) == (7, 7)
