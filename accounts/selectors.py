"""Reads over people. `authority` is what every policy asks; it is two queries, kept on the user for one request."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Appointment, Invitation, MailChoice, Membership, Organisation, PoliceArea, User
from core import bounces
from core.errors import NotPermitted
from core.keyset import Page, page

Viewer = User | AnonymousUser
_CACHE = "_wardmark_authority"
_stopping = signing.Signer(salt="accounts.mail.overviews")


@dataclass(frozen=True, slots=True)
class Authority:
    """What a person may act as, now. `organisations`: id → role; `areas`: code → roles."""

    user_id: uuid.UUID | None = None
    organisations: Mapping[uuid.UUID, str] = field(default_factory=dict)
    areas: Mapping[str, frozenset[str]] = field(default_factory=dict)
    national_role: str = ""

    @property
    def is_auditor(self) -> bool:
        return self.national_role == User.NationalRole.AUDITOR

    @property
    def is_administrator(self) -> bool:
        return self.national_role == User.NationalRole.ADMINISTRATOR

    @property
    def is_police(self) -> bool:
        return bool(self.areas)

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.areas or self.national_role)

    def member_of(self, organisation_id: uuid.UUID) -> bool:
        return organisation_id in self.organisations

    def can_edit_for(self, organisation_id: uuid.UUID) -> bool:
        return self.organisations.get(organisation_id) in (Membership.Role.OWNER, Membership.Role.EDITOR)

    def owns(self, organisation_id: uuid.UUID) -> bool:
        return self.organisations.get(organisation_id) == Membership.Role.OWNER

    def advises(self, area_code: str) -> bool:
        return Appointment.Role.ADVISER in self.areas.get(area_code, frozenset())

    def authorises(self, area_code: str) -> bool:
        return Appointment.Role.AUTHORISER in self.areas.get(area_code, frozenset())

    def serves(self, area_code: str) -> bool:
        return area_code in self.areas


NOBODY = Authority()


def authority(user: Viewer, *, fresh: bool = False) -> Authority:
    """Services pass fresh=True under their lock, so that a role taken away a moment ago is gone."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    known = user.__dict__.get(_CACHE)
    if known is not None and not fresh:
        assert isinstance(known, Authority)  # noqa: S101 - narrows the type of our own cache
        return known
    found = _load(user)
    user.__dict__[_CACHE] = found
    return found


def signed_in(viewer: Viewer) -> User:
    """The person with their type, behind a check that let nobody else through."""
    if not isinstance(viewer, User):
        raise NotPermitted(_("Sign in first."))
    return viewer


def _load(user: User) -> Authority:
    current = Appointment.objects.filter(user=user, ended_at__isnull=True)
    memberships = Membership.objects.filter(user=user).values_list("organisation_id", "role")
    return _authority(user, current.values_list("area_id", "role"), memberships)


def remember_authority(
    user: User, *, appointments: Iterable[tuple[str, str]], memberships: Iterable[tuple[uuid.UUID, str]]
) -> Authority:
    """For whoever has just read these in a query of their own: (area, role) held now, (organisation, role)."""
    found = _authority(user, appointments, memberships)
    user.__dict__[_CACHE] = found if user.is_active else NOBODY
    return found


def _authority(
    user: User, appointments: Iterable[tuple[str, str]], memberships: Iterable[tuple[uuid.UUID, str]]
) -> Authority:
    areas: dict[str, set[str]] = {}
    for code, role in appointments:
        areas.setdefault(code, set()).add(role)
    return Authority(
        user_id=user.pk,
        organisations=dict(memberships),
        areas={code: frozenset(roles) for code, roles in areas.items()},
        national_role=user.national_role,
    )


def editors_of(organisation_id: uuid.UUID) -> QuerySet[User]:
    """Owners and editors, the people who get mail about duties; active accounts alone."""
    return User.objects.filter(
        is_active=True,
        memberships__organisation_id=organisation_id,
        memberships__role__in=[Membership.Role.OWNER, Membership.Role.EDITOR],
    ).order_by("email")


def administrators() -> QuerySet[User]:
    """National ones, who get mail about the service itself; active accounts alone."""
    return User.objects.filter(is_active=True, national_role=User.NationalRole.ADMINISTRATOR).order_by("email")


def wants_overviews(user: User) -> bool:
    return not MailChoice.objects.filter(user=user, overviews=False).exists()


def stop_token(person_id: uuid.UUID) -> str:
    """Stands in the address that ends the overviews of one person; good for nothing else, and for as long as the key."""
    return _stopping.sign(str(person_id)).replace(":", ".")


def who_stops(token: str) -> uuid.UUID | None:
    """Whose address it is; None for what we never wrote, and for a person who is gone."""
    person, _dot, signature = token.partition(".")
    try:
        found = uuid.UUID(_stopping.unsign(f"{person}:{signature}"))
    except (signing.BadSignature, ValueError):
        return None
    return found if User.objects.filter(pk=found).exists() else None


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One page of a team. For those who may change it: invitations, on the first page alone, and whom mail does not reach."""

    members: Page[Membership]
    invitations: tuple[Invitation, ...]
    unreachable: frozenset[uuid.UUID] = frozenset()


def team(organisation: Organisation, *, after: str = "", with_invitations: bool = False) -> TeamPage:
    members = Membership.objects.filter(organisation=organisation).select_related("user")
    waiting: QuerySet[Invitation] = Invitation.objects.filter(
        organisation=organisation, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("email")
    shown = page(members, order=("user__email",), after=after)
    return TeamPage(
        members=shown,
        invitations=tuple(waiting) if with_invitations and not after else (),
        unreachable=bounces.unreachable([row.user_id for row in shown.rows]) if with_invitations else frozenset(),
    )


def memberships_of(user: User) -> list[Membership]:
    return list(
        Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name", "pk")
    )


def invitation_for(token: str) -> Invitation | None:
    """Whatever its state: the page says why a link no longer works."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return Invitation.objects.select_related("organisation", "invited_by").filter(token_hash=digest).first()


def people(viewer: Viewer, *, search: str = "", after: str = "") -> Page[User]:
    """By part of the email address or the name."""
    found = User.objects.visible_to(viewer)
    if search:
        found = found.filter(Q(email__icontains=search) | Q(name__icontains=search))
    return page(found, order=("email",), after=after)


def appointments_of(user: User) -> list[Appointment]:
    """Current ones first, then those that ended, newest first."""
    held = Appointment.objects.filter(user=user).select_related("area")
    return sorted(held, key=lambda one: (one.ended_at is not None, -one.appointed_at.timestamp()))


def areas() -> QuerySet[PoliceArea]:
    """Each with the number of its advisers and authorising officers now."""

    def serving(role: str) -> Count:
        return Count("appointments", filter=Q(appointments__ended_at__isnull=True, appointments__role=role))

    return PoliceArea.objects.annotate(
        advisers=serving(Appointment.Role.ADVISER), authorisers=serving(Appointment.Role.AUTHORISER)
    ).order_by("name")


def officers(area: PoliceArea) -> list[Appointment]:
    current = Appointment.objects.filter(area=area, ended_at__isnull=True)
    return list(current.select_related("user").order_by("role", "user__email"))


def tokens_of(user: User) -> list[ApiToken]:
    """Those that still work, newest first."""
    return list(
        ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=timezone.now()).order_by(
            "-created_at"
        )
    )
