"""The threat level in situations, recorded by two administrators as the service asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Organisation, User
from advisories.models import ThreatChange, ThreatConfirmation, ThreatResponse
from advisories.services import measures, responses
from advisories.services import threat as services
from certification.models import Certificate
from tests import flush
from tests.factories import accounts as people
from tests.factories.certificates import decided_certificate, put_in
from tests.factories.events import make_venue
from tests.factories.reviews import recommended_plan, sign_as_recommended

MEASURES = "SECRET-MEASURES: close the east gate, two wardens at each door."
REASON = "SECRET-REASON: the east gate is broken."
KNOWN = "Read the statement, and look out for news."


def administrators() -> tuple[User, User]:
    """Two of those who are there, made if need be: what is recorded takes two."""
    found = list(User.objects.filter(national_role="administrator", is_active=True).order_by("date_joined", "pk")[:2])
    while len(found) < 2:
        found.append(people.make_administrator())
    return found[0], found[1]


def change_input(
    level: str, *, scope: str = "uk", effective_at: datetime | None = None, source: str = "Statement of 23 November"
) -> services.ChangeInput:
    return services.ChangeInput(scope, level, source, effective_at or timezone.now(), KNOWN)


def propose(
    level: str, *, scope: str = "uk", effective_at: datetime | None = None, by: User | None = None
) -> ThreatChange:
    actor = by or administrators()[0]
    return services.propose(actor=actor, change=change_input(level, scope=scope, effective_at=effective_at))


def record(level: str, *, scope: str = "uk", effective_at: datetime | None = None) -> ThreatChange:
    """Proposed by one, confirmed by the other."""
    first, second = administrators()
    made = propose(level, scope=scope, effective_at=effective_at, by=first)
    return services.confirm(actor=second, change_id=made.pk)


def respond(level: str = "substantial", *, before: str = "moderate") -> ThreatResponse:
    """The level was `before` and is `level` now; holders of Great Britain are about to be asked."""
    record(before, effective_at=timezone.now() - timedelta(days=30))
    return ThreatResponse.objects.get(change=record(level), zone="gb")


def asked(level: str = "substantial", *, before: str = "moderate") -> ThreatResponse:
    """The same, and everybody has been asked."""
    response = respond(level, before=before)
    address(response)
    response.refresh_from_db()
    return response


def address(response: ThreatResponse) -> None:
    """As many jobs as it takes, as a worker would."""
    while not ThreatResponse.objects.get(pk=response.pk).addressed_at:
        responses.address({"response": str(response.pk)})


def enhanced(certificate: Certificate) -> Certificate:
    """In force and judged at the enhanced tier."""
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(judged_tier="enhanced")
    return put_in("in_force", certificate)


def holder_certificate(organisation: Organisation, *, area: str = people.AREA) -> Certificate:
    """In force at the enhanced tier, in that police area."""
    certificate = decided_certificate(organisation)
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(area_id=area)
    certificate.refresh_from_db()
    return enhanced(certificate)


def certified_hall(organisation: Organisation, *, name: str, reviewer: User, signer: User) -> Certificate:
    """In force at the enhanced tier by the standard that is in force, without a document."""
    plan = recommended_plan(organisation, reviewer=reviewer, subject=make_venue(organisation, name=name, people=900))
    sign_as_recommended(plan, by=signer)
    return put_in("in_force", Certificate.objects.get(plan=plan))


def write_measures(certificate: Certificate, *, response: str = "heightened", by: User) -> None:
    measures.save(actor=by, certificate_id=certificate.pk, response=response, text=MEASURES, expected_version=0)


def due(confirmation: ThreatConfirmation, at: datetime) -> ThreatConfirmation:
    """As if it had been asked a day before that."""
    start = at - timedelta(days=1)
    ThreatConfirmation.objects.filter(pk=confirmation.pk).update(
        asked_at=start, chase_at=start + timedelta(hours=12), due_at=at
    )
    confirmation.refresh_from_db()
    return confirmation
