"""JSON as the standard defines it: no key twice, no NaN or Infinity, UTF-8 only. Python's own reader forgives all three."""

from __future__ import annotations

import json
import math
from typing import Final, NoReturn

from core.domain.faults import Fault, FaultsError, shown

__all__ = ["loads"]

_DEEPEST: Final = 60


class _Reader:
    """Collects what the JSON reader lets us see only through its hooks."""

    def __init__(self) -> None:
        self.repeated: list[str] = []

    def pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                self.repeated.append(key)
            found[key] = value
        return found


def _refuse_constant(name: str) -> NoReturn:
    raise FaultsError([Fault("", f"{name} is not a number that JSON knows.")])


def _finite(digits: str) -> float:
    number = float(digits)  # 1e999 is legal JSON, and Python makes it infinite
    if not math.isfinite(number):
        raise FaultsError([Fault("", f"The number {shown(digits)} is too large.")])
    return number


def _too_deep(value: object) -> bool:
    """Level by level and not by recursion, which is what a deep document would break."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in inside if isinstance(child, dict | list)]


def loads(data: bytes) -> object:
    """The value that the bytes hold. Raises FaultsError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultsError([Fault("", f"This is not UTF-8 text (byte {error.start + 1}).")]) from error
    reader = _Reader()
    try:
        value: object = json.loads(
            text, object_pairs_hook=reader.pairs, parse_constant=_refuse_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise FaultsError([Fault(f"line {error.lineno}", f"This is not JSON: {error.msg}.")]) from error
    except RecursionError as error:
        raise FaultsError([Fault("", "The JSON is nested too deeply.")]) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise FaultsError([Fault("", "A number in the JSON is too long to be read.")]) from error
    if _too_deep(value):
        raise FaultsError([Fault("", f"The JSON is nested more than {_DEEPEST} deep.")])
    if reader.repeated:
        raise FaultsError(Fault("", f"The key {shown(key)} is given twice in one object.") for key in reader.repeated)
    return value
