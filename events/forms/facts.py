"""From the words of a page to triage facts, and back into a form."""

from __future__ import annotations

from collections.abc import Mapping

from events.domain.facts import OPEN_AIR_TYPES
from events.models import Event, Project, Subject, Venue

__all__ = ["event_facts", "initial_facts", "premises_facts", "triage_facts"]

_YES_NO = {"yes": True, "no": False}
_WORDS = {True: "yes", False: "no"}
_HOST_TIERS = {"yes": "enhanced", "no": "none"}
_PREMISES_FLAGS = ("recurring", "has_building", "wholly_or_mainly", "public_access", "designated_sports_ground")
_EVENT_FLAGS = ("public_access", "has_building")

Answers = Mapping[str, object]


def premises_facts(answers: Answers) -> dict[str, object]:
    """Without `kind`, `use` and the figure, which are fields of the subject. What was not asked is left out."""
    found = _flags(answers, _PREMISES_FLAGS) | _excluded(answers)
    where = answers.get("open_air_type")
    if where:
        found["open_air"] = where != "indoors"
        found["open_air_type"] = where if where in OPEN_AIR_TYPES else None
    if where != "sports_ground":
        found.pop("designated_sports_ground", None)
    found["entry_check"] = answers.get("entry_check") or "none"
    if where in OPEN_AIR_TYPES and found["entry_check"] != "none":
        found["entry_check_scope"] = answers.get("entry_check_scope") or None
    return found


def event_facts(answers: Answers) -> dict[str, object]:
    """The host's facts are given where the event is not at a venue of the register; there the service drops them."""
    found = _flags(answers, _EVENT_FLAGS) | _excluded(answers)
    if answers.get("open_air"):
        found["open_air"] = _YES_NO[str(answers["open_air"])]
    found["entry_check"] = answers.get("entry_check") or "none"
    if found["entry_check"] != "none":
        found["entry_check_scope"] = answers.get("entry_check_scope") or None
        if found["entry_check_scope"] == "part_of_site":
            found["part_attendance"] = answers.get("part_attendance")
    found["host_use"] = none_to_null(answers.get("host_use"))
    found["host_tier"] = _HOST_TIERS.get(str(answers.get("host_tier")))
    return found


def triage_facts(answers: Answers) -> dict[str, object]:
    """Everything that `parse_facts` needs. `answers` are the cleaned ones of a finished triage; a project is judged as
    the premises that it will be.
    """
    figure = {"expected_attendance": answers["expected_attendance"]}
    if answers["kind"] == "event":
        return {"kind": "event", **figure, **event_facts(answers)}
    return {"kind": "premises", "use": none_to_null(answers.get("use")), **figure, **premises_facts(answers)}


def initial_facts(subject: Subject) -> dict[str, object]:
    """What the fields of `fields.py` show for a stored subject."""
    facts = subject.facts
    initial: dict[str, object] = {"excluded_kind": facts.get("excluded_kind") or "none"}
    for name in {*_PREMISES_FLAGS, *_EVENT_FLAGS}:
        if name in facts:
            initial[name] = _WORDS[bool(facts[name])]
    for name in ("entry_check", "entry_check_scope", "part_attendance"):
        if facts.get(name) is not None:
            initial[name] = facts[name]
    if isinstance(subject, Venue | Project):
        initial["use"] = subject.use or "none"
        initial["open_air_type"] = facts.get("open_air_type") or (
            "other_open_air" if facts.get("open_air") else "indoors"
        )
    if isinstance(subject, Event):
        initial["open_air"] = _WORDS[bool(facts.get("open_air"))]
        initial["host_use"] = facts.get("host_use") or "none"
        initial["host_tier"] = {"enhanced": "yes", "none": "no"}.get(str(facts.get("host_tier")), "unknown")
    return initial


def none_to_null(word: object) -> object:
    return None if word in {"none", "", None} else word


def _flags(answers: Answers, names: tuple[str, ...]) -> dict[str, object]:
    return {name: _YES_NO[str(answers[name])] for name in names if answers.get(name)}


def _excluded(answers: Answers) -> dict[str, object]:
    code = none_to_null(answers.get("excluded_kind"))
    return {"excluded_kind": code} if code else {}
