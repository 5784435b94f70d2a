"""Organisations come into a network by asking; a moderator or an officer of the network answers, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Appointment, Membership, Organisation, User
from accounts.selectors import authority
from advisories.domain import admissions as rules
from advisories.domain import networks as network_rules
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkAdmission, NetworkMember, NetworkModerator
from advisories.notifications import admissions as messages
from advisories.policies import admissions as policies
from advisories.selectors import admissions as selectors
from advisories.selectors import networks as network_selectors
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = ["admit", "ask", "end", "refuse", "withdraw"]


def ask(*, actor: User, sector: str, organisation_id: UUID, words: str) -> NetworkAdmission:
    """Those who answer are told. Raises Conflict while one is open, or too soon after a no."""
    if sector not in SECTORS:
        raise InvalidInput(_("Select a sector"), field="sector")
    said = _text(
        words, rules.LONGEST_WORDS, field="words", empty=_("Say what your organisation does and who will read")
    )
    now = timezone.now()
    with transaction.atomic():
        # Two colleagues at once ask once.
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        policies.can_ask(actor, sector, organisation.pk, fresh=True).require()
        last = (
            NetworkAdmission.objects.filter(sector=sector, organisation=organisation)
            .order_by("-asked_at", "-pk")
            .first()
        )
        if last is not None:
            _require_free(last)
        made = NetworkAdmission.objects.create(
            sector=sector, organisation=organisation, words=said, asked_by=actor, asked_at=now
        )
        _record(actor, "network.admission_asked", made, {"words": len(said)})
        _tell_deciders(made)
        return made


def withdraw(*, actor: User, admission_id: int) -> NetworkAdmission:
    with transaction.atomic():
        found = _locked(admission_id)
        policies.can_withdraw(actor, found, fresh=True).require()
        _move(found, "withdraw")
        found.save(update_fields=["state"])
        _record(actor, "network.admission_withdrawn", found, {})
        return found


def admit(*, actor: User, admission_id: int, reason: str) -> NetworkAdmission:
    """`reason`: what was checked. From now on people of the organisation can join."""
    return _decide(actor, admission_id, "admit", reason)


def refuse(*, actor: User, admission_id: int, reason: str) -> NetworkAdmission:
    return _decide(actor, admission_id, "refuse", reason)


def end(*, actor: User, admission_id: int, reason: str) -> NetworkAdmission:
    """Its people are in the network no longer, from this moment; what they wrote stays."""
    return _decide(actor, admission_id, "end", reason)


def _decide(actor: User, admission_id: int, action: str, reason: str) -> NetworkAdmission:
    words = _text(reason, rules.LONGEST_REASON, field="reason", empty=_("Give the reason"))
    with transaction.atomic():
        found = _locked(admission_id)
        authority(actor, fresh=True)
        standing = network_selectors.standing_in(found.sector, actor)
        policies.can_decide(actor, standing, found).require()
        _move(found, action)
        found.decided_by, found.decided_at, found.reason = actor, timezone.now(), words
        found.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        _record(actor, f"network.admission_{found.state}", found, {"reason": words})
        _tell_organisation(found)
        return found


def _locked(admission_id: int) -> NetworkAdmission:
    return (
        NetworkAdmission.objects.select_for_update(of=("self",))
        .select_related("organisation", "asked_by")
        .get(pk=admission_id)
    )


def _move(admission: NetworkAdmission, action: str) -> None:
    """The one writer of an admission's state. Raises IllegalMove."""
    after = rules.after(admission.state, action)
    if after is None:
        raise IllegalMove(
            _("A request that is “%(state)s” cannot %(action)s.")
            % {"state": admission.get_state_display(), "action": _spoken(action)}
        )
    admission.state = after


def _spoken(action: str) -> str:
    return {
        "admit": _("be admitted"),
        "refuse": _("be refused"),
        "withdraw": _("be withdrawn"),
        "end": _("be ended"),
    }[action]


def _require_free(last: NetworkAdmission) -> None:
    if last.state == rules.ASKED:
        raise Conflict(_("Your organisation has asked already, and waits for an answer."))
    if last.state == rules.ADMITTED:
        raise Conflict(_("Your organisation is in this network already. You can join it."))
    until = rules.again_from(last.state, last.decided_at)
    if until is not None and until > timezone.now():
        raise Conflict(_("This network has said no. Your organisation can ask again after seven days."))


def _tell_deciders(admission: NetworkAdmission) -> None:
    """Moderators and officers of the network; where there is none, the officers of the areas of the organisation's places,
    who can join any network and answer there.
    """
    inside = NetworkMember.objects.standing().filter(sector=admission.sector, kind=network_rules.POLICE)
    leads = NetworkModerator.objects.standing().filter(sector=admission.sector)
    people = {row.user_id: row.user for rows in (inside, leads) for row in rows.select_related("user")}
    if not people:
        areas = {place.area_id for place in selectors.places(admission)}
        serving = Appointment.objects.filter(area_id__in=areas, ended_at__isnull=True, user__is_active=True)
        advisers = serving.filter(role=Appointment.Role.ADVISER)
        people = {one.user_id: one.user for one in (advisers if advisers.exists() else serving).select_related("user")}
    own = set(Membership.objects.filter(organisation=admission.organisation_id).values_list("user_id", flat=True))
    message = messages.asked(admission)
    told = [user for pk, user in sorted(people.items(), key=lambda pair: str(pair[0])) if pk not in own]
    notify.send_all([notify.Addressed(user, message, f"network-admission:{admission.pk}:{user.pk}") for user in told])


def _tell_organisation(admission: NetworkAdmission) -> None:
    """Its owners, and whoever asked."""
    owners = Membership.objects.filter(organisation=admission.organisation_id, role=Membership.Role.OWNER)
    people = {one.user_id: one.user for one in owners.select_related("user")} | {
        admission.asked_by_id: admission.asked_by
    }
    message = messages.decided(admission)
    key = f"network-admission:{admission.pk}:{admission.state}"
    told = sorted((user for user in people.values() if user.is_active), key=lambda user: str(user.pk))
    notify.send_all([notify.Addressed(user, message, f"{key}:{user.pk}") for user in told])


def _text(text: str, limit: int, *, field: str, empty: str) -> str:
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not clean:
        raise InvalidInput(empty, field=field)
    if len(clean) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": limit}, field=field)
    return clean


def _record(actor: User, action: str, target: NetworkAdmission, facts: Mapping[str, object]) -> None:
    whole = {"organisation": target.organisation_id, **facts}
    audit.record(actor=actor, action=action, target=target, case=f"network:{target.sector}", facts=whole)
