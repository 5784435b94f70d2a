"""A condition of a certificate with what was sent in for it and what was decided about its date."""

from __future__ import annotations

from rest_framework import serializers

from certification.models import ConditionDischarge, ConditionExtension, Evidence
from core.api_serializers import Input, Shape

_LONGEST = 4000


class DischargeFileSerializer(Shape):
    """It can be opened once `scan` is clean."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    scan = serializers.ChoiceField(choices=Evidence.Scan.choices)


class DischargeSerializer(Shape):
    """What the holder is writing, or has sent in, with the police's answer."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ConditionDischarge.State.choices)
    note = serializers.CharField(allow_blank=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why it was sent back.")
    files = DischargeFileSerializer(many=True, source="evidence.all")


class ExtensionSerializer(Shape):
    """`waits`: the date stays, the police look again after `until`."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ConditionExtension.State.choices)
    waits = serializers.BooleanField()
    due_before = serializers.DateField()
    until = serializers.DateField()
    reason = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CertificateConditionRowSerializer(Shape):
    id = serializers.IntegerField()
    certificate_id = serializers.UUIDField()
    code = serializers.CharField(source="criterion_code")
    text = serializers.CharField()
    due_on = serializers.DateField()
    waiting_until = serializers.DateField(allow_null=True)
    owner_id = serializers.UUIDField(allow_null=True)
    discharged_at = serializers.DateTimeField(allow_null=True)
    stands_from_id = serializers.IntegerField(
        allow_null=True,
        help_text="The condition of an earlier certificate that goes on as this one; null where it was set anew.",
    )


class CertificateConditionSerializer(CertificateConditionRowSerializer):
    discharges = DischargeSerializer(many=True)
    extensions = ExtensionSerializer(many=True)


class OwnerInputSerializer(Input):
    owner_id = serializers.UUIDField(allow_null=True, help_text="A member of the holder, or null for nobody by name.")


class NoteInputSerializer(Input):
    note = serializers.CharField(max_length=_LONGEST, help_text="What has been done.")


class FileInputSerializer(Input):
    file = serializers.FileField(
        allow_empty_file=True, help_text="At most 25 MB; looked at and scanned before anybody opens it."
    )


class ConditionReasonInputSerializer(Input):
    reason = serializers.CharField(max_length=_LONGEST)


class DateInputSerializer(Input):
    until = serializers.DateField()
    reason = serializers.CharField(max_length=_LONGEST)


class GivenDateInputSerializer(DateInputSerializer):
    waits = serializers.BooleanField(default=False, help_text="The date stays; look again after `until`.")
