"""Reads for a condition's page, for what a holder has still to do, and for what officers have to look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from accounts.models import Membership, User
from accounts.selectors import Authority, Viewer, authority
from certification.domain import conditions as rules
from certification.domain import lifecycle
from certification.models import (
    Certificate,
    CertificateCondition,
    ConditionDischarge,
    ConditionExtension,
    Evidence,
)
from core import keyset

SUBMITTED: Final = 0
ASKED: Final = 1
OVERDUE: Final = 2
_NOTHING: Final = 9
_ORDER: Final = ("rank", "due_on", "id")


@dataclass(frozen=True, slots=True)
class ConditionPage:
    """`rounds` newest first, without what the viewer may not see; `draft` is the one being written.

    Rounds and extensions of the rows before it in its line are among them, as far as they are of the same holder.
    `goes_on` is where it stands now, if that is another certificate that the viewer sees; `passed_on` that there is such a
    certificate and the viewer does not see it, since it is another holder's.
    """

    condition: CertificateCondition
    certificate: Certificate
    draft: ConditionDischarge | None
    rounds: tuple[ConditionDischarge, ...]
    extensions: tuple[ConditionExtension, ...]
    open: bool
    overdue: bool
    stands_from: CertificateCondition | None = None
    goes_on: CertificateCondition | None = None
    passed_on: bool = False

    @property
    def submitted(self) -> ConditionDischarge | None:
        return next((one for one in self.rounds if one.state == rules.SUBMITTED and self._own(one)), None)

    @property
    def asked(self) -> ConditionExtension | None:
        return next((one for one in self.extensions if one.state == rules.ASKED and self._own(one)), None)

    def _own(self, one: ConditionDischarge | ConditionExtension) -> bool:
        """What is open is answered where it stands: for a moment that is still the certificate before."""
        return one.condition_id == self.condition.pk

    @property
    def sent_back(self) -> ConditionDischarge | None:
        """The last answer, if it was that something is missing."""
        over = (rules.WITHDRAWN, rules.LAPSED)
        sent = [one for one in self.rounds if one.submitted_at is not None and one.state not in over]
        return sent[0] if sent and sent[0].state == rules.SENT_BACK else None


def visible(user: Viewer) -> QuerySet[CertificateCondition]:
    """Whoever sees the certificate sees its conditions."""
    return CertificateCondition.objects.filter(
        certificate__in=Certificate.objects.visible_to(user).values("pk")
    ).select_related("certificate__decision", "certificate__area", "owner")


def page_of(condition: CertificateCondition, user: Viewer, *, today: date) -> ConditionPage:
    """Four queries, however long the history and however often the certificate was replaced."""
    who, certificate = authority(user), condition.certificate
    inside = who.is_auditor or who.member_of(certificate.organisation_id)
    line = _line_of(condition)
    mine = {row.pk: row for row in line if row.pk < condition.pk and _same_holder(row, condition)}
    mine[condition.pk] = condition
    discharges = ConditionDischarge.objects.filter(condition__in=mine).select_related(
        "submitted_by", "decided_by", "begun_by"
    )
    files = Evidence.objects.filter(removed_at__isnull=True).order_by("uploaded_at", "id")
    found = discharges.prefetch_related(Prefetch("evidence", queryset=files))
    rounds = [one for one in found if inside or one.submitted_at is not None]
    extensions = tuple(ConditionExtension.objects.filter(condition__in=mine).select_related("asked_by", "decided_by"))
    for one in rounds:
        one.condition = mine[one.condition_id]
    for extension in extensions:
        extension.condition = mine[extension.condition_id]
    later = [row for row in line if row.pk > condition.pk and row.certificate.issued_at is not None]
    goes_on = next((row for row in reversed(later) if _seen(who, row)), None)
    is_open = is_asked(condition, today=today)
    return ConditionPage(
        condition=condition,
        certificate=certificate,
        draft=next((one for one in rounds if one.state == rules.DRAFT and one.condition_id == condition.pk), None),
        rounds=tuple(one for one in rounds if one.state != rules.DRAFT),
        extensions=extensions,
        open=is_open,
        overdue=is_open and condition.due_on < today,
        stands_from=next((row for row in line if row.pk == condition.stands_from_id and _seen(who, row)), None),
        goes_on=goes_on,
        passed_on=bool(later) and goes_on is None,
    )


def _line_of(condition: CertificateCondition) -> list[CertificateCondition]:
    """All rows of it but this one, oldest first."""
    first = condition.origin_id or condition.pk
    found = CertificateCondition.objects.filter(Q(pk=first) | Q(origin=first)).exclude(pk=condition.pk)
    return list(found.select_related("certificate").order_by("pk"))


def _same_holder(row: CertificateCondition, other: CertificateCondition) -> bool:
    return row.certificate.organisation_id == other.certificate.organisation_id


def _seen(who: Authority, row: CertificateCondition) -> bool:
    """As `visible`."""
    certificate = row.certificate
    return who.is_auditor or who.member_of(certificate.organisation_id) or who.serves(certificate.area_id)


def discharges_of(condition: CertificateCondition) -> QuerySet[ConditionDischarge]:
    """With those that went along to another certificate of the same holder: a page that was open meanwhile names them."""
    return ConditionDischarge.objects.filter(_of_line(condition)).select_related("condition__certificate")


def extensions_of(condition: CertificateCondition) -> QuerySet[ConditionExtension]:
    return ConditionExtension.objects.filter(_of_line(condition)).select_related("condition__certificate")


def _of_line(condition: CertificateCondition) -> Q:
    later = Q(
        condition__origin=condition.origin_id or condition.pk,
        condition__pk__gt=condition.pk,
        condition__certificate__organisation=condition.certificate.organisation_id,
    )
    return Q(condition=condition) | later


def is_asked(condition: CertificateCondition, *, today: date) -> bool:
    """As ConditionQuerySet.asked_for."""
    certificate = condition.certificate
    standing = certificate.state in lifecycle.CERTIFICATE_STANDING and certificate.valid_until >= today
    return condition.discharged_at is None and standing


def members(condition: CertificateCondition) -> list[User]:
    """Who may be named: active members of the holder."""
    found = Membership.objects.filter(organisation_id=condition.certificate.organisation_id, user__is_active=True)
    return [membership.user for membership in found.select_related("user").order_by("user__name", "user__email")]


@dataclass(frozen=True, slots=True)
class History:
    """What happened to the conditions of one certificate, drafts left out."""

    discharges: tuple[ConditionDischarge, ...] = ()
    extensions: tuple[ConditionExtension, ...] = ()


def history_of(conditions: Collection[CertificateCondition]) -> History:
    """With what happened under certificates before to those that stand from them, for the same holder. Two queries, one
    more where there are such; none where there are no conditions.
    """
    if not conditions:
        return History()
    by_id = {condition.pk: condition for condition in conditions} | _earlier(conditions)
    discharges = tuple(ConditionDischarge.objects.filter(condition_id__in=by_id, submitted_at__isnull=False))
    extensions = tuple(ConditionExtension.objects.filter(condition_id__in=by_id))
    for discharge in discharges:
        discharge.condition = by_id[discharge.condition_id]
    for extension in extensions:
        extension.condition = by_id[extension.condition_id]
    return History(discharges, extensions)


def _earlier(conditions: Collection[CertificateCondition]) -> dict[int, CertificateCondition]:
    """Rows before them in their lines → the present row."""
    present = {one.origin_id: one for one in conditions if one.origin_id is not None}
    if not present:
        return {}
    found = CertificateCondition.objects.filter(Q(pk__in=present) | Q(origin__in=present))
    rows = ((row, present[row.origin_id or row.pk]) for row in found.select_related("certificate"))
    return {row.pk: one for row, one in rows if row.pk < one.pk and _same_holder(row, one)}


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the list on the certificate's page. `state`: met, with_police, sent_back, more_time, overdue,
    outstanding, or ended where nothing is asked any more.
    """

    condition: CertificateCondition
    state: str


def work_of(conditions: Sequence[CertificateCondition], history: History, *, today: date) -> tuple[Work, ...]:
    """`history` is of these conditions; nothing is asked of the database."""
    last: dict[int, str] = {}
    for one in sorted(history.discharges, key=lambda found: (found.begun_at, found.pk)):
        if one.state not in (rules.WITHDRAWN, rules.LAPSED):
            last[one.condition_id] = one.state
    return tuple(Work(one, _state(one, last.get(one.pk, ""), today)) for one in conditions)


def _state(condition: CertificateCondition, last: str, today: date) -> str:
    if condition.discharged_at is not None:
        return "met"
    if not is_asked(condition, today=today):
        return "ended"
    if last == rules.SUBMITTED:
        return "with_police"
    if condition.due_on < today:
        return "overdue"
    return "sent_back" if last == rules.SENT_BACK else "outstanding"


@dataclass(frozen=True, slots=True)
class LookRow:
    """`rank`: a discharge waits, more time is asked, or it is overdue. `own`: this officer may not decide it."""

    condition: CertificateCondition
    rank: int
    days_left: int
    own: bool


@dataclass(frozen=True, slots=True)
class LookPage:
    rows: tuple[LookRow, ...]
    newer: str | None
    older: str | None


def to_look_at(user: User, *, today: date, after: str = "") -> LookPage:
    """The officer's areas, for an auditor all of them: sent in first, then asked, then overdue; one query."""
    page = keyset.page(_ranked(user, today), order=_ORDER, after=after)
    who = authority(user)
    rows = tuple(
        LookRow(
            condition=one,
            rank=one.__dict__["rank"],
            days_left=(one.due_on - today).days,
            own=who.member_of(one.certificate.organisation_id) or one.certificate.decision.decided_by_id == who.user_id,
        )
        for one in page.rows
    )
    return LookPage(rows, page.previous_cursor, page.next_cursor)


def count_to_look_at(user: User, *, today: date) -> int:
    return _ranked(user, today).count()


def to_look_at_page(user: User, *, today: date, after: str, size: int) -> keyset.Page[CertificateCondition]:
    return keyset.page(_ranked(user, today), order=_ORDER, after=after, size=size)


def _ranked(user: User, today: date) -> QuerySet[CertificateCondition]:
    who = authority(user)
    found = CertificateCondition.objects.asked_for(today)
    if not who.is_auditor:
        found = found.filter(certificate__area_id__in=list(who.areas))
    submitted = ConditionDischarge.objects.filter(condition=OuterRef("pk"), state=rules.SUBMITTED)
    asked = ConditionExtension.objects.filter(condition=OuterRef("pk"), state=rules.ASKED)
    not_waiting = Q(waiting_until__isnull=True) | Q(waiting_until__lt=today)
    rank = Case(
        When(Exists(submitted), then=Value(SUBMITTED)),
        When(Exists(asked), then=Value(ASKED)),
        When(not_waiting & Q(due_on__lt=today), then=Value(OVERDUE)),
        default=Value(_NOTHING),
        output_field=IntegerField(),
    )
    return found.annotate(rank=rank).filter(rank__lt=_NOTHING).select_related("certificate__decision", "owner")


def outstanding_of(organisations: Collection[UUID], *, today: date, most: int) -> tuple[CertificateCondition, ...]:
    """For the first page after signing in: what falls due soonest and is not with the police."""
    waiting = ConditionDischarge.objects.filter(condition=OuterRef("pk"), state=rules.SUBMITTED)
    found = CertificateCondition.objects.asked_for(today).filter(
        ~Exists(waiting), certificate__organisation_id__in=organisations
    )
    return tuple(found.select_related("certificate", "owner").order_by(F("due_on").asc(), "pk")[:most])
