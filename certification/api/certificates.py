"""Certificates for holder, police and auditors; renewing. What else happens to one is in `api.moves`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.plans import PlanView
from certification.api.plans import shown as plan_shown
from certification.models import Certificate
from certification.policies import certificates as policies
from certification.selectors import certificates as selectors
from certification.selectors.certificates import Filters
from certification.serializers import certificates as shapes
from certification.serializers.plans import PlanConflictSerializer, PlanSerializer
from certification.services import certificates as services
from certification.services import plans
from core.api_schema import MOVED, PDF, operation
from core.api_serializers import Empty, page_body, page_of
from core.api_views import ApiView, FileView

READ = "certificates:read"


class CertificateView(ApiView):
    def certificate(self, pk: UUID) -> Certificate:
        """404 for a stranger."""
        return get_object_or_404(Certificate.objects.visible_to(self.request.user), pk=pk)

    def shown(self, pk: UUID, *, status: int = 200) -> Response:
        found = self.certificate(pk)
        page = selectors.certificate_page(found, today=timezone.localdate())
        police = bool(policies.can_see_proposals(self.request.user, found))
        shape = {
            **shapes.CertificateFactsSerializer(found).data,
            "conditions": shapes.IssuedConditionSerializer(page.conditions, many=True).data,
            "proposals": shapes.ProposalSerializer(
                page.proposals if police else page.effective, many=True, context={"police": police}
            ).data,
        }
        return Response(shape, status=status)


class CertificatesView(CertificateView):
    @operation(
        "certificates_list",
        "List certificates",
        scope=READ,
        gives=page_of(shapes.CertificateRowSerializer),
        query=shapes.CertificateQuery,
    )
    def get(self, request: Request) -> Response:
        """Newest decision first, or with `state=expiring` by the last day of cover."""
        asked = self.asked(shapes.CertificateQuery)
        filters = Filters(state=asked["state"], area=asked["area_code"], number=asked["number"])
        page = selectors.listed_for(
            signed_in(request.user), filters, today=timezone.localdate(), after=asked["after"], size=asked["size"]
        )
        return Response(page_body(page, shapes.CertificateRowSerializer))


class OneCertificateView(CertificateView):
    @operation("certificates_retrieve", "One certificate", scope=READ, gives=shapes.CertificateSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """With its conditions. Its document is ready when `pdf_sha256` is not empty."""
        return self.shown(pk)


class DocumentView(CertificateView, FileView):
    @operation("certificates_download", "The document", scope=READ, gives=PDF, problems=MOVED)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """409 while it is being made. Every download is on the record."""
        document = services.download(actor=signed_in(request.user), certificate_id=self.certificate(pk).pk)
        response = HttpResponse(document.content, content_type=PDF)
        response["Content-Disposition"] = f'attachment; filename="{document.name}"'
        response["Cache-Control"] = "private, no-store"
        return response


class RenewalView(PlanView, CertificateView):
    @operation(
        "certificates_renew",
        "Begin a renewal",
        scope="plans:write",
        takes=Empty,
        gives=PlanSerializer,
        status=201,
        problems={409: PlanConflictSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """A new plan that starts from the last submission's answers and files."""
        self.bound(Empty)
        found = self.certificate(pk)
        policies.can_renew(request.user, found, today=timezone.localdate()).require()
        plan = plans.begin_renewal(actor=signed_in(request.user), certificate_id=found.pk)
        return plan_shown(self, plan.pk, status=201)
