"""Recommending, signing, sending back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.plans import PlanView
from certification.api.reviews import case_of
from certification.models import Certificate, Decision
from certification.policies import reviews as policies
from certification.selectors import decisions as selectors
from certification.serializers import reviews as shapes
from certification.services import decisions, recommendations
from certification.services.decisions import DecisionInput
from certification.services.recommendations import RecommendationInput
from core.api_schema import operation

DECIDE = "decisions:write"


class RecommendationView(PlanView):
    @operation(
        "recommendations_retrieve",
        "The recommendation that awaits a signature",
        scope="reviews:read",
        gives=shapes.RecommendationSerializer,
    )
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """Or the one that was signed. For the police and auditors alone."""
        found = selectors.current_recommendation(case_of(self, pk).plan)
        if found is None:
            raise Http404
        return self.answer(shapes.RecommendationSerializer, found)

    @operation(
        "recommendations_create",
        "Recommend",
        scope="reviews:write",
        takes=shapes.NewRecommendationSerializer,
        gives=shapes.RecommendationSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The end of a review: every criterion that applies is judged."""
        plan = self.plan(pk)
        policies.can_review(request.user, plan).require()
        given = self.bound(shapes.NewRecommendationSerializer)
        said = RecommendationInput(
            outcome=given["outcome"],
            summary=given["summary"],
            departure_reason=given["departure_reason"],
            conditions=tuple(given["conditions"]),
        )
        made = recommendations.recommend(actor=signed_in(request.user), plan_id=plan.pk, recommendation=said)
        return self.answer(shapes.RecommendationSerializer, made, status=201)


class SendBackView(PlanView):
    @operation(
        "recommendations_send_back",
        "Send a recommendation back",
        scope=DECIDE,
        takes=shapes.ReasonSerializer,
        gives=shapes.RecommendationSerializer,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """To the reviewer, with the reason."""
        plan = self.plan(pk)
        policies.can_decide(request.user, plan).require()
        reason = self.bound(shapes.ReasonSerializer)["reason"]
        returned = decisions.send_back(actor=signed_in(request.user), plan_id=plan.pk, reason=reason)
        return self.answer(shapes.RecommendationSerializer, returned)


class DecisionView(PlanView):
    @operation("decisions_retrieve", "The decision", scope="plans:read", gives=shapes.DecisionSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """As the organisation reads it too."""
        return _shown(self, get_object_or_404(Decision, plan=self.plan(pk)))

    @operation(
        "decisions_sign",
        "Sign the decision",
        scope=DECIDE,
        takes=shapes.NewDecisionSerializer,
        gives=shapes.DecisionSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """By an authorising officer who did not review the plan. It cannot be taken back; the certificate follows."""
        plan = self.plan(pk)
        policies.can_decide(request.user, plan).require()
        given = self.bound(shapes.NewDecisionSerializer)
        said = DecisionInput(
            outcome=given["outcome"],
            departure_reason=given["departure_reason"],
            note=given["note"],
            conditions=tuple(given["conditions"]),
            recommendation_id=given["recommendation_id"],
        )
        return _shown(self, decisions.sign(actor=signed_in(request.user), plan_id=plan.pk, decision=said), status=201)


def _shown(view: PlanView, decision: Decision, *, status: int = 200) -> Response:
    certificate = Certificate.objects.filter(decision=decision).values_list("pk", flat=True).first()
    shape = {
        "outcome": decision.outcome,
        "engine_outcome": decision.engine_outcome,
        "departure_reason": decision.departure_reason,
        "note": decision.note,
        "conditions": decision.conditions,
        "standing_conditions": selectors.standing_conditions(decision),
        "decided_at": decision.decided_at,
        "certificate_id": certificate,
    }
    return view.answer(shapes.DecisionSerializer, shape, status=status)
