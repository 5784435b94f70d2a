"""The threat level for anybody; confirmations for holder, police and auditors. No measure and no reason leaves here."""

from __future__ import annotations

from rest_framework import serializers

from advisories.domain import threat
from advisories.models import ThreatChange
from core.api_serializers import Input, PageQuery, Shape

__all__ = [
    "AnswerSerializer",
    "ChangeSerializer",
    "ConfirmationQuery",
    "ConfirmationSerializer",
    "ThreatLevelSerializer",
]

ANSWERS = ("confirmed", "not_yet")
FILTERS = (threat.ASKED, threat.NOT_YET, threat.CONFIRMED, "all")


class _StandingSerializer(Shape):
    scope = serializers.ChoiceField(choices=threat.SCOPES)
    level = serializers.ChoiceField(choices=threat.LEVELS)
    since = serializers.DateTimeField()
    source = serializers.CharField()  # type: ignore[assignment]  # a name of DRF's own, which a declared field does not touch


class _ZoneSerializer(Shape):
    zone = serializers.ChoiceField(choices=threat.ZONES, help_text="Great Britain, or Northern Ireland.")
    response_level = serializers.ChoiceField(choices=threat.RESPONSES)


class ThreatLevelSerializer(Shape):
    """Empty lists until a level was recorded."""

    levels = _StandingSerializer(many=True)
    response_levels = _ZoneSerializer(many=True)

    example = {
        "levels": [
            {
                "scope": "uk",
                "level": "substantial",
                "since": "2026-11-23T10:00:00+00:00",
                "source": "Statement of 23 November 2026",
            }
        ],
        "response_levels": [
            {"zone": "gb", "response_level": "heightened"},
            {"zone": "ni", "response_level": "heightened"},
        ],
    }


class ChangeSerializer(Shape):
    scope = serializers.ChoiceField(choices=threat.SCOPES)
    level = serializers.ChoiceField(choices=threat.LEVELS)
    previous_level = serializers.ChoiceField(choices=threat.LEVELS, allow_null=True, help_text="Null for the first.")
    effective_at = serializers.DateTimeField()
    source = serializers.CharField()  # type: ignore[assignment]  # a name of DRF's own, which a declared field does not touch

    def to_representation(self, instance: ThreatChange) -> dict[str, object]:
        found = super().to_representation(instance)
        return {**found, "previous_level": instance.previous_level or None}


class ConfirmationQuery(PageQuery):
    state = serializers.ChoiceField(
        choices=FILTERS, required=False, default="", help_text="Without it: whoever has not confirmed."
    )
    area_code = serializers.CharField(max_length=40, required=False, default="")


class ConfirmationSerializer(Shape):
    """What was asked of one certificate, and where it stands (selectors.confirmations.Numbered)."""

    id = serializers.UUIDField(source="row.confirmation.id")
    certificate_id = serializers.UUIDField(source="row.confirmation.certificate_id")
    certificate_number = serializers.CharField(source="row.confirmation.certificate.number")
    subject_name = serializers.CharField(source="row.confirmation.certificate.subject_name")
    organisation_id = serializers.UUIDField(source="row.confirmation.organisation_id")
    area_code = serializers.CharField(source="row.confirmation.area_id")
    zone = serializers.ChoiceField(choices=threat.ZONES, source="row.confirmation.response.zone")
    response_level = serializers.ChoiceField(choices=threat.RESPONSES, source="row.confirmation.response.response")
    state = serializers.ChoiceField(choices=threat.STATES, source="row.confirmation.state")
    asked_at = serializers.DateTimeField(source="row.confirmation.asked_at")
    due_at = serializers.DateTimeField(source="row.confirmation.due_at")
    overdue = serializers.BooleanField(source="row.late", help_text="As of now.")
    open = serializers.BooleanField(source="row.open", help_text="Whether an answer is still taken.")
    answered_at = serializers.DateTimeField(source="row.confirmation.answered_at", allow_null=True)
    expected_at = serializers.DateTimeField(
        source="row.confirmation.expected_at", allow_null=True, help_text="With not_yet: when they will be on."
    )
    measures_version = serializers.IntegerField(
        help_text="Of the measures as they are written for this level; give it to confirm them. 0: none are written."
    )


class AnswerSerializer(Input):
    """`reason` and `expected_at` go with `not_yet`, `measures_version` with `confirmed`."""

    answer = serializers.ChoiceField(choices=ANSWERS)
    measures_version = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2_000_000_000)
    reason = serializers.CharField(
        required=False,
        default="",
        max_length=4000,
        help_text="Read by your organisation and the police of your area, nobody else.",
    )
    expected_at = serializers.DateTimeField(required=False, default=None, allow_null=True)

    example = {"answer": "confirmed", "measures_version": 3}
