"""Who is in a network and who looks after it. Joining is a person's own act, once their organisation was
admitted (`services.admissions`); leaving and ending are dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import authority
from advisories.domain import networks as rules
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkMember, NetworkModerator
from advisories.notifications import networks as messages
from advisories.policies import networks as policies
from advisories.selectors import networks as selectors
from core import audit, notify
from core.errors import Conflict, InvalidInput, NotPermitted

__all__ = ["appoint", "end_moderator", "join", "leave", "readmit", "remove", "set_mail"]


def join(*, actor: User, sector: str, organisation_id: UUID | None = None) -> NetworkMember:
    """Twice is once. An officer joins as police; anybody else by an organisation, the only one if none is named.

    Raises InvalidInput when there are several and none is named, NotPermitted for who was removed.
    """
    _known(sector)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        policies.can_join(actor, sector, fresh=True).require()
        _require_welcome(actor, sector)
        standing = NetworkMember.objects.standing().filter(user=actor, sector=sector).first()
        if standing is not None:
            return standing
        now = timezone.now()
        # A stay that no longer holds (its organisation gave up its place) ends when a new one begins.
        NetworkMember.objects.filter(user=actor, sector=sector, left_at__isnull=True).update(left_at=now)
        who = authority(actor)
        organisation = None if who.is_police else _organisation(actor, sector, organisation_id)
        member = NetworkMember.objects.create(
            sector=sector,
            user=actor,
            kind=rules.POLICE if organisation is None else rules.MEMBER,
            organisation_id=organisation,
            joined_at=now,
            digested_at=now,
        )
        _record(actor, "network.joined", member, {"kind": member.kind, "organisation": organisation})
        return member


def leave(*, actor: User, sector: str) -> None:
    """Harmless to repeat. What was written stays, and a moderator who leaves is one no longer."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        member = NetworkMember.objects.filter(user=actor, sector=sector, left_at__isnull=True).first()
        if member is None:
            return
        _end(member)
        _record(actor, "network.left", member, {})
        _end_office(actor, member)


def set_mail(*, actor: User, sector: str, mail: str) -> NetworkMember:
    if mail not in rules.MAILS:
        raise InvalidInput(_("Select when we should write to you"), field="mail")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        member = NetworkMember.objects.filter(user=actor, sector=sector, left_at__isnull=True).first()
        if member is None:
            raise NotPermitted(_("You are not in this network."))
        if member.mail != mail:
            member.mail = mail
            # A digest begins from now: what came before was told in another way, or was not wanted.
            member.digested_at = timezone.now()
            member.save(update_fields=["mail", "digested_at"])
            _record(actor, "network.mail_chosen", member, {"mail": mail})
        return member


def remove(*, actor: User, member_id: int, reason: str) -> NetworkMember:
    """By a moderator, with a reason that the person reads. They stay out until the police lead lets them in."""
    words = _reason(reason)
    with transaction.atomic():
        member = NetworkMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=member_id)
        authority(actor, fresh=True)
        policies.can_remove(actor, selectors.standing_in(member.sector, actor), member).require()
        if member.left_at is not None:
            raise Conflict(_("This person is no longer in the network."))
        member.removed_by, member.removal_reason = actor, words
        _end(member)
        _record(actor, "network.member_removed", member, {"user": member.user_id})
        _end_office(actor, member)
        notify.send(to=member.user, message=messages.removed(member), key=f"network-removed:{member.pk}")
        return member


def readmit(*, actor: User, member_id: int) -> NetworkMember:
    """They may join again by themselves; it puts nobody back."""
    with transaction.atomic():
        member = NetworkMember.objects.select_for_update(of=("self",)).get(pk=member_id)
        authority(actor, fresh=True)
        policies.can_readmit(selectors.standing_in(member.sector, actor)).require()
        if member.removed_by_id is not None and member.readmitted_at is None:
            member.readmitted_at = timezone.now()
            member.save(update_fields=["readmitted_at"])
            _record(actor, "network.member_readmitted", member, {"user": member.user_id})
        return member


def appoint(*, actor: User, sector: str, user_id: UUID, lead: str) -> NetworkModerator:
    """Of those who are in the network: an officer to police lead, a member to industry lead. Never oneself."""
    _known(sector)
    if lead not in NetworkModerator.Lead.values:
        raise InvalidInput(_("Select which lead"), field="lead")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        policies.can_appoint(actor, sector, lead, fresh=True).require()
        if user.pk == actor.pk:
            raise NotPermitted(_("Nobody appoints themselves."))
        kind = rules.POLICE if lead == rules.POLICE else rules.MEMBER
        if not NetworkMember.objects.standing().filter(sector=sector, user=user, kind=kind).exists():
            raise InvalidInput(_("Select somebody who is in the network in that part"), field="user")
        if NetworkModerator.objects.filter(sector=sector, user=user, ended_at__isnull=True).exists():
            raise Conflict(_("This person moderates the network already."))
        made = NetworkModerator.objects.create(
            sector=sector, user=user, lead=lead, appointed_by=actor, appointed_at=timezone.now()
        )
        _record(actor, "network.moderator_appointed", made, {"user": user.pk, "lead": lead})
        notify.send(to=user, message=messages.appointed(made), key=f"network-moderator:{made.pk}")
        return made


def end_moderator(*, actor: User, moderator_id: int) -> NetworkModerator:
    with transaction.atomic():
        moderator = NetworkModerator.objects.select_for_update(of=("self",)).get(pk=moderator_id)
        policies.can_end(actor, moderator, fresh=True).require()
        if moderator.ended_at is None:
            _end_appointment(actor, moderator)
        return moderator


def _known(sector: str) -> None:
    if sector not in SECTORS:
        raise InvalidInput(_("Select a sector"), field="sector")


def _require_welcome(actor: User, sector: str) -> None:
    barred = NetworkMember.objects.filter(
        user=actor, sector=sector, removed_by__isnull=False, readmitted_at__isnull=True
    )
    if barred.exists():
        raise NotPermitted(_("You were removed from this network. Its police lead can let you join again."))


def _organisation(actor: User, sector: str, chosen: UUID | None) -> UUID:
    mine = selectors.admitted(authority(actor)).get(sector, ())
    if chosen is None and len(mine) == 1:
        return mine[0]
    if chosen not in mine:
        raise InvalidInput(_("Select the organisation for which you join"), field="organisation")
    assert chosen is not None  # noqa: S101 - None is in no list of organisations
    return chosen


def _end(member: NetworkMember) -> None:
    member.left_at = timezone.now()
    member.save(update_fields=["left_at", "removed_by", "removal_reason"])


def _end_office(actor: User, member: NetworkMember) -> None:
    held = NetworkModerator.objects.select_for_update(of=("self",)).filter(
        sector=member.sector, user_id=member.user_id, ended_at__isnull=True
    )
    for moderator in held:
        _end_appointment(actor, moderator)


def _end_appointment(actor: User, moderator: NetworkModerator) -> None:
    moderator.ended_at, moderator.ended_by = timezone.now(), actor
    moderator.save(update_fields=["ended_at", "ended_by"])
    facts = {"user": moderator.user_id, "lead": moderator.lead}
    _record(actor, "network.moderator_ended", moderator, facts)


def _reason(text: str) -> str:
    words = " ".join(text.replace("\x00", "").split())
    if not words:
        raise InvalidInput(_("Give the reason"), field="reason")
    if len(words) > rules.LONGEST_REMOVAL:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": rules.LONGEST_REMOVAL}, field="reason")
    return words


def _record(actor: User, action: str, target: NetworkMember | NetworkModerator, facts: Mapping[str, object]) -> None:
    audit.record(actor=actor, action=action, target=target, case=f"network:{target.sector}", facts=facts)
