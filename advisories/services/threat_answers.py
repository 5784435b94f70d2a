"""What a holder answers: the measures are on, or not yet, with why and until when."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisories.domain import threat
from advisories.models import ThreatConfirmation
from advisories.policies import threat as policies
from advisories.selectors import measures as selectors
from advisories.selectors import threat as threats
from certification.domain import lifecycle
from core import audit, crypto
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = ["confirm", "defer", "move"]

REASON_LIMIT: Final = 2000
# Longer than that is no "not yet".
LONGEST: Final = timedelta(days=30)


def confirm(*, actor: User, confirmation_id: UUID, measures_version: int) -> ThreatConfirmation:
    """`measures_version`: of the words that were read with it, 0 for none. Raises Conflict when they were changed since
    or somebody has confirmed before, IllegalMove when it is no longer asked.
    """
    with transaction.atomic():
        row = _locked(actor, confirmation_id)
        if row.state == threat.CONFIRMED:
            raise Conflict(_("%(name)s has confirmed this already.") % {"name": row.answered_by}, row)
        measures = selectors.of_certificate(row.certificate).get(row.response.response)
        current = measures.version if measures is not None else 0
        if current != measures_version:
            raise Conflict(
                _("Your measures were changed since you opened this page. Read them, then confirm."), measures
            )
        move(row, "confirm")
        row.answered_by, row.answered_at, row.measures_version = actor, timezone.now(), current
        row.sealed_reason, row.expected_at = "", None
        _save(row)
        _record(actor, "threat.measures_confirmed", row, measures_version=current)
        return row


def defer(*, actor: User, confirmation_id: UUID, reason: str, expected_at: datetime) -> ThreatConfirmation:
    """Raises InvalidInput("reason" or "expected_at"), IllegalMove when it is no longer asked."""
    text = reason.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise InvalidInput(_("Say what is not on yet, and why"), "reason")
    if len(text) > REASON_LIMIT:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": f"{REASON_LIMIT:,}"}, "reason")
    now = timezone.now()
    if not now < expected_at <= now + LONGEST:
        raise InvalidInput(_("Enter a time from now on, within 30 days"), "expected_at")
    with transaction.atomic():
        row = _locked(actor, confirmation_id)
        move(row, "defer")
        row.answered_by, row.answered_at, row.measures_version = actor, now, 0
        row.sealed_reason = crypto.encrypt_text(text, about=row.reason_seal)
        row.expected_at = expected_at
        _save(row)
        facts = {
            "expected_at": expected_at.isoformat(),
            "reason_length": len(text),
            "reason_sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
        _record(actor, "threat.measures_deferred", row, **facts)
        return row


def move(row: ThreatConfirmation, action: str) -> None:
    """The one writer of the state."""
    state = threat.after(row.state, action)
    if state is None:
        raise IllegalMove(_("This cannot be done while it stands at “%(state)s”.") % {"state": row.get_state_display()})
    row.state = state


def _locked(actor: User, confirmation_id: UUID) -> ThreatConfirmation:
    row = (
        ThreatConfirmation.objects.select_for_update(of=("self",))
        .select_related("response", "certificate", "answered_by")
        .get(pk=confirmation_id)
    )
    policies.can_answer(actor, row, fresh=True).require()
    if row.response.ended_at is not None:
        raise IllegalMove(_("The response level has changed since: this is no longer asked."))
    certificate = row.certificate
    if certificate.state != lifecycle.IN_FORCE or certificate.valid_until < timezone.localdate():
        raise IllegalMove(_("The certificate is no longer in force: this is no longer asked."))
    return row


def _save(row: ThreatConfirmation) -> None:
    row.save(update_fields=["state", "answered_by", "answered_at", "measures_version", "sealed_reason", "expected_at"])
    # Now, and after the commit for whoever read meanwhile what was before.
    threats.forget_asked(row.organisation_id)
    transaction.on_commit(lambda: threats.forget_asked(row.organisation_id))


def _record(actor: User, action: str, row: ThreatConfirmation, **more: object) -> None:
    facts = {"certificate": row.certificate.number, "response": row.response.response, "state": row.state, **more}
    audit.record(actor=actor, action=action, target=row, facts=facts, case=f"plan:{row.certificate.plan_id}")
