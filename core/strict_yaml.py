"""YAML as far as JSON goes: no key twice, no tags, no dates, no document that swells or nests without end.

It is built from the parser's events and not by PyYAML's loader, which keeps the last of two equal keys in silence, makes a
date of 2026-04-01, follows an alias into itself, and dies with the process on a few thousand nested lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from core.domain.faults import Fault, FaultsError, shown

__all__ = ["loads"]

_DEEPEST: Final = 60
_MOST_VALUES: Final = 100_000
_TAG: Final = "tag:yaml.org,2002:"


class _Scalars(SafeConstructor, Resolver):
    """PyYAML's rules for plain scalars, without its loader."""

    def __init__(self) -> None:
        SafeConstructor.__init__(self)
        Resolver.__init__(self)

    def value(self, event: yaml.ScalarEvent) -> object:
        if event.tag is not None and event.tag != f"{_TAG}str":
            raise _fault(event, f"The tag {shown(event.tag)} is not read here.")
        if not event.implicit[0]:
            return event.value
        tag: str = self.resolve(yaml.ScalarNode, event.value, (True, False))  # type: ignore[no-untyped-call]
        node = yaml.ScalarNode(tag, event.value)
        try:
            match tag.removeprefix(_TAG):
                case "null":
                    return None
                case "bool":
                    return self.construct_yaml_bool(node)
                case "int":
                    return self.construct_yaml_int(node)
                case "float":
                    return self.construct_yaml_float(node)
        except ValueError:
            raise _fault(event, f"{shown(event.value)} is not a number that can be read.") from None
        return event.value  # a date stays the text that it was written as


@dataclass(slots=True)
class _Open:
    """A list or an object that is still being filled. `size` and `height` count what aliases repeat as well."""

    value: list[object] | dict[str, object]
    anchor: str | None
    key: str | None = None
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Done:
    value: object
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Builder:
    scalars: _Scalars = field(default_factory=_Scalars)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Done] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    roots: list[object] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.stack.pop()
            finished = _Done(done.value, done.size, done.height)
            if done.anchor is not None:
                self.anchors[done.anchor] = finished
            self._add(event, finished)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        value = self.scalars.value(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Done(value)
        self._add(event, _Done(value))

    def _alias(self, event: yaml.AliasEvent) -> None:
        found = self.anchors.get(str(event.anchor))
        if found is None:
            raise _fault(event, f"The alias {shown(event.anchor)} stands for nothing that is complete.")
        self._add(event, found)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            raise _fault(event, f"The tag {shown(event.tag)} is not read here.")
        if self._wants_key():
            raise _fault(event, "A key must be text.")
        if len(self.stack) >= _DEEPEST:
            raise _fault(event, f"This is nested more than {_DEEPEST} deep.")
        value: list[object] | dict[str, object] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if event.anchor is not None:
            self.anchors.pop(event.anchor, None)
        self.stack.append(_Open(value, event.anchor))

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _add(self, event: yaml.Event, done: _Done) -> None:
        if not self.stack:
            self.roots.append(done.value)
            return
        parent = self.stack[-1]
        if self._wants_key():
            parent.key = self._key(event, done.value)
            if parent.key in parent.value:
                self.faults.append(_fault(event, f"The key {shown(parent.key)} is given twice.").faults[0])
            return
        parent.size += done.size
        parent.height = max(parent.height, done.height + 1)
        if parent.size > _MOST_VALUES or len(self.stack) + done.height > _DEEPEST:
            raise _fault(event, "The document is too large or too deep, with all its aliases written out.")
        if isinstance(parent.value, list):
            parent.value.append(done.value)
        elif parent.key is not None:
            parent.value[parent.key] = done.value
            parent.key = None

    @staticmethod
    def _key(event: yaml.Event, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # the levels of `descriptors` are often written without quotes
        raise _fault(event, f"A key must be text, and {shown(value)} is none.")


def _fault(event: yaml.Event, message: str) -> FaultsError:
    return FaultsError([Fault(_line(event.start_mark), message)])


def _line(mark: object) -> str:
    line = getattr(mark, "line", None)
    return "" if line is None else f"line {line + 1}"


def loads(data: bytes) -> object:
    """The one value of the document, as JSON would have it. Raises FaultsError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultsError([Fault("", f"This is not UTF-8 text (byte {error.start + 1}).")]) from error
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise FaultsError(
            [Fault(_line(error.problem_mark), f"This is not YAML: {error.problem or error.context}.")]
        ) from error
    except yaml.YAMLError as error:
        raise FaultsError([Fault("", "This is not YAML: it holds a character that text may not hold.")]) from error
    if len(builder.roots) > 1:
        builder.faults.append(Fault("", "There is more than one document in this file."))
    if builder.faults:
        raise FaultsError(builder.faults)
    return builder.roots[0] if builder.roots else None


def _events(text: str) -> Iterator[yaml.Event]:
    found: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
    return found
