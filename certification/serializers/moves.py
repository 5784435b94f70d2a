"""What is sent to move a certificate, and an offer to hand a certified place over."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from certification.domain import proposals as rules
from certification.domain import variation
from certification.models import TransferOffer
from core.api_serializers import Input, PageQuery, Shape
from events.models import ResponsibleKind

PROPOSABLE = tuple(kind.code for kind in rules.KINDS.values() if kind.by == "officer")


class _TermSerializer(Input):
    code = serializers.CharField(max_length=10)
    text = serializers.CharField(max_length=2 * variation.LONGEST_CONDITION)
    due_on = serializers.DateField()


class ChangesSerializer(Input):
    """What is left out stays as it is. `conditions` are all that are to be outstanding afterwards."""

    scope = serializers.CharField(required=False, max_length=2 * variation.LONGEST_SCOPE)
    holder_name = serializers.CharField(required=False, max_length=2 * variation.LONGEST_NAME)
    subject_name = serializers.CharField(required=False, max_length=2 * variation.LONGEST_NAME)
    valid_until = serializers.DateField(required=False)
    conditions = _TermSerializer(many=True, required=False)


class ProposalInputSerializer(Input):
    """`urgent` for a suspension alone, `changes` for a variation alone."""

    kind = serializers.ChoiceField(choices=PROPOSABLE)
    reason = serializers.CharField(max_length=8000)
    urgent = serializers.BooleanField(required=False, default=False)
    changes = ChangesSerializer(required=False)

    example = {"kind": "suspend", "reason": "The fire doors are chained shut.", "urgent": True}


class ReasonInputSerializer(Input):
    reason = serializers.CharField(max_length=8000)


class WaitingQuery(PageQuery):
    pass


class OfferInputSerializer(Input):
    email = serializers.EmailField()
    plan_goes_along = serializers.BooleanField(help_text="The new holder will be able to read the plan.")


class AcceptanceInputSerializer(Input):
    organisation_id = serializers.UUIDField()
    responsible_kind = serializers.ChoiceField(choices=ResponsibleKind.choices)
    responsible_name = serializers.CharField(max_length=400)
    responsible_ground = serializers.CharField(max_length=400)
    senior_name = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)
    senior_position = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)
    capability = serializers.CharField(max_length=8000)
    declared_position = serializers.CharField(max_length=400)
    declared = serializers.BooleanField(help_text="What was said is true, and the plan with its duties is taken over.")


class WaitingProposalSerializer(Shape):
    id = serializers.IntegerField()
    certificate_id = serializers.UUIDField()
    number = serializers.CharField(source="certificate.number")
    kind = serializers.ChoiceField(choices=PROPOSABLE)
    urgent = serializers.BooleanField()
    proposed_at = serializers.DateTimeField()
    lapses_at = serializers.DateTimeField(allow_null=True)


class AnswersSerializer(Shape):
    responsible_kind = serializers.CharField()
    responsible_name = serializers.CharField()
    responsible_ground = serializers.CharField()
    senior_name = serializers.CharField(allow_blank=True)
    senior_position = serializers.CharField(allow_blank=True)
    capability = serializers.CharField()
    declared_position = serializers.CharField()


class OfferSerializer(Shape):
    """`answers` are null until it was accepted, and for the holder that hands over."""

    id = serializers.UUIDField()
    certificate_id = serializers.UUIDField()
    number = serializers.CharField(source="certificate.number")
    subject_name = serializers.CharField(source="certificate.subject_name")
    state = serializers.ChoiceField(choices=TransferOffer.State.choices)
    to_organisation_id = serializers.UUIDField(allow_null=True)
    offered_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_reason = serializers.CharField(allow_blank=True)
    answers = AnswersSerializer(source="*", allow_null=True)

    def to_representation(self, instance: TransferOffer) -> dict[str, Any]:
        found: dict[str, Any] = super().to_representation(instance)
        if not self.context.get("answers"):
            found["answers"] = None
        return found
