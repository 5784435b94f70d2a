from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.plans import PlanView
from certification.models import Evidence
from certification.policies import plans as policies
from certification.selectors import cases
from certification.serializers import plans as shapes
from certification.services import evidence as services
from core.api_schema import FILE, MOVED, operation
from core.api_serializers import list_of
from core.api_views import FileView
from core.http.downloads import streamed


class EvidencesView(PlanView):
    parser_classes = [MultiPartParser]

    @operation("plans_evidence", "Files of a plan", scope="plans:read", gives=list_of(shapes.EvidenceSerializer))
    def get(self, request: Request, pk: UUID) -> Response:
        """By criterion; removed files are left out."""
        plan = self.plan(pk)
        policies.can_read_answers(request.user, plan).require()
        files = [file for found in cases.load(plan).evidence.values() for file in found]
        return Response({"results": shapes.EvidenceSerializer(files, many=True).data})

    @operation(
        "plans_evidence_attach",
        "Attach a file",
        scope="plans:write",
        takes=shapes.EvidenceInputSerializer,
        gives=shapes.EvidenceSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Sent as multipart/form-data. Nobody can open the file before it has been scanned."""
        plan = self.plan(pk)
        policies.can_edit(request.user, plan).require()
        given = self.bound(shapes.EvidenceInputSerializer)
        upload = given["file"]
        made = services.attach(
            actor=signed_in(request.user),
            plan_id=plan.pk,
            code=given["code"],
            upload=upload.file,
            name=upload.name or "",
            note=given["note"],
        )
        return self.answer(shapes.EvidenceSerializer, made, status=201)


class OneEvidenceView(PlanView):
    @operation("plans_evidence_retrieve", "About one file", scope="plans:read", gives=shapes.EvidenceSerializer)
    def get(self, request: Request, pk: UUID, evidence_id: UUID) -> Response:
        """Ask again until `scan` is no longer pending."""
        plan = self.plan(pk)
        policies.can_read_answers(request.user, plan).require()
        return self.answer(
            shapes.EvidenceSerializer, get_object_or_404(Evidence, pk=evidence_id, plan=plan, discharge=None)
        )

    @operation("plans_evidence_remove", "Remove a file", scope="plans:write", status=204, problems=MOVED)
    def delete(self, request: Request, pk: UUID, evidence_id: UUID) -> Response:
        """From the plan; what a submission lists is kept with it."""
        plan = self.plan(pk)
        policies.can_edit(request.user, plan).require()
        found = get_object_or_404(Evidence, pk=evidence_id, plan=plan, discharge=None)
        services.remove(actor=signed_in(request.user), evidence_id=found.pk)
        return Response(status=204)


class EvidenceFileView(PlanView, FileView):
    @operation("plans_evidence_download", "Open a file", scope="plans:read", gives=FILE, problems=MOVED)
    def get(self, request: Request, pk: UUID, evidence_id: UUID) -> StreamingHttpResponse:
        """For the organisation, and for the police once it was submitted. Every opening is on the record."""
        found = get_object_or_404(Evidence, pk=evidence_id, plan=self.plan(pk), discharge=None)
        opened = services.open_for(actor=signed_in(request.user), evidence_id=found.pk)
        return streamed(opened.chunks, name=opened.name, content_type=opened.content_type, size=opened.size)
