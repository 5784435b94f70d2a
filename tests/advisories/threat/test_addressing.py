"""Asking the holders of a zone: in chunks by the worker, each once, whatever dies."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.models import ThreatConfirmation, ThreatNotice, ThreatResponse
from advisories.services import responses
from certification.models import Certificate
from core import audit, outbox
from core.models import OutboxJob, OutgoingMail
from tests import flush
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories import threat as given

pytestmark = pytest.mark.django_db

NORTHERN = "northern-ireland"


def asked_of() -> set[object]:
    return set(ThreatConfirmation.objects.values_list("certificate_id", flat=True))


def mails(kind: str = "threat.asked") -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def test_holders_in_force_at_the_enhanced_tier_are_asked(
    held: Certificate, organiser: User, colleague: User, viewer: User
) -> None:
    response = given.respond()
    assert not ThreatConfirmation.objects.exists()

    given.address(response)

    row = ThreatConfirmation.objects.get()
    assert (row.certificate, row.organisation, row.area, row.state) == (
        held,
        held.organisation,
        held.area,
        "asked",
    )
    assert row.due_at == response.due_at
    assert row.chase_at == row.asked_at + (row.due_at - row.asked_at) / 2
    assert mails() == sorted([organiser.email, colleague.email])
    assert list(row.notices.values_list("kind", flat=True)) == ["asked"]


@pytest.mark.parametrize("state", ["being_issued", "expired", "revoked", "superseded"])
def test_what_is_not_in_force_is_left_alone(held: Certificate, state: str) -> None:
    make.put_in(state, held)
    given.asked()
    assert asked_of() == set()


def test_what_ran_out_yesterday_is_left_alone_before_the_sweep_has_come(held: Certificate) -> None:
    make.running_until(held, timezone.localdate() - timedelta(days=1))
    given.asked()
    assert asked_of() == set()


def test_the_standard_tier_is_left_alone(held: Certificate) -> None:
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=held.pk).update(judged_tier="standard")
    given.asked()
    assert asked_of() == set()


@pytest.mark.parametrize(
    ("area", "zone"),
    [
        ("west-yorkshire", "gb"),
        ("south-wales", "gb"),
        ("scotland", "gb"),
        ("british-transport", "gb"),
        (NORTHERN, "ni"),
    ],
)
def test_each_zone_asks_its_own(organisation: Organisation, area: str, zone: str) -> None:
    certificate = given.holder_certificate(organisation, area=area)
    given.respond()
    for response in ThreatResponse.objects.all():
        given.address(response)
    [row] = ThreatConfirmation.objects.all()
    assert (row.certificate, row.response.zone) == (certificate, zone)


def test_a_northern_ireland_related_change_asks_nobody_elsewhere(organisation: Organisation, held: Certificate) -> None:
    northern = given.holder_certificate(organisation, area=NORTHERN)
    start = timezone.now() - timedelta(days=2)
    given.record("moderate", effective_at=start)
    given.record("severe", scope="ni")
    [response] = ThreatResponse.objects.all()
    given.address(response)
    assert asked_of() == {northern.pk}


def test_somebody_with_many_certificates_gets_one_message(held: Certificate, organiser: User) -> None:
    make.copies(held, 3)
    given.asked()
    assert (ThreatConfirmation.objects.count(), mails()) == (4, [organiser.email])


def test_the_message_says_sign_in_and_confirm_and_nothing_else(held: Certificate, organiser: User) -> None:
    given.write_measures(held, by=organiser)
    given.asked()
    [mail] = OutgoingMail.objects.filter(kind="threat.asked")
    text = mail.subject + mail.body
    assert "http://testserver/threat-level/confirmations/" in text
    for word in ("HEIGHTENED", "SUBSTANTIAL", held.subject_name, held.number, "SECRET", "east gate"):
        assert word.upper() not in text.upper()


def test_the_worker_finds_its_job(held: Certificate, organiser: User, run_outbox: Callable[[], int]) -> None:
    given.respond()
    run_outbox()
    run_outbox()
    assert (asked_of(), mails()) == ({held.pk}, [organiser.email])
    assert not OutboxJob.objects.filter(kind="threat.address", done_at__isnull=True).exists()


def test_long_work_is_handed_on_from_job_to_job(held: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    make.copies(held, 6)
    monkeypatch.setattr(responses, "CHUNK", 2)
    monkeypatch.setattr(responses, "CHUNKS_A_JOB", 1)
    response = given.respond()
    jobs = OutboxJob.objects.filter(kind="threat.address", payload__response=str(response.pk))
    done = []
    while job := jobs.filter(done_at__isnull=True).first():
        assert outbox.run(job.pk)
        done.append(ThreatConfirmation.objects.count())
    assert done == [2, 4, 6, 7]
    response.refresh_from_db()
    assert response.addressed_at is not None


@pytest.mark.parametrize("step", ["ask", "notify", "save", "hand on"])
def test_killed_half_way_and_run_again_each_is_asked_once(
    held: Certificate, organiser: User, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The process dies in its second chunk, at that step; what was committed stays, the rest is not there at all."""
    others = make.copies(held, 6)
    monkeypatch.setattr(responses, "CHUNK", 2)
    monkeypatch.setattr(responses, "CHUNKS_A_JOB", 2)
    response = given.respond()
    calls: list[int] = []

    def dies(real: Callable[..., object], at: int) -> Callable[..., object]:
        def act(*args: object, **kwargs: object) -> object:
            calls.append(1)
            if len(calls) == at:
                raise KeyboardInterrupt
            return real(*args, **kwargs)

        return act

    where, name, at = {
        "ask": (responses, "ask", 2),
        "notify": (responses.notify, "send_all", 2),
        "save": (ThreatResponse, "save", 2),
        "hand on": (responses, "_promise", 1),
    }[step]
    with monkeypatch.context() as patch:
        patch.setattr(where, name, dies(getattr(where, name), at))
        with pytest.raises(KeyboardInterrupt):
            responses.address({"response": str(response.pk)})
    assert ThreatConfirmation.objects.count() == (4 if step == "hand on" else 2)

    given.address(response)

    asked = Counter(ThreatConfirmation.objects.values_list("certificate_id", flat=True))
    assert asked == dict.fromkeys([held.pk, *(one.pk for one in others)], 1)
    assert ThreatNotice.objects.filter(kind="asked").count() == 7
    assert mails() == [organiser.email]
    assert audit.verify_all().problem == ""


def test_run_again_when_all_is_done_it_changes_nothing(held: Certificate) -> None:
    response = given.asked()
    before = (list(ThreatConfirmation.objects.values()), list(OutgoingMail.objects.values()), OutboxJob.objects.count())
    responses.address({"response": str(response.pk)})
    assert before == (
        list(ThreatConfirmation.objects.values()),
        list(OutgoingMail.objects.values()),
        OutboxJob.objects.count(),
    )


def test_a_response_that_was_superseded_asks_nobody_more(held: Certificate) -> None:
    first = given.respond("substantial")
    given.record("critical")
    responses.address({"response": str(first.pk)})
    assert asked_of() == set()


def test_whoever_is_asked_late_has_a_whole_time_of_their_own(held: Certificate) -> None:
    response = given.respond()
    long_ago = timezone.now() - timedelta(hours=13)
    ThreatResponse.objects.filter(pk=response.pk).update(started_at=long_ago, due_at=long_ago + timedelta(hours=24))
    given.address(response)
    row = ThreatConfirmation.objects.get()
    assert row.due_at - row.asked_at == timedelta(hours=24)


def test_a_chunk_costs_the_same_for_one_and_for_many(
    held: Certificate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    response = given.respond()
    # Two for the savepoint; the lock, the certificates, rows and notices, the people, the messages with their jobs, the
    # audit event and the cursor.
    with django_assert_num_queries(QUERIES):
        responses.address({"response": str(response.pk)})
    make.copies(held, 30)
    response = _next(response)
    with django_assert_num_queries(QUERIES):
        responses.address({"response": str(response.pk)})
    assert response.confirmations.count() == 31


QUERIES = 16


def _next(response: ThreatResponse) -> ThreatResponse:
    return ThreatResponse.objects.get(change=given.record("critical"), zone=response.zone)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_each_once(held: Certificate, organiser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make.copies(held, 6)
    monkeypatch.setattr(responses, "CHUNK", 2)
    response = given.respond()
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def work() -> None:
        start.wait()
        try:
            responses.address({"response": str(response.pk)})
        except Exception as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (ThreatConfirmation.objects.count(), ThreatNotice.objects.count(), mails()) == (7, 7, [organiser.email])


def test_an_organisation_s_closed_accounts_get_no_mail(held: Certificate, organiser: User, colleague: User) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    given.asked()
    assert mails() == [organiser.email]


def test_officers_and_strangers_get_no_mail(held: Certificate, organiser: User, stranger: User) -> None:
    people.make_officer("adviser")
    given.asked()
    assert mails() == [organiser.email]
