"""The public register: issued certificates whose holder has not been allowed off it, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.domain import certificate_number, lifecycle
from certification.models import Certificate
from certification.selectors.certificates import effective_state, in_state, kind_of
from core import keyset

SIZE = 25
_SHORTEST_WORD = 2
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The allow-list. A field added here is published to the world."""

    number: str
    subject: str
    kind: str
    place: str
    holder: str
    area: str
    state: str
    words: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """`newer` and `older` as the pagination of the layout asks for them: towards A and towards Z."""

    entries: tuple[RegisterEntry, ...]
    newer: str | None
    older: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """`words` are looked for in name, place and holder, all of them; a whole certificate number finds that one."""

    words: str = ""
    area: str = ""
    kind: str = ""
    state: str = ""


def page(search: Search, *, today: date, after: str = "") -> RegisterPage:
    """One query. By name; a certificate that is being issued is not on the register yet."""
    public = (
        Certificate.objects.with_lapse()
        .filter(listed=True, issued_at__isnull=False)
        .exclude(state=lifecycle.BEING_ISSUED)
    )
    found = _narrowed(public, search, today=today)
    rows = keyset.page(found.select_related("area"), order=("subject_name", "id"), after=after, size=SIZE)
    return RegisterPage(tuple(_entry(row, today) for row in rows.rows), rows.newer, rows.older)


def _narrowed(found: QuerySet[Certificate], search: Search, *, today: date) -> QuerySet[Certificate]:
    found = found.filter(_words(search.words)) if search.words.strip() else found
    if search.area:
        found = found.filter(area_id=search.area)
    if search.kind in {"venue", "event", "project"}:
        found = found.filter(**{f"{search.kind}__isnull": False})
    return found.filter(in_state(search.state, today=today, now=timezone.now())) if search.state else found


def _words(text: str) -> Q:
    if certificate_number.check(text):
        return Q(number=str(certificate_number.parse(text)))
    wanted = Q()
    for word in [w for w in text.split() if len(w) >= _SHORTEST_WORD][:_MOST_WORDS]:
        wanted &= Q(subject_name__icontains=word) | Q(subject_place__icontains=word) | Q(holder_name__icontains=word)
    return wanted


def _entry(certificate: Certificate, today: date) -> RegisterEntry:
    state = effective_state(certificate, today)
    return RegisterEntry(
        number=certificate.number,
        subject=certificate.subject_name,
        kind=kind_of(certificate),
        place=certificate.subject_place,
        holder=certificate.holder_name,
        area=certificate.area.name,
        state=state,
        words=str(Certificate.State(state).label).capitalize(),
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
    )
