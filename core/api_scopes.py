"""Scopes of API tokens, asked by every view of the API. The floor knows no app: it looks at `request.auth.scopes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

# For what any token of a person may ask: who it belongs to.
ANY: Final = "any"
_ALIASES: Final = {"HEAD": "GET", "OPTIONS": "GET"}


class HasScope(BasePermission):
    """The view says `required_scopes = {"GET": "plans:read", "POST": "plans:write"}`, or by the name of a viewset's action.

    A method that it does not list is closed to tokens. A signed-in session has no scopes and may do what its person may.
    """

    message = "This token was not made for that: it lacks the scope."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.auth is None:
            return True
        required: Mapping[str, str] = getattr(view, "required_scopes", {})
        action = str(getattr(view, "action", "") or "")
        method = str(request.method)
        scope = required.get(action) or required.get(_ALIASES.get(method, method), "")
        return scope == ANY or (bool(scope) and scope in getattr(request.auth, "scopes", ()))
