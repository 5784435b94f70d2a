"""API tokens: made by their owner, shown once, narrowed by scopes, ended by date or by hand."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notifications, policies
from accounts.domain import scopes as known_scopes
from accounts.domain import tokens
from accounts.models import ApiToken, User
from accounts.selectors import authority, remember_authority
from accounts.services import second_factors
from core import audit, notify
from core.errors import Conflict, InvalidInput

MAX_DAYS: Final = 365
MAX_OPEN: Final = 20
LABEL_LENGTH: Final = 80  # as the column of ApiToken
_USED_EVERY: Final = timedelta(minutes=1)
_PREFIX_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"


def create(*, actor: User | None, user: User, label: str, scopes: list[str], days: int) -> tuple[ApiToken, str]:
    """The token and its text, which is never to be seen again. Actor None is the command line.

    Raises InvalidInput, Conflict over MAX_OPEN tokens, NotPermitted without the second factor that the role needs.
    """
    cleaned = _clean_label(label)
    _check(scopes, days)
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        has_factor = second_factors.has_second_factor(owner)
        if actor is not None:
            policies.can_make_token_for(actor, owner).require()
        policies.can_hold_tokens(owner, fresh=True, has_second_factor=has_factor).require()
        now = timezone.now()
        if ApiToken.objects.filter(user=owner, revoked_at__isnull=True, expires_at__gt=now).count() >= MAX_OPEN:
            raise Conflict(_("You have 20 API tokens already. Revoke one that you no longer need."))
        prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _letter in range(10))
        secret = secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            user=owner,
            label=cleaned,
            prefix=prefix,
            secret_hash=tokens.digest(secret),
            scopes=known_scopes.ordered(scopes),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        facts = {"prefix": prefix, "scopes": token.scopes, "days": days}
        audit.record(actor=actor, action="token.created", target=token, case=f"user:{owner.pk}", facts=facts)
        if actor is not None:
            notify.send(to=owner, message=notifications.token_created(token), key=f"token-created:{token.pk}")
        return token, tokens.compose(prefix, secret)


def revoke(*, actor: User, token_id: int) -> ApiToken:
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().get(pk=token_id)
        policies.can_revoke_token(actor, token, fresh=True).require()
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            facts = {"prefix": token.prefix}
            audit.record(actor=actor, action="token.revoked", target=token, case=f"user:{token.user_id}", facts=facts)
        return token


def authenticate(secret: str) -> ApiToken | None:
    """The token that this text opens, with its user and their authority; None for every reason alike. One query."""
    presented = tokens.parse(secret)
    if presented is None:
        return None
    token, has_factor = _with_authority(presented.prefix)
    # Compared even where there is no row, in constant time.
    expected = token.secret_hash if token is not None else "0" * 64
    if not hmac.compare_digest(tokens.digest(presented.secret), expected) or token is None:
        return None
    now = timezone.now()
    if token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
        return None
    if authority(token.user).needs_second_factor and not has_factor:
        return None
    _note_use(token, now)
    return token


def _with_authority(prefix: str) -> tuple[ApiToken | None, bool]:
    """And whether the owner has a second factor. A row for each pair of a membership and an appointment: people have one or two of either."""
    factors = Authenticator.objects.filter(user_id=OuterRef("user_id"), type__in=second_factors.FACTORS)
    rows = list(
        ApiToken.objects.filter(prefix=prefix)
        .select_related("user")
        .annotate(
            owner_has_factor=Exists(factors),
            current=FilteredRelation("user__appointments", condition=Q(user__appointments__ended_at__isnull=True)),
            area=F("current__area_id"),
            area_role=F("current__role"),
            organisation=F("user__memberships__organisation_id"),
            organisation_role=F("user__memberships__role"),
        )
    )
    if not rows:
        return None, False
    remember_authority(
        rows[0].user,
        appointments=[(row.area, row.area_role) for row in rows if row.area is not None],
        memberships=[(row.organisation, row.organisation_role) for row in rows if row.organisation is not None],
    )
    return rows[0], rows[0].owner_has_factor


def _note_use(token: ApiToken, now: datetime) -> None:
    """At most once a minute: a busy client must not make every read a write."""
    if token.last_used_at is None or now - token.last_used_at >= _USED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - _USED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _clean_label(label: str) -> str:
    cleaned = " ".join(label.split())
    if not cleaned:
        raise InvalidInput(_("Enter what the token is for"), field="label")
    if len(cleaned) > LABEL_LENGTH:
        raise InvalidInput(_("What the token is for must be 80 characters or fewer"), field="label")
    return cleaned


def _check(scopes: list[str], days: int) -> None:
    if not scopes:
        raise InvalidInput(_("Select what the token may be used for"), field="scopes")
    wrong = known_scopes.unknown(scopes)
    if wrong:
        raise InvalidInput(_("There is no scope “%(scope)s”") % {"scope": wrong[0]}, field="scopes")
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInput(_("The number of days must be between 1 and 365"), field="days")
