"""Triage answers on their way into a registration form: in the session, since signing in lies between the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest

__all__ = ["forget", "initial", "keep"]

_KEY: Final = "triage_answers"
_KIND_OF: Final = {"venue": "premises", "event": "event", "project": "project"}


def keep(request: HttpRequest, answers: Mapping[str, object]) -> None:
    request.session[_KEY] = dict(answers)


def initial(request: HttpRequest, kind: str) -> dict[str, object]:
    """The answers for a form of this kind; empty when triage was about another kind. The fields bear the same names."""
    answers = request.session.get(_KEY)
    if not isinstance(answers, dict) or answers.get("kind") != _KIND_OF[kind]:
        return {}
    return {name: value for name, value in answers.items() if name != "kind"}


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
