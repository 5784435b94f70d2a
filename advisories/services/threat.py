"""Recording the threat level: one administrator proposes, another confirms, and from then on it is history.

The level itself is not ours to set: what is recorded is what was announced, where, and from when it holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisories.domain import threat
from advisories.models import ThreatChange
from advisories.notifications import threat as messages
from advisories.policies import threat as policies
from advisories.selectors import threat as selectors
from advisories.services import responses
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput
from core.govuk.formats import uk_datetime
from core.outbox import Rank

__all__ = ["CASE", "ChangeInput", "confirm", "drop", "propose"]

# One chain for both scopes, whose lock keeps two confirmations apart: each looks at both levels.
CASE: Final = "threat"
SOURCE_LIMIT: Final = 200
REASON_LIMIT: Final = 4000
# What is known beforehand may be made ready, so that confirming it is one click at the time.
AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ChangeInput:
    """`source`: where it was announced; `reason`: what people who sign in should know of it."""

    scope: str
    level: str
    source: str
    effective_at: datetime
    reason: str


def propose(*, actor: User, change: ChangeInput) -> ThreatChange:
    """Raises InvalidInput, and Conflict while another proposal for the same scope waits."""
    clean = _clean(change)
    now = timezone.now()
    with transaction.atomic():
        audit.lock(CASE)
        policies.can_propose(actor, fresh=True).require()
        previous = _current(clean.scope)
        _require_new(clean, previous, now)
        waiting = ThreatChange.objects.filter(
            scope=clean.scope, confirmed_at__isnull=True, dropped_at__isnull=True
        ).first()
        if waiting is not None:
            raise Conflict(_("A change of this level is already waiting to be confirmed or dropped."), waiting)
        made = ThreatChange.objects.create(
            scope=clean.scope,
            level=clean.level,
            previous_level=previous.level if previous is not None else "",
            source=clean.source,
            effective_at=clean.effective_at,
            reason=clean.reason,
            proposed_by=actor,
            proposed_at=now,
        )
        _record(actor, "threat.proposed", made)
        _tell_the_others(made)
        return made


def confirm(*, actor: User, change_id: int) -> ThreatChange:
    """In effect for every page at once. Where it moves the response level of a zone a response begins; its holders are
    written to by a worker.
    """
    with transaction.atomic():
        audit.lock(CASE)
        change = _waiting(change_id)
        policies.can_confirm_change(actor, change, fresh=True).require()
        now = timezone.now()
        if change.effective_at > now:
            raise IllegalMove(
                _("This change takes effect on %(when)s. Confirm it then.") % {"when": uk_datetime(change.effective_at)}
            )
        before = selectors.levels_now()
        change.confirmed_by, change.confirmed_at = actor, now
        change.save(update_fields=["confirmed_by", "confirmed_at"])
        moved = threat.shifts(before, {**before, change.scope: change.level})
        for shift in moved:
            responses.begin(change=change, shift=shift, at=now)
        _record(actor, "threat.confirmed", change, zones=[shift.zone for shift in moved])
        # Now for whoever reads in this transaction; after it for whoever read what was before it meanwhile.
        selectors.forget()
        transaction.on_commit(selectors.forget)
        return change


def drop(*, actor: User, change_id: int) -> ThreatChange:
    """By any administrator, the one who proposed it included: nothing was changed yet."""
    with transaction.atomic():
        audit.lock(CASE)
        change = _waiting(change_id)
        policies.can_drop_change(actor, change, fresh=True).require()
        change.dropped_by, change.dropped_at = actor, timezone.now()
        change.save(update_fields=["dropped_by", "dropped_at"])
        _record(actor, "threat.dropped", change)
        return change


def _clean(change: ChangeInput) -> ChangeInput:
    if change.scope not in threat.SCOPES:
        raise InvalidInput(_("Select whose level changes"), "scope")
    if change.level not in threat.LEVELS:
        raise InvalidInput(_("Select the level"), "level")
    source = " ".join(change.source.split())
    reason = change.reason.replace("\r\n", "\n").replace("\x00", "").strip()
    for field, text, limit in (("source", source, SOURCE_LIMIT), ("reason", reason, REASON_LIMIT)):
        if not text:
            raise InvalidInput(
                _("Say where it was announced") if field == "source" else _("Say what people should know"), field
            )
        if len(text) > limit:
            raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": f"{limit:,}"}, field)
    return ChangeInput(change.scope, change.level, source, change.effective_at, reason)


def _current(scope: str) -> ThreatChange | None:
    return ThreatChange.objects.confirmed().filter(scope=scope).order_by("-effective_at").first()


def _require_new(change: ChangeInput, previous: ThreatChange | None, now: datetime) -> None:
    """History runs one way: what is recorded later holds from later."""
    if change.effective_at > now + AHEAD:
        raise InvalidInput(_("A change can be proposed 7 days before it takes effect, not earlier"), "effective_at")
    if previous is None:
        return
    if previous.level == change.level:
        raise InvalidInput(_("The level is %(level)s already") % {"level": previous.get_level_display()}, "level")
    if change.effective_at <= previous.effective_at:
        raise InvalidInput(
            _("The level before it holds from %(when)s: enter a later time")
            % {"when": uk_datetime(previous.effective_at)},
            "effective_at",
        )


def _waiting(change_id: int) -> ThreatChange:
    change = ThreatChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if not change.is_open:
        who = change.confirmed_by or change.dropped_by
        words = (
            _("%(name)s has confirmed this change already.")
            if change.confirmed_by
            else _("%(name)s has dropped this change already.")
        )
        raise Conflict(words % {"name": who}, change)
    return change


def _tell_the_others(change: ThreatChange) -> None:
    administrators = User.objects.filter(national_role=User.NationalRole.ADMINISTRATOR, is_active=True)
    message = messages.proposed(change)
    notify.send_all(
        [
            notify.Addressed(to=person, message=message, key=f"threat-change:{change.pk}:proposed:{person.pk}")
            for person in administrators.exclude(pk=change.proposed_by_id).order_by("pk")
        ],
        rank=Rank.URGENT,
    )


def _record(actor: User, action: str, change: ThreatChange, **more: object) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=change,
        facts={
            "scope": change.scope,
            "level": change.level,
            "previous_level": change.previous_level,
            "effective_at": change.effective_at.isoformat(),
            "source_sha256": hashlib.sha256(change.source.encode()).hexdigest(),
            "reason_length": len(change.reason),
            **more,
        },
        case=CASE,
    )
