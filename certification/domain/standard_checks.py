"""What a JSON schema cannot see of a standard. Tolerant of data that breaks the schema, so that every fault comes at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from certification.domain.expressions import parse
from core.domain.faults import Fault, shown

__all__ = ["faults_of", "publication_faults"]

Data = Mapping[object, object]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The schema's patterns end in $, which in Python also matches before a line break at the very end.
_CODES = {
    "code": re.compile(r"[A-Z][A-Z0-9-]{1,31}"),
    "version": re.compile(r"[0-9]{4}\.[0-9]{1,3}"),
    "section": re.compile(r"[A-Z]{2,6}"),
    "criterion": re.compile(r"[A-Z]{2,6}-[0-9]{2}"),
}


def faults_of(data: Mapping[str, object]) -> list[Fault]:
    """Faults that make the standard impossible to score by."""
    scale = _scale(data)
    found = [*_head(data), *_levels(data)]
    for mark in ("pass", "conditional"):
        found.extend(_mandatory_level(data, mark, scale))
    found.extend(_repeated_codes(data))
    for place, section in _entries(data, "sections", ""):
        found.extend(_pattern(section, "code", "section", f"{place}.code"))
        for inner, criterion in _entries(section, "criteria", f"{place}."):
            found.extend(_criterion(criterion, inner, scale))
    for place, entry in _entries(data, "validity", ""):
        if "when" in entry:
            parse(entry["when"], f"{place}.when", found)
    return found


def publication_faults(data: Mapping[str, object]) -> list[Fault]:
    """Faults that do not stop a score, but would leave a certificate without an end or a person without help."""
    return [*_validity_gaps(data), *_marks_upside_down(data), *_criteria_without_help(data)]


def _entries(data: object, key: str, place: str) -> Iterator[tuple[str, Data]]:
    """The objects of a list, each with its place; anything else is the schema's affair."""
    value = data.get(key) if isinstance(data, Mapping) else None
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                yield f"{place}{key}[{index}]", item


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _scale(data: Data | Mapping[str, object]) -> list[int]:
    values = (_whole(level.get("value")) for _, level in _entries(data, "levels", ""))
    return [value for value in values if value is not None]


def _pattern(data: object, key: str, pattern: str, place: str) -> Iterator[Fault]:
    value = data.get(key) if isinstance(data, Mapping) else None
    if isinstance(value, str) and value.endswith("\n") and not _CODES[pattern].fullmatch(value):
        yield Fault(place, f"{shown(value)} ends in a line break.")


def _head(data: Mapping[str, object]) -> Iterator[Fault]:
    yield from _pattern(data, "code", "code", "code")
    yield from _pattern(data, "version", "version", "version")
    day = data.get("effective_from")
    if not isinstance(day, str):
        return
    try:
        # Python would also take 20260401 and 2026-W14-3, which are no dates of the schema's kind.
        real = _DAY.fullmatch(day) is not None and bool(date.fromisoformat(day))
    except ValueError:
        real = False
    if not real:
        yield Fault("effective_from", f"{shown(day)} is not a date of the calendar, written as 2026-04-01.")


def _levels(data: Mapping[str, object]) -> Iterator[Fault]:
    before: int | None = None
    for place, level in _entries(data, "levels", ""):
        value = _whole(level.get("value"))
        if value is None:
            continue
        if before is None and value != 0:
            yield Fault(f"{place}.value", f"The scale must begin at 0, not at {value}.")
        elif before is not None and value <= before:
            yield Fault(f"{place}.value", f"The levels must ascend, and {value} comes after {before}.")
        before = value


def _mandatory_level(data: Mapping[str, object], mark: str, scale: list[int]) -> Iterator[Fault]:
    entry = data.get(mark)
    level = _whole(entry.get("mandatory_level")) if isinstance(entry, Mapping) else None
    if level is not None and scale and level not in scale:
        yield Fault(f"{mark}.mandatory_level", f"{level} is not on the scale of levels.")


def _repeated_codes(data: Mapping[str, object]) -> Iterator[Fault]:
    seen: dict[object, str] = {}
    for place, section in _entries(data, "sections", ""):
        here = [(f"{place}.code", section.get("code"))]
        here += [(f"{inner}.code", item.get("code")) for inner, item in _entries(section, "criteria", f"{place}.")]
        for where, code in here:
            if not isinstance(code, str):
                continue
            if code in seen:
                yield Fault(where, f"The code {shown(code)} was given before, at {seen[code]}.")
            seen.setdefault(code, where)


def _criterion(data: Data, place: str, scale: list[int]) -> Iterator[Fault]:
    name = shown(data.get("code")).strip('"')
    yield from _pattern(data, "code", "criterion", f"{place}.code")
    full = _whole(data.get("full_level"))
    if full is not None and scale and full not in scale:
        yield Fault(f"{place}.full_level", f"{name}: {full} is not on the scale of levels.")
    descriptors = data.get("descriptors")
    for level in descriptors if isinstance(descriptors, Mapping) else ():
        known = isinstance(level, str) and level in {str(value) for value in scale}
        if scale and not known:
            yield Fault(f"{place}.descriptors", f"{name}: {shown(level)} is not on the scale of levels.")
    if "when" in data:
        inside: list[Fault] = []
        parse(data["when"], f"{place}.when", inside)
        yield from (Fault(fault.place, f"{name}: {fault.message}") for fault in inside)


def _validity_gaps(data: Mapping[str, object]) -> Iterator[Fault]:
    entries = list(_entries(data, "validity", ""))
    if entries and "when" in entries[-1][1]:
        yield Fault(entries[-1][0], "The last entry has a condition, so for some subjects no validity would be found.")
    for place, entry in entries[:-1]:
        if "when" not in entry:
            yield Fault(place, "This entry has no condition, so the ones after it are never reached.")


def _marks_upside_down(data: Mapping[str, object]) -> Iterator[Fault]:
    full, part = data.get("pass"), data.get("conditional")
    if not isinstance(full, Mapping) or not isinstance(part, Mapping):
        return
    for key in ("overall", "mandatory_level"):
        high, low = _whole(full.get(key)), _whole(part.get(key))
        if high is not None and low is not None and low > high:
            yield Fault(f"conditional.{key}", f"The floor of {low} is above the pass mark of {high}.")


def _criteria_without_help(data: Mapping[str, object]) -> Iterator[Fault]:
    for place, section in _entries(data, "sections", ""):
        for inner, criterion in _entries(section, "criteria", f"{place}."):
            name = shown(criterion.get("code")).strip('"')
            if criterion.get("obligation") in {"law", "scheme"} and _blank(criterion.get("remedy")):
                yield Fault(inner, f"{name}: a mandatory criterion needs a remedy, the text of its condition.")
            for where, item in _entries(criterion, "guidance", f"{inner}."):
                if _blank(item.get("source")):
                    yield Fault(f"{where}.source", f"{name}: guidance needs its source.")


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
