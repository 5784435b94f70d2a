"""What anybody may ask: the standard, a certificate's validity, the register."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import StandardVersion
from certification.selectors import register, verification
from certification.serializers import certificates as shapes
from certification.serializers.standards import StandardRowSerializer, StandardSerializer
from certification.views._checks import MISSES
from core import keyset
from core.api_parsers import TooLarge
from core.api_schema import operation
from core.api_serializers import PageQuery, page_body, page_of
from core.api_views import PublicView
from core.http import client
from core.uploads.in_memory import MemoryHandler, read_into_memory

_LARGEST: Final = "The file may have 25 MB at most."


class StandardsView(PublicView):
    @operation("standards_list", "Published standards", gives=page_of(StandardRowSerializer), query=PageQuery)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Newest first. New plans begin with the newest whose day has come."""
        asked = self.asked(PageQuery)
        published = StandardVersion.objects.filter(state=StandardVersion.State.PUBLISHED).defer("document")
        page = keyset.page(published, order=("-effective_from", "-id"), after=asked["after"], size=asked["size"])
        return Response(page_body(page, StandardRowSerializer))


class StandardView(PublicView):
    @operation("standards_retrieve", "One version of a standard, whole", gives=StandardSerializer)
    def get(self, request: Request, code: str, version: str) -> Response:  # noqa: ARG002 - DRF's signature
        """One that was withdrawn is still here: plans go on under the version that they began with."""
        found = StandardVersion.objects.exclude(state=StandardVersion.State.DRAFT)
        return self.answer(StandardSerializer, get_object_or_404(found, code=code, version=version))


class VerificationView(PublicView):
    throttle_scope = "verify"

    def _guard(self, entry: str) -> str:
        """Whose misses count; empty for what cannot be guessed. Raises Throttled when they are used up."""
        if verification.is_token(entry):
            return ""
        who = client.address(self.request)
        left = MISSES.left(who)
        if not left.allowed:
            raise Throttled(wait=left.retry_after)
        return who

    @operation("verify_retrieve", "Check a certificate", gives=shapes.VerificationSerializer)
    def get(self, request: Request, entry: str) -> Response:  # noqa: ARG002 - DRF's signature
        """By its number or by the token of its QR code. Status 200 and the same keys whatever the answer."""
        who = self._guard(entry)
        result = verification.check(entry, today=timezone.localdate(), now=timezone.now())
        if who and result.status == "unknown":
            MISSES.count(who)
        return _answer(result)


class FileVerificationView(PublicView):
    throttle_scope = "verify-file"
    parser_classes = [MultiPartParser]

    @operation(
        "verify_file",
        "Check a certificate's PDF",
        takes=shapes.FileToVerifySerializer,
        gives=shapes.VerificationSerializer,
    )
    def post(self, request: Request) -> Response:
        """Sent as multipart/form-data, read in memory and not kept. “altered” is a file that began as one of ours."""
        upload = read_into_memory(request._request, limit=settings.MAX_UPLOAD_BYTES)
        if upload.too_large:
            raise TooLarge(_LARGEST)
        given = self._file(upload)
        return _answer(verification.check_file(given, today=timezone.localdate(), now=timezone.now()))

    def _file(self, upload: MemoryHandler) -> bytes:
        try:
            content: bytes = self.bound(shapes.FileToVerifySerializer)["file"].read()
        except ValidationError:
            if upload.too_large:
                raise TooLarge(_LARGEST) from None
            raise
        return content


def _answer(result: verification.VerificationResult) -> Response:
    response = Response(result.as_dict())
    # A revocation shows at once: nobody keeps an answer.
    response["Cache-Control"] = "no-store"
    return response


class RegisterView(PublicView):
    @operation(
        "register_list",
        "The public register",
        gives=shapes.RegisterPageSerializer,
        query=shapes.RegisterQuery,
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Issued certificates, 25 on a page: the best match first, by name where there are no words or too many matches.

        The whole register is a file: /register/data.csv and /register/data.json.
        """
        asked = self.asked(shapes.RegisterQuery)
        search = register.Search(
            words=asked["words"], area=asked["area_code"], kind=asked["kind"], state=asked["state"]
        )
        page = register.page(search, today=timezone.localdate(), after=asked["after"])
        return Response(
            {
                "results": shapes.RegisterRowSerializer(page.entries, many=True).data,
                "next": page.older,
                "previous": page.newer,
                "close": page.close,
                "suggestion": page.suggestion,
            }
        )
