"""What the first page says of bulletins and reports: `settings.HOME_NOTES` names `notes_for`, since certification may not import it."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Appointment, User
from accounts.selectors import authority
from advisories.domain import bulletins as rules
from advisories.models import Bulletin, BulletinPlace, BulletinRecipient
from advisories.selectors import sightings
from certification.selectors.extras import HomeNote

__all__ = ["notes_for"]


def notes_for(user: User) -> list[HomeNote]:
    """One query for whoever is told of bulletins, one each for whoever approves them and reads reports; what is nothing is
    left out.
    """
    inbox = reverse("advisories:bulletins")
    written = reverse("advisories:bulletins_written")
    to_acknowledge, unread = _waiting(user)
    to_approve, reports = _to_approve(user), _new_reports(user)
    notes = [
        HomeNote(
            ngettext("advisory to acknowledge", "advisories to acknowledge", to_acknowledge),
            to_acknowledge,
            f"{inbox}?show=to_acknowledge",
            "bad",
        ),
        HomeNote(
            ngettext("advisory not read yet", "advisories not read yet", unread), unread, f"{inbox}?show=unread", "warn"
        ),
        HomeNote(
            ngettext("advisory awaiting approval", "advisories awaiting approval", to_approve),
            to_approve,
            f"{written}?state={rules.AWAITING}",
            "warn",
        ),
        HomeNote(
            ngettext("report nobody has read", "reports nobody has read", reports),
            reports,
            reverse("advisories:sightings_queue"),
            "bad",
        ),
    ]
    return [note for note in notes if note.figure]


def _waiting(user: User) -> tuple[int, int]:
    who = authority(user)
    if not who.organisations and not who.areas:
        return 0, 0
    own = [pk for pk in who.organisations if who.can_edit_for(pk)]
    is_open = Exists(BulletinPlace.objects.filter(bulletin=OuterRef("pk"), organisation_id__in=own, state=rules.OPEN))
    is_unread = Exists(BulletinRecipient.objects.filter(bulletin=OuterRef("pk"), user=user, read_at__isnull=True))
    found = Bulletin.objects.visible_to(user).standing(timezone.now())
    counts = found.annotate(is_open=is_open, is_unread=is_unread).aggregate(
        to_acknowledge=Count("pk", filter=Q(is_open=True)), unread=Count("pk", filter=Q(is_unread=True))
    )
    return counts["to_acknowledge"], counts["unread"]


def _new_reports(user: User) -> int:
    return sightings.new_in_areas(user) if authority(user).is_police else 0


def _to_approve(user: User) -> int:
    who = authority(user)
    areas = [code for code, roles in who.areas.items() if Appointment.Role.AUTHORISER in roles]
    if not areas and not who.is_administrator:
        return 0
    side = Q(area_id__in=areas) | Q(area__isnull=True) if who.is_administrator else Q(area_id__in=areas)
    return Bulletin.objects.filter(side, state=rules.AWAITING).exclude(drafted_by=user).count()
