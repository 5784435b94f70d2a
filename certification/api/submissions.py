from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.plans import PlanView
from certification.models import ChangeRequest
from certification.policies import plans as policies
from certification.selectors import plans as selectors
from certification.serializers import plans as shapes
from certification.services import submissions as services
from certification.services.submissions import Declaration
from core.api_schema import operation
from core.api_serializers import list_of


class SubmissionsView(PlanView):
    @operation(
        "plans_submissions", "Submissions of a plan", scope="plans:read", gives=list_of(shapes.SubmissionRowSerializer)
    )
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """Newest first."""
        found = selectors.submissions_of(self.plan(pk))
        return Response({"results": shapes.SubmissionRowSerializer(found, many=True).data})

    @operation(
        "plans_submit",
        "Submit a plan",
        scope="plans:write",
        takes=shapes.NewSubmissionSerializer,
        gives=shapes.SubmissionSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The first time to the queue of the police area; after changes were asked for, back to who asked."""
        plan = self.plan(pk)
        policies.can_submit(request.user, plan).require()
        said = self.bound(shapes.NewSubmissionSerializer)["declaration"]
        made = services.submit(
            actor=signed_in(request.user),
            plan_id=plan.pk,
            declaration=Declaration(name=said["name"], position=said["position"], agreed=said["agreed"]),
        )
        return self.answer(shapes.SubmissionSerializer, made, status=201)


class OneSubmissionView(PlanView):
    @operation("plans_submission", "One submission, whole", scope="plans:read", gives=shapes.SubmissionSerializer)
    def get(self, request: Request, pk: UUID, number: int) -> Response:
        found = get_object_or_404(selectors.submission(request.user, pk), number=number)
        return self.answer(shapes.SubmissionSerializer, found)


class SentRequestsView(PlanView):
    @operation(
        "plans_requests",
        "What the police asked to be changed",
        scope="plans:read",
        gives=list_of(shapes.SentRequestSerializer),
    )
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """Newest first; what was answered stays. Drafts are not here."""
        sent = ChangeRequest.objects.filter(plan=self.plan(pk)).exclude(state=ChangeRequest.State.DRAFT)
        return Response({"results": shapes.SentRequestSerializer(sent.order_by("-sent_at", "-pk"), many=True).data})
