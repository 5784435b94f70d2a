"""A person's own wishes about bulletins, and the key of their feed."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain import tokens as token_text
from accounts.models import PoliceArea, User
from accounts.selectors import authority
from advisories.domain import feed_tokens
from advisories.domain.sectors import SECTORS
from advisories.models import BulletinPreferences, FeedToken
from core import audit
from core.errors import InvalidInput, NotPermitted

__all__ = ["PreferencesInput", "feed_reader", "make_feed_token", "revoke_feed_token", "save"]

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_USED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesInput:
    sectors: Sequence[str] = ()
    areas: Sequence[str] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest: bool = False
    mute_minor: bool = False


def save(*, actor: User, wishes: PreferencesInput) -> BulletinPreferences:
    """One's own, always. Raises InvalidInput with the field's name."""
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        missing = "quiet_from" if wishes.quiet_from is None else "quiet_until"
        raise InvalidInput(_("Enter both the beginning and the end of the quiet hours, or neither."), missing)
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_until:
        raise InvalidInput(_("Quiet hours begin and end at different times."), "quiet_until")
    unknown = set(wishes.sectors) - set(SECTORS)
    if unknown:
        raise InvalidInput(_("Select one of those to choose from."), "sectors")
    if PoliceArea.objects.filter(pk__in=list(wishes.areas)).count() != len(set(wishes.areas)):
        raise InvalidInput(_("There is no such police area."), "areas")
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        _require_community(person, wishes)
        row = BulletinPreferences.objects.filter(user=person).first() or BulletinPreferences(user=person)
        row.sectors, row.areas = sorted(set(wishes.sectors)), sorted(set(wishes.areas))
        row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
        row.digest, row.mute_minor = wishes.digest, wishes.mute_minor
        row.subscribes = bool(row.sectors or row.areas)
        row.updated_at = timezone.now()
        row.save()
        audit.record(
            actor=actor,
            action="bulletin_preferences.saved",
            target=row,
            case=f"user:{person.pk}",
            facts={"sectors": row.sectors, "areas": row.areas, "digest": row.digest, "mute_minor": row.mute_minor},
        )
        return row


def _require_community(person: User, wishes: PreferencesInput) -> None:
    """TLP:GREEN is for the community: whoever has no part in it yet may not ask to be sent it."""
    who = authority(person, fresh=True)
    if (wishes.sectors or wishes.areas) and not (who.organisations or who.areas or who.national_role):
        raise NotPermitted(_("Join or register an organisation before you ask for more advisories."))


def make_feed_token(*, actor: User) -> str:
    """Its text, which is never to be seen again; the one before stops working."""
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        if not person.is_active:
            raise NotPermitted(_("This account is closed."))
        _revoke(person)
        prefix = "".join(secrets.choice(_LETTERS) for _letter in range(10))
        secret = secrets.token_urlsafe(32)
        token = FeedToken.objects.create(
            user=person, prefix=prefix, secret_hash=token_text.digest(secret), created_at=timezone.now()
        )
        audit.record(
            actor=actor, action="feed_token.created", target=token, case=f"user:{person.pk}", facts={"prefix": prefix}
        )
        return feed_tokens.compose(prefix, secret)


def revoke_feed_token(*, actor: User) -> bool:
    """True when there was one."""
    with transaction.atomic():
        person = User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        if not _revoke(person):
            return False
        audit.record(actor=actor, action="feed_token.revoked", target=person, case=f"user:{person.pk}")
        return True


def feed_reader(text: str) -> User | None:
    """Whose feed this is; None for every reason alike."""
    presented = feed_tokens.parse(text)
    if presented is None:
        return None
    token = FeedToken.objects.select_related("user").filter(prefix=presented.prefix).first()
    # Compared even where there is no row, in constant time.
    expected = token.secret_hash if token is not None else "0" * 64
    if not hmac.compare_digest(token_text.digest(presented.secret), expected) or token is None:
        return None
    if token.revoked_at is not None or not token.user.is_active:
        return None
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _USED_EVERY)
    FeedToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token.user


def _revoke(person: User) -> int:
    return FeedToken.objects.filter(user=person, revoked_at__isnull=True).update(revoked_at=timezone.now())
