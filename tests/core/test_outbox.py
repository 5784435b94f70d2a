"""Jobs promised with a transaction: done once, whatever dies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core import outbox
from core.models import OutboxJob
from core.outbox import Rank

pytestmark = pytest.mark.django_db

calls: list[Mapping[str, str]] = []


def works(payload: Mapping[str, str]) -> None:
    calls.append(payload)


def breaks(payload: Mapping[str, str]) -> None:
    calls.append(payload)
    msg = "secret words"
    raise ValueError(msg)


def waits(payload: Mapping[str, str]) -> None:
    calls.append(payload)
    raise outbox.TryLater


@pytest.fixture(autouse=True)
def handlers(settings: Settings) -> None:
    calls.clear()
    here = "tests.core.test_outbox"
    settings.OUTBOX_HANDLERS = {"works": f"{here}.works", "breaks": f"{here}.breaks", "waits": f"{here}.waits"}


def promise(kind: str = "works", key: str = "k") -> OutboxJob:
    with transaction.atomic():
        return outbox.enqueue(kind=kind, key=key, payload={"id": "7"})


def test_a_job_runs_once_however_often_it_is_sent() -> None:
    job = promise()

    assert outbox.run(job.pk) is True
    assert outbox.run(job.pk) is False
    assert calls == [{"id": "7"}]


def test_the_same_key_is_one_job() -> None:
    assert promise().pk == promise().pk


def test_an_unknown_kind_is_refused_before_the_commit() -> None:
    with pytest.raises(LookupError):
        promise(kind="no.such")


def test_a_rolled_back_transaction_promises_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def change_that_fails() -> None:
        with transaction.atomic():
            outbox.enqueue(kind="works", key="k", payload={})
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(ZeroDivisionError):
        change_that_fails()

    assert callbacks == []
    assert OutboxJob.objects.count() == 0


def test_a_claimed_job_is_left_to_its_worker_until_the_lease_ends(settings: Settings) -> None:
    job = promise()
    assert outbox._claim(job.pk)

    assert outbox.run(job.pk) is False
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        assert outbox.run(job.pk) is True


def test_a_worker_that_lost_its_lease_does_not_mark_the_job_of_its_successor(settings: Settings) -> None:
    job = promise()
    first = outbox._claim(job.pk)
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        second = outbox._claim(job.pk)
        late = outbox._leased(job.pk, first).update(done_at=timezone.now())

    assert second
    assert late == 0


def test_a_failure_is_put_back_with_the_class_alone_and_tried_later() -> None:
    job = promise(kind="breaks")

    assert outbox.run(job.pk) is False

    job.refresh_from_db()
    assert (job.attempts, job.last_error, job.done_at, job.failed_at) == (1, "ValueError", None, None)
    assert job.available_at > timezone.now()
    assert outbox.run(job.pk) is False
    assert len(calls) == 1


def test_a_job_that_always_breaks_is_given_up_and_stays_on_the_list() -> None:
    job = promise(kind="breaks")
    for _ in range(outbox.MAX_ATTEMPTS):
        OutboxJob.objects.update(available_at=timezone.now())
        outbox.run(job.pk)

    job.refresh_from_db()
    assert job.failed_at is not None
    assert len(calls) == outbox.MAX_ATTEMPTS


def test_waiting_for_the_outside_world_is_never_given_up() -> None:
    job = promise(kind="waits")
    for _ in range(outbox.MAX_ATTEMPTS + 3):
        OutboxJob.objects.update(available_at=timezone.now())
        outbox.run(job.pk)

    job.refresh_from_db()
    assert job.failed_at is None


def test_the_sweep_nudges_what_is_open_and_due_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(outbox, "nudge", lambda job_id, _rank: sent.append(job_id))
    due, done, claimed, later = (promise(key=key) for key in ("due", "done", "claimed", "later"))
    outbox.run(done.pk)
    outbox._claim(claimed.pk)
    OutboxJob.objects.filter(pk=later.pk).update(available_at=timezone.now() + timedelta(hours=1))

    assert outbox.sweep() == 1
    assert sent == [due.pk]
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        outbox.sweep()
    assert sent == [due.pk, due.pk, claimed.pk]


def test_the_sweep_takes_what_presses_first_and_tells_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.tasks import run_job

    ids = {}
    for rank in (Rank.BACKGROUND, Rank.ORDINARY, Rank.URGENT, Rank.MANY):
        with transaction.atomic():
            ids[rank] = outbox.enqueue(kind="works", key=str(rank), payload={}, rank=rank).pk
    with transaction.atomic():
        outbox.enqueue_all(kind="works", jobs={"late": {}}, rank=Rank.URGENT)
    late = OutboxJob.objects.get(key="late").pk
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(
        run_job, "apply_async", lambda *, kwargs, priority: sent.append((kwargs["job_id"], int(priority)))
    )

    outbox.sweep()

    assert sent == [
        (ids[Rank.URGENT], 0),
        (late, 0),
        (ids[Rank.ORDINARY], 1),
        (ids[Rank.MANY], 2),
        (ids[Rank.BACKGROUND], 3),
    ]
    monkeypatch.setattr(outbox, "SWEEP_BATCH", 2)
    sent.clear()
    outbox.sweep()
    assert [job for job, _rank in sent] == [ids[Rank.URGENT], late]


def test_what_is_promised_is_nudged_with_its_rank(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(outbox, "nudge", lambda job_id, rank: sent.append((job_id, rank)) is None)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        one = outbox.enqueue(kind="works", key="one", payload={}, rank=Rank.URGENT)
        outbox.enqueue_all(kind="works", jobs={"many": {}}, rank=Rank.BACKGROUND)
        two = outbox.enqueue(kind="works", key="two", payload={})
    many = OutboxJob.objects.get(key="many")
    assert sent == [(one.pk, Rank.URGENT), (many.pk, Rank.BACKGROUND), (two.pk, Rank.ORDINARY)]


def test_a_broker_that_is_gone_does_not_break_the_request(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    from core.tasks import run_job

    def gone(**_ids: object) -> None:
        raise run_job.OperationalError

    monkeypatch.setattr(run_job, "apply_async", gone)

    with django_capture_on_commit_callbacks(execute=True):
        job = promise()

    assert OutboxJob.objects.get(pk=job.pk).done_at is None


def given_up(key: str = "given-up") -> OutboxJob:
    job = promise("breaks", key)
    OutboxJob.objects.filter(pk=job.pk).update(failed_at=timezone.now(), last_error="ValueError", attempts=12)
    return job


def run_command(*args: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("outbox", *args, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def test_operators_see_what_waits_and_what_was_given_up() -> None:
    assert run_command() == (0, "nothing is waiting\n")
    promise("works", "waits")
    given_up()

    code, said = run_command()

    assert (code, "secret words" in said) == (1, False)
    assert [" ".join(line.split()[:5]) for line in said.splitlines()] == [
        "breaks 0 waiting, 1 given",
        "works 1 waiting, 0 given",
    ]
    assert said.splitlines()[0].endswith("errors: ValueError")


@pytest.mark.parametrize(("kind", "number"), [("", 1), ("breaks", 1), ("works", 0)])
def test_what_was_given_up_is_tried_again(kind: str, number: int) -> None:
    job = given_up()

    assert outbox.retry_given_up(kind=kind) == number
    job.refresh_from_db()
    assert (job.failed_at is None, job.attempts) == ((True, 0) if number else (False, 12))


def test_what_was_done_long_ago_is_forgotten_and_nothing_else() -> None:
    long_ago = timezone.now() - outbox.KEPT - timedelta(minutes=1)
    keys = {"old": long_ago, "new": timezone.now(), "open": None}
    for key, done_at in keys.items():
        OutboxJob.objects.filter(pk=promise("works", key).pk).update(done_at=done_at, created_at=long_ago)
    given_up()

    assert (outbox.purge(), outbox.purge()) == (1, 0)
    assert sorted(OutboxJob.objects.values_list("key", flat=True)) == ["given-up", "new", "open"]
