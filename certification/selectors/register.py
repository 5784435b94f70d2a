"""The public register: issued certificates whose holder has not been allowed off it, field by field.

Searched the same way on both databases. What was typed is looked for as it stands; where nothing matches, words of the
register that one or two typing errors make of it are taken instead, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When
from django.utils import timezone

from certification.domain import certificate_number, cover, lifecycle, search_words
from certification.models import Certificate, RegisterIndex, RegisterSpelling
from certification.selectors.terms import gap_before
from core import keyset
from core.labels import label

SIZE = 25
# So many hits are put in order of likeness; more are shown by name.
RANKED_AT_MOST: Final = 500
_SHORT: Final = 3
_NEAR_AT_MOST: Final = 5
_KEYS_AT_MOST: Final = 2000
_BY_NAME: Final = ("sort_name", "certificate_id")
_BY_RANK: Final = ("rank", *_BY_NAME)
_CHUNK: Final = 2000
_COLUMNS: Final = (
    "certificate__number",
    "certificate__subject_name",
    "kind",
    "certificate__subject_place",
    "certificate__holder_name",
    "area_id",
    "area__name",
    "certificate__state",
    "certificate__valid_from",
    "certificate__valid_until",
)


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The allow-list. A field added here is published to the world."""

    number: str
    subject: str
    kind: str
    place: str
    holder: str
    area_code: str
    area: str
    state: str
    words: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """`newer` and `older` as the pagination of the layout asks for them: back and on.

    `close`: nothing matched as it was typed, and these are what is near; `suggestion` is what the search would have
    been. `by_name`: too many matched to be put in order of likeness.
    """

    entries: tuple[RegisterEntry, ...]
    newer: str | None
    older: str | None
    close: bool = False
    suggestion: str = ""
    by_name: bool = True


@dataclass(frozen=True, slots=True)
class Search:
    """`words` are looked for in name, place, postcode and holder, all of them; a whole certificate number finds that one."""

    words: str = ""
    area: str = ""
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    rows: QuerySet[RegisterIndex]
    order: tuple[str, ...] = _BY_NAME
    # For each word that was asked, what was taken instead of it, nearest first.
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)


def page(search: Search, *, today: date, after: str = "") -> RegisterPage:
    """One query without words, two with, five where typing errors had to be forgiven."""
    found = _find(_narrowed(RegisterIndex.objects.all(), search, today=today), search.words)
    # A certificate is wide, and an entry narrow.
    shown = _shown(found.rows).only("sort_name", "text", *_COLUMNS)
    rows = keyset.page(shown, order=found.order, after=after, size=SIZE)
    close = bool(found.instead and rows.rows)
    return RegisterPage(
        entries=tuple(_entry(_values(row), today) for row in rows.rows),
        newer=rows.newer,
        older=rows.older,
        close=close,
        suggestion=_suggestion(found.instead, rows.rows[0].text) if close else "",
        by_name=found.order == _BY_NAME,
    )


@dataclass(frozen=True, slots=True)
class RegisterDetail:
    """What the page of one entry says beside the entry; an allow-list too."""

    entry: RegisterEntry
    scope: str
    gap: cover.Gap | None


def detail(number: str, *, today: date) -> RegisterDetail | None:
    """One certificate of the register by its number as it is written; one query."""
    rows = _shown(RegisterIndex.objects.filter(certificate__number=number))
    found = rows.select_related("certificate__supersedes", "area").first()
    if found is None:
        return None
    certificate = found.certificate
    return RegisterDetail(_entry(_values(found), today), certificate.scope, gap_before(certificate))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Changes whenever what is published does: with each entry that comes, changes or goes, and with the day."""

    count: int
    changed_at: datetime | None
    today: date

    @property
    def etag(self) -> str:
        return f'"{self.count}-{self.changed_at.isoformat() if self.changed_at else ""}-{self.today.isoformat()}"'

    @property
    def seconds(self) -> int:
        """Since the epoch. Midnight changes what is in force without changing a row."""
        midnight = timezone.make_aware(datetime.combine(self.today, time.min))
        return int(max(midnight, self.changed_at or midnight).timestamp())


def stamp(*, today: date) -> Stamp:
    found = RegisterIndex.objects.aggregate(count=Count("pk"), changed_at=Max("changed_at"))
    return Stamp(found["count"], found["changed_at"], today)


def everything(*, today: date) -> Iterator[RegisterEntry]:
    """The whole register by name, read in chunks: a query for each, none of them held open, and flat memory."""
    found = RegisterIndex.objects.order_by(*_BY_NAME).values_list(*_BY_NAME, *_COLUMNS)
    rows = list(found[:_CHUNK])
    while rows:
        for _name, _pk, *values in rows:
            yield _entry(values, today)
        name, last = rows[-1][:2]
        beyond = Q(sort_name__gt=name) | Q(sort_name=name, certificate_id__gt=last)
        rows = list(found.filter(beyond, sort_name__gte=name)[:_CHUNK])


def _narrowed(found: QuerySet[RegisterIndex], search: Search, *, today: date) -> QuerySet[RegisterIndex]:
    if search.area:
        found = found.filter(area_id=search.area)
    if search.kind:
        found = found.filter(kind=search.kind)
    if search.state in lifecycle.CERTIFICATE_STANDING:
        return found.filter(state=search.state, valid_until__gte=today)
    if search.state == lifecycle.EXPIRED:
        # Past its last day a certificate has expired, whether or not the sweep has come by.
        over = Q(state__in=lifecycle.CERTIFICATE_STANDING, valid_until__lt=today)
        return found.filter(Q(state=lifecycle.EXPIRED) | over)
    return found.filter(state=search.state) if search.state else found


def _find(reach: QuerySet[RegisterIndex], text: str) -> _Found:
    if not text.strip():
        return _Found(reach)
    if certificate_number.check(text):
        return _Found(reach.filter(certificate__number=str(certificate_number.parse(text))))
    words = search_words.asked(text)
    if not words:
        return _Found(reach.none())
    typed = [_holds(word) for word in words]
    return (
        _ranked(reach, typed, _likeness(words))
        or _close(reach, words)
        # Nothing at all: asked once more by name, so that the answer has its one shape.
        or _Found(reach.none())
    )


def _ranked(
    reach: QuerySet[RegisterIndex], each: Sequence[Q], rank: Case, instead: Mapping[str, Sequence[str]] | None = None
) -> _Found | None:
    """None where nothing matches. The hits are counted up to one more than are ranked, in no order: that is quick for
    rare words and for common ones alike.
    """
    found = reach.filter(*each)
    hits = list(found.order_by().values_list("pk", flat=True)[: RANKED_AT_MOST + 1])
    if not hits:
        return None
    if len(hits) > RANKED_AT_MOST:
        return _Found(found, instead=instead or {})
    rows = RegisterIndex.objects.filter(pk__in=hits).annotate(rank=rank)
    return _Found(rows, order=_BY_RANK, instead=instead or {})


def _close(reach: QuerySet[RegisterIndex], words: Sequence[str]) -> _Found | None:
    instead = {word: (word, *others) for word, others in _near(words).items()}
    if all(len(taken) == 1 for taken in instead.values()):
        return None
    each = [_any_of(word, instead[word][1:]) for word in words]
    nearest = Q()
    for word in words:
        nearest &= Q(text__contains=f" {instead[word][-1 if len(instead[word]) == 1 else 1]} ")
    rank = Case(When(nearest, then=Value(0)), default=Value(1), output_field=IntegerField())
    return _ranked(reach, each, rank, instead)


def _near(words: Sequence[str]) -> dict[str, Sequence[str]]:
    """For each word the words of the register that it may have been meant for; one query."""
    keys = {word: search_words.keys(word) for word in words if search_words.spelled(word)}
    wanted = {key for its in keys.values() for key in its}
    rows = list(RegisterSpelling.objects.filter(key__in=wanted).values_list("key", "word")[:_KEYS_AT_MOST])
    return {
        word: search_words.near(word, (other for key, other in rows if key in keys.get(word, ())))[:_NEAR_AT_MOST]
        for word in words
    }


def _holds(word: str) -> Q:
    """Anywhere in a word; a short one at its beginning, a postcode or its first half as a whole alone."""
    if search_words.is_postcode(word):
        return Q(text__contains=f" {word} ")
    return Q(text__contains=f" {word}" if len(word) < _SHORT else word)


def _any_of(word: str, others: Sequence[str]) -> Q:
    wanted = _holds(word)
    for other in others:
        wanted |= Q(text__contains=f" {other} ")
    return wanted


def _likeness(words: Sequence[str]) -> Case:
    """0 the name itself, 1 names that begin so, 2 names that hold all the words, 3 place, postcode or holder."""
    name = " ".join(words)
    within = Q()
    for word in words:
        within &= Q(sort_name__contains=word)
    steps = (Q(sort_name=name), Q(sort_name__startswith=name), within)
    cases = [When(step, then=Value(rank)) for rank, step in enumerate(steps)]
    return Case(*cases, default=Value(len(steps)), output_field=IntegerField())


def _suggestion(instead: Mapping[str, Sequence[str]], text: str) -> str:
    """From what stands in the row that was found: words that have left the register since are told to nobody."""
    taken = []
    for word, others in instead.items():
        whole = next((other for other in others[1:] if f" {other} " in text), word)
        taken.append(word if word in text else whole)
    return " ".join(taken)


def _shown(rows: QuerySet[RegisterIndex]) -> QuerySet[RegisterIndex]:
    return rows.select_related("certificate", "area")


def _values(row: RegisterIndex) -> Sequence[object]:
    found = []
    for column in _COLUMNS:
        value: object = row
        for part in column.split("__"):
            value = getattr(value, part)
        found.append(value)
    return found


def _entry(values: Sequence[object], today: date) -> RegisterEntry:
    number, subject, kind, place, holder, area_code, area, state, first, last = values
    assert isinstance(first, date)  # noqa: S101 - as the columns are
    assert isinstance(last, date)  # noqa: S101 - as above
    if state in lifecycle.CERTIFICATE_STANDING and last < today:
        state = lifecycle.EXPIRED
    return RegisterEntry(
        number=str(number),
        subject=str(subject),
        kind=str(kind),
        place=str(place),
        holder=str(holder),
        area_code=str(area_code),
        area=str(area),
        state=str(state),
        words=label(Certificate.State, str(state)).capitalize(),
        valid_from=first,
        valid_until=last,
    )
