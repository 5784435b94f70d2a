"""Accounts of people. Signing in and out, passwords and second factors are allauth's; what is here is ours."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import ApiToken, Appointment, Membership, User
from accounts.services import sessions
from core import audit
from core.errors import Conflict, InvalidInput

NAME_LENGTH: Final = 120  # as the column of User


def create_user(
    *,
    actor: User | None,
    email: str,
    name: str,
    password: str,
    national_role: str = "",
    verified: bool = True,
) -> User:
    """For set-up and the demo (actor None) and for administrators; people otherwise sign up by themselves.

    Raises InvalidInput, Conflict if the address has an account, NotPermitted.
    """
    address, full_name = clean_email(email), clean_name(name)
    _check_role(national_role)
    with transaction.atomic():
        if actor is not None:
            policies.can_administer(actor, fresh=True).require()
        if User.objects.filter(email__iexact=address).exists():
            raise Conflict(_("There is already an account with this email address."))
        user = User(email=address, name=full_name, national_role=national_role)
        user.set_password(password)
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=address, verified=verified, primary=True)
        facts = {"national_role": national_role, "verified": verified}
        audit.record(actor=actor, action="user.created", target=user, case=case_of(user), facts=facts)
        return user


def change_name(*, actor: User, name: str) -> User:
    """One's own name; it stands on submissions and decisions made from now on, never on earlier ones."""
    full_name = clean_name(name)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.pk)
        if user.name != full_name:
            user.name = full_name
            user.save(update_fields=["name"])
            audit.record(actor=actor, action="user.renamed", target=user, case=case_of(user))
        return user


def set_national_role(*, actor: User | None, user_id: UUID, role: str) -> User:
    """Raises Conflict for somebody who holds an appointment or a membership: national roles stand alone."""
    _check_role(role)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if actor is not None:
            policies.can_change_person(actor, user, fresh=True).require()
        if role:
            _require_no_other_office(user)
        if user.national_role != role:
            before, user.national_role = user.national_role, role
            user.save(update_fields=["national_role"])
            facts = {"before": before, "after": role}
            audit.record(actor=actor, action="user.national_role_changed", target=user, case=case_of(user), facts=facts)
        return user


def close(*, actor: User, user_id: UUID) -> User:
    """Signs the person out everywhere and ends tokens and appointments; what they did stays under their name.

    Memberships stay, since an organisation may not lose its last owner: `selectors.authority` gives a closed account
    none of them.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        policies.can_change_person(actor, user, fresh=True).require()
        if not user.is_active:
            return user
        now = timezone.now()
        user.is_active = False
        user.save(update_fields=["is_active"])
        tokens = ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
        appointments = Appointment.objects.filter(user=user, ended_at__isnull=True).update(ended_at=now)
        facts = {"tokens_revoked": tokens, "appointments_ended": appointments, "sessions_ended": sessions.end_all(user)}
        audit.record(actor=actor, action="user.closed", target=user, case=case_of(user), facts=facts)
        return user


def reopen(*, actor: User, user_id: UUID) -> User:
    """The person can sign in again; appointments and tokens do not come back."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        policies.can_change_person(actor, user, fresh=True).require()
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            audit.record(actor=actor, action="user.reopened", target=user, case=case_of(user))
        return user


def case_of(user: User) -> str:
    return f"user:{user.pk}"


def clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InvalidInput(_("Enter a full name"), field="name")
    if len(cleaned) > NAME_LENGTH:
        raise InvalidInput(_("The name must be 120 characters or fewer"), field="name")
    return cleaned


def clean_email(email: str) -> str:
    """Lower case throughout: the database takes addresses as equal whatever their case."""
    cleaned = email.strip().lower()
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise InvalidInput(
            _("Enter an email address in the correct format, like name@example.com"), field="email"
        ) from error
    return cleaned


def _check_role(role: str) -> None:
    if role not in User.NationalRole.values:
        raise InvalidInput(_("Select a national role from the list"), field="national_role")


def _require_no_other_office(user: User) -> None:
    if Appointment.objects.filter(user=user, ended_at__isnull=True).exists():
        raise Conflict(_("This person holds a police appointment. End it before giving a national role."))
    if Membership.objects.filter(user=user).exists():
        raise Conflict(_("This person belongs to an organisation. They must leave it before taking a national role."))
