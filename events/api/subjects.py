"""Venues, events and projects. The three kinds have the same operations, so their views are made from one description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from core import keyset
from core.api_schema import operation
from core.api_serializers import Empty, PageQuery, page_body, page_of
from core.api_views import ApiView
from core.errors import Conflict
from events import policies, selectors
from events.api.triage import shown
from events.domain.subjects import EXTRA_FACTS
from events.models import Subject, TierDetermination
from events.serializers import subjects as shapes
from events.serializers.tiers import DeterminationSerializer
from events.services.venues import TierWouldChange
from events.views import _actions

__all__ = ["KINDS", "Kind", "archive", "collection", "determinations", "member", "restore"]

READ: Final = "subjects:read"
WRITE: Final = "subjects:write"


@dataclass(frozen=True, slots=True)
class Kind:
    """`plural` is the word of addresses and operations."""

    code: str
    plural: str
    new: type[shapes.SubjectInput]
    change: type[shapes.SubjectInput]
    shape: type[shapes.SubjectSerializer]


KINDS: Final = (
    Kind("venue", "venues", shapes.NewVenueSerializer, shapes.VenueChangeSerializer, shapes.VenueSerializer),
    Kind("event", "events", shapes.NewEventSerializer, shapes.EventChangeSerializer, shapes.EventSerializer),
    Kind("project", "projects", shapes.NewProjectSerializer, shapes.ProjectChangeSerializer, shapes.ProjectSerializer),
)
_FACT_FIELDS: Final = {name: f"facts.{name}" for name in EXTRA_FACTS}


class SubjectView(ApiView):
    fields_of_service = MappingProxyType({**_FACT_FIELDS, "venue": "venue_id"})

    def conflict_details(self, error: Conflict) -> dict[str, object]:
        if isinstance(error, TierWouldChange):
            after = shown(error.determination, judged_tier=error.judged_after)
            move = {
                "tier": error.tier,
                "judged_tier": error.judged_tier,
                "determination": after,
                "confirm": error.token,
            }
            return {"move": shapes.MoveSerializer(move).data}
        version = getattr(error.current, "version", None)
        return {} if version is None else {"version": version}


def collection(kind: Kind) -> type[ApiView]:
    class Collection(SubjectView):
        @operation(
            f"{kind.plural}_list",
            f"List your {kind.plural}",
            scope=READ,
            gives=page_of(shapes.SubjectRowSerializer),
            query=shapes.SubjectQuery,
        )
        def get(self, request: Request) -> Response:
            """Newest first: your organisations', your police area's, or for an auditor all."""
            asked = self.asked(shapes.SubjectQuery)
            page = selectors.subject_list(
                request.user, kind.code, archived=asked["archived"], after=asked["after"], size=asked["size"]
            )
            return Response(page_body(page, shapes.SubjectRowSerializer))

        @operation(
            f"{kind.plural}_create",
            f"Register a new {kind.code}",
            scope=WRITE,
            takes=kind.new,
            gives=kind.shape,
            status=201,
        )
        def post(self, request: Request) -> Response:
            """The tier is determined from the facts and kept with its reasons."""
            given = self.bound(kind.new)
            made = _actions.register(
                actor=signed_in(request.user), organisation_id=given["organisation_id"], data=kind.new.data_of(given)
            )
            return self.answer(kind.shape, made, status=201)

    return Collection


def member(kind: Kind) -> type[ApiView]:
    class Member(SubjectView):
        @operation(f"{kind.plural}_retrieve", f"One {kind.code}", scope=READ, gives=kind.shape)
        def get(self, request: Request, pk: UUID) -> Response:
            return self.answer(kind.shape, selectors.get_subject(kind.code, pk, request.user))

        @operation(
            f"{kind.plural}_change",
            f"Change a {kind.code}" if kind.code != "event" else "Change an event",
            scope=WRITE,
            takes=kind.change,
            gives=kind.shape,
            problems={409: shapes.SubjectConflictSerializer},
        )
        def put(self, request: Request, pk: UUID) -> Response:
            """Replaces the whole. A change that would move the tier is refused with the move until that is confirmed."""
            subject = selectors.get_subject(kind.code, pk, request.user)
            policies.can_edit_subject(request.user, subject).require()
            return self.answer(kind.shape, _change(request, subject, kind, self.bound(kind.change)))

    return Member


def _change(request: Request, subject: Subject, kind: Kind, given: Mapping[str, object]) -> Subject:
    """Asks without a confirmation first: one that was given for another move than this must not count."""
    actor, data, version = signed_in(request.user), kind.change.data_of(dict(given)), int(str(given["version"]))
    try:
        return _actions.change(actor=actor, pk=subject.pk, data=data, version=version, confirmed=False)
    except TierWouldChange as move:
        if given["confirm_tier_change"] != move.token:
            raise
    return _actions.change(actor=actor, pk=subject.pk, data=data, version=version, confirmed=True)


def archive(kind: Kind) -> type[ApiView]:
    class Archive(SubjectView):
        @operation(f"{kind.plural}_archive", "Put it into the archive", scope=WRITE, takes=Empty, gives=kind.shape)
        def post(self, request: Request, pk: UUID) -> Response:
            """Nothing is deleted."""
            self.bound(Empty)
            return self.answer(kind.shape, _set_archived(request, kind, pk, archived=True))

    return Archive


def restore(kind: Kind) -> type[ApiView]:
    class Restore(SubjectView):
        @operation(
            f"{kind.plural}_restore", "Bring it back from the archive", scope=WRITE, takes=Empty, gives=kind.shape
        )
        def post(self, request: Request, pk: UUID) -> Response:
            self.bound(Empty)
            return self.answer(kind.shape, _set_archived(request, kind, pk, archived=False))

    return Restore


def _set_archived(request: Request, kind: Kind, pk: UUID, *, archived: bool) -> Subject:
    subject = selectors.get_subject(kind.code, pk, request.user)
    return _actions.set_archived(actor=signed_in(request.user), subject=subject, archived=archived)


def determinations(kind: Kind) -> type[ApiView]:
    class Determinations(SubjectView):
        @operation(
            f"{kind.plural}_determinations",
            "Its tier and why, with every earlier determination",
            scope=READ,
            gives=page_of(DeterminationSerializer),
            query=PageQuery,
        )
        def get(self, request: Request, pk: UUID) -> Response:
            """Newest first."""
            asked = self.asked(PageQuery)
            visible = selectors.MODELS[kind.code].objects.visible_to(request.user).filter(pk=pk)
            found = TierDetermination.objects.filter(Q((f"{kind.code}__in", visible)))
            page = keyset.page(found, order=("-determined_at", "-pk"), after=asked["after"], size=asked["size"])
            if not page.rows and not asked["after"]:
                # Every subject has a determination from its registration on: this one is not for these eyes.
                raise Http404
            return Response(page_body(page, DeterminationSerializer))

    return Determinations
