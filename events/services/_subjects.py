"""What the three kinds of subject share when they are written. Only the modules beside this one call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, postcodes
from core.domain.faults import Fault
from core.errors import Conflict, IllegalMove, InvalidInput
from events import selectors
from events.domain.subjects import EXTRA_FACTS, SubjectData, common_faults, senior_faults
from events.domain.tiers import Determination, FactsError, answers_scheme
from events.models import Event, Project, Subject, TierDetermination, Venue

S = TypeVar("S", Venue, Event, Project)

_COPIED = (
    "expected_attendance",
    "attendance_basis",
    "responsible_kind",
    "chosen_tier",
    "latitude",
    "longitude",
    "shared_site",
)
_TEXTS = ("name", "address", "town", "responsible_name", "responsible_ground", "senior_name", "senior_position")


class TierWouldChange(Conflict):
    """The change moves the tier and nobody confirmed that. Nothing was saved."""

    code = "tier-would-change"

    def __init__(self, *, tier: str, judged_tier: str, determination: Determination, judged_after: str) -> None:
        super().__init__(_("These changes move the tier. Confirm that before they are saved."))
        self.tier = tier
        self.judged_tier = judged_tier
        self.determination = determination
        self.judged_after = judged_after

    @property
    def token(self) -> str:
        """Names this very move: a confirmation given for another one does not count for it."""
        return f"{self.tier}.{self.judged_tier}-{self.determination.tier}.{self.judged_after}"


@dataclass(frozen=True, slots=True)
class Before:
    """The stored subject as it was before the new data was put on it."""

    tier: str
    judged_tier: str
    values: dict[str, object]


def refuse(faults: Iterable[Fault]) -> None:
    """Raise InvalidInput for the first fault; the page has shown all of them, a program reads one at a time."""
    for fault in faults:
        raise InvalidInput(fault.message, fault.place)


def check_version(subject: Subject, expected_version: int) -> None:
    if subject.version != expected_version:
        raise Conflict(
            _("Somebody else changed this while you were working on it. Nothing of yours was saved yet."), subject
        )


def snapshot(subject: Subject) -> Before:
    values = {field.attname: getattr(subject, field.attname) for field in subject._meta.concrete_fields}
    return Before(subject.tier, subject.judged_tier, values)


def fill(subject: Subject, data: SubjectData) -> None:
    """Put the common part of the data on the subject. An event at a venue takes the place of the venue afterwards."""
    refuse(common_faults(data))
    for name in _TEXTS:
        setattr(subject, name, " ".join(getattr(data, name).split()))
    for name in _COPIED:
        setattr(subject, name, getattr(data, name))
    subject.area_id = data.area_code
    try:
        subject.postcode = postcodes.normalise(data.postcode)
    except ValueError as error:
        raise InvalidInput(_("Enter a full UK postcode, for example LS1 4AP."), "postcode") from error
    subject.facts = {
        name: data.facts[name] for name in sorted(EXTRA_FACTS & set(data.facts)) if data.facts[name] is not None
    }


def determine(subject: Subject, data: SubjectData, *, at: datetime) -> Determination:
    """Set both tiers by the facts that are on the subject; raises InvalidInput for facts that cannot be judged."""
    try:
        found = selectors.determine_subject(subject, on=timezone.localdate(at))
    except FactsError as error:
        fault = error.faults[0]
        raise InvalidInput(fault.message, fault.place) from error
    subject.tier = found.tier
    subject.judged_tier = judged(found.tier, data.chosen_tier)
    refuse(senior_faults(data, subject.judged_tier))
    return found


def judged(tier: str, chosen: str) -> str:
    try:
        return answers_scheme(tier, chosen)
    except ValueError as error:
        raise InvalidInput(_("Choose the standard or the enhanced tier."), "chosen_tier") from error


def store_new(subject: S, found: Determination, *, actor: User, at: datetime) -> S:
    subject.created_by = actor
    subject.created_at = subject.updated_at = at
    _check_fields(subject)
    subject.save(force_insert=True)
    _store_determination(subject, found, actor=actor, at=at)
    _record(subject, "registered", actor, {"tier": subject.tier, "judged_tier": subject.judged_tier})
    return subject


def store_change(
    subject: S, found: Determination, before: Before, *, actor: User, at: datetime, tier_change_confirmed: bool
) -> S:
    moved = (before.tier, before.judged_tier) != (subject.tier, subject.judged_tier)
    if moved and not tier_change_confirmed:
        raise TierWouldChange(
            tier=before.tier, judged_tier=before.judged_tier, determination=found, judged_after=subject.judged_tier
        )
    _check_fields(subject)
    if before.values["area_id"] != subject.area_id:
        _require_free_to_leave_area(subject)
    changed = [name for name, value in before.values.items() if getattr(subject, name) != value]
    subject.version += 1
    subject.updated_at = at
    subject.save()
    _store_determination(subject, found, actor=actor, at=at)
    facts: dict[str, object] = {"changed": sorted(changed), "version": subject.version}
    if moved:
        facts |= {"tier": [before.tier, subject.tier], "judged_tier": [before.judged_tier, subject.judged_tier]}
    _record(subject, "changed", actor, facts)
    return subject


def store_archived(subject: S, *, actor: User, at: datetime | None) -> S:
    """`at` None brings it back. The version moves, so that a form opened before is told."""
    if (subject.archived_at is None) == (at is None):
        raise IllegalMove(_("This is archived already.") if at else _("This is not archived."))
    if at and (hold := selectors.hold_on(subject)):
        raise IllegalMove(_("This cannot be archived yet. %(why)s") % {"why": hold})
    subject.archived_at = at
    subject.version += 1
    subject.save(update_fields=["archived_at", "version"])
    _record(subject, "archived" if at else "restored", actor, {"version": subject.version})
    return subject


def _require_free_to_leave_area(subject: Subject) -> None:
    """Plan and certificate stay with the police area that they were begun in."""
    if hold := selectors.hold_on(subject):
        raise InvalidInput(_("The police area cannot be changed yet. %(why)s") % {"why": hold}, "area_code")


def _check_fields(subject: Subject) -> None:
    """Lengths, choices and ranges of the columns, which a page's form has checked and a program's call has not."""
    try:
        subject.clean_fields(exclude=["organisation", "created_by", "venue", "facts"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(messages[0], "area_code" if field == "area" else field) from error


def _store_determination(subject: Subject, found: Determination, *, actor: User, at: datetime) -> None:
    plain = found.as_dict()
    TierDetermination.objects.create(
        venue=subject if isinstance(subject, Venue) else None,
        event=subject if isinstance(subject, Event) else None,
        project=subject if isinstance(subject, Project) else None,
        facts=selectors.tier_facts(subject).as_dict(),
        rule_set=found.rule_set,
        tier=found.tier,
        predicted=found.predicted,
        reasons=plain["reasons"],
        advice=plain["advice"],
        determined_by=actor,
        determined_at=at,
    )


def _record(subject: Subject, verb: str, actor: User, facts: dict[str, object]) -> None:
    audit.record(
        actor=actor, action=f"{subject.kind}.{verb}", target=subject, facts=facts, case=f"{subject.kind}:{subject.pk}"
    )
