"""Shapes of people, organisations and police areas in the API."""

from __future__ import annotations

from rest_framework import serializers

from accounts.models import Appointment, Membership, Organisation, User
from core.api_serializers import Shape


class OrganisationSerializer(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Organisation.Kind.choices)
    created_at = serializers.DateTimeField()


class AreaSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    nation = serializers.CharField()


class _MembershipSerializer(Shape):
    organisation_id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Membership.Role.choices)


class _AppointmentSerializer(Shape):
    area_code = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Appointment.Role.choices))


class MeSerializer(Shape):
    """Who the token or session belongs to, and what it may be used for; `scopes` is null for a session."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    national_role = serializers.ChoiceField(choices=User.NationalRole.choices, allow_blank=True)
    memberships = _MembershipSerializer(many=True)
    appointments = _AppointmentSerializer(many=True)
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)

    example = {
        "id": "5f0c7a52-5a3c-4f5e-9f5b-6a55f7f4a001",
        "email": "sam@example.org",
        "name": "Sam Steward",
        "national_role": "",
        "memberships": [{"organisation_id": "0d9f6a3e-2f5b-4b39-8d0a-0e9a5c1b7002", "role": "owner"}],
        "appointments": [],
        "scopes": ["subjects:read", "plans:write"],
    }
