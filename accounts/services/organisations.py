"""Organisations and their teams. An organisation always keeps an owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import Membership, Organisation, User
from accounts.selectors import authority
from core import audit
from core.errors import Conflict, InvalidInput

NAME_LENGTH: Final = 160  # as the column of Organisation


def register(*, actor: User, name: str, kind: str) -> Organisation:
    """The actor becomes its owner. Two organisations may share a name: there are many village hall committees."""
    cleaned = _clean_name(name)
    if kind not in Organisation.Kind.values:
        raise InvalidInput(_("Select what kind of organisation it is"), field="kind")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        policies.can_register_organisation(actor, fresh=True).require()
        now = timezone.now()
        organisation = Organisation.objects.create(name=cleaned, kind=kind, created_at=now, created_by=actor)
        Membership.objects.create(organisation=organisation, user=actor, role=Membership.Role.OWNER, joined_at=now)
        _record(actor, "organisation.registered", organisation, {"kind": kind})
    _forget_authority(actor)
    return organisation


def rename(*, actor: User, organisation_id: UUID, name: str) -> Organisation:
    """Certificates already issued keep the name that they were issued to."""
    cleaned = _clean_name(name)
    with transaction.atomic():
        organisation = _locked(organisation_id)
        policies.can_manage_team(actor, organisation, fresh=True).require()
        if organisation.name != cleaned:
            facts = {"before": organisation.name, "after": cleaned}
            organisation.name = cleaned
            organisation.save(update_fields=["name"])
            _record(actor, "organisation.renamed", organisation, facts)
        return organisation


def change_role(*, actor: User, membership_id: int, role: str) -> Membership:
    """Raises Conflict for the last owner, and if the person left meanwhile."""
    if role not in Membership.Role.values:
        raise InvalidInput(_("Select a role"), field="role")
    with transaction.atomic():
        membership = _locked_membership(membership_id)
        policies.can_manage_team(actor, membership.organisation, fresh=True).require()
        if membership.role != role:
            _require_other_owner(membership)
            before, membership.role = membership.role, role
            membership.save(update_fields=["role"])
            facts = {"user": membership.user_id, "before": before, "after": role}
            _record(actor, "membership.role_changed", membership.organisation, facts)
        return membership


def remove_member(*, actor: User, membership_id: int) -> None:
    """An owner removes anybody; anybody may leave. Raises Conflict for the last owner."""
    with transaction.atomic():
        membership = _locked_membership(membership_id)
        if membership.user_id != actor.pk:
            policies.can_manage_team(actor, membership.organisation, fresh=True).require()
        _require_other_owner(membership)
        facts = {"user": membership.user_id, "role": membership.role}
        _record(actor, "membership.ended", membership.organisation, facts)
        membership.delete()
    _forget_authority(actor)


def _locked(organisation_id: UUID) -> Organisation:
    # The organisation's row is the lock of its whole team: two owners removing each other must queue.
    return Organisation.objects.select_for_update().get(pk=organisation_id)


def _locked_membership(membership_id: int) -> Membership:
    gone = Conflict(_("This person is no longer in the team."))
    found = Membership.objects.filter(pk=membership_id).values_list("organisation_id", flat=True).first()
    if found is None:
        raise gone
    organisation = _locked(found)
    membership = Membership.objects.filter(pk=membership_id).first()
    if membership is None:
        raise gone
    membership.organisation = organisation
    return membership


def _require_other_owner(membership: Membership) -> None:
    """Closed accounts do not count: an organisation whose one owner cannot sign in is nobody's."""
    if membership.role != Membership.Role.OWNER:
        return
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, role=Membership.Role.OWNER, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Conflict(_("An organisation must keep an owner. Make somebody else an owner first."))


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InvalidInput(_("Enter the name of the organisation"), field="name")
    if len(cleaned) > NAME_LENGTH:
        raise InvalidInput(_("The name must be 160 characters or fewer"), field="name")
    return cleaned


def _record(actor: User, action: str, organisation: Organisation, facts: Mapping[str, object]) -> None:
    audit.record(actor=actor, action=action, target=organisation, case=f"organisation:{organisation.pk}", facts=facts)


def _forget_authority(user: User) -> None:
    # The request goes on with this very object, whose cached authority is now out of date.
    authority(user, fresh=True)
