"""People in situations. Rows are made by the services where a service exists."""

from __future__ import annotations

import itertools

from django.utils import timezone

from accounts.models import Appointment, Membership, Organisation, PoliceArea, User
from accounts.services import appointments, organisations, second_factors, users

PASSWORD = "correct-horse-battery-42"
TOTP_SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AREA = "west-yorkshire"
OTHER_AREA = "kent"

_number = itertools.count(1)


def make_user(
    name: str = "", *, email: str = "", password: str = PASSWORD, national_role: str = "", verified: bool = True
) -> User:
    number = next(_number)
    return users.create_user(
        actor=None,
        email=email or f"person{number}@example.org",
        name=name or f"Person {number}",
        password=password,
        national_role=national_role,
        verified=verified,
    )


def make_organisation(owner: User | None = None, *, name: str = "", kind: str = "company") -> Organisation:
    return organisations.register(actor=owner or make_user(), name=name or f"Organisation {next(_number)}", kind=kind)


def make_member(organisation: Organisation, role: str = "editor", *, name: str = "") -> User:
    user = make_user(name)
    Membership.objects.create(organisation=organisation, user=user, role=role, joined_at=timezone.now())
    return user


def make_officer(
    role: str = "adviser", *, area: str = AREA, name: str = "", email: str = "", second_factor: bool = True
) -> User:
    user = make_user(name, email=email)
    appointments.appoint(actor=None, user_id=user.pk, area_code=area, role=role)
    if second_factor:
        make_second_factor(user)
    return user


def make_administrator(*, second_factor: bool = True) -> User:
    return _national("administrator", second_factor=second_factor)


def make_auditor(*, second_factor: bool = True) -> User:
    return _national("auditor", second_factor=second_factor)


def make_second_factor(user: User) -> None:
    second_factors.activate_totp(actor=None, user=user, secret=TOTP_SEED)


def get_area(code: str = AREA) -> PoliceArea:
    return PoliceArea.objects.get(pk=code)


def end_appointments(user: User) -> None:
    """The situation after an appointment was ended."""
    Appointment.objects.filter(user=user, ended_at__isnull=True).update(ended_at=timezone.now())


def _national(role: str, *, second_factor: bool) -> User:
    user = make_user(national_role=role)
    if second_factor:
        make_second_factor(user)
    return user
