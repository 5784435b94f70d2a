"""Describing an operation where it is written: its name, what it takes and gives, which scope it needs, how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from core import drf
from core.api_scopes import ANY
from core.api_serializers import Input, ProblemSerializer, Shape

__all__ = ["FILE", "MOVED", "PDF", "operation"]

Handler = TypeVar("Handler", bound=Callable[..., Any])

FILE: Final = "application/octet-stream"
PDF: Final = "application/pdf"
# What a state may forbid.
MOVED: Final[Mapping[int, type[Shape]]] = MappingProxyType({409: ProblemSerializer})
_MEANINGS: Final = {
    400: "The body cannot be read.",
    401: "No token, or one that is not valid.",
    403: "You can see this, but may not do it; or the token lacks the scope.",
    404: "There is nothing here that you can see.",
    406: "Only JSON is spoken here.",
    409: "Not possible in the present state, or somebody else was first.",
    413: "The body is too large.",
    415: "The body is of a type that is not taken here.",
    422: "Something that was sent cannot be taken, or something is missing.",
    429: "Too many requests; Retry-After says when to come again.",
}


def operation(
    name: str,
    summary: str,
    *,
    scope: str = "",
    takes: type[Input] | None = None,
    gives: type[Shape] | str | None = None,
    status: int = 200,
    query: type[Input] | None = None,
    problems: Mapping[int, type[Shape]] = MappingProxyType({}),
) -> Callable[[Handler], Handler]:
    """Put on a view's method. Its tag is the first word of `name` (`plans_list`), its description the method's docstring.

    Without `scope` the operation is open to everybody. `gives` as a media type is a file. `problems` are refusals beyond
    the usual ones, or whose problem says more than usual.
    """
    tag = name.split("_", maxsplit=1)[0]

    def describe(handler: Handler) -> Handler:
        handler.scope = scope  # type: ignore[attr-defined]  # read by ApiView.required_scopes
        responses: dict[Any, Any] = {}
        if isinstance(gives, str):
            responses[status, gives] = OpenApiTypes.BINARY
        else:
            responses[status] = gives if gives is not None else OpenApiResponse(description="Done; nothing to say.")
        for code in sorted({*_refusals(scope=scope, takes=takes, query=query), *problems}):
            shape = problems.get(code, ProblemSerializer)
            responses[code, drf.CONTENT_TYPE] = OpenApiResponse(shape, description=_MEANINGS[code])
        describing = extend_schema(
            operation_id=name,
            summary=summary,
            description=_description(handler, scope),
            tags=[tag],
            request=takes,
            responses=responses,
            parameters=[query] if query is not None else None,
            examples=_examples(takes, gives),
            extensions={"x-scope": scope} if scope and scope != ANY else None,
        )
        described: Handler = describing(handler)
        return described

    return describe


def _refusals(*, scope: str, takes: type[Input] | None, query: type[Input] | None) -> set[int]:
    found = {404, 406, 429}
    if scope:
        found |= {401, 403}
    if takes is not None:
        found |= {400, 409, 413, 415, 422}
    if query is not None:
        found.add(422)
    return found


def _description(handler: Callable[..., Any], scope: str) -> str:
    said = " ".join((handler.__doc__ or "").split())
    needs = f"Scope of the token: `{scope}`." if scope and scope != ANY else ""
    return "\n\n".join(part for part in (said, needs) if part)


def _examples(takes: type[Input] | None, gives: type[Shape] | str | None) -> Sequence[OpenApiExample]:
    found = []
    if takes is not None and takes.example is not None:
        found.append(OpenApiExample("Request", value=takes.example, request_only=True))
    if isinstance(gives, type) and gives.example is not None:
        found.append(OpenApiExample("Answer", value=gives.example, response_only=True))
    return found
