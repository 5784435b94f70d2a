"""What time brings to a response: each step once, whatever is missed and whoever is killed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories import tasks
from advisories.models import ThreatConfirmation, ThreatNotice, ThreatResponse
from advisories.services import threat_answers, threat_sweep
from advisories.services.threat_sweep import Swept
from certification.models import Certificate
from core import audit
from core.models import OutboxJob, OutgoingMail
from tests import flush
from tests.factories import certificates as make
from tests.factories import threat as given

pytestmark = pytest.mark.django_db


def at(confirmation: ThreatConfirmation, part: float) -> datetime:
    """0 when it was asked, 1 when it is due."""
    return confirmation.asked_at + (confirmation.due_at - confirmation.asked_at) * part


def mails() -> list[tuple[str, str]]:
    found = OutgoingMail.objects.filter(kind__in=["threat.chaser", "threat.overdue"]).order_by("pk")
    return list(found.values_list("kind", "to"))


def kinds(confirmation: ThreatConfirmation) -> set[str]:
    return set(confirmation.notices.values_list("kind", flat=True))


def defer(confirmation: ThreatConfirmation, by: User) -> None:
    when = timezone.now() + timedelta(hours=2)
    threat_answers.defer(actor=by, confirmation_id=confirmation.pk, reason=given.REASON, expected_at=when)


@pytest.mark.parametrize(
    ("part", "swept", "told"),
    [
        (0.0, Swept(), {"asked"}),
        (0.499, Swept(), {"asked"}),
        (0.5, Swept(chased=1), {"asked", "chaser"}),
        (0.999, Swept(chased=1), {"asked", "chaser"}),
        (1.0, Swept(raised=1), {"asked", "overdue"}),
        (3.0, Swept(raised=1), {"asked", "overdue"}),
    ],
)
def test_what_is_due(confirmation: ThreatConfirmation, part: float, swept: Swept, told: set[str]) -> None:
    assert threat_sweep.sweep(now=at(confirmation, part)) == swept
    assert kinds(confirmation) == told


def test_half_time_goes_to_owners_and_editors_and_the_end_to_owners(
    confirmation: ThreatConfirmation, organiser: User, colleague: User, viewer: User
) -> None:
    for part in (0.1, 0.5, 0.6, 0.9, 1.0, 1.1, 2.0):
        threat_sweep.sweep(now=at(confirmation, part))
    assert sorted(mails()) == [
        ("threat.chaser", organiser.email),
        ("threat.chaser", colleague.email),
        ("threat.overdue", organiser.email),
    ]


def test_the_advisers_of_the_area_are_told_who_is_late_once_and_no_name(
    confirmation: ThreatConfirmation, adviser: User, second_adviser: User, authoriser: User, other_area_adviser: User
) -> None:
    make.copies(confirmation.certificate, 3)
    response = ThreatResponse.objects.get(change=given.record("critical"), zone="gb")
    given.address(response)
    for hours in (4, 5, 30):
        threat_sweep.sweep(now=response.started_at + timedelta(hours=hours, seconds=1))
    found = OutgoingMail.objects.filter(kind="threat.area_overdue")
    # Those of the area alone, whoever else reviewed and signed for the factories.
    told = User.objects.filter(appointments__area="west-yorkshire", appointments__role="adviser")
    assert sorted(found.values_list("to", flat=True)) == sorted(told.values_list("email", flat=True))
    assert {adviser.email, second_adviser.email} <= {mail.to for mail in found}
    assert not [mail for mail in found if confirmation.certificate.subject_name in mail.subject + mail.body]


def test_run_again_at_once_it_changes_nothing(confirmation: ThreatConfirmation) -> None:
    now = at(confirmation, 1)
    threat_sweep.sweep(now=now)
    before = (list(ThreatNotice.objects.values()), list(OutgoingMail.objects.values()), OutboxJob.objects.count())
    assert threat_sweep.sweep(now=now) == Swept()
    assert before == (
        list(ThreatNotice.objects.values()),
        list(OutgoingMail.objects.values()),
        OutboxJob.objects.count(),
    )


def test_whoever_confirmed_is_left_in_peace(confirmation: ThreatConfirmation, organiser: User) -> None:
    threat_answers.confirm(actor=organiser, confirmation_id=confirmation.pk, measures_version=0)
    assert threat_sweep.sweep(now=at(confirmation, 0.7)) == threat_sweep.sweep(now=at(confirmation, 2)) == Swept()


def test_whoever_said_not_yet_is_not_chased_but_raised(confirmation: ThreatConfirmation, organiser: User) -> None:
    defer(confirmation, organiser)
    assert threat_sweep.sweep(now=at(confirmation, 0.7)) == Swept()
    assert threat_sweep.sweep(now=at(confirmation, 1)) == Swept(raised=1)


@pytest.mark.parametrize("state", ["expired", "revoked", "superseded"])
@pytest.mark.parametrize("answered", [False, True])
def test_a_certificate_that_ended_closes_its_row(
    confirmation: ThreatConfirmation, organiser: User, state: str, answered: bool
) -> None:
    if answered:
        defer(confirmation, organiser)
    make.put_in(state, confirmation.certificate)
    assert threat_sweep.sweep(now=at(confirmation, 1)) == Swept(closed=1)
    confirmation.refresh_from_db()
    assert (confirmation.state, kinds(confirmation), mails()) == ("closed", {"asked"}, [])


def test_what_was_confirmed_stays_so_when_its_certificate_ends(
    confirmation: ThreatConfirmation, organiser: User
) -> None:
    threat_answers.confirm(actor=organiser, confirmation_id=confirmation.pk, measures_version=0)
    make.put_in("revoked", confirmation.certificate)
    assert threat_sweep.sweep(now=at(confirmation, 1)) == Swept()
    confirmation.refresh_from_db()
    assert confirmation.state == "confirmed"


def test_a_response_that_was_superseded_is_over(confirmation: ThreatConfirmation) -> None:
    given.record("critical")
    assert threat_sweep.sweep(now=at(confirmation, 1)) == Swept()
    assert kinds(confirmation) == {"asked"}


def issued_now(certificate: Certificate, *, supersedes: Certificate | None = None) -> Certificate:
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(issued_at=timezone.now(), supersedes=supersedes)
    return certificate


def test_a_certificate_that_is_issued_meanwhile_is_asked_of_once(
    confirmation: ThreatConfirmation, organisation: Organisation, organiser: User
) -> None:
    newcomer = issued_now(given.holder_certificate(organisation))
    now = timezone.now()
    assert threat_sweep.sweep(now=now) == Swept(asked=1)
    assert threat_sweep.sweep(now=now) == Swept()
    row = ThreatConfirmation.objects.get(certificate=newcomer)
    assert row.response == confirmation.response
    # Once for each asking: the second is for a place that was not among the first.
    assert list(OutgoingMail.objects.filter(kind="threat.asked").values_list("to", flat=True)) == [organiser.email] * 2


@pytest.mark.parametrize(("confirmed", "asked"), [(True, 0), (False, 1)])
def test_a_renewal_is_asked_of_unless_it_was_confirmed(
    confirmation: ThreatConfirmation, organiser: User, organisation: Organisation, confirmed: bool, asked: int
) -> None:
    if confirmed:
        threat_answers.confirm(actor=organiser, confirmation_id=confirmation.pk, measures_version=0)
    old = make.put_in("superseded", confirmation.certificate)
    issued_now(given.enhanced(make.decided_certificate(organisation, subject=old.venue)), supersedes=old)
    assert threat_sweep.sweep(now=timezone.now()).asked == asked


def test_nobody_is_asked_twice_while_the_worker_has_not_come_to_all(held: Certificate) -> None:
    given.respond()
    issued_now(held)
    assert threat_sweep.sweep(now=timezone.now()) == Swept()


def test_each_zone_is_swept(organisation: Organisation, held: Certificate) -> None:
    given.holder_certificate(organisation, area="northern-ireland")
    given.respond()
    for response in ThreatResponse.objects.all():
        given.address(response)
    due_at = ThreatResponse.objects.values_list("due_at", flat=True)[0]
    assert threat_sweep.sweep(now=due_at + timedelta(seconds=1)) == Swept(raised=2)


def test_cut_off_between_chunks_it_goes_on(
    confirmation: ThreatConfirmation, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.copies(confirmation.certificate, 4)
    response = ThreatResponse.objects.get(change=given.record("critical"), zone="gb")
    given.address(response)
    monkeypatch.setattr(threat_sweep, "CHUNK", 2)
    real, calls = threat_sweep.notify.send_all, []

    def dies(messages: Any, **options: Any) -> None:
        calls.append(1)
        # The first chunk has two of them, to owners and to advisers.
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(messages, **options)

    due_at = response.confirmations.latest("due_at").due_at
    with monkeypatch.context() as patch:
        patch.setattr(threat_sweep.notify, "send_all", dies)
        with pytest.raises(KeyboardInterrupt):
            threat_sweep.sweep(now=due_at)
    assert ThreatNotice.objects.filter(kind="overdue").count() == 2
    assert threat_sweep.sweep(now=due_at) == Swept(raised=3)
    assert ThreatNotice.objects.filter(kind="overdue").count() == 5
    assert mails() == [("threat.overdue", organiser.email)]
    assert audit.verify_all().problem == ""


def test_a_sweep_costs_the_same_for_one_and_for_many(
    confirmation: ThreatConfirmation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The responses of two zones, and four looks at each; two for the savepoint, eleven for what is written once.
    with django_assert_num_queries(COLD):
        threat_sweep.sweep(now=at(confirmation, 0.6))
    make.copies(confirmation.certificate, 30)
    response = ThreatResponse.objects.get(change=given.record("critical"), zone="gb")
    given.address(response)
    row = response.confirmations.first()
    assert row is not None
    with django_assert_num_queries(COLD):
        assert threat_sweep.sweep(now=at(row, 0.6)) == Swept(chased=31)


COLD = 25


def test_the_task_sweeps(confirmation: ThreatConfirmation) -> None:
    with time_machine.travel(confirmation.due_at, tick=False):
        tasks.threat_sweep()
    assert kinds(confirmation) == {"asked", "overdue"}
