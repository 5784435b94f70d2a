"""The six errors of the house (house.md, law 6).

Services raise them; one middleware turns them into pages or form errors, one DRF handler into problem JSON.
Messages are written for the person who reads them and never carry a plan's content.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["Conflict", "DomainError", "IllegalMove", "Incomplete", "InvalidInput", "NotPermitted"]


class DomainError(Exception):
    """A rule of the field said no. `code` is stable and part of the API; `message` is plain English."""

    code = "domain-error"
    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotPermitted(DomainError):
    """The actor may see the thing but not do this to it. (A stranger gets 404 from the view, never this.)"""

    code = "not-permitted"
    status = 403


class IllegalMove(DomainError):
    """The action does not exist in the present state."""

    code = "illegal-move"
    status = 409


class Incomplete(DomainError):
    """Something is missing; `missing` names each part in the reader's words, in page order."""

    code = "incomplete"
    status = 422

    def __init__(self, message: str, missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


class InvalidInput(DomainError):
    """A value cannot be taken; `field` is the name of the form or API field, or empty for the whole."""

    code = "invalid-input"
    status = 422

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Conflict(DomainError):
    """Somebody else was first. `current` holds what is stored now, so that the page can show both."""

    code = "conflict"
    status = 409

    def __init__(self, message: str, current: object = None) -> None:
        super().__init__(message)
        self.current = current
