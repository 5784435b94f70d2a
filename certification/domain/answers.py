"""Answers to a standard: what one is, and every reason why a set of them cannot be scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from certification.domain.applicability import Applicability
from certification.domain.expressions import KNOWN_FACTS, kind_of
from certification.domain.standard import Standard
from core.domain.faults import Fault, FaultsError, key_place, shown

__all__ = ["Answer", "AnswerSheet", "AnswersError", "answer_faults", "fact_faults", "read_sheet"]


class AnswersError(FaultsError):
    """The answers, or the facts that came with them, cannot be scored."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Neither a level nor `na`: the criterion is not answered yet."""

    level: int | None = None
    na: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What `read_sheet` could make out; with `faults`, only part of it."""

    facts: Mapping[str, object]
    answers: Mapping[str, Answer]
    faults: tuple[Fault, ...]


_SHEET_KEYS: Final = ("facts", "answers")
_ANSWER_KEYS: Final = frozenset({"level", "na", "reason"})


def read_sheet(data: object) -> AnswerSheet:
    """Reads `{"facts": {...}, "answers": {...}}`; the faults of its shape are in the sheet, so that those of its sense can join them."""
    if not isinstance(data, Mapping):
        return AnswerSheet({}, {}, (Fault("", f"This is {shown(data)}, not an object with facts and answers."),))
    faults = [Fault(key_place("", key), "This key is not known here.") for key in data if key not in _SHEET_KEYS]
    parts: dict[str, Mapping[str, object]] = {}
    for key in _SHEET_KEYS:
        value = data.get(key)
        if isinstance(value, Mapping):
            parts[key] = value
        else:
            faults.append(Fault(key, "This must be an object." if key in data else "This is missing."))
    answers: dict[str, Answer] = {}
    for code, value in parts.get("answers", {}).items():
        answer = _read_answer(value, key_place("answers", code), faults)
        if answer is not None:
            answers[code] = answer
    return AnswerSheet(parts.get("facts", {}), answers, tuple(faults))


def _read_answer(data: object, place: str, faults: list[Fault]) -> Answer | None:
    if not isinstance(data, Mapping):
        faults.append(Fault(place, f"This is {shown(data)}, not an object with a level, or with na and a reason."))
        return None
    before = len(faults)
    faults.extend(
        Fault(key_place(place, key), "This key is not known here.") for key in data if key not in _ANSWER_KEYS
    )
    level, na, reason = data.get("level"), data.get("na", False), data.get("reason", "")
    if level is not None and kind_of(level) != "number":
        faults.append(Fault(f"{place}.level", f"{shown(level)} is not a whole number."))
    if not isinstance(na, bool):
        faults.append(Fault(f"{place}.na", f"{shown(na)} is not true or false."))
    if not isinstance(reason, str):
        faults.append(Fault(f"{place}.reason", f"{shown(reason)} is not text."))
    return Answer(level, na, reason) if len(faults) == before else None


def fact_faults(facts: Mapping[str, object]) -> Iterator[Fault]:
    """Facts that every standard may rely on, given with a value of another type."""
    for name, wanted in KNOWN_FACTS.items():
        value = facts.get(name)
        if value is not None and kind_of(value) != wanted:
            yield Fault(f"facts.{name}", f"{shown(value)} is not a value of type {wanted}.")


def answer_faults(standard: Standard, found: Applicability, answers: Mapping[str, Answer]) -> list[Fault]:
    """Every answer that the standard does not allow, in the order in which they were given."""
    return [
        Fault(key_place("answers", code) + where, message)
        for code, answer in answers.items()
        for where, message in _refusals(standard, found, code, answer)
    ]


def _refusals(standard: Standard, found: Applicability, code: str, answer: Answer) -> Iterator[tuple[str, str]]:
    criterion = standard.by_code.get(code)
    if criterion is None:
        yield "", "The standard has no criterion of this code."
        return
    if code not in found.codes:
        yield "", "This criterion does not apply to these facts."
        return
    if answer.level is not None and (type(answer.level) is not int or answer.level not in criterion.earnings):
        yield ".level", f"{shown(answer.level)} is not on the scale of levels."
    if not answer.na:
        return
    if not criterion.na_allowed:
        yield ".na", "This criterion may not be answered as not applicable."
    if answer.level is not None:
        yield ".na", "An answer is either a level or not applicable, not both."
    if not answer.reason.strip():
        yield ".reason", "Say why the criterion is not applicable."
