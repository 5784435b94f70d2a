"""All certificates of an organisation in one file."""

from __future__ import annotations

from rest_framework import serializers

from certification.models import Bundle
from core.api_serializers import Input, Shape


class BundleInputSerializer(Input):
    organisation_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Bundle.Kind.choices, required=False, default=Bundle.Kind.DOCUMENTS)


class BundleSerializer(Shape):
    """Ask again until `state` is `ready`; the file is there until `expires_at`."""

    id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Bundle.Kind.choices)
    state = serializers.ChoiceField(choices=Bundle.State.choices)
    total = serializers.IntegerField(help_text="Certificates that stand.")
    done = serializers.IntegerField(help_text="Of them packed so far.")
    size = serializers.IntegerField(help_text="Of the ZIP in bytes; 0 until it is ready.")
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
