"""Material changes, as programs read and tell them."""

from __future__ import annotations

from rest_framework import serializers

from certification.domain import changes
from certification.models import MaterialChange
from core.api_serializers import Input, PageQuery, Shape

CHANGE_STATES = MaterialChange.State


class ChangeQuery(PageQuery):
    state = serializers.ChoiceField(choices=changes.STATES, required=False, default="")


class MaterialChangeSerializer(Shape):
    """`state` "recorded" is a minor change; every other one is major and has the plan that it opened."""

    id = serializers.UUIDField()
    certificate_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=MaterialChange.State.choices)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=changes.KINDS))
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it is major; empty for a minor one.")
    codes = serializers.ListField(child=serializers.CharField(), help_text="Criteria to be reviewed again.")
    description = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    told_late = serializers.BooleanField()
    rules = serializers.CharField()
    plan_id = serializers.UUIDField(allow_null=True)
    reported_at = serializers.DateTimeField()
    reclass_reason = serializers.CharField(allow_blank=True)


class ReportInputSerializer(Input):
    declared = serializers.ListField(
        child=serializers.ChoiceField(choices=changes.DECLARED), required=False, default=list
    )
    description = serializers.CharField(max_length=8000)
    starts_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="Wanted for works.")


class ReclassInputSerializer(Input):
    major = serializers.BooleanField()
    reason = serializers.CharField(max_length=8000)
