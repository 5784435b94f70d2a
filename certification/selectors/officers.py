"""Which officers are told of something, so that it does not wait for whoever happens to look."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Appointment, User
from certification.domain import proposals
from certification.models import Certificate, Proposal

__all__ = ["concerned", "possible_seconds"]


def possible_seconds(proposal: Proposal, *, apart_from: Collection[UUID] = ()) -> QuerySet[User]:
    """Who may confirm it. `apart_from`: organisations, beside the holder, whose members take no part."""
    roles = [
        office
        for office in (proposals.AUTHORISER, proposals.ADVISER)
        if proposals.may_be_second(office, first=proposal.proposed_as, urgent=proposal.urgent)
    ]
    found = _officers(proposal.certificate, roles=roles, apart_from=apart_from)
    return found.exclude(pk=proposal.proposed_by_id)


def concerned(certificate: Certificate) -> QuerySet[User]:
    """The authorising officers of its area."""
    return _officers(certificate, roles=[proposals.AUTHORISER], apart_from=())


def _officers(certificate: Certificate, *, roles: Collection[str], apart_from: Collection[UUID]) -> QuerySet[User]:
    serving = Appointment.objects.filter(area_id=certificate.area_id, role__in=roles, ended_at__isnull=True)
    return (
        User.objects.filter(is_active=True, pk__in=serving.values("user_id"))
        .exclude(memberships__organisation_id__in=[certificate.organisation_id, *apart_from])
        .order_by("email")
    )
