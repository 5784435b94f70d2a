"""Bearer tokens and their scopes, through DRF's own machinery."""

from __future__ import annotations

import pytest
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.api_auth import TokenAuthentication
from accounts.models import User
from accounts.services import tokens
from core.api_scopes import HasScope

pytestmark = pytest.mark.django_db


class Plans(APIView):
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated, HasScope]
    required_scopes = {"GET": "plans:read", "POST": "plans:write"}

    def get(self, request: Request) -> Response:
        return Response({"who": str(request.user.pk)})

    post = put = get


def ask(method: str = "get", authorization: str = "") -> Response:
    headers = {"authorization": authorization} if authorization else {}
    request = getattr(APIRequestFactory(), method)("/", headers=headers)
    response = Plans.as_view()(request)
    response.render()
    return response


def bearer(user: User, *scopes: str) -> str:
    return f"Bearer {tokens.create(actor=user, user=user, label='t', scopes=list(scopes), days=1)[1]}"


def test_a_token_acts_as_its_owner(organiser: User) -> None:
    response = ask(authorization=bearer(organiser, "plans:read"))
    assert (response.status_code, response.data) == (200, {"who": str(organiser.pk)})


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        (["plans:read"], "get", 200), (["plans:read"], "head", 200), (["plans:read"], "post", 403),
        (["plans:write"], "post", 200), (["plans:write"], "get", 403), (["plans:write", "plans:read"], "put", 403),
        (["subjects:read"], "get", 403),
    ],
)  # fmt: skip
def test_scopes_narrow_and_what_is_not_listed_is_closed(
    organiser: User, scopes: list[str], method: str, status: int
) -> None:
    assert ask(method, bearer(organiser, *scopes)).status_code == status


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer nonsense", "Bearer wm_aaaaaaaaaa_" + "x" * 43, "Basic eDp5"]
)
def test_anything_else_is_asked_for_a_token(authorization: str) -> None:
    response = ask(authorization=authorization)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_the_word_bearer_may_be_written_in_any_case(organiser: User) -> None:
    assert ask(authorization=bearer(organiser, "plans:read").replace("Bearer", "bearer")).status_code == 200


def test_a_session_has_no_scopes(organiser: User) -> None:
    request = APIRequestFactory().put("/")
    force_authenticate(request, organiser)
    assert Plans.as_view()(request).status_code == 200
