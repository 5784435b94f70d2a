"""All standing certificates of an organisation in one ZIP; and the poster of one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation
from accounts.selectors import signed_in
from certification.api.certificates import READ, CertificateView
from certification.models import Bundle
from certification.selectors import bundles as selectors
from certification.serializers.bundles import BundleInputSerializer, BundleSerializer
from certification.services import bundles, certificates
from core.api_schema import MOVED, PDF, operation
from core.api_serializers import list_of
from core.api_views import ApiView, FileView

ZIP: Final = "application/zip"


class BundlesView(ApiView):
    @operation("certificates_bulk_list", "Bundles of late", scope=READ, gives=list_of(BundleSerializer))
    def get(self, request: Request) -> Response:
        """Of the organisations that you belong to, newest first, at most 50."""
        found = selectors.recently(signed_in(request.user))
        return Response({"results": BundleSerializer(found, many=True).data})

    @operation(
        "certificates_bulk_create",
        "Have all certificates packed",
        scope=READ,
        takes=BundleInputSerializer,
        gives=BundleSerializer,
        status=202,
    )
    def post(self, request: Request) -> Response:
        """A worker makes the ZIP. While one is being made for the organisation, asking again answers with that one."""
        given = self.bound(BundleInputSerializer)
        user = signed_in(request.user)
        organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=given["organisation_id"])
        made = bundles.request(actor=user, organisation_id=organisation.pk, kind=given["kind"])
        return self.answer(BundleSerializer, made, status=202)


class OneBundleView(ApiView):
    @operation("certificates_bulk_retrieve", "How far a bundle has come", scope=READ, gives=BundleSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """For members of the organisation alone."""
        return self.answer(BundleSerializer, get_object_or_404(Bundle.objects.visible_to(request.user), pk=pk))


class BundleFileView(FileView):
    @operation("certificates_bulk_download", "The ZIP", scope=READ, gives=ZIP, problems=MOVED)
    def get(self, request: Request, pk: UUID) -> StreamingHttpResponse:
        """409 while it is being made and once it was deleted. Every download is on the record."""
        found = get_object_or_404(Bundle.objects.visible_to(request.user), pk=pk)
        opened = bundles.open_for(actor=signed_in(request.user), bundle_id=found.pk)
        response = StreamingHttpResponse(opened.chunks, content_type=ZIP)
        response["Content-Length"] = str(opened.size)
        response["Content-Disposition"] = f'attachment; filename="{opened.name}"'
        response["Cache-Control"] = "private, no-store"
        return response


class PosterView(CertificateView, FileView):
    @operation("certificates_poster", "The poster for the door", scope=READ, gives=PDF, problems=MOVED)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """409 while it is being made and when the certificate does not stand."""
        found = self.certificate(pk)
        made = certificates.download(actor=signed_in(request.user), certificate_id=found.pk, poster=True)
        response = HttpResponse(made.content, content_type=PDF)
        response["Content-Disposition"] = f'attachment; filename="{made.name}"'
        response["Cache-Control"] = "private, no-store"
        return response
