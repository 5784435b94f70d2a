"""Reads for the pages of certificates: the list, one certificate, when they run out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear

from accounts.selectors import Viewer
from certification.domain import lifecycle
from certification.models import Certificate, CertificateCondition, Plan, Proposal
from core import keyset

EXPIRING_DAYS = 120
_MONTHS_SHOWN = 12
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Filters:
    """`state` a state of the lifecycle, "expiring", or empty for all."""

    state: str = ""
    area: str = ""
    number: str = ""


def effective_state(certificate: Certificate, today: date) -> str:
    """The state as it is today: past its last day a certificate has expired, whether or not the sweep has come by."""
    if certificate.state in lifecycle.CERTIFICATE_LIVE and certificate.valid_until < today:
        return lifecycle.EXPIRED
    return certificate.state


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
    words = str(Certificate.State(state).label).capitalize()
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


def kind_of(certificate: Certificate) -> str:
    return "event" if certificate.event_id else "project" if certificate.project_id else "venue"


def listed_for(
    user: Viewer, filters: Filters, *, today: date, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[Certificate]:
    """One page of what the user may see, newest decision first; one query."""
    found = _filtered(Certificate.objects.visible_to(user), filters, today=today)
    order = ("valid_until", "id") if filters.state == "expiring" else ("-decided_on", "-id")
    return keyset.page(found.select_related("area"), order=order, after=after, size=size)


def _filtered(found: QuerySet[Certificate], filters: Filters, *, today: date) -> QuerySet[Certificate]:
    if filters.state == "expiring":
        end = date.fromordinal(today.toordinal() + EXPIRING_DAYS)
        found = found.filter(state=lifecycle.IN_FORCE, valid_until__gte=today, valid_until__lte=end)
    elif filters.state == lifecycle.EXPIRED:
        found = found.filter(state__in=[lifecycle.EXPIRED, *lifecycle.CERTIFICATE_LIVE], valid_until__lt=today)
    elif filters.state in lifecycle.CERTIFICATE_LIVE:
        found = found.filter(state=filters.state, valid_until__gte=today)
    elif filters.state:
        found = found.filter(state=filters.state)
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
class CertificatePage:
    """What one certificate's page shows. `open_plan` is the id of a renewal that has been begun and not decided."""

    certificate: Certificate
    state: str
    conditions: tuple[CertificateCondition, ...]
    revocations: tuple[Proposal, ...]
    open_plan: UUID | None
    replaced_by: Certificate | None

    @property
    def proposal(self) -> Proposal | None:
        return next((r for r in self.revocations if r.confirmed_at is None and r.dropped_at is None), None)

    @property
    def confirmed(self) -> Proposal | None:
        return next((r for r in self.revocations if r.confirmed_at is not None), None)


def certificate_page(certificate: Certificate, *, today: date) -> CertificatePage:
    """Four queries, whatever the certificate's history."""
    open_plans = Plan.objects.filter(_same_subject(certificate), state__in=lifecycle.PLAN_OPEN)
    successors = Certificate.objects.filter(supersedes=certificate).exclude(state=lifecycle.REVOKED)
    conditions = tuple(certificate.conditions.select_related("owner"))
    for condition in conditions:
        condition.certificate = certificate
    return CertificatePage(
        certificate=certificate,
        state=effective_state(certificate, today),
        conditions=conditions,
        revocations=tuple(
            certificate.proposals.filter(kind=Proposal.Kind.REVOKE)
            .select_related("proposed_by", "confirmed_by")
            .order_by("-proposed_at", "-pk")
        ),
        open_plan=open_plans.values_list("pk", flat=True).first(),
        replaced_by=successors.order_by("-decided_on").first(),
    )
