"""The police side: judgements, change requests, recommendations, decisions."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from certification.domain import departures
from certification.domain.departures import Condition
from certification.models import ChangeRequest
from certification.serializers.plans import (
    HIGHEST_LEVEL,
    MOST_VERSIONS,
    OBLIGATIONS,
    ScoreSerializer,
)
from core.api_serializers import Input, ProblemSerializer, Shape

_LONGEST_CODE: Final = 10
_MOST_CONDITIONS: Final = 200
JUDGING: Final = ("to_judge", "changed", "judged")


class _FileSerializer(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    content_type = serializers.CharField()


class _ClaimedSerializer(Shape):
    """As submitted last."""

    level = serializers.IntegerField(allow_null=True)
    not_applicable = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    account = serializers.CharField(allow_blank=True)
    evidence = _FileSerializer(many=True)


class JudgementSerializer(Shape):
    code = serializers.CharField(source="criterion_code")
    level = serializers.IntegerField(allow_null=True)
    not_applicable = serializers.BooleanField()
    comment = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class ChangeRequestSerializer(Shape):
    code = serializers.CharField(source="criterion_code")
    message = serializers.CharField()
    state = serializers.ChoiceField(choices=ChangeRequest.State.choices)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class _ReviewedCriterionSerializer(Shape):
    code = serializers.CharField()
    section = serializers.CharField(source="criterion.section")
    question = serializers.CharField(source="criterion.question")
    obligation = serializers.ChoiceField(choices=OBLIGATIONS)
    na_allowed = serializers.BooleanField(source="criterion.na_allowed")
    claimed = _ClaimedSerializer()
    status = serializers.ChoiceField(choices=JUDGING, help_text="changed: the answer is another since it was judged.")
    judgement = JudgementSerializer(allow_null=True)


class ConditionSerializer(Shape):
    code = serializers.CharField()
    text = serializers.CharField()
    days = serializers.IntegerField(help_text="From the decision, or with `before_event` back from the event's start.")
    before_event = serializers.BooleanField(default=False)


class StandingConditionSerializer(Shape):
    """Of the certificate before, on a criterion that a material change does not concern: it goes on as it is."""

    certificate_number = serializers.CharField(source="number", help_text="From which it stands.")
    code = serializers.CharField(source="row.criterion_code", allow_blank=True)
    text = serializers.CharField(source="row.text")
    due_on = serializers.DateField()
    discharged_at = serializers.DateTimeField(source="row.discharged_at", allow_null=True)


class ReviewSerializer(Shape):
    """The reviewers' working papers. `running` takes the reviewer's level where there is one, the organiser's elsewhere."""

    plan_id = serializers.UUIDField()
    state = serializers.CharField()
    reviewer = serializers.CharField(allow_null=True, help_text="The name of who reviews it, or did last.")
    submission = serializers.IntegerField(help_text="The number of the submission under review.")
    criteria = _ReviewedCriterionSerializer(many=True)
    running = ScoreSerializer(allow_null=True)
    drafted_conditions = ConditionSerializer(many=True)
    standing_conditions = StandingConditionSerializer(many=True)
    change_requests = ChangeRequestSerializer(many=True)


class JudgementInputSerializer(Input):
    """Either a level or not applicable. A level below the organiser's needs a comment, which the organiser reads."""

    level = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=HIGHEST_LEVEL
    )
    not_applicable = serializers.BooleanField(required=False, default=False)
    comment = serializers.CharField(required=False, allow_blank=True, default="", max_length=8000)
    version = serializers.IntegerField(
        min_value=0, max_value=MOST_VERSIONS, help_text="Of the judgement as you read it, 0 for none."
    )

    example = {"level": 2, "comment": "The plan names no deputy.", "version": 0}


class JudgementConflictSerializer(ProblemSerializer):
    """With `conflict`: the judgement as it is stored now."""

    current = JudgementSerializer(required=False, allow_null=True)


class NewChangeRequestSerializer(Input):
    code = serializers.CharField(max_length=_LONGEST_CODE)
    message = serializers.CharField(max_length=8000)

    example = {"code": "GOV-01", "message": "Name the deputy and say how they are reached."}


class ConditionInputSerializer(Input):
    code = serializers.CharField(max_length=_LONGEST_CODE)
    text = serializers.CharField(max_length=4000)
    days = serializers.IntegerField(min_value=1, max_value=departures.LONGEST_DAYS)
    before_event = serializers.BooleanField(
        required=False, default=False, help_text="Count the days back from the start of the event."
    )

    def to_internal_value(self, data: Any) -> Condition:
        return Condition(**super().to_internal_value(data))


class _OutcomeInput(Input):
    outcome = serializers.ChoiceField(choices=departures.OUTCOMES)
    departure_reason = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=8000,
        help_text="Needed where the outcome is not the score's, or a condition that it drafts is left out.",
    )
    conditions = ConditionInputSerializer(  # type: ignore[call-arg]  # of the list that many=True makes
        many=True, required=False, default=list, max_length=_MOST_CONDITIONS
    )


class NewRecommendationSerializer(_OutcomeInput):
    summary = serializers.CharField(max_length=12_000, help_text="For the authorising officer alone.")

    example = {"outcome": "certify", "summary": "In good order throughout.", "conditions": []}


class NewDecisionSerializer(_OutcomeInput):
    recommendation_id = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        help_text="The recommendation that you read; if it changed since, that is a 409.",
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=8000, help_text="The organiser reads it."
    )

    example = {"outcome": "certify", "recommendation_id": 17, "conditions": []}


class ReasonSerializer(Input):
    reason = serializers.CharField(max_length=8000)


class RecommendationSerializer(Shape):
    id = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=departures.OUTCOMES)
    engine_outcome = serializers.ChoiceField(choices=departures.OUTCOMES)
    departure_reason = serializers.CharField(allow_blank=True)
    summary = serializers.CharField()
    conditions = ConditionSerializer(many=True)
    score = ScoreSerializer()
    recommended_by = serializers.CharField(source="recommended_by.name")
    recommended_at = serializers.DateTimeField()


class DecisionSerializer(Shape):
    """What the organisation reads too. The recommendation's summary is not in it."""

    outcome = serializers.ChoiceField(choices=departures.OUTCOMES)
    engine_outcome = serializers.ChoiceField(choices=departures.OUTCOMES)
    departure_reason = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    conditions = ConditionSerializer(many=True, help_text="Those that it sets.")
    standing_conditions = StandingConditionSerializer(many=True)
    decided_at = serializers.DateTimeField()
    certificate_id = serializers.UUIDField(allow_null=True)
