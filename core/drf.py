"""Every error of the API as problem JSON (RFC 9457) with a stable `code`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from core.domain.faults import FaultsError
from core.errors import Conflict, DomainError, Incomplete, InvalidInput

CONTENT_TYPE: Final = "application/problem+json"

_TITLES: Final = {
    "not-permitted": "Not permitted",
    "illegal-move": "Not possible in the present state",
    "incomplete": "Incomplete",
    "invalid-input": "Invalid input",
    "conflict": "Somebody else was first",
    "tier-would-change": "The tier would change",
    "not-found": "Not found",
    "not-authenticated": "Sign in or send a token",
    "too-many-requests": "Too many requests",
    "parse-error": "Not readable",
    "method-not-allowed": "Method not allowed",
    "not-acceptable": "Not acceptable",
    "unsupported-media-type": "Unsupported media type",
    "too-large": "Too large",
    "bad-request": "Bad request",
    "internal-error": "Something went wrong here",
}
_INVALID: Final = "Some values cannot be taken."


def exception_handler(exception: Exception, context: Mapping[str, object]) -> Response | None:
    """DRF's EXCEPTION_HANDLER; None for what is a fault of ours, which Django logs and `core.http.faults` answers.

    A view may say more of a Conflict (`conflict_details`), and under which name it takes a service's field (`field_of`).
    """
    if isinstance(exception, DomainError):
        extra = _extra(exception, context.get("view"))
        return problem(exception.status, exception.code, exception.message, **extra)
    if isinstance(exception, FaultsError):
        rows = [{"field": fault.place, "message": fault.message} for fault in exception.faults]
        return problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid-input", _INVALID, errors=rows)
    if isinstance(exception, exceptions.ValidationError):
        rows = _flat(exception.detail)
        return problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid-input", _INVALID, errors=rows)
    if isinstance(exception, exceptions.APIException):
        return _from_drf(exception)
    return _from_django(exception)


def _from_django(exception: Exception) -> Response | None:
    if isinstance(exception, Http404):
        return problem(status.HTTP_404_NOT_FOUND, "not-found", "There is nothing here that you can see.")
    if isinstance(exception, PermissionDenied):
        return problem(status.HTTP_403_FORBIDDEN, "not-permitted", "You cannot do this.")
    if isinstance(exception, RequestDataTooBig):
        return problem(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, "too-large", "The request is too large.")
    if isinstance(exception, SuspiciousOperation):
        return problem(status.HTTP_400_BAD_REQUEST, "bad-request", "This request cannot be read.")
    return None


def _extra(error: DomainError, view: object) -> dict[str, object]:
    if isinstance(error, Incomplete):
        return {"missing": list(error.missing)}
    if isinstance(error, InvalidInput) and error.field:
        field_of = getattr(view, "field_of", str)
        return {"errors": [{"field": field_of(error.field), "message": error.message}]}
    if isinstance(error, Conflict):
        details = getattr(view, "conflict_details", None)
        return dict(details(error)) if details is not None else {}
    return {}


def _from_drf(error: exceptions.APIException) -> Response:
    codes = {
        status.HTTP_401_UNAUTHORIZED: "not-authenticated",
        status.HTTP_403_FORBIDDEN: "not-permitted",
        status.HTTP_404_NOT_FOUND: "not-found",
        status.HTTP_429_TOO_MANY_REQUESTS: "too-many-requests",
    }
    code = codes.get(error.status_code, str(error.default_code).replace("_", "-"))
    response = problem(error.status_code, code, str(error.detail))
    header = getattr(error, "auth_header", None)
    if header:
        response["WWW-Authenticate"] = header
    wait = getattr(error, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def problem(code: int, name: str, detail: str, **extra: object) -> Response:
    return Response(problem_body(code, name, detail, **extra), status=code, content_type=CONTENT_TYPE)


def problem_body(code: int, name: str, detail: str, **extra: object) -> dict[str, object]:
    """For an answer that no view of the API gives: it failed, or was never reached."""
    kind, title = f"urn:wardmark:problem:{name}", _TITLES.get(name, "Refused")
    return {"type": kind, "title": title, "status": code, "code": name, "detail": str(detail), **extra}


def _flat(detail: object, path: str = "") -> list[dict[str, str]]:
    """DRF's nested errors as a list of {field, message}; `field` is a dotted path, empty for the whole."""
    if isinstance(detail, Mapping):
        return [row for key, value in detail.items() for row in _flat(value, f"{path}.{key}".strip("."))]
    if isinstance(detail, list):
        rows: list[dict[str, str]] = []
        for index, value in enumerate(detail):
            nested = isinstance(value, Mapping | list)
            rows += _flat(value, f"{path}.{index}".strip(".") if nested else path)
        return rows
    return [{"field": path.removesuffix("non_field_errors").removesuffix("."), "message": str(detail)}]
