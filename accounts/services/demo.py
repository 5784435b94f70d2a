"""The demonstration's sign-ins. Passwords and seeds are made once for each installation: none is in the repository."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.demo_people import HOME_AREA, ORGANISATIONS, OTHER_AREA, PEOPLE, DemoPerson
from accounts.models import Appointment, Membership, Organisation, User
from accounts.services import appointments, organisations, second_factors, users
from core import audit
from core.errors import NotPermitted

__all__ = ["HOME_AREA", "OTHER_AREA", "SignIn", "create_people", "sign_ins"]

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody needs to sign in as one of the demonstration's people; `totp_secret` is empty where none is needed."""

    email: str
    name: str
    password: str
    role: str
    organisation: str
    area: str
    totp_secret: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def sign_ins() -> list[SignIn]:
    """Everybody's, from this installation's file; empty before `create_people` has run. Raises NotPermitted."""
    _only_in_demo()
    known = _read()
    return [_sign_in(person, known[person.email]) for person in PEOPLE if person.email in known]


def create_people() -> dict[str, User]:
    """Everybody by email address, with their organisations, memberships, appointments and second factors.

    Harmless to repeat: who exists stays as they are, but for a password that this installation's file does not know.
    """
    _only_in_demo()
    known, fresh = _with_secrets()
    made = {person.email: _person(person, known[person.email], changed=person.email in fresh) for person in PEOPLE}
    for person in PEOPLE:
        _office(person, made)
    return made


def _person(person: DemoPerson, kept: dict[str, str], *, changed: bool) -> User:
    user = User.objects.filter(email=person.email).first()
    national = person.role if person.role in User.NationalRole.values else ""
    if user is None:
        user = users.create_user(
            actor=None, email=person.email, name=person.name, password=kept["password"], national_role=national
        )
    elif changed:
        with transaction.atomic():
            user.set_password(kept["password"])
            user.save(update_fields=["password"])
            audit.record(actor=None, action="user.password_reset", target=user, case=f"user:{user.pk}")
    if kept["totp_secret"] and (changed or not second_factors.has_second_factor(user)):
        second_factors.activate_totp(actor=None, user=user, secret=kept["totp_secret"])
    return user


def _office(person: DemoPerson, made: dict[str, User]) -> None:
    user = made[person.email]
    if person.role in Appointment.Role.values:
        appointments.appoint(actor=None, user_id=user.pk, area_code=person.place, role=person.role)
    elif person.role in Membership.Role.values:
        _membership(person, user)


def _membership(person: DemoPerson, user: User) -> None:
    organisation = Organisation.objects.filter(
        name=person.place, created_by__email__in=[p.email for p in PEOPLE]
    ).first()
    if organisation is None:
        [kind] = [one.kind for one in ORGANISATIONS if one.name == person.place]
        organisations.register(actor=user, name=person.place, kind=kind)
        return
    with transaction.atomic():
        _member, added = Membership.objects.get_or_create(
            organisation=organisation, user=user, defaults={"role": person.role, "joined_at": timezone.now()}
        )
        if added:
            facts = {"user": user.pk, "role": person.role}
            case = f"organisation:{organisation.pk}"
            audit.record(actor=None, action="membership.made", target=organisation, case=case, facts=facts)


def _sign_in(person: DemoPerson, kept: dict[str, str]) -> SignIn:
    is_officer = person.role in Appointment.Role.values
    return SignIn(
        email=person.email,
        name=person.name,
        password=kept["password"],
        role=person.role,
        organisation="" if is_officer else person.place,
        area=person.place if is_officer else "",
        totp_secret=kept["totp_secret"],
    )


def _with_secrets() -> tuple[dict[str, dict[str, str]], set[str]]:
    """The file's content, completed and kept, and whose secrets are new."""
    known = _read()
    fresh = {person.email for person in PEOPLE if person.email not in known}
    for person in PEOPLE:
        if person.email in fresh:
            needs_factor = person.role not in Membership.Role.values
            known[person.email] = {
                "password": "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _group in range(4)),
                "totp_secret": generate_totp_secret() if needs_factor else "",
            }
    if fresh:
        _write(known)
    return known, fresh


def _path() -> Path:
    return Path(settings.DATA_DIR) / "demo-users.json"


def _read() -> dict[str, dict[str, str]]:
    try:
        known: dict[str, dict[str, str]] = json.loads(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return known


def _write(known: dict[str, dict[str, str]]) -> None:
    draft = _path().with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(known, file, indent=1)
    draft.replace(_path())


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise NotPermitted("The demonstration's people exist in the demonstration alone.")
