"""What programs are told of bulletins: each as a CAP 1.2 message, and the entries of a feed."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PoliceArea
from accounts.selectors import Viewer
from advisories.domain import audience as audiences
from advisories.domain import bulletins as rules
from advisories.domain import cap, tlp
from advisories.domain.atom import FeedEntry
from advisories.domain.cap import CapArea, CapMessage
from advisories.models import Bulletin

__all__ = ["ENTRIES", "entries", "message_of", "readable_by_program"]

ENTRIES: Final = 50


def readable_by_program(bulletin: Bulletin) -> bool:
    """A feed's key and an API token are no sign-in: what may be read only signed in stays a link."""
    return bulletin.is_released and not tlp.link_only(bulletin.tlp)


def entries(reader: Viewer, *, base: str) -> list[FeedEntry]:
    """The newest ones that the reader may read; for nobody in particular, TLP:CLEAR alone. `base`: where the messages
    of this feed lie.
    """
    found = Bulletin.objects.visible_to(reader).filter(state__in=rules.RELEASED).select_related("area")
    return [_entry(bulletin, base) for bulletin in found.order_by("-listed_at", "-id")[:ENTRIES]]


def message_of(bulletin: Bulletin) -> CapMessage:
    """The alert or update while it stands; once it is retracted, the cancellation that refers to it."""
    assert bulletin.published_at is not None  # noqa: S101 - released ones have a date, by constraint
    cancelled = bulletin.retracted_at is not None
    return CapMessage(
        identifier=f"{bulletin.pk}.cancel" if cancelled else str(bulletin.pk),
        sender=sender(),
        sent=_local(bulletin.retracted_at or bulletin.published_at),
        status=bulletin.status,
        kind=_kind(bulletin),
        restriction="" if tlp.public(bulletin.tlp) else bulletin.tlp_label,
        note=_("This is an exercise. Nothing has happened.") if bulletin.is_exercise else "",
        references=_references(bulletin),
        category=bulletin.category,
        event=_("Protective security advisory"),
        urgency="Past" if cancelled else bulletin.urgency,
        severity=bulletin.severity,
        certainty=bulletin.certainty,
        sender_name=_sender_name(bulletin),
        headline=_headline(bulletin),
        description=bulletin.retraction_reason if cancelled else bulletin.body,
        instruction=_("Do not act on this advisory any further.") if cancelled else bulletin.instruction,
        web=_web(bulletin),
        area=_area(bulletin),
        expires=_local(bulletin.expires_at) if bulletin.expires_at is not None else None,
        parameters={"TLP": bulletin.tlp_label},
    )


def sender() -> str:
    return f"advisories@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def _kind(bulletin: Bulletin) -> str:
    if bulletin.state == rules.RETRACTED:
        return cap.CANCEL
    return cap.UPDATE if bulletin.replaces_id is not None else cap.ALERT


def _headline(bulletin: Bulletin) -> str:
    words = _("Retracted: %(title)s") if bulletin.state == rules.RETRACTED else "%(title)s"
    title = words % {"title": bulletin.title}
    return _("EXERCISE EXERCISE: %(title)s") % {"title": title} if bulletin.is_exercise else title


def _references(bulletin: Bulletin) -> tuple[str, ...]:
    """Oldest first; a cancellation also refers to the message itself."""
    found: list[Bulletin] = [bulletin] if bulletin.state == rules.RETRACTED else []
    one = bulletin
    while one.replaces is not None:
        one = one.replaces
        found.append(one)
    return tuple(
        cap.reference(sender(), str(item.pk), _local(item.published_at))
        for item in reversed(found)
        if item.published_at is not None
    )


def _area(bulletin: Bulletin) -> CapArea:
    audience = audiences.parse(bulletin.audience)
    circle = (audience.near.latitude, audience.near.longitude, audience.near.km) if audience.near else None
    if bulletin.area is not None:
        return CapArea(bulletin.area.name, circle)
    names = list(PoliceArea.objects.filter(pk__in=audience.areas).values_list("name", flat=True))
    return CapArea(", ".join(names) or _("United Kingdom"), circle)


def _sender_name(bulletin: Bulletin) -> str:
    return f"{settings.SERVICE_NAME}, {bulletin.area.name if bulletin.area is not None else _('national')}"


def _entry(bulletin: Bulletin, base: str) -> FeedEntry:
    assert bulletin.published_at is not None  # noqa: S101 - released ones have a date, by constraint
    open_text = readable_by_program(bulletin)
    exercise = _("EXERCISE EXERCISE: ") if bulletin.is_exercise else ""
    title = _headline(bulletin) if open_text else f"{exercise}{_('An advisory for you: sign in to read it')}"
    return FeedEntry(
        id=bulletin.pk,
        title=f"{bulletin.tlp_label} {title}",
        summary=_summary(bulletin) if open_text else "",
        published=_local(bulletin.published_at),
        updated=_local(bulletin.retracted_at or bulletin.published_at),
        web=_web(bulletin),
        cap=f"{base}{bulletin.pk}.xml" if open_text else "",
        jws=f"{base}{bulletin.pk}.json" if open_text else "",
        labels=(bulletin.tlp_label, bulletin.status),
    )


def _summary(bulletin: Bulletin) -> str:
    if bulletin.state == rules.RETRACTED:
        return bulletin.retraction_reason
    return f"{bulletin.severity} · {bulletin.urgency} · {bulletin.certainty}\n\n{bulletin.body}"


def _web(bulletin: Bulletin) -> str:
    return f"{settings.SITE_URL}{reverse('advisories:bulletin', args=[bulletin.pk])}"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)
