"""One certificate takes the place of another: who has to wait for whom, and what comes along.

Locks of several certificates of one subject are taken newest first, here and in everything that moves a certificate.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import lifecycle, transfer
from certification.domain.variation import Term
from certification.models import Certificate, Plan, Reminder
from certification.selectors.certificates import of_same_subject
from certification.services import _carried_conditions, _locks
from certification.services._moves import move_certificate
from certification.services.certificates import next_number
from core import audit, outbox
from core.errors import IllegalMove

_TOKEN_BYTES: Final = 32

_KEPT: Final = (
    "plan_id",
    "decision_id",
    "standard_id",
    "area_id",
    "venue_id",
    "event_id",
    "project_id",
    "subject_place",
    "judged_tier",
    "content_hash",
    "decided_on",
    "listed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """What the new certificate says; the rest is the old one's. `conditions` None: as they are."""

    basis: str
    organisation_id: UUID
    holder_name: str
    subject_name: str
    scope: str
    valid_until: date
    conditions: Sequence[Term] | None


def create(*, actor: User, certificate: Certificate, successor: Successor, at: datetime) -> Certificate:
    """Inside the caller's transaction, which holds the old one's lock and has asked authority and rules.

    The old one stays as it is until the worker has made the new document (`services.documents`).
    """
    if of_same_subject(certificate).filter(state=lifecycle.BEING_ISSUED).exists():
        raise IllegalMove(
            _("A newer certificate is being made for this already. Try again when its document is there.")
        )
    if certificate.proposals.unanswered().exists():
        raise IllegalMove(_("Something else is proposed of this certificate. Confirm or drop that first."))
    today = timezone.localdate(at)
    made = Certificate.objects.create(
        number=next_number(today.year),
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        basis=successor.basis,
        supersedes=certificate,
        created_at=at,
        organisation_id=successor.organisation_id,
        holder_name=successor.holder_name,
        subject_name=successor.subject_name,
        scope=successor.scope,
        valid_from=max(today, certificate.valid_from),
        valid_until=successor.valid_until,
        **{name: getattr(certificate, name) for name in _KEPT},
    )
    _carried_conditions.carry(certificate, made, successor.conditions)
    _carry_reminders(certificate, made)
    if made.organisation_id == certificate.organisation_id:
        certificate.transfer_offers.filter(state__in=transfer.OPEN).update(certificate=made)
    # A renewal that was begun is one of what holds now.
    Plan.objects.filter(renews=certificate, state__in=lifecycle.PLAN_OPEN).update(renews=made)
    _record_creation(actor, made)
    outbox.enqueue(
        kind="certificate.render", key=f"certificate:{made.pk}:render", payload={"certificate": str(made.pk)}
    )
    return made


def locked(certificate_id: UUID) -> tuple[Certificate, tuple[Certificate, ...]]:
    """The certificate, and what is being made to take its place on the same decision, under lock."""
    _locks.before_certificate(certificate_id)
    wanted = Q(pk=certificate_id) | Q(
        supersedes=certificate_id, state=lifecycle.BEING_ISSUED, basis__in=Certificate.DERIVED
    )
    rows = list(Certificate.objects.select_for_update(of=("self",)).filter(wanted).order_by("-created_at", "-pk"))
    certificate = next((row for row in rows if row.pk == certificate_id), None)
    if certificate is None:
        raise Certificate.DoesNotExist
    return certificate, tuple(row for row in rows if row is not certificate)


def must_wait(certificate: Certificate) -> bool:
    """In the order in which they were signed; and nothing comes into force in place of what is suspended.

    What waits for the end of a suspension holds up no later decision.
    """
    if certificate.basis in Certificate.DERIVED and _place_of(certificate).state == lifecycle.SUSPENDED:
        return True
    earlier = of_same_subject(certificate).filter(state=lifecycle.BEING_ISSUED, created_at__lt=certificate.created_at)
    return earlier.exclude(basis__in=Certificate.DERIVED, supersedes__state=lifecycle.SUSPENDED).exists()


def take_the_place(certificate: Certificate, *, at: datetime) -> Sequence[Certificate]:
    """At most one certificate standing for a subject: in the same transaction the old one gives way, and so does what
    waited in vain to take its place.
    """
    standing = Q(state__in=lifecycle.CERTIFICATE_STANDING)
    waiting = Q(state=lifecycle.BEING_ISSUED, created_at__lt=certificate.created_at)
    others = of_same_subject(certificate).filter(standing | waiting).exclude(pk=certificate.pk)
    gone = list(others.select_for_update(of=("self",)).order_by("-created_at", "-pk"))
    for old in gone:
        move_certificate(old, "supersede", at=at)
        old.save(update_fields=["state", "ended_at"])
        audit.record(
            actor=None,
            action="certificate.superseded",
            target=old,
            facts={"number": old.number, "by": certificate.number},
            case=f"plan:{old.plan_id}",
        )
    return gone


def _place_of(certificate: Certificate) -> Certificate:
    """The one that it is to replace, locked after it, so that its suspension and this cannot pass each other."""
    assert certificate.supersedes_id is not None  # noqa: S101 - asked of what replaces another alone
    return Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.supersedes_id)


def _carry_reminders(old: Certificate, made: Certificate) -> None:
    """The same end is not announced twice."""
    if made.valid_until != old.valid_until:
        return
    Reminder.objects.bulk_create(
        Reminder(certificate=made, milestone=row.milestone, created_at=row.created_at) for row in old.reminders.all()
    )


def _record_creation(actor: User, made: Certificate) -> None:
    assert made.supersedes is not None  # noqa: S101 - as created above
    audit.record(
        actor=actor,
        action="certificate.created",
        target=made,
        facts={
            "number": made.number,
            "basis": made.basis,
            "valid_from": made.valid_from,
            "valid_until": made.valid_until,
            "conditions": made.conditions.count(),
            "content_hash": made.content_hash,
            "supersedes": made.supersedes.number,
        },
        case=f"plan:{made.plan_id}",
    )
