"""Requests to keep a site off the public register."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.models import ListingRequest
from certification.selectors.listing import subject_of
from certification.serializers.plans import KINDS
from core.api_serializers import Input, PageQuery, Shape


class ListingQuery(PageQuery):
    state = serializers.ChoiceField(choices=ListingRequest.State.choices, required=False, default="")


class _ListedSubjectSerializer(Shape):
    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.UUIDField(source="pk")
    name = serializers.CharField()


class ListingRequestSerializer(Shape):
    id = serializers.UUIDField()
    subject = serializers.SerializerMethodField()
    organisation_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ListingRequest.State.choices)
    reason = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(_ListedSubjectSerializer)
    def get_subject(self, request: ListingRequest) -> dict[str, Any]:
        return dict(_ListedSubjectSerializer(subject_of(request)).data)


class _AskedSubject(Input):
    kind = serializers.ChoiceField(choices=KINDS)
    id = serializers.UUIDField()


class AskInput(Input):
    subject = _AskedSubject()
    reason = serializers.CharField(max_length=2000)

    example = {
        "subject": {"kind": "venue", "id": "7d0c1c8e-6a62-4f5e-9f3e-0c0b6a3e2a11"},
        "reason": "People at risk live at the site.",
    }


class ListingAnswerInput(Input):
    answer = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
