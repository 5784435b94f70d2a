"""The level as it was ten weeks ago, the change of this morning, and two holders of whom one has answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.utils import timezone

from accounts.models import User
from advisories.domain import threat
from advisories.models import ResponseMeasures, ThreatChange, ThreatConfirmation, ThreatResponse
from advisories.services import measures, threat_answers
from advisories.services import threat as changes
from certification.domain import lifecycle
from certification.models import Certificate
from core import outbox
from core.models import OutboxJob

PROPOSES: Final = "administrator@example.org"
CONFIRMS: Final = "administrator2@example.org"
# Who has confirmed; the concert hall's trust has not.
CONFIRMED: Final = ("stadium@example.org", "Calderbrook Stadium")
SILENT: Final = ("theatre@example.org", "Aldermere Concert Hall")

_SOURCE: Final = "Invented for the demonstration"
# The level, how long ago it came, and what people are told.
_CHANGES: Final = (
    (threat.MODERATE, timedelta(days=70), "No attack is known to be prepared. This level is invented."),
    (
        threat.SUBSTANTIAL,
        timedelta(hours=2),
        "Go over your measures for the new response level and tell your staff. This level is invented.",
    ),
)
_MEASURES: Final = {
    CONFIRMED: {
        threat.HEIGHTENED: "1. Open turnstiles 30 minutes earlier and search every second bag.\n"
        "2. Close the service road to vehicles from three hours before kick-off.\n"
        "3. Brief every steward on the words of the announcement, and on whom to call.",
        threat.EXCEPTIONAL: "1. Search every bag and check every pass at the outer cordon.\n"
        "2. No vehicle inside the fence; deliveries the day before.\n"
        "3. The safety officer decides with the police by noon whether the match is played.",
    },
    SILENT: {
        threat.HEIGHTENED: "1. One door for the public, two stewards at it.\n2. No bags larger than A4.",
    },
}


def build(people: Mapping[str, User]) -> str:
    """Each step looks first whether it was taken already."""
    for holder, texts in _MEASURES.items():
        _write(people, holder, texts)
    for level, ago, reason in _CHANGES:
        _record(people, level, ago, reason)
    _ask()
    _answer(people)
    current = ThreatChange.objects.confirmed().order_by("-effective_at")[0]
    return f"{'threat level':<20} {current.get_level_display()}"


def _write(people: Mapping[str, User], holder: tuple[str, str], texts: Mapping[str, str]) -> None:
    email, place = holder
    certificate = _certificate(place)
    for level, text in texts.items():
        if (
            certificate is not None
            and not ResponseMeasures.objects.filter(venue=certificate.venue_id, response=level).exists()
        ):
            measures.save(
                actor=people[email], certificate_id=certificate.pk, response=level, text=text, expected_version=0
            )


def _certificate(place: str) -> Certificate | None:
    """None where a worker has still to make its document."""
    return Certificate.objects.filter(subject_name=place, state=lifecycle.IN_FORCE).first()


def _record(people: Mapping[str, User], level: str, ago: timedelta, reason: str) -> None:
    """Nothing is proposed twice; what an interruption left unconfirmed is confirmed."""
    of_level = ThreatChange.objects.filter(scope=threat.UK, level=level)
    change = of_level.first()
    if change is None:
        said = changes.ChangeInput(threat.UK, level, _SOURCE, timezone.now() - ago, reason)
        change = changes.propose(actor=people[PROPOSES], change=said)
    if change.is_open:
        changes.confirm(actor=people[CONFIRMS], change_id=change.pk)


def _ask() -> None:
    """The worker of the demonstration does not run yet while it is built."""
    for response in ThreatResponse.objects.filter(ended_at__isnull=True, addressed_at__isnull=True):
        jobs = OutboxJob.objects.filter(kind="threat.address", payload__response=str(response.pk), done_at__isnull=True)
        for job in jobs:
            outbox.run(job.pk)


def _answer(people: Mapping[str, User]) -> None:
    email, place = CONFIRMED
    row = ThreatConfirmation.objects.filter(
        certificate__subject_name=place, state=threat.ASKED, response__ended_at__isnull=True
    ).first()
    if row is not None:
        threat_answers.confirm(actor=people[email], confirmation_id=row.pk, measures_version=1)
