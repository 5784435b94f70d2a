"""Reads over subjects, shaped for pages, for policies of other apps and for the standard's `when`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from accounts.models import Organisation
from accounts.selectors import Viewer, authority
from core import keyset, postcodes
from events.domain.subjects import EXTRA_FACTS
from events.domain.tiers import Determination, Facts, current_rule_set, determine, parse_facts, tier_of_project
from events.models import Event, Project, Subject, TierDetermination, Venue

__all__ = [
    "MODELS",
    "Subject",
    "VenueChoice",
    "determinations_of",
    "determine_subject",
    "editable_organisations",
    "get_subject",
    "host_moved_on",
    "latest_determination",
    "subject_facts",
    "subject_list",
    "tier_facts",
    "uuid_or_404",
    "venue_to_hold_at",
    "venues_to_hold_at",
]

MODELS: Final[Mapping[str, type[Venue | Event | Project]]] = MappingProxyType(
    {"venue": Venue, "event": Event, "project": Project}
)
NEWEST_FIRST: Final = ("-created_at", "-id")
_FOUND_AT_MOST: Final = 20
_SHORTEST_SEARCH: Final = 2
_SHORTEST_POSTCODE: Final = 3


def get_subject(kind: str, pk: uuid.UUID, user: Viewer) -> Subject:
    """404 (Http404) for a stranger and for an unknown kind alike."""
    model = MODELS.get(kind, Venue)
    queryset: QuerySet[Subject] = model.objects.visible_to(user).select_related("organisation", "area", "created_by")
    if kind == "event":
        queryset = queryset.select_related("venue")
    return get_object_or_404(queryset if kind in MODELS else queryset.none(), pk=pk)


def subject_list(
    user: Viewer, kind: str, *, archived: bool, after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[Subject]:
    """One query. Everybody's own list: their organisations', their area's, or for an auditor all."""
    queryset: QuerySet[Subject] = MODELS[kind].objects.visible_to(user)
    queryset = queryset.filter(archived_at__isnull=not archived).select_related("organisation", "area")
    return keyset.page(queryset, order=NEWEST_FIRST, after=after, size=size)


def editable_organisations(user: Viewer) -> QuerySet[Organisation]:
    """Those for which the person may register and change things."""
    who = authority(user)
    return Organisation.objects.filter(pk__in=[pk for pk in who.organisations if who.can_edit_for(pk)]).order_by(
        "name", "pk"
    )


# The tier ---------------------------------------------------------------------------------------------------------------


def tier_facts(subject: Subject) -> Facts:
    """Of an event at a venue of the register, what is stored of the venue is the host's. Raises FactsError."""
    given: dict[str, object] = {name: value for name, value in subject.facts.items() if name in EXTRA_FACTS}
    given["expected_attendance"] = subject.expected_attendance
    if isinstance(subject, Event):
        given["kind"] = "event"
        if subject.venue is not None:
            given |= {"host_tier": subject.venue.tier, "host_use": subject.venue.use or None}
    else:
        given |= {"kind": "premises", "use": subject.use or None}
        given.pop("host_tier", None)
        given.pop("host_use", None)
    return parse_facts(given)


def determine_subject(subject: Subject, *, on: date) -> Determination:
    """By the rule set of that day; a project's is marked predicted. Raises FactsError."""
    judge = tier_of_project if isinstance(subject, Project) else determine
    return judge(tier_facts(subject), current_rule_set(on))


def determinations_of(subject: Subject) -> QuerySet[TierDetermination]:
    own = Q((f"{subject.kind}_id", subject.pk))
    return TierDetermination.objects.filter(own).select_related("determined_by").order_by("-determined_at", "-pk")


def latest_determination(subject: Subject) -> TierDetermination:
    """There is one from the moment of registration."""
    found = determinations_of(subject).first()
    if found is None:
        raise TierDetermination.DoesNotExist
    return found


def host_moved_on(subject: Subject, determination: TierDetermination) -> bool:
    """The hosting venue's tier or use is not what the event was judged by: saving the event again would tell."""
    if not isinstance(subject, Event) or subject.venue is None:
        return False
    facts = determination.facts
    return (facts.get("host_tier"), facts.get("host_use")) != (subject.venue.tier, subject.venue.use or None)


def subject_facts(subject: Subject) -> dict[str, object]:
    """The facts over which a standard's `when` decides. A fact that a kind of subject lacks is left out: its leaf is false."""
    facts = tier_facts(subject)
    use = facts.host_use if isinstance(subject, Event) else facts.use
    found: dict[str, object] = {
        "kind": subject.kind,
        "tier": subject.judged_tier,
        "act_tier": subject.tier,
        "expected_attendance": subject.expected_attendance,
        "responsible_is_individual": subject.responsible_kind == "individual",
        "shared_site": subject.shared_site,
        "police_assets_requested": isinstance(subject, Event) and subject.police_assets_requested,
        "has_building": facts.has_building,
        "open_air": facts.open_air or facts.open_air_type is not None,
        "public_access": facts.public_access,
        "entry_check": facts.entry_check,
    }
    if use:
        found["use"] = use
    if isinstance(subject, Project):
        found["project_stage"] = subject.stage
    return found


# Holding an event at a venue of the register -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VenueChoice:
    """All that an organiser is told of a venue of another organisation before choosing it."""

    id: uuid.UUID
    name: str
    town: str


def venues_to_hold_at(words: str) -> list[VenueChoice]:
    """Venues of every organisation by name, or by the beginning of a postcode; at most 20, archived ones left out."""
    words = " ".join(words.replace("\x00", "").split())[:80]
    if len(words) < _SHORTEST_SEARCH:
        return []
    match = Q(name__icontains=words)
    if len(words) >= _SHORTEST_POSTCODE and any(c.isdigit() for c in words):
        match |= Q(postcode__istartswith=_as_postcode(words))
    rows = (
        Venue.objects.filter(match, archived_at__isnull=True).order_by("name", "pk").values_list("pk", "name", "town")
    )
    return [VenueChoice(*row) for row in rows[:_FOUND_AT_MOST]]


def venue_to_hold_at(pk: str) -> VenueChoice:
    """Http404 for one that is archived or unknown, and for what is no id."""
    choices = Venue.objects.filter(archived_at__isnull=True).only("name", "town")
    venue = get_object_or_404(choices, pk=uuid_or_404(pk))
    return VenueChoice(venue.pk, venue.name, venue.town)


def uuid_or_404(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _as_postcode(words: str) -> str:
    try:
        return postcodes.normalise(words)
    except ValueError:
        return words


def hold_on(subject: Subject) -> str:
    """Why it must stay in use and in its police area, in words for whoever asked; empty when nothing holds it.

    Answered by the app above, which `settings.SUBJECT_HOLD` names. Services ask it under the subject's lock.
    """
    answer: str = import_string(settings.SUBJECT_HOLD)(subject)
    return answer


def handover_hold_on(subject: Subject, organisation_id: uuid.UUID) -> str:
    """Why it must stay with its organisation instead of passing to that one; answered as `hold_on` is."""
    answer: str = import_string(settings.SUBJECT_HANDOVER_HOLD)(subject, organisation_id)
    return answer
