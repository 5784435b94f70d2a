"""What the views of the API stand on. They fetch, bind, call one service and answer, as pages do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api_scopes import HasScope
from core.api_serializers import Input, Shape
from core.errors import Conflict

__all__ = ["ApiView", "FileView", "NotFoundView", "PublicView"]


class ApiView(APIView):
    """For people who are signed in and for their tokens, as far as the scopes that `operation` names go."""

    permission_classes = [IsAuthenticated, HasScope]
    # Under which names this view takes the fields of a service.
    fields_of_service: ClassVar[Mapping[str, str]] = {}

    @property
    def required_scopes(self) -> dict[str, str]:
        handlers = {method.upper(): getattr(self, method, None) for method in self.http_method_names}
        return {method: str(getattr(handler, "scope", "")) for method, handler in handlers.items()}

    def bound(self, shape: type[Input]) -> dict[str, Any]:
        """The clean values of the body; raises ValidationError."""
        return self._clean(shape, self.request.data)

    def asked(self, shape: type[Input]) -> dict[str, Any]:
        """The clean values of the query; a parameter that is not known is an error too."""
        return self._clean(shape, self.request.query_params)

    def _clean(self, shape: type[Input], data: Any) -> dict[str, Any]:
        serializer = shape(data=data)
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values

    def answer(self, shape: type[Shape], thing: object, *, status: int = 200) -> Response:
        return Response(shape(thing, context={"user": self.request.user}).data, status=status)

    def field_of(self, name: str) -> str:
        return self.fields_of_service.get(name, name)

    def conflict_details(self, error: Conflict) -> dict[str, object]:  # noqa: ARG002 - for views that know more
        return {}


class PublicView(ApiView):
    """For anybody. Nobody is recognised here, so no answer can depend on who asks, and no cookie is a risk."""

    authentication_classes = []
    permission_classes = []


class FileView(ApiView):
    """Answers with a file whatever the Accept header says; its problems are JSON all the same."""

    def perform_content_negotiation(
        self,
        request: Request,  # noqa: ARG002 - DRF's signature
        force: bool = False,  # noqa: ARG002, FBT001, FBT002 - as above
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), "application/json"


class NotFoundView(PublicView):
    """Every other address under /api/: a program reads problem JSON, not the page for people."""

    schema = None
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options", "trace"]

    def initial(self, request: HttpRequest, *_args: object, **_kwargs: object) -> None:  # noqa: ARG002
        raise exceptions.NotFound("There is no such address here. Every address ends in a slash.")
