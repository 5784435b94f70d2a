"""Reports of something suspicious, as programs make and read them."""

from __future__ import annotations

from rest_framework import serializers

from advisories.domain import sightings as rules
from advisories.models import Sighting, SightingStep
from advisories.selectors import sightings as selectors
from core.api_serializers import Input, PageQuery, Shape

__all__ = ["ActSerializer", "NewSightingSerializer", "QueueQuery", "SightingRowSerializer", "SightingSerializer"]


class QueueQuery(PageQuery):
    state = serializers.ChoiceField(
        choices=rules.STATES, required=False, default="", help_text="Without it, all that are not closed."
    )


class SightingRowSerializer(Shape):
    """What a list says: nothing of what was written."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    category = serializers.ChoiceField(choices=Sighting.Category.choices)
    state = serializers.ChoiceField(choices=Sighting.State.choices)
    outcome = serializers.ChoiceField(choices=[("", ""), *Sighting.Outcome.choices], allow_blank=True)
    area_code = serializers.CharField(source="area_id")
    happened_at = serializers.DateTimeField()
    ongoing = serializers.BooleanField()
    reported_at = serializers.DateTimeField()


class _ReportSerializer(Shape):
    where = serializers.CharField(allow_blank=True)
    description = serializers.CharField()
    people = serializers.CharField(allow_blank=True)
    vehicles = serializers.CharField(allow_blank=True)


class _StepSerializer(Shape):
    action = serializers.CharField()
    state = serializers.CharField(source="after")
    at = serializers.DateTimeField()
    reply = serializers.CharField(source="*", allow_blank=True)

    def to_representation(self, instance: SightingStep) -> dict[str, object]:
        readable = bool(self.context.get("readable"))
        return {**super().to_representation(instance), "reply": selectors.reply_of(instance) if readable else ""}


class SightingSerializer(SightingRowSerializer):
    """`report` is null for whoever may know of it and not read it."""

    report = _ReportSerializer(source="*", allow_null=True)
    steps = _StepSerializer(source="*", many=True)

    def to_representation(self, instance: Sighting) -> dict[str, object]:
        readable = bool(self.context.get("readable"))
        report = _ReportSerializer(selectors.read_report(instance)).data if readable else None
        steps = _StepSerializer(selectors.steps_of(instance), many=True, context=self.context).data
        return {**SightingRowSerializer(instance).data, "report": report, "steps": steps}


class NewSightingSerializer(Input):
    """In an emergency call 999. `subject` is `venue:id`, `event:id` or `project:id` of yours; else say `where` and `area_code`."""

    category = serializers.ChoiceField(choices=Sighting.Category.choices)
    happened_at = serializers.DateTimeField()
    ongoing = serializers.BooleanField(required=False, default=False)
    subject = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    area_code = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)
    where = serializers.CharField(required=False, default="", allow_blank=True, max_length=rules.LONGEST["where"])
    description = serializers.CharField(max_length=rules.LONGEST["description"])
    people = serializers.CharField(required=False, default="", allow_blank=True, max_length=rules.LONGEST["people"])
    vehicles = serializers.CharField(required=False, default="", allow_blank=True, max_length=rules.LONGEST["vehicles"])

    example = {
        "category": "reconnaissance",
        "happened_at": "2026-11-20T18:30:00Z",
        "area_code": "west-yorkshire",
        "where": "The service road behind the hall",
        "description": "Somebody filmed the loading bay for ten minutes and left when spoken to.",
    }


class ActSerializer(Input):
    """`outcome` and `reply` with close, `area_code` with readdress."""

    action = serializers.ChoiceField(choices=["see", "pass_on", "close", "readdress", "reopen"])
    outcome = serializers.ChoiceField(choices=Sighting.Outcome.choices, required=False, default="", allow_blank=True)
    reply = serializers.CharField(required=False, default="", allow_blank=True, max_length=rules.LONGEST_REPLY)
    area_code = serializers.CharField(required=False, default="", allow_blank=True, max_length=40)

    example = {"action": "close", "outcome": "explained", "reply": "It was a surveyor. Thank you for telling us."}
