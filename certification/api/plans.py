"""Plans: list, begin, read, withdraw; their score."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.domain import explanation
from certification.models import Certificate, Plan
from certification.policies import plans as policies
from certification.selectors import cases, plan_page
from certification.selectors import plans as selectors
from certification.serializers import plans as shapes
from certification.services import plans as services
from core import keyset
from core.api_schema import operation
from core.api_serializers import Empty, ProblemSerializer, page_body, page_of
from core.api_views import ApiView
from core.errors import Conflict, Incomplete
from events import selectors as events


class PlanView(ApiView):
    """A view of one plan, or of what belongs to it."""

    def plan(self, pk: UUID) -> Plan:
        """404 for a stranger."""
        return get_object_or_404(selectors.visible(self.request.user), pk=pk)

    def conflict_details(self, error: Conflict) -> dict[str, object]:
        return {"plan_id": str(error.current.pk)} if isinstance(error.current, Plan) else {}


class PlansView(PlanView):
    @operation(
        "plans_list", "List plans", scope="plans:read", gives=page_of(shapes.PlanRowSerializer), query=shapes.PlanQuery
    )
    def get(self, request: Request) -> Response:
        """Newest first: your organisations', what was submitted to your police area, or for an auditor all."""
        asked = self.asked(shapes.PlanQuery)
        wanted = Q()
        if "state" in asked:
            wanted &= Q(state=asked["state"])
        if "area_code" in asked:
            wanted &= Q(area_id=asked["area_code"])
        if "subject" in asked:
            wanted &= Q(venue_id=asked["subject"]) | Q(event_id=asked["subject"]) | Q(project_id=asked["subject"])
        found = selectors.visible(request.user).filter(wanted)
        page = keyset.page(found, order=("-created_at", "-id"), after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.PlanRowSerializer))

    @operation(
        "plans_create",
        "Begin a plan",
        scope="plans:write",
        takes=shapes.NewPlanSerializer,
        gives=shapes.PlanSerializer,
        status=201,
        problems={409: shapes.PlanConflictSerializer},
    )
    def post(self, request: Request) -> Response:
        """Bound to the standard in force today. A subject has one open plan at a time."""
        given = self.bound(shapes.NewPlanSerializer)["subject"]
        subject = events.get_subject(given["kind"], given["id"], request.user)
        begun = services.begin(actor=signed_in(request.user), subject=subject)
        return shown(self, begun.pk, status=201)


class OnePlanView(PlanView):
    @operation("plans_retrieve", "One plan", scope="plans:read", gives=shapes.PlanSerializer)
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return shown(self, pk)


class WithdrawalView(PlanView):
    @operation("plans_withdraw", "Withdraw a plan", scope="plans:write", takes=Empty, gives=shapes.PlanSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """For good; what was submitted stays on the file."""
        self.bound(Empty)
        services.withdraw(actor=signed_in(request.user), plan_id=self.plan(pk).pk)
        return shown(self, pk)


class ScoreView(PlanView):
    @operation(
        "plans_score",
        "The score, explained",
        scope="plans:read",
        gives=shapes.ScoreSerializer,
        problems={422: ProblemSerializer},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Of the answers as they stand, finished or not. 422 while every answer says that it does not apply."""
        plan = self.plan(pk)
        policies.can_read_answers(request.user, plan).require()
        score = cases.score(cases.load(plan))
        if score is None:
            raise Incomplete(_("Everything is answered as not applicable, so nothing is left to score."))
        return self.answer(shapes.ScoreSerializer, explanation.as_dict(score))


def shown(view: PlanView, pk: UUID, *, status: int = 200) -> Response:
    """Read afresh: a service hands back the locked row, which lacks what is shown with it."""
    plan = view.plan(pk)
    row = shapes.PlanRowSerializer(plan).data
    panel = None
    if policies.can_read_answers(view.request.user, plan):
        case = cases.load(plan)
        panel = plan_page.panel_of(case, cases.score(case))
    certificates = Certificate.objects.visible_to(view.request.user).filter(plan=plan)
    certificate = certificates.order_by("-created_at", "-pk").first()
    extra = {
        "score": shapes.ScoreSummarySerializer(panel).data if panel is not None else None,
        "certificate_id": certificate.pk if certificate is not None else None,
    }
    return Response({**row, **extra}, status=status)
