"""A certificate with other words on the same decision: a new document that takes the old one's place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import lifecycle
from certification.domain.variation import Term
from certification.models import Certificate
from certification.services import _succession
from core.errors import IllegalMove

__all__ = ["create_varied"]


def create_varied(
    *,
    actor: User,
    certificate: Certificate,
    scope: str | None = None,
    conditions: Sequence[Term] | None = None,
    valid_until: date | None = None,
    basis: str = Certificate.Basis.VARIATION,
) -> Certificate:
    """For a service that has locked `certificate`, asked authority and judged the changes; inside its transaction.

    None leaves a thing as it is. `conditions` are all that are to be outstanding afterwards; what was met is carried over,
    and so is all that is recorded with a condition that stays. The old certificate holds until the new document exists.
    Raises IllegalMove unless it is in force, or while another one is being made for the same subject.
    """
    now = timezone.now()
    if certificate.state != lifecycle.IN_FORCE:
        raise IllegalMove(
            _("Only a certificate that is in force can be varied; this one is “%(state)s”.")
            % {"state": certificate.get_state_display()}
        )
    successor = _succession.Successor(
        basis=basis,
        organisation_id=certificate.organisation_id,
        holder_name=certificate.holder_name,
        subject_name=certificate.subject_name,
        scope=certificate.scope if scope is None else scope,
        valid_until=certificate.valid_until if valid_until is None else min(valid_until, certificate.valid_until),
        conditions=conditions,
    )
    return _succession.create(actor=actor, certificate=certificate, successor=successor, at=now)
