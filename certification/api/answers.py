from __future__ import annotations

from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.plans import PlanView
from certification.domain.standard import Criterion
from certification.models import Answer
from certification.policies import plans as policies
from certification.selectors import cases
from certification.selectors.cases import Case
from certification.serializers import plans as shapes
from certification.services import answers as services
from certification.services.answers import AnswerInput
from core.api_schema import operation
from core.api_serializers import Empty, list_of
from core.errors import Conflict


class AnswerView(PlanView):
    def case(self, pk: UUID) -> Case:
        """404 for a stranger, 403 for the police, who read what was submitted."""
        plan = self.plan(pk)
        policies.can_read_answers(self.request.user, plan).require()
        return cases.load(plan)

    def conflict_details(self, error: Conflict) -> dict[str, object]:
        current = error.current
        return {"current": shapes.AnswerSerializer(current).data if isinstance(current, Answer) else None}


class AnswersView(AnswerView):
    @operation(
        "plans_answers", "What is asked, and answered", scope="plans:read", gives=list_of(shapes.AnswerRowSerializer)
    )
    def get(self, request: Request, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """Every criterion that applies to the subject as it stands, in the standard's order."""
        case = self.case(pk)
        rows = [_row(case, criterion) for _section, criteria in case.sections for criterion in criteria]
        return Response({"results": shapes.AnswerRowSerializer(rows, many=True).data})


class OneAnswerView(AnswerView):
    @operation("plans_answer", "One criterion and its answer", scope="plans:read", gives=shapes.AnswerRowSerializer)
    def get(self, request: Request, pk: UUID, code: str) -> Response:  # noqa: ARG002 - DRF's signature
        case = self.case(pk)
        if code not in case.codes:
            raise Http404
        return self.answer(shapes.AnswerRowSerializer, _row(case, case.standard.by_code[code]))

    @operation(
        "plans_answer_save",
        "Answer a criterion",
        scope="plans:write",
        takes=shapes.AnswerInputSerializer,
        gives=shapes.AnswerSerializer,
        problems={409: shapes.AnswerConflictSerializer},
    )
    def put(self, request: Request, pk: UUID, code: str) -> Response:
        """Replaces the answer. If somebody saved another one since, nothing is lost: the 409 holds theirs."""
        plan = self.plan(pk)
        policies.can_edit(request.user, plan).require()
        given = self.bound(shapes.AnswerInputSerializer)
        said = AnswerInput(given["level"], given["not_applicable"], given["reason"], given["account"])
        saved = services.save(
            actor=signed_in(request.user), plan_id=pk, code=code, answer=said, expected_version=given["version"]
        )
        return self.answer(shapes.AnswerSerializer, saved)


class ConfirmationView(AnswerView):
    @operation(
        "plans_answer_confirm",
        "Confirm a copied answer",
        scope="plans:write",
        takes=Empty,
        gives=shapes.AnswerSerializer,
    )
    def post(self, request: Request, pk: UUID, code: str) -> Response:
        """Says that an answer that was copied from the last plan still holds."""
        self.bound(Empty)
        saved = services.confirm(actor=signed_in(request.user), plan_id=self.plan(pk).pk, code=code)
        return self.answer(shapes.AnswerSerializer, saved)


def _row(case: Case, criterion: Criterion) -> dict[str, object]:
    return {
        "code": criterion.code,
        "section": criterion.section,
        "question": criterion.question,
        "obligation": criterion.obligation_for(case.facts),
        "na_allowed": criterion.na_allowed,
        "evidence": criterion.evidence,
        "status": case.status_of(criterion.code),
        "answer": case.answers.get(criterion.code),
    }
