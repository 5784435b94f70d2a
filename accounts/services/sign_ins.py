"""Sign-ins that failed, on the record so that nobody can fill the record with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from core import audit

EVERY: Final = timedelta(minutes=15)
ACTION: Final = "user.sign_in_failed"
# Every address that has no account: by one chain, or made-up addresses would make chains.
UNKNOWN: Final = "sign-in:unknown"
_KEPT: Final = 24 * 60 * 60  # seconds


def failed(*, email: str) -> None:
    """A wrong password, or an address without an account; the address itself is written nowhere.

    One event for each account, and one for all unknown addresses together, in fifteen minutes. `failures` is how many
    there were since the event before, as far as the cache remembers. Known and unknown take the same steps.
    """
    user = User.objects.filter(email__iexact=email).first()
    case = f"user:{user.pk}" if user is not None else UNKNOWN
    counter = f"sign-in-failed:{case}"
    cache.add(counter, 0, timeout=_KEPT)
    failures = _counted(counter)
    if audit.is_recent(case=case, action=ACTION, within=EVERY):
        return
    with transaction.atomic():
        chain = audit.lock(case)
        # Asked again under the lock: of several that fail at once one writes.
        if not audit.is_recent(case=case, action=ACTION, within=EVERY):
            target = user if user is not None else chain
            audit.record(actor=None, action=ACTION, target=target, case=case, facts={"failures": failures})
            transaction.on_commit(lambda: cache.delete(counter))


def _counted(counter: str) -> int:
    try:
        return max(cache.incr(counter), 1)
    except ValueError:
        # The cache is gone, or was emptied between the two calls: this one at least is known of.
        return 1
