"""A subject passes to another organisation, with whoever is responsible for it there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core import audit
from core.errors import IllegalMove, InvalidInput
from events import policies, selectors
from events.models import Subject
from events.services import locks

__all__ = ["Responsible", "hand_over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """The new responsible person; the senior individual where the tier asks for one."""

    responsible_kind: str
    responsible_name: str
    responsible_ground: str
    senior_name: str = ""
    senior_position: str = ""


def hand_over(*, actor: User, subject: Subject, organisation_id: UUID, responsible: Responsible) -> Subject:
    """By an authorising officer of its area, who belongs to neither side. Place, facts, tier and history stay as they are.

    Raises IllegalMove for what is archived, is there already, or is held where it is (`settings.SUBJECT_HANDOVER_HOLD`).
    """
    with transaction.atomic():
        locked = locks.locked(subject)
        policies.can_hand_over(actor, locked, organisation_id, fresh=True).require()
        if locked.archived_at is not None:
            raise IllegalMove(_("This is archived. It cannot pass to another organisation."))
        if locked.organisation_id == organisation_id:
            raise IllegalMove(_("This organisation has it already."))
        if hold := selectors.handover_hold_on(locked, organisation_id):
            raise IllegalMove(_("This cannot pass to another organisation yet. %(why)s") % {"why": hold})
        before = locked.organisation_id
        locked.organisation = Organisation.objects.get(pk=organisation_id)
        for name in Responsible.__dataclass_fields__:
            setattr(locked, name, " ".join(getattr(responsible, name).split()))
        _check(locked)
        locked.version += 1
        locked.updated_at = timezone.now()
        locked.save()
        audit.record(
            actor=actor,
            action=f"{locked.kind}.handed_over",
            target=locked,
            facts={"from": str(before), "to": str(organisation_id), "version": locked.version},
            case=f"{locked.kind}:{locked.pk}",
        )
        return locked


def _check(subject: Subject) -> None:
    try:
        subject.clean_fields(exclude=["organisation", "created_by", "venue", "facts"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(messages[0], field) from error
