"""What may be made different in a certificate without a new decision: narrower words, an earlier end, other conditions.

More cover than was decided on, a later end or a later date to meet a condition is no variation: that takes a renewal, a
review of what has changed, or an extension with its own reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from core.domain.faults import Fault

__all__ = ["Changes", "Present", "Term", "faults"]

LONGEST_SCOPE: Final = 300
LONGEST_NAME: Final = 160
LONGEST_CONDITION: Final = 2000
_NAMES: Final = ("holder_name", "subject_name")
_KEYS: Final = frozenset({"scope", "valid_until", "conditions", *_NAMES})


@dataclass(frozen=True, slots=True)
class Term:
    """A condition that is to be met: its criterion, its words, its day."""

    code: str
    text: str
    due_on: date

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text, "due_on": self.due_on.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        return cls(str(data["code"]), str(data["text"]), date.fromisoformat(str(data["due_on"])))


@dataclass(frozen=True, slots=True)
class Changes:
    """None leaves a thing as it is. `conditions` are all that are outstanding afterwards; what was met stays met."""

    scope: str | None = None
    holder_name: str | None = None
    subject_name: str | None = None
    valid_until: date | None = None
    conditions: tuple[Term, ...] | None = None

    def as_dict(self) -> dict[str, object]:
        """JSON, without what stays as it is."""
        found: dict[str, object] = {
            name: value for name in ("scope", *_NAMES) if (value := getattr(self, name)) is not None
        }
        if self.valid_until is not None:
            found["valid_until"] = self.valid_until.isoformat()
        if self.conditions is not None:
            found["conditions"] = [term.as_dict() for term in self.conditions]
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Of what `as_dict` wrote. Raises ValueError for anything else."""
        if unknown := sorted(set(data) - _KEYS):
            raise ValueError(f"not known: {', '.join(unknown)}")
        end, conditions = data.get("valid_until"), data.get("conditions")
        if conditions is not None and not isinstance(conditions, Sequence):
            raise ValueError("conditions must be a list")
        return cls(
            **{name: str(data[name]) for name in ("scope", *_NAMES) if name in data},
            valid_until=date.fromisoformat(str(end)) if end is not None else None,
            conditions=tuple(Term.from_dict(item) for item in conditions) if conditions is not None else None,
        )


@dataclass(frozen=True, slots=True)
class Present:
    """The certificate as it is. `codes`: the criteria of its standard, for which a condition can be set."""

    scope: str
    holder_name: str
    subject_name: str
    valid_until: date
    outstanding: tuple[Term, ...]
    codes: frozenset[str]

    def without_what_stays(self, changes: Changes) -> Changes:
        """The changes that are changes."""
        kept: dict[str, str | None] = {}
        for name in ("scope", *_NAMES):
            wanted = getattr(changes, name)
            kept[name] = wanted if wanted != getattr(self, name) else None
        same = changes.conditions is not None and set(changes.conditions) == set(self.outstanding)
        return Changes(
            **kept,
            valid_until=changes.valid_until if changes.valid_until != self.valid_until else None,
            conditions=None if same else changes.conditions,
        )


def faults(changes: Changes, present: Present, *, today: date) -> Iterator[Fault]:
    """Each with the name of its field; `conditions` for those of the list."""
    if not present.without_what_stays(changes).as_dict():
        yield Fault("", "Change something: as it stands the new certificate would say the same as the old one.")
    yield from _word_faults("scope", changes.scope, LONGEST_SCOPE)
    for name in _NAMES:
        yield from _word_faults(name, getattr(changes, name), LONGEST_NAME)
    end = changes.valid_until
    if end is not None and end > present.valid_until:
        yield Fault("valid_until", "The last day can be brought forward, not put off: a longer term takes a renewal.")
    if end is not None and end < today:
        yield Fault("valid_until", "The last day must be today or later. To end the certificate now, revoke it.")
    if changes.conditions is not None:
        yield from _condition_faults(changes.conditions, present, today=today)


def _word_faults(name: str, words: str | None, most: int) -> Iterator[Fault]:
    if words is None:
        return
    if not words.strip():
        yield Fault(name, "This must be filled in.")
    if len(words) > most:
        yield Fault(name, f"Use {most} characters or fewer.")
    if any(character in words for character in "\r\n\t\x00"):
        yield Fault(name, "Write this in one line.")


def _condition_faults(conditions: Sequence[Term], present: Present, *, today: date) -> Iterator[Fault]:
    known = {term.code: term for term in present.outstanding}
    codes = [term.code for term in conditions]
    if len(set(codes)) != len(codes):
        yield Fault("conditions", "Set one condition for each criterion.")
    for term in conditions:
        if term.code not in present.codes:
            yield Fault("conditions", f"{term.code} is no criterion of this certificate's standard.")
        if not term.text.strip() or len(term.text) > LONGEST_CONDITION:
            yield Fault("conditions", f"{term.code}: write the condition in 1 to {LONGEST_CONDITION} characters.")
        old = known.get(term.code)
        if old is not None and term.due_on > old.due_on:
            yield Fault("conditions", f"{term.code}: a day can be brought forward here, not put off.")
        # One that is overdue already keeps its day.
        if (old is None or term.due_on != old.due_on) and term.due_on < today:
            yield Fault("conditions", f"{term.code}: the day must be today or later.")
