"""Sweeps leave a trace; one that stays away is seen on three pages and told of once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import User
from certification import tasks
from certification.models import Certificate
from certification.services import expiry, heartbeat, reminders
from core import sweeps
from core import tasks as core_tasks
from core.models import OutgoingMail, SweepRun
from tests.conftest import ClientFor
from tests.factories import certificates as make

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def ran(db: None) -> None:
    """Every kind ran well at noon."""
    SweepRun.objects.all().delete()
    for kind in ("reminders", "expiry", "overviews"):
        SweepRun.objects.create(kind=kind, started_at=NOW, finished_at=NOW)


def overdue(after: timedelta) -> set[str]:
    return {one.kind for one in sweeps.health(now=NOW + after) if one.overdue}


def told() -> list[tuple[str, str]]:
    return sorted(OutgoingMail.objects.filter(kind="sweep.overdue").values_list("to", "subject"))


@pytest.mark.parametrize(
    ("task", "kind"), [(tasks.remind, "reminders"), (tasks.expire, "expiry"), (tasks.overviews, "overviews")]
)
def test_each_task_leaves_its_row(db: None, task: Callable[[], None], kind: str) -> None:
    SweepRun.objects.all().delete()
    task()
    [run] = SweepRun.objects.all()
    assert (run.kind, run.error) == (kind, "")
    assert run.finished_at is not None


def test_it_counts_what_it_did(issued: Certificate) -> None:
    make.running_until(issued, date(2028, 6, 30))
    reminders.sweep(today=date(2028, 6, 1))
    expiry.expire(today=date(2028, 7, 1))
    runs = SweepRun.objects.order_by("-pk")
    assert [run.counts for run in runs[:2]] == [{"certificates": 1}, {"certificates": 1, "messages": 1}]


def test_what_broke_it_is_noted_by_its_class_alone(db: None) -> None:
    def breaks() -> None:
        with sweeps.run("reminders") as counts:
            counts["certificates"] = 3
            raise ZeroDivisionError("SECRET")

    with pytest.raises(ZeroDivisionError):
        breaks()
    run = SweepRun.objects.order_by("-pk")[0]
    assert (run.error, run.counts) == ("ZeroDivisionError", {"certificates": 3})
    with pytest.raises(LookupError), sweeps.run("nothing"):
        pass


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (timedelta(hours=2, minutes=29), set()),
        (timedelta(hours=2, minutes=31), {"reminders", "expiry"}),
        (timedelta(hours=12, minutes=29), {"reminders", "expiry"}),
        (timedelta(hours=12, minutes=31), {"reminders", "expiry", "overviews"}),
    ],
)
def test_how_long_each_may_stay_away(ran: None, after: timedelta, kinds: set[str]) -> None:
    assert overdue(after) == kinds


def test_neither_a_failed_run_nor_one_that_never_ends_is_a_good_one(ran: None) -> None:
    late = NOW + timedelta(hours=3)
    SweepRun.objects.create(kind="reminders", started_at=late, finished_at=late, error="OperationalError")
    SweepRun.objects.create(kind="expiry", started_at=late)
    assert overdue(timedelta(hours=3)) == {"reminders", "expiry"}
    SweepRun.objects.create(kind="expiry", started_at=late, finished_at=late)
    assert overdue(timedelta(hours=3)) == {"reminders"}


def test_with_nothing_on_record_it_is_overdue(db: None) -> None:
    SweepRun.objects.all().delete()
    assert overdue(timedelta()) == {"reminders", "expiry", "overviews"}


def test_a_new_installation_is_not_an_outage(db: None) -> None:
    """By what the migration leaves behind, called here since a flush after another test may have taken it away."""
    SweepRun.objects.all().delete()
    import_module("core.migrations.0006_sweeps").begin_to_count(apps, None)
    assert not [one for one in sweeps.health(now=timezone.now()) if one.overdue]


def test_each_outage_is_told_once_and_the_next_one_again(ran: None, national_admin: User, auditor: User) -> None:
    with time_machine.travel(NOW + timedelta(hours=3)):
        assert heartbeat.tell() == 2
        assert heartbeat.tell() == 2
    assert told() == [
        (national_admin.email, "A nightly job does not run: Expiry of certificates"),
        (national_admin.email, "A nightly job does not run: Reminders to holders"),
    ]
    with time_machine.travel(NOW + timedelta(hours=4)):
        reminders.sweep(today=NOW.date())
        expiry.expire(today=NOW.date())
        assert heartbeat.tell() == 0
    with time_machine.travel(NOW + timedelta(hours=8)):
        assert heartbeat.tell() == 2
    assert len(told()) == 4


def test_the_task_tells(ran: None, national_admin: User) -> None:
    with time_machine.travel(NOW + timedelta(hours=3)):
        core_tasks.watch_sweeps()
    assert len(told()) == 2


def test_readyz_shows_it_and_asks_a_worker_to_tell(ran: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat, whose task that would be, may be what is gone. Once in a while, however often it is asked."""
    asked: list[int] = []
    monkeypatch.setattr(core_tasks.watch_sweeps, "delay", lambda: asked.append(1))
    with time_machine.travel(NOW):
        assert client.get("/readyz").json()["checks"]["sweeps"] == "ok"
    assert asked == []
    with time_machine.travel(NOW + timedelta(hours=3)):
        for _ in range(3):
            response = client.get("/readyz")
            assert (response.status_code, response.json()["checks"]["sweeps"]) == (200, "missing")
    assert asked == [1]


def test_the_first_page_and_the_preview_show_it(
    ran: None, national_admin: User, auditor: User, adviser: User, client_for: ClientFor
) -> None:
    for person in (national_admin, auditor):
        with time_machine.travel(NOW):
            client = client_for(person)
            assert "has not run when it should" not in client.get("/").content.decode()
        with time_machine.travel(NOW + timedelta(hours=3)):
            client = client_for(person)
            assert "Reminders to holders: this has not run when it should have." in client.get("/").content.decode()
            assert "Reminders to holders: no good run since 1 March 2027" in client.get("/reminders/").content.decode()
    with time_machine.travel(NOW + timedelta(hours=3)):
        assert "has not run when it should" not in client_for(adviser).get("/").content.decode()


def test_old_runs_are_forgotten_but_not_the_last_good_one(ran: None) -> None:
    long_ago = NOW - timedelta(days=100)
    SweepRun.objects.create(kind="reminders", started_at=long_ago, finished_at=long_ago)
    with time_machine.travel(NOW):
        assert sweeps.purge() == 1
    with time_machine.travel(NOW + timedelta(days=365)):
        assert sweeps.purge() == 0
    assert SweepRun.objects.count() == 3


@pytest.fixture
def preview(issued: Certificate, organiser: User, colleague: User) -> date:
    """Six of one organisation run out in three weeks."""
    today = timezone.localdate()
    copies = make.copies(issued, 5)
    for certificate in (issued, *copies):
        make.running_until(certificate, today + timedelta(days=21))
    return today


def test_the_preview_is_what_the_sweep_then_sends(preview: date, national_admin: User, client_for: ClientFor) -> None:
    page = client_for(national_admin).get("/reminders/")
    shown = page.context["tonight"]
    assert (shown.certificates, shown.organisations, shown.lists, shown.messages) == (6, 1, 1, 2)
    assert [(line.area, line.counts) for line in shown.lines] == [("West Yorkshire", (0, 0, 6, 0))]
    assert not [words for words in make.PLAN_WORDS if words in page.content.decode()]
    assert "runs out in 20 days" in page.context["sample"]
    assert reminders.sweep(today=preview + timedelta(days=1)) == shown.certificates
    assert OutgoingMail.objects.filter(kind__startswith="certificate.reminder").count() == shown.messages
    again = client_for(national_admin).get("/reminders/").context["tonight"]
    assert (again.certificates, again.messages) == (0, 0)


@pytest.mark.parametrize("more", [0, 3])
def test_the_preview_takes_the_same_number_of_queries(
    issued: Certificate, national_admin: User, client_for: ClientFor, more: int, django_assert_num_queries: object
) -> None:
    for certificate in (issued, *make.copies(issued, more, apart=True)):
        make.running_until(certificate, timezone.localdate() + timedelta(days=20))
    client = client_for(national_admin)
    # The session and the person, two for their authority; a sample, three of the preview, what is due; health and runs.
    with django_assert_num_queries(11):  # type: ignore[operator]
        client.get("/reminders/")
