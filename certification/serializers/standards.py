from __future__ import annotations

from rest_framework import serializers

from core.api_serializers import Shape


class StandardRowSerializer(Shape):
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    effective_from = serializers.DateField()
    sha256 = serializers.CharField(help_text="Of the document's canonical JSON.")


class StandardSerializer(StandardRowSerializer):
    """`document` is the standard as it was published: sections, criteria, levels, marks. It never changes."""

    document = serializers.DictField()
