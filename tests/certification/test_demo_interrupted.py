"""A demonstration whose building was cut off: built again it is whole, and nothing is there twice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts.models import User
from accounts.services import demo as demo_people
from certification.demo import building, stories
from certification.models import Certificate, ChangeRequest, Plan, Proposal
from certification.services import documents, sealing
from core import audit, pdf
from tests.counting import counts
from tests.factories.certification import small_standard


def ending(end: str) -> stories.Story:
    return next(story for story in stories.STORIES if story.end == end)


ARENA = ending("revoked")
THEATRE = replace(
    next(story for story in stories.STORIES if story.reaches == stories.CHANGES),
    requests={"GOV-01": "Please say more.", "GOV-02": "Please say who."},
)
SHOWN = replace(ARENA, end="", lower={"GOV-02": 2}, shown={"GOV-02": "It was put in place."})
# The step before which the process dies, how often it was done before, and in which story.
DEATHS = [
    (ARENA, "plans.begin", 0),
    (ARENA, "answers.save", 2),
    (ARENA, "evidence.attach", 0),
    (ARENA, "outbox.run", 0),
    (ARENA, "submissions.submit", 0),
    (ARENA, "reviews.claim", 0),
    (ARENA, "reviews.save_criterion", 2),
    (ARENA, "recommendations.recommend", 0),
    (ARENA, "decisions.sign", 0),
    (ARENA, "demo_dates.age", 0),
    (ARENA, "documents.render", 0),
    (ARENA, "revocations.propose", 0),
    (ARENA, "revocations.confirm", 0),
    (ending("surrendered"), "surrenders.surrender", 0),
    (ending("suspended"), "proposals.propose", 0),
    (replace(ending("varied"), lower={}), "proposals.propose", 0),
    (replace(ending("varied"), lower={}), "proposals.confirm", 0),
    (replace(ending("varied"), lower={}), "documents.render", 1),
    (SHOWN, "discharges.attach", 0),
    (SHOWN, "discharges.submit", 0),
    (THEATRE, "reviews.draft_change_request", 1),
    (THEATRE, "reviews.request_changes", 0),
]


class Killed(BaseException):
    """As a signal comes: nothing between catches it."""


@pytest.fixture
def people(db: None, settings: Settings, tmp_path: Path) -> Mapping[str, User]:
    settings.DEMO = True
    settings.DATA_DIR = tmp_path
    small_standard()
    return demo_people.create_people()


@pytest.fixture
def _quick_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "render", lambda _source: b"%PDF-1.7 small")
    monkeypatch.setattr(sealing, "seal", lambda content: content)


def dying(original: Callable[..., Any], times: int) -> Callable[..., Any]:
    """Works so many times and then no more."""
    done = iter(range(times))

    @functools.wraps(original)
    def act(*args: Any, **kwargs: Any) -> Any:
        if next(done, None) is None:
            raise Killed
        return original(*args, **kwargs)

    return act


def _where(step: str) -> tuple[Any, str]:
    module, name = step.split(".")
    # Reached through the outbox: what dies there keeps its lease, as a killed worker's job does.
    return documents if module == "documents" else getattr(building, module), name


@pytest.mark.usefixtures("_quick_documents")
@pytest.mark.parametrize(
    ("story", "step", "times"), DEATHS, ids=[f"{death[0].end or death[0].reaches}-{death[1]}" for death in DEATHS]
)
def test_interrupted_and_built_again_it_is_whole_and_single(
    people: Mapping[str, User], settings: Settings, story: stories.Story, step: str, times: int
) -> None:
    expected = _told_at_once(story, people)
    settings.OUTBOX_LEASE_SECONDS = 0
    module, name = _where(step)
    with patch.object(module, name, dying(getattr(module, name), times)), pytest.raises(Killed):
        building.tell(story, people)

    building.tell(story, people)

    assert _summary() == expected
    assert audit.verify_all().problem == ""


def _told_at_once(story: stories.Story, people: Mapping[str, User]) -> dict[str, object]:
    """What the story leaves when nothing interrupts it, and away with it."""
    with transaction.atomic():
        building.tell(story, people)
        found = _summary()
        transaction.set_rollback(True)
    return found


def _summary() -> dict[str, object]:
    rows = counts()
    for label in ("core.AuditEvent", "core.AuditChain"):
        # Saying a draft anew is on the record each time.
        rows.pop(label)
    certificates = Certificate.objects.order_by("created_at").values_list("state", "decided_on", "valid_until", "scope")
    return {
        "rows": rows,
        "plan": Plan.objects.get().state,
        "certificates": list(certificates),
        "requests": sorted(ChangeRequest.objects.values_list("criterion_code", "state")),
        "proposals": Proposal.objects.count(),
    }
