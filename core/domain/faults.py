"""What is wrong with a document that somebody handed in: every fault at once, each with its place in the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Fault", "FaultsError", "key_place", "shown", "within"]

_SHOWN_CHARACTERS = 60
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` is a path in the document (`sections[2].criteria[4].when`), empty for the document as a whole."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class FaultsError(Exception):
    """Raised once, with every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def shown(value: object) -> str:
    """A stranger's value inside a message: on one line, in plain ASCII, cut short.

    A message is one line on a terminal and in a log, so a line break or an escape code in the value must not get out.
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = ascii(type(value).__name__)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."


def key_place(parent: str, key: object) -> str:
    """The place of one key of an object: `answers.GOV-01`, or quoted where the key is not a plain word."""
    plain = isinstance(key, str) and _PLAIN_KEY.fullmatch(key) is not None
    name = str(key) if plain else f"[{shown(key)}]"
    if not parent or not plain:
        return parent + name
    return f"{parent}.{name}"


def within(file: str, faults: Iterable[Fault]) -> list[Fault]:
    """The faults with the file's name before their place."""
    return [Fault(f"{file}: {fault.place}" if fault.place else file, fault.message) for fault in faults]
