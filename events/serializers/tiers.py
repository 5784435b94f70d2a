"""Triage facts and what the rules say of them."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from core.api_serializers import Input, Shape
from events.domain.facts import ENTRY_CHECKS, ENTRY_SCOPES, OPEN_AIR_TYPES, TIERS
from events.domain.tiers import JUDGED_TIERS
from events.domain.uses import EXCLUSIONS, USES

# As the column of the figure allows.
MOST_PEOPLE: Final = 1_000_000
KINDS: Final = ("premises", "event", "project")
_LONGEST_WORD: Final = 40


def _choice(choices: Any, said: str = "") -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(choices), required=False, allow_null=True, help_text=said)


class FactsSerializer(Input):
    """Facts of the triage beside the use and the figure. What is left out or null was not said."""

    recurring = serializers.BooleanField(required=False, allow_null=True, help_text="Presumed yes when not said.")
    has_building = serializers.BooleanField(required=False, allow_null=True, help_text="Presumed yes when not said.")
    wholly_or_mainly = serializers.BooleanField(
        required=False, allow_null=True, help_text="Wholly or mainly put to the use. Presumed yes when not said."
    )
    public_access = serializers.BooleanField(required=False, allow_null=True, help_text="Presumed yes when not said.")
    is_place_of_worship = serializers.BooleanField(required=False, allow_null=True)
    education_phase = serializers.CharField(required=False, allow_null=True, max_length=_LONGEST_WORD)
    open_air = serializers.BooleanField(required=False, allow_null=True)
    open_air_type = _choice(OPEN_AIR_TYPES)
    designated_sports_ground = serializers.BooleanField(required=False, allow_null=True)
    entry_check = _choice(ENTRY_CHECKS)
    entry_check_scope = _choice(ENTRY_SCOPES)
    part_attendance = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MOST_PEOPLE)
    excluded_kind = _choice(EXCLUSIONS)
    host_tier = _choice(TIERS, "Of the premises where an event is held that are not in the register.")
    host_use = _choice(USES, "As host_tier.")


class TriageSerializer(FactsSerializer):
    """`use` must be given for premises and projects, null where none of the listed uses fits."""

    kind = serializers.ChoiceField(choices=KINDS)
    expected_attendance = serializers.IntegerField(
        min_value=0, max_value=MOST_PEOPLE, help_text="The most people expected at one time, staff included."
    )
    use = _choice(USES)

    example = {"kind": "premises", "use": "hall", "expected_attendance": 250, "public_access": True}


class _ReasonSerializer(Shape):
    rule = serializers.CharField()
    basis = serializers.CharField(help_text="The provision of the Act.")
    text = serializers.CharField()


class TriageResultSerializer(Shape):
    """`tier` is what the Act says; `judged_tier` the tier by which the scheme would judge."""

    tier = serializers.ChoiceField(choices=TIERS)
    judged_tier = serializers.ChoiceField(choices=JUDGED_TIERS)
    predicted = serializers.BooleanField(help_text="Of a project: the tier of the premises that it will be.")
    rule_set = serializers.CharField()
    reasons = _ReasonSerializer(many=True, help_text="In the order of the rules; the last one decided.")
    look_again = serializers.ListField(child=serializers.CharField())
    notices = serializers.ListField(child=serializers.CharField())


class DeterminationSerializer(Shape):
    tier = serializers.ChoiceField(choices=TIERS)
    predicted = serializers.BooleanField()
    rule_set = serializers.CharField()
    reasons = _ReasonSerializer(many=True)
    advice = serializers.ListField(child=serializers.CharField())
    facts = serializers.DictField(help_text="The facts that were judged.")
    determined_at = serializers.DateTimeField()
