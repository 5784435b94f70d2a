"""The adviser's work. Every step is asked of the service, under the plan's lock."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.plans import PlanView, shown
from certification.domain import explanation
from certification.models import CriterionReview
from certification.policies import reviews as policies
from certification.selectors import decisions
from certification.selectors import reviews as selectors
from certification.selectors.reviews import ReviewCase
from certification.selectors.standing import standing_of
from certification.serializers import plans as plan_shapes
from certification.serializers import reviews as shapes
from certification.services import reviews as services
from certification.services.reviews import Judgement
from core.api_schema import operation
from core.api_serializers import Empty, ProblemSerializer, list_of
from core.errors import Conflict

READ = "reviews:read"
WRITE = "reviews:write"


class ReviewView(PlanView):
    @operation("reviews_retrieve", "A plan as its reviewer sees it", scope=READ, gives=shapes.ReviewSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """For the officers of the area and auditors: the submission, the levels beside it, the score of both."""
        return self.answer(shapes.ReviewSerializer, _shape(case_of(self, pk)))


class ClaimView(PlanView):
    @operation("reviews_claim", "Claim a plan", scope=WRITE, takes=Empty, gives=plan_shapes.PlanSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """For an adviser of the area who has nothing to do with the organisation."""
        self.bound(Empty)
        services.claim(actor=signed_in(request.user), plan_id=self.plan(pk).pk)
        return shown(self, pk)


class ReleaseView(PlanView):
    @operation("reviews_release", "Give a plan back", scope=WRITE, takes=Empty, gives=plan_shapes.PlanSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """To the queue; what was written is kept."""
        self.bound(Empty)
        services.release(actor=signed_in(request.user), plan_id=self.plan(pk).pk)
        return shown(self, pk)


class JudgementView(PlanView):
    def conflict_details(self, error: Conflict) -> dict[str, object]:
        current = error.current
        return {"current": shapes.JudgementSerializer(current).data if isinstance(current, CriterionReview) else None}

    @operation(
        "reviews_judge",
        "Judge a criterion",
        scope=WRITE,
        takes=shapes.JudgementInputSerializer,
        gives=shapes.JudgementSerializer,
        problems={409: shapes.JudgementConflictSerializer},
    )
    def put(self, request: Request, pk: UUID, code: str) -> Response:
        """Bound to the answer as submitted last: if that changes, the criterion has to be judged again."""
        plan = self.plan(pk)
        policies.can_review(request.user, plan).require()
        given = self.bound(shapes.JudgementInputSerializer)
        saved = services.save_criterion(
            actor=signed_in(request.user),
            plan_id=plan.pk,
            code=code,
            judgement=Judgement(given["level"], given["not_applicable"], given["comment"]),
            expected_version=given["version"],
        )
        return self.answer(shapes.JudgementSerializer, saved)


class ChangeRequestsView(PlanView):
    @operation(
        "reviews_request_draft",
        "Draft a change request",
        scope=WRITE,
        takes=shapes.NewChangeRequestSerializer,
        gives=shapes.ChangeRequestSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """One for each criterion; writing again replaces its text. Nothing is sent yet."""
        plan = self.plan(pk)
        policies.can_review(request.user, plan).require()
        given = self.bound(shapes.NewChangeRequestSerializer)
        made = services.draft_change_request(
            actor=signed_in(request.user), plan_id=plan.pk, code=given["code"], message=given["message"]
        )
        return self.answer(shapes.ChangeRequestSerializer, made, status=201)


class DraftRequestView(PlanView):
    @operation(
        "reviews_request_drop",
        "Delete a draft",
        scope=WRITE,
        status=204,
        problems={409: ProblemSerializer, 422: ProblemSerializer},
    )
    def delete(self, request: Request, pk: UUID, code: str) -> Response:
        """Only what was not sent."""
        services.drop_change_request(actor=signed_in(request.user), plan_id=self.plan(pk).pk, code=code)
        return Response(status=204)


class SendRequestsView(PlanView):
    @operation(
        "reviews_requests_send",
        "Ask for the changes",
        scope=WRITE,
        takes=Empty,
        gives=list_of(shapes.ChangeRequestSerializer),
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Sends every draft. The organiser can then change the named criteria and no others, until they submit again."""
        self.bound(Empty)
        sent = services.request_changes(actor=signed_in(request.user), plan_id=self.plan(pk).pk)
        return Response({"results": shapes.ChangeRequestSerializer(sent, many=True).data})


def case_of(view: PlanView, pk: UUID) -> ReviewCase:
    """404 for a stranger and for what was never submitted, 403 for the organisation that wrote it."""
    plan = view.plan(pk)
    if plan.first_submitted_at is None:
        raise Http404
    policies.can_read_review(view.request.user, plan).require()
    return selectors.case_of(plan)


def _shape(case: ReviewCase) -> dict[str, object]:
    running, standing = case.running_score, standing_of(case)
    drafted = decisions.drafted_conditions(case.standard, running, standing) if running is not None else ()
    return {
        "plan_id": case.plan.pk,
        "state": case.plan.state,
        "reviewer": case.review.reviewer.name if case.review is not None else None,
        "submission": case.submission.number,
        "criteria": case.criteria,
        "running": explanation.as_dict(running) if running is not None else None,
        "drafted_conditions": drafted,
        "standing_conditions": standing.stands,
        "change_requests": case.requests,
    }
