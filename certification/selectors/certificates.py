"""Reads for the pages of certificates: the list, one certificate, when they run out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractMonth, ExtractYear, JSONObject
from django.utils import timezone

from accounts.selectors import Viewer
from certification.domain import lifecycle, proposals
from certification.models import Certificate, CertificateCondition, Plan, Proposal
from core import keyset
from core.labels import label
from events.models import Subject

EXPIRING_DAYS = 120
_MONTHS_SHOWN = 12
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Filters:
    """`state` a state of the lifecycle, "expiring", or empty for all."""

    state: str = ""
    area: str = ""
    number: str = ""


# What a row of a list shows, on a page and in the interface for programs.
_LISTED: Final = (
    *("number", "state", "plan", "organisation", "area__name", "event", "project", "holder_name", "subject_name"),
    *("subject_place", "judged_tier", "decided_on", "valid_from", "valid_until", "issued_at"),
)
_LAPSE: Final = "suspension_lapses_at"
_OPEN_PLAN: Final = "open_plan_id"
_SUCCESSOR: Final = "successor"


def effective_state(certificate: Certificate, today: date, now: datetime | None = None) -> str:
    """The state as it is now, whether or not the sweeps have come by (`lifecycle.certificate_now`).

    One query more for a suspended certificate that was not read by `Certificate.objects.with_lapse()`.
    """
    lapsed = certificate.state == lifecycle.SUSPENDED and proposals.has_lapsed(
        lapses_at=lapse_of(certificate), now=now or timezone.now()
    )
    return lifecycle.certificate_now(certificate.state, is_over=certificate.valid_until < today, has_lapsed=lapsed)


def lapse_of(certificate: Certificate) -> datetime | None:
    """When the suspension ends unless a second officer confirms it; None where two have, or there is none."""
    if _LAPSE in certificate.__dict__:
        read: datetime | None = certificate.__dict__[_LAPSE]
        return read
    urgent = certificate.proposals.unanswered().filter(lapses_at__isnull=False)
    return urgent.values_list("lapses_at", flat=True).first()


def in_state(state: str, *, today: date, now: datetime) -> Q:
    """What `effective_state` says, as a filter."""
    if state not in lifecycle.CERTIFICATE_LIVE:
        over = Q(state__in=lifecycle.CERTIFICATE_LIVE, valid_until__lt=today)
        return Q(state=state) | over if state == lifecycle.EXPIRED else Q(state=state)
    running = Q(valid_until__gte=today)
    lapsed = Q(Exists(Proposal.objects.lapsed(now=now).filter(certificate=OuterRef("pk"))))
    if state == lifecycle.SUSPENDED:
        return running & Q(state=state) & ~lapsed
    if state == lifecycle.IN_FORCE:
        return running & (Q(state=state) | (Q(state=lifecycle.SUSPENDED) & lapsed))
    return running & Q(state=state)


@dataclass(frozen=True, slots=True)
class Row:
    """A certificate with its state as of today, in words; `days_left` counts to the last day of cover."""

    certificate: Certificate
    state: str
    words: str
    days_left: int

    @property
    def tag(self) -> str:
        """The word by which the layout picks a colour."""
        if self.state == lifecycle.BEING_ISSUED:
            return "pending"
        return "expiring" if self.is_expiring else self.state

    @property
    def is_live(self) -> bool:
        return self.state in lifecycle.CERTIFICATE_LIVE

    @property
    def is_expiring(self) -> bool:
        return self.state == lifecycle.IN_FORCE and self.days_left <= EXPIRING_DAYS


def row_of(certificate: Certificate, today: date) -> Row:
    state = effective_state(certificate, today)
    words = label(Certificate.State, state).capitalize()
    return Row(certificate, state, words, (certificate.valid_until - today).days)


def of_same_subject(thing: Plan | Certificate) -> QuerySet[Certificate]:
    """Every certificate of the venue, event or project that a plan or certificate is for."""
    return Certificate.objects.filter(_same_subject(thing))


def _same_subject(thing: Plan | Certificate) -> Q:
    """On the one column that is set, so that its index is used."""
    for name in ("venue_id", "event_id", "project_id"):
        value = getattr(thing, name)
        if value is not None:
            return Q((name, value))
    raise AssertionError(name)  # a constraint of both tables sees to it


def subject_of(certificate: Certificate) -> Subject:
    """The one of three that is set (a constraint sees to it). One query, unless it was read along."""
    subject = certificate.venue or certificate.event or certificate.project
    assert subject is not None  # noqa: S101 - by certification_certificate_one_subject
    return subject


def kind_of(certificate: Certificate) -> str:
    return "event" if certificate.event_id else "project" if certificate.project_id else "venue"


def listed_for(
    user: Viewer, filters: Filters, *, today: date, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[Certificate]:
    """One page of what the user may see, newest decision first; one query."""
    found = _filtered(Certificate.objects.visible_to(user).with_lapse(), filters, today=today)
    order = ("valid_until", "id") if filters.state == "expiring" else ("-decided_on", "-id")
    return keyset.page(found.select_related("area").only(*_LISTED), order=order, after=after, size=size)


def _filtered(found: QuerySet[Certificate], filters: Filters, *, today: date) -> QuerySet[Certificate]:
    if filters.state == "expiring":
        end = date.fromordinal(today.toordinal() + EXPIRING_DAYS)
        found = found.filter(state=lifecycle.IN_FORCE, valid_until__gte=today, valid_until__lte=end)
    elif filters.state:
        found = found.filter(in_state(filters.state, today=today, now=timezone.now()))
    if filters.area:
        found = found.filter(area_id=filters.area)
    if filters.number:
        found = found.filter(number=filters.number)
    return found


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    count: int


def expiries_by_month(user: Viewer, *, today: date) -> tuple[Month, ...]:
    """Certificates in force that run out in this month and each of the eleven after it; one query."""
    first = today.replace(day=1)
    starts = [_month_after(first, n) for n in range(_MONTHS_SHOWN + 1)]
    rows = (
        Certificate.objects.visible_to(user)
        .filter(state=lifecycle.IN_FORCE, valid_until__gte=today, valid_until__lt=starts[-1])
        .values(year=ExtractYear("valid_until"), month=ExtractMonth("valid_until"))
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = Counter({(row["year"], row["month"]): row["count"] for row in rows})
    return tuple(Month(start, counts[start.year, start.month]) for start in starts[:-1])


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.month - 1 + months, _MONTHS_IN_A_YEAR)
    return date(first.year + year, month + 1, 1)


@dataclass(frozen=True, slots=True)
class Successor:
    """The certificate that takes another's place."""

    pk: UUID
    number: str
    state: str
    holder_name: str
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """What one certificate's page shows. `open_plan` is the id of a renewal that has been begun and not decided."""

    certificate: Certificate
    state: str
    conditions: tuple[CertificateCondition, ...]
    proposals: tuple[Proposal, ...]
    open_plan: UUID | None
    replaced_by: Successor | None

    @property
    def waiting(self) -> tuple[Proposal, ...]:
        """For a second officer; those that an end or a lapse has overtaken are not."""
        return tuple(p for p in self.proposals if p.is_open and self._can_be_answered(p))

    @property
    def effective(self) -> tuple[Proposal, ...]:
        """What has happened, newest first: all that the holder is told of."""
        return tuple(p for p in self.proposals if p.effective_at is not None)

    @property
    def in_effect(self) -> Proposal | None:
        """The suspension, revocation or surrender that the state comes from."""
        kind = _KIND_OF_STATE.get(self.state)
        return next((p for p in self.effective if p.kind == kind), None)

    def _can_be_answered(self, proposal: Proposal) -> bool:
        if proposal.urgent:
            return self.state == lifecycle.SUSPENDED
        return self.state in proposals.KINDS[proposal.kind].states


_KIND_OF_STATE: Final = {
    lifecycle.SUSPENDED: proposals.SUSPEND,
    lifecycle.REVOKED: proposals.REVOKE,
    lifecycle.SURRENDERED: proposals.SURRENDER,
}


def with_neighbours(found: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """With the open plan of the same subject and with the successor: saves one certificate's page two queries."""
    own = Q(venue=OuterRef("venue")) | Q(event=OuterRef("event")) | Q(project=OuterRef("project"))
    plans = Plan.objects.filter(own, state__in=lifecycle.PLAN_OPEN).order_by().values("pk")
    successors = _successors().filter(supersedes=OuterRef("pk"))
    fields = {field.name: field.name for field in fields_of(Successor)}
    return found.annotate(
        **{
            _OPEN_PLAN: Subquery(plans[:1]),
            _SUCCESSOR: Subquery(successors.values_list(JSONObject(**fields))[:1]),
        }
    )


def _successors() -> QuerySet[Certificate]:
    over = [lifecycle.REVOKED, lifecycle.SURRENDERED]
    return Certificate.objects.exclude(state__in=over).order_by("-created_at")


def _open_plan_of(certificate: Certificate) -> UUID | None:
    known: UUID | None = certificate.__dict__[_OPEN_PLAN]
    return known


def _successor_of(certificate: Certificate) -> Successor | None:
    read: dict[str, str] | None = certificate.__dict__[_SUCCESSOR]
    if read is None:
        return None
    ids = {name: UUID(read[name]) for name in ("pk", "organisation_id")}
    return Successor(**{**read, **ids})  # type: ignore[arg-type]


def certificate_page(certificate: Certificate, *, today: date) -> CertificatePage:
    """Two queries, whatever the history of a certificate that was read `with_neighbours`; else one more."""
    if _SUCCESSOR not in certificate.__dict__:
        now = with_neighbours(Certificate.objects.all()).get(pk=certificate.pk)
        certificate.__dict__.update({name: now.__dict__[name] for name in (_OPEN_PLAN, _SUCCESSOR)})
    found = tuple(certificate.proposals.select_related("proposed_by", "confirmed_by").order_by("-proposed_at", "-pk"))
    certificate.__dict__[_LAPSE] = next((p.lapses_at for p in found if p.is_open and p.urgent), None)
    conditions = tuple(certificate.conditions.select_related("owner"))
    for condition in conditions:
        condition.certificate = certificate
    return CertificatePage(
        certificate=certificate,
        state=effective_state(certificate, today),
        conditions=conditions,
        proposals=found,
        open_plan=_open_plan_of(certificate),
        replaced_by=_successor_of(certificate),
    )
