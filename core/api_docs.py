"""The page that tells people what the interface for programs can do: the schema, read out by the server.

The usual viewers set styles by script, which the content security policy refuses, and are blank without JavaScript.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from core import drf

__all__ = ["docs"]

_REF: Final = "#/components/schemas/"
_METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: words, and the shapes that they name, each with an entry of its own on the page."""

    words: str
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter or a field. `where` is path or query, empty for a field."""

    name: str
    kind: Kind
    required: bool
    description: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    description: tuple[str, ...]
    scope: str
    parameters: tuple[Value, ...]
    takes: Kind | None
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    description: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    fields: tuple[Value, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Interface:
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "core/api_docs.html", {"interface": _interface()})


@functools.cache
def _interface() -> Interface:
    """Read once: the schema does not change while the process lives."""
    return read(SchemaGenerator().get_schema(public=True))  # type: ignore[no-untyped-call]  # drf-spectacular has no types


def read(schema: Mapping[str, Any]) -> Interface:
    operations = [
        (str(said["tags"][0]), _operation(method, path, said))
        for path, methods in schema["paths"].items()
        for method, said in methods.items()
        if method in _METHODS
    ]
    groups = [
        Group(tag["name"], tag["description"], tuple(one for name, one in operations if name == tag["name"]))
        for tag in schema["tags"]
    ]
    shapes = [_shape(name, said) for name, said in sorted(schema["components"]["schemas"].items())]
    return Interface(tuple(group for group in groups if group.operations), tuple(shapes))


def _operation(method: str, path: str, said: Mapping[str, Any]) -> Operation:
    scope = str(said.get("x-scope", ""))
    paragraphs = str(said.get("description", "")).split("\n\n")
    answers = [_answer(status, response) for status, response in sorted(said["responses"].items())]
    body = said.get("requestBody", {}).get("content", {})
    return Operation(
        name=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        # The scope has a place of its own here.
        description=tuple(part.replace("`", "") for part in paragraphs if part and f"`{scope}`" not in part),
        scope=scope,
        parameters=tuple(_parameter(one) for one in said.get("parameters", ())),
        takes=_content(body) if body else None,
        answers=tuple(one for one in answers if one.status < "4"),
        refusals=tuple(one for one in answers if one.status >= "4"),
    )


def _parameter(said: Mapping[str, Any]) -> Value:
    required = bool(said.get("required"))
    return Value(said["name"], _kind(said["schema"]), required, _plain(said), said["in"])


def _plain(said: Mapping[str, Any]) -> str:
    """Without the list of choices, which the kind names already, and without the marks of code."""
    lines = [line for line in str(said.get("description", "")).splitlines() if not line.startswith("* `")]
    return " ".join(" ".join(lines).replace("`", "").split())


def _answer(status: str, said: Mapping[str, Any]) -> Answer:
    return Answer(status, said.get("description", ""), _content(said.get("content", {})))


def _content(content: Mapping[str, Any]) -> Kind:
    """Of the media types that one body may have, the names of those that are not JSON are said."""
    found = []
    for media, said in content.items():
        kind = _kind(said.get("schema", {}))
        plain = media in ("application/json", drf.CONTENT_TYPE)
        found.append(kind if plain else Kind(f"{media} {kind.words}".strip(), kind.shapes))
    return _joined(found, " or ")


def _shape(name: str, said: Mapping[str, Any]) -> Shape:
    required = set(said.get("required", ()))
    fields = [
        Value(field, _kind(about), field in required, _plain(about))
        for field, about in said.get("properties", {}).items()
    ]
    return Shape(name, tuple(fields), _kind(said) if not fields else Kind(""))


def _kind(said: Mapping[str, Any]) -> Kind:
    if "$ref" in said:
        name = str(said["$ref"]).removeprefix(_REF)
        return Kind("", (name,))
    for word in ("oneOf", "anyOf", "allOf"):
        if word in said:
            return _joined([_kind(one) for one in said[word]], " or ")
    if "enum" in said:
        return Kind(" | ".join("empty" if one in ("", None) else str(one) for one in said["enum"]))
    if "const" in said:
        return Kind(str(said["const"]))
    types = said.get("type", "object")
    names = [types] if isinstance(types, str) else list(types)
    return _joined(list(_typed(names, said)), " or ")


def _typed(names: Sequence[str], said: Mapping[str, Any]) -> Iterator[Kind]:
    for name in names:
        if name == "array":
            inner = _kind(said.get("items", {}))
            yield Kind(f"list of {inner.words}".strip(), inner.shapes)
        elif name == "string" and "format" in said:
            yield Kind(str(said["format"]))
        else:
            yield Kind(name)


def _joined(kinds: Sequence[Kind], between: str) -> Kind:
    words = between.join(kind.words for kind in kinds if kind.words)
    return Kind(words, tuple(dict.fromkeys(shape for kind in kinds for shape in kind.shapes)))
