"""Invitations into a team: mailed, good once, for one address, for seven days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notifications, policies
from accounts.models import Invitation, Membership, Organisation, User
from accounts.selectors import authority
from accounts.services import users
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted

VALID_FOR: Final = timedelta(days=7)
MAX_OPEN: Final = 100


def invite(*, actor: User, organisation_id: UUID, email: str, role: str) -> Invitation:
    """Raises Conflict for a member and for an address whose invitation still runs; one that ran out is replaced."""
    address = users.clean_email(email)
    if role not in Membership.Role.values:
        raise InvalidInput(_("Select a role"), field="role")
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        policies.can_manage_team(actor, organisation, fresh=True).require()
        _require_new(organisation, address)
        now = timezone.now()
        token = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=address,
            role=role,
            token_hash=token_hash(token),
            invited_by=actor,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
        _record(actor, "invitation.sent", invitation)
        message = notifications.invited(invitation, token=token, inviter=actor.name)
        notify.send_to_address(to=address, message=message, key=f"invitation:{invitation.pk}")
        return invitation


def accept(*, actor: User, token: str) -> Membership:
    """Only by the account with the invited address. Raises NotPermitted, IllegalMove, InvalidInput for no such link."""
    with transaction.atomic():
        found = (
            Invitation.objects.filter(token_hash=token_hash(token)).values_list("organisation_id", flat=True).first()
        )
        if found is None:
            raise InvalidInput(_("This link is not valid. Ask for a new invitation."))
        organisation = Organisation.objects.select_for_update().get(pk=found)
        invitation = Invitation.objects.select_for_update().get(token_hash=token_hash(token))
        policies.can_join(actor, fresh=True).require()
        if actor.email.lower() != invitation.email.lower():
            raise NotPermitted(_("This invitation is for another email address. Sign in with that one."))
        _require_open(invitation)
        now = timezone.now()
        if Membership.objects.filter(organisation=organisation, user=actor).exists():
            raise Conflict(_("You are already a member of this organisation."))
        membership = Membership.objects.create(
            organisation=organisation, user=actor, role=invitation.role, joined_at=now
        )
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        _record(actor, "invitation.accepted", invitation)
    # The request goes on with this very object, whose cached authority is now out of date.
    authority(actor, fresh=True)
    return membership


def withdraw(*, actor: User, invitation_id: UUID) -> Invitation:
    """The link stops working. Raises IllegalMove once it was accepted."""
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation_id)
        )
        policies.can_manage_team(actor, invitation.organisation, fresh=True).require()
        if invitation.accepted_at is not None:
            raise IllegalMove(_("This invitation was already accepted."))
        if invitation.withdrawn_at is None:
            invitation.withdrawn_at = timezone.now()
            invitation.save(update_fields=["withdrawn_at"])
            _record(actor, "invitation.withdrawn", invitation)
        return invitation


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _require_new(organisation: Organisation, address: str) -> None:
    if Membership.objects.filter(organisation=organisation, user__email__iexact=address).exists():
        raise Conflict(_("This person is already in the team."))
    now = timezone.now()
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at__isnull=True, withdrawn_at__isnull=True)
    waiting.filter(expires_at__lte=now).update(withdrawn_at=now)
    if waiting.filter(email__iexact=address).exists():
        raise Conflict(_("This person has an invitation already. Withdraw it to send another."))
    if waiting.count() >= MAX_OPEN:
        raise Conflict(_("Too many invitations are waiting for an answer. Withdraw some of them first."))


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise IllegalMove(_("This invitation was already used."))
    if invitation.withdrawn_at is not None:
        raise IllegalMove(_("This invitation was withdrawn. Ask for a new one."))
    if invitation.expires_at <= timezone.now():
        raise IllegalMove(_("This invitation has run out. Ask for a new one."))


def _record(actor: User, action: str, invitation: Invitation) -> None:
    # The address stays out: the trail is kept for longer than a refused invitation should be remembered.
    case = f"organisation:{invitation.organisation_id}"
    audit.record(actor=actor, action=action, target=invitation, case=case, facts={"role": invitation.role})
