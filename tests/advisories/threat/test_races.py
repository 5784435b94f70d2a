"""Two people at once, each on a connection of their own: one wins, the other is told, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from advisories.models import ResponseMeasures, ThreatChange, ThreatConfirmation, ThreatResponse
from advisories.selectors import threat as selectors
from advisories.services import measures, threat_answers, threat_sweep
from advisories.services import threat as services
from certification.models import Certificate
from core import audit
from core.errors import DomainError
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories import threat as given

pytestmark = pytest.mark.django_db(transaction=True)

Outcome = tuple[str, str]


def at_once(*actions: Callable[[], object]) -> list[Outcome]:
    """Each action in a thread of its own; "won", or the name of the error and what it says."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> Outcome:
        try:
            barrier.wait(timeout=20)
            action()
        except DomainError as error:
            return type(error).__name__, error.message
        else:
            return "won", ""
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


def test_two_administrators_confirm_at_once(national_admin: User, second_admin: User) -> None:
    third = people.make_administrator()
    given.record("moderate", effective_at=timezone.now() - timedelta(days=1))
    made = given.propose("critical", by=national_admin)
    outcomes = at_once(
        *(lambda one=one: services.confirm(actor=one, change_id=made.pk) for one in (second_admin, third))
    )
    made.refresh_from_db()
    assert made.confirmed_by in {second_admin, third}
    assert made.confirmed_by is not None
    assert outcomes == [("Conflict", f"{made.confirmed_by.name} has confirmed this change already."), ("won", "")]
    assert sorted(ThreatResponse.objects.values_list("zone", flat=True)) == ["gb", "ni"]
    assert OutboxJob.objects.filter(kind="threat.address").count() == 2
    assert AuditEvent.objects.filter(action="threat.confirmed").count() == 2
    assert audit.verify_all().problem == ""


def test_one_confirms_while_the_other_drops(national_admin: User, second_admin: User) -> None:
    made = given.propose("critical", by=national_admin)
    outcomes = at_once(
        lambda: services.confirm(actor=second_admin, change_id=made.pk),
        lambda: services.drop(actor=national_admin, change_id=made.pk),
    )
    assert [name for name, _words in outcomes] == ["Conflict", "won"]
    made.refresh_from_db()
    assert (made.confirmed_at is None) is not (made.dropped_at is None)


def test_two_administrators_propose_at_once(national_admin: User, second_admin: User) -> None:
    outcomes = at_once(
        lambda: given.propose("severe", by=national_admin), lambda: given.propose("critical", by=second_admin)
    )
    assert [name for name, _words in outcomes] == ["Conflict", "won"]
    assert ThreatChange.objects.count() == 1


def test_both_scopes_are_confirmed_at_once_and_each_zone_has_one_response(
    national_admin: User, second_admin: User
) -> None:
    start = timezone.now() - timedelta(days=1)
    given.record("moderate", effective_at=start)
    given.record("moderate", scope="ni", effective_at=start)
    both = [given.propose("critical", scope=scope, by=national_admin) for scope in ("uk", "ni")]
    outcomes = at_once(*(lambda one=one: services.confirm(actor=second_admin, change_id=one.pk) for one in both))
    assert outcomes == [("won", ""), ("won", "")]
    # Whoever came second found the zone where it is now, and moved nothing there.
    running = ThreatResponse.objects.filter(ended_at__isnull=True)
    assert sorted(running.values_list("zone", "response")) == [("gb", "exceptional"), ("ni", "exceptional")]
    assert ThreatResponse.objects.count() == 2
    assert selectors.picture().levels == {"uk": "critical", "ni": "critical"}


def test_two_colleagues_answer_at_once(confirmation: ThreatConfirmation, organiser: User, colleague: User) -> None:
    outcomes = at_once(
        *(
            lambda one=one: threat_answers.confirm(actor=one, confirmation_id=confirmation.pk, measures_version=0)
            for one in (organiser, colleague)
        )
    )
    assert [name for name, _words in outcomes] == ["Conflict", "won"]
    assert AuditEvent.objects.filter(action="threat.measures_confirmed").count() == 1


def test_two_colleagues_write_measures_at_once(held: Certificate, organiser: User, colleague: User) -> None:
    outcomes = at_once(
        *(
            lambda one=one: measures.save(
                actor=one, certificate_id=held.pk, response="heightened", text=f"By {one.name}", expected_version=0
            )
            for one in (organiser, colleague)
        )
    )
    assert [name for name, _words in outcomes] == ["Conflict", "won"]
    assert ResponseMeasures.objects.get().version == 1


def test_two_sweeps_at_once_tell_each_once(confirmation: ThreatConfirmation, organiser: User) -> None:
    make.copies(confirmation.certificate, 6)
    response = ThreatResponse.objects.get(change=given.record("critical"), zone="gb")
    given.address(response)
    now = response.due_at + timedelta(minutes=1)
    outcomes = at_once(*(lambda: threat_sweep.sweep(now=now) for _ in range(3)))
    threat_sweep.sweep(now=now)
    assert outcomes == [("won", "")] * 3
    assert response.confirmations.filter(notices__kind="overdue").count() == 7
    assert list(OutgoingMail.objects.filter(kind="threat.overdue").values_list("to", flat=True)) == [organiser.email]
