"""Bearer tokens for the API. `HasScope` lives on the floor (core.api_scopes), where every app can reach it."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services import tokens

_SCHEME: Final = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer wm_…`. Wrong, revoked, run out, owner closed or without second factor: one answer for all."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = str(request.headers.get("Authorization", "")).partition(" ")
        if scheme.lower() != _SCHEME.lower():
            return None
        token = tokens.authenticate(text.strip())
        if token is None:
            raise AuthenticationFailed("This token is not valid.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        return _SCHEME


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular publishes no types
    target_class = "accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - drf-spectacular's signature
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token (wm_…), made on the account page or with the create_token command.",
        }
