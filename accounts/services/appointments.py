"""Police appointments: who advises and who signs for which area. Ending one is a date, never a deletion."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notifications, policies
from accounts.models import Appointment, PoliceArea, User
from core import audit, notify
from core.errors import Conflict, InvalidInput


def appoint(*, actor: User | None, user_id: UUID, area_code: str, role: str) -> Appointment:
    """Actor None is first set-up and the demo. The same appointment twice is one.

    Raises Conflict for a closed account or somebody with a national role, NotPermitted for oneself.
    """
    if role not in Appointment.Role.values:
        raise InvalidInput(_("Select a role"), field="role")
    area = PoliceArea.objects.filter(pk=area_code).first()
    if area is None:
        raise InvalidInput(_("Select a police area"), field="area")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if actor is not None:
            policies.can_change_person(actor, user, fresh=True).require()
        if not user.is_active:
            raise Conflict(_("This account is closed."))
        if user.national_role:
            raise Conflict(_("A national role cannot be combined with a police appointment."))
        held = Appointment.objects.filter(user=user, area=area, role=role, ended_at__isnull=True).first()
        if held is not None:
            return held
        appointment = Appointment.objects.create(
            user=user, area=area, role=role, appointed_by=actor, appointed_at=timezone.now()
        )
        facts = {"area": area.pk, "role": role}
        audit.record(actor=actor, action="appointment.made", target=appointment, case=f"user:{user.pk}", facts=facts)
        if actor is not None:
            notify.send(to=user, message=notifications.appointed(appointment), key=f"appointment-made:{appointment.pk}")
        return appointment


def end(*, actor: User, appointment_id: int) -> Appointment:
    """What the officer did stays; a plan that they had claimed can be released by the area's others."""
    with transaction.atomic():
        appointment = (
            Appointment.objects.select_for_update(of=("self",)).select_related("user", "area").get(pk=appointment_id)
        )
        policies.can_administer(actor, fresh=True).require()
        if appointment.ended_at is None:
            appointment.ended_at = timezone.now()
            appointment.save(update_fields=["ended_at"])
            audit.record(
                actor=actor,
                action="appointment.ended",
                target=appointment,
                case=f"user:{appointment.user_id}",
                facts={"area": appointment.area_id, "role": appointment.role},
            )
        return appointment
