"""The first page after signing in: what each role has to do today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Appointment, Organisation, User
from accounts.selectors import Authority
from certification.domain import lifecycle, listing
from certification.models import (
    Certificate,
    CertificateCondition,
    ChangeRequest,
    ListingRequest,
    Plan,
    StandardVersion,
)
from certification.selectors import conditions, sweeps
from certification.selectors.certificates import row_of
from certification.selectors.facts import subject_of
from certification.selectors.moves import waiting_count
from certification.selectors.standards import standard_in_force
from core import outbox
from core.signing.errors import AwaitingKey
from events.models import Event, Project, Subject, Venue

_PLANS_SHOWN: Final = 10
_CERTIFICATES_SHOWN: Final = 5
_SOONEST_SHOWN: Final = 5
_CONDITIONS_SHOWN: Final = 5
_EXPIRING: Final = timedelta(days=120)
_RECENTLY: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """`yours`: the organisation has to act."""

    plan: Plan
    subject: Subject
    next_step: str
    yours: bool


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """`state` and its `words` as of now, whether or not the sweeps have come."""

    certificate: Certificate
    state: str
    words: str
    days_left: int
    expiring: bool


@dataclass(frozen=True, slots=True)
class OrganisationHome:
    """`may_register`: the person is owner or editor somewhere."""

    organisations: tuple[Organisation, ...]
    may_register: bool
    places: int
    plans: tuple[OpenPlan, ...]
    certificates: tuple[HeldCertificate, ...]
    conditions: tuple[CertificateCondition, ...]


@dataclass(frozen=True, slots=True)
class Soon:
    plan: Plan
    subject: Subject
    days: int
    url: str


@dataclass(frozen=True, slots=True)
class PoliceHome:
    waiting: int
    mine: int
    with_organisers: int
    to_sign: int
    to_confirm: int
    signs: bool
    soonest: tuple[Soon, ...]
    conditions: int


@dataclass(frozen=True, slots=True)
class NationalHome:
    in_force: StandardVersion | None
    drafts: int
    plans: int
    certificates: int
    officers: int
    awaiting_key: int
    listing_asked: int
    overdue: tuple[str, ...]

    @property
    def listing_asked_words(self) -> str:
        return ngettext("%d waits", "%d wait", self.listing_asked) % self.listing_asked


def for_organisations(user: User, who: Authority, *, today: date) -> OrganisationHome:
    """Six queries, whatever the number of places."""
    ids = list(who.organisations)
    return OrganisationHome(
        organisations=tuple(Organisation.objects.filter(pk__in=ids).order_by("name", "pk")[:20]),
        may_register=any(who.can_edit_for(pk) for pk in ids),
        places=_places_of(ids),
        plans=tuple(_open_plan(plan) for plan in _plans_of(user)),
        certificates=tuple(_held(certificate, today) for certificate in _certificates_of(ids, today)),
        conditions=conditions.outstanding_of(ids, today=today, most=_CONDITIONS_SHOWN),
    )


def _places_of(ids: Sequence[UUID]) -> int:
    venues, *others = (
        model.objects.filter(organisation_id__in=ids, archived_at__isnull=True).order_by().values("pk")
        for model in (Venue, Event, Project)
    )
    return venues.union(*others, all=True).count()


def for_police(user: User, who: Authority, *, today: date) -> PoliceHome:
    """Two queries over the plans of the officer's areas, one over what waits for a second officer, one over the conditions."""
    reach = Plan.objects.filter(area_id__in=list(who.areas), state__in=lifecycle.PLAN_WITH_POLICE)
    counts = reach.aggregate(
        waiting=Count("pk", filter=Q(state=lifecycle.SUBMITTED)),
        mine=Count("pk", filter=Q(state=lifecycle.UNDER_REVIEW, reviewer=user)),
        with_organisers=Count("pk", filter=Q(state=lifecycle.CHANGES_REQUESTED)),
        to_sign=Count("pk", filter=Q(state=lifecycle.RECOMMENDED)),
    )
    signs = any(Appointment.Role.AUTHORISER in roles for roles in who.areas.values())
    soonest = _with_subjects(reach.filter(needed_by__gte=today).order_by("needed_by", "pk"))[:_SOONEST_SHOWN]
    to_confirm = waiting_count(user, now=timezone.now())
    return PoliceHome(
        **counts,
        to_confirm=to_confirm,
        signs=signs,
        soonest=tuple(_soon(plan, today) for plan in soonest),
        conditions=conditions.count_to_look_at(user, today=today),
    )


def national(*, today: date) -> NationalHome:
    """Counts alone: a national administrator reads no case."""
    counts = _counts(
        drafts=StandardVersion.objects.filter(state=StandardVersion.State.DRAFT),
        plans=Plan.objects.filter(state__in=lifecycle.PLAN_WITH_POLICE),
        certificates=Certificate.objects.filter(state=lifecycle.IN_FORCE, valid_until__gte=today),
        listing_asked=ListingRequest.objects.filter(state=listing.ASKED),
    )
    return NationalHome(
        in_force=standard_in_force(today),
        **counts,
        officers=User.objects.filter(is_active=True, appointments__ended_at__isnull=True, appointments__isnull=False)
        .distinct()
        .count(),
        awaiting_key=outbox.waiting_for(AwaitingKey).count,
        overdue=sweeps.overdue(),
    )


def _counts(**counted: QuerySet[Any]) -> dict[str, int]:
    """Of several tables, in one query."""
    rows = [
        found.order_by().annotate(name=Value(name, CharField())).values("name").annotate(count=Count("pk"))
        for name, found in counted.items()
    ]
    by_name = {row["name"]: row["count"] for row in rows[0].union(*rows[1:], all=True)}
    return {name: by_name.get(name, 0) for name in counted}


def _with_subjects(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    return plans.select_related("venue", "event", "project", "organisation", "area")


def _plans_of(user: User) -> list[Plan]:
    own = Plan.objects.visible_to(user).filter(state__in=lifecycle.PLAN_OPEN)
    asked = Q(change_requests__state=ChangeRequest.State.OPEN)
    counted = own.annotate(asked=Count("change_requests", filter=asked))
    return list(
        _with_subjects(counted).order_by(F("needed_by").asc(nulls_last=True), "-updated_at", "-pk")[:_PLANS_SHOWN]
    )


def _certificates_of(organisations: Collection[UUID], today: date) -> list[Certificate]:
    """In force, and those that ran out lately: both are what somebody may have to renew."""
    found = Certificate.objects.with_lapse().filter(
        Q(state__in=lifecycle.CERTIFICATE_LIVE) | Q(state=lifecycle.EXPIRED, valid_until__gte=today - _RECENTLY),
        organisation_id__in=organisations,
    )
    return list(found.order_by("valid_until", "pk")[:_CERTIFICATES_SHOWN])


def _open_plan(plan: Plan) -> OpenPlan:
    asked: int = plan.__dict__.get("asked", 0)
    yours = plan.state in lifecycle.PLAN_EDITABLE
    words = {
        lifecycle.DRAFT: _("Go on answering"),
        lifecycle.SUBMITTED: _("Waiting for a police adviser"),
        lifecycle.UNDER_REVIEW: _("Being reviewed"),
        lifecycle.CHANGES_REQUESTED: ngettext("%(count)s change asked for", "%(count)s changes asked for", asked)
        % {"count": asked},
        lifecycle.RECOMMENDED: _("Waiting for a decision"),
    }
    return OpenPlan(plan, subject_of(plan), words[plan.state], yours)


def _held(certificate: Certificate, today: date) -> HeldCertificate:
    row = row_of(certificate, today)
    return HeldCertificate(certificate, row.state, row.words, row.days_left, expiring=row.is_expiring)


def _soon(plan: Plan, today: date) -> Soon:
    assert plan.needed_by is not None  # noqa: S101 - by the filter
    return Soon(plan, subject_of(plan), (plan.needed_by - today).days, reverse("certification:review", args=[plan.pk]))
