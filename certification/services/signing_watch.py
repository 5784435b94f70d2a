"""Told once when certificates wait for a key, healed by itself when it is back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from accounts.selectors import administrators
from certification.notifications import signing as messages
from core import notify, outbox
from core.models import SigningOutage
from core.outbox import Waiting
from core.signing import authority, claims, health, keys
from core.signing.errors import AwaitingKey, KeyUnavailable

log = structlog.get_logger(__name__)

PATIENCE: Final = timedelta(minutes=15)


def watch(*, now: datetime) -> None:
    """Each minute, in a worker: only there are the keys. The trail needs no event: each certificate's issue is one."""
    waiting = outbox.waiting_for(AwaitingKey)
    reason = _trouble(try_it=waiting.count > 0)
    health.say(usable=not reason)
    if not reason:
        if waiting.count:
            outbox.hasten(AwaitingKey)
    else:
        log.warning("signing.unusable", reason=reason, waiting=waiting.count)
    if waiting.since is not None and waiting.since <= now - PATIENCE:
        _begin(waiting, now)
    elif waiting.count == 0:
        SigningOutage.objects.filter(is_open=True).update(is_open=False, ended_at=now)


def _trouble(*, try_it: bool) -> str:
    """Why nothing can be signed, in plain words; empty when it can. A key elsewhere is tried only while jobs wait for it:
    a signature may cost something over there.
    """
    try:
        key = authority.held()
        claims.current()
        if try_it:
            keys.sign_checked(key, secrets.token_bytes(32))
    except KeyUnavailable as error:
        authority.forget()
        return str(error)
    return ""


def _begin(waiting: Waiting, now: datetime) -> None:
    """The row is what makes one alarm of one interruption, however often this runs and wherever it is killed."""
    with transaction.atomic():
        outage, begins = SigningOutage.objects.get_or_create(is_open=True, defaults={"began_at": now})
        if not begins:
            return
        for person in administrators():
            notify.send(
                to=person,
                message=messages.key_missing(waiting=waiting.count),
                key=f"signing-outage:{outage.pk}:{person.pk}",
            )
    log.error("signing.certificates_wait", waiting=waiting.count)
