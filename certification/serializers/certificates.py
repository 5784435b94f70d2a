"""Certificates for those whom they concern, and what anybody may be told of them."""

from __future__ import annotations

from typing import Final, get_args

from django.utils import timezone
from rest_framework import serializers

from certification.models import Certificate, Proposal
from certification.selectors.certificates import effective_state, kind_of
from certification.selectors.verification import Status
from certification.serializers.plans import KINDS
from core.api_serializers import Input, PageQuery, Shape
from events.domain.tiers import JUDGED_TIERS

FILTERS: Final = (*Certificate.State.values, "expiring")
REGISTERED: Final = ("in_force", "suspended", "expired", "revoked", "superseded", "surrendered")
_STATUSES: Final = get_args(Status)


class CertificateQuery(PageQuery):
    state = serializers.ChoiceField(choices=FILTERS, required=False, default="")
    area_code = serializers.CharField(max_length=40, required=False, default="")
    number = serializers.CharField(max_length=24, required=False, default="")


class CertificateRowSerializer(Shape):
    """`state` as of today: past its last day a certificate has expired."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=Certificate.State.choices)
    kind = serializers.ChoiceField(choices=KINDS, source="*")
    plan_id = serializers.UUIDField()
    organisation_id = serializers.UUIDField()
    area_code = serializers.CharField(source="area_id")
    holder_name = serializers.CharField()
    subject_name = serializers.CharField()
    subject_place = serializers.CharField()
    judged_tier = serializers.ChoiceField(choices=JUDGED_TIERS)
    decided_on = serializers.DateField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(help_text="The last day of cover.")
    issued_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Certificate) -> dict[str, object]:
        found = super().to_representation(instance)
        return {**found, "kind": kind_of(instance), "state": effective_state(instance, timezone.localdate())}


class IssuedConditionSerializer(Shape):
    id = serializers.IntegerField()
    code = serializers.CharField(source="criterion_code")
    text = serializers.CharField()
    due_on = serializers.DateField()
    discharged_at = serializers.DateTimeField(allow_null=True)
    stands_from_id = serializers.IntegerField(
        allow_null=True,
        help_text="The condition of an earlier certificate that goes on as this one; null where it was set anew.",
    )


class ProposalSerializer(Shape):
    """What has taken effect, and for the police of the area also what waits for a second officer or was dropped."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Proposal.Kind.choices)
    urgent = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, help_text="Of a transfer: for the police alone.")
    changes = serializers.DictField(help_text="Of a variation: what becomes different. Of a transfer: its offer.")
    proposed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)
    effective_at = serializers.DateTimeField(allow_null=True, help_text="When the certificate moved.")
    lapses_at = serializers.DateTimeField(
        allow_null=True, help_text="An urgent suspension that is neither confirmed nor dropped by then is over."
    )

    def to_representation(self, instance: Proposal) -> dict[str, object]:
        """What officers found about a new holder is not for the old one."""
        found = super().to_representation(instance)
        hidden = instance.kind == Proposal.Kind.TRANSFER and not self.context.get("police")
        return {**found, "reason": ""} if hidden else found


class CertificateFactsSerializer(CertificateRowSerializer):
    scope = serializers.CharField()
    content_hash = serializers.CharField(help_text="Of the submission that was decided on.")
    pdf_sha256 = serializers.CharField(allow_blank=True, help_text="Empty until the document is made.")
    pdf_size = serializers.IntegerField()
    verification_token = serializers.CharField(
        source="token", help_text="For GET /verify/…/; it is in the QR code too."
    )
    basis = serializers.ChoiceField(choices=Certificate.Basis.choices)
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class CertificateSerializer(CertificateFactsSerializer):
    conditions = IssuedConditionSerializer(many=True)
    proposals = ProposalSerializer(many=True)


class _PublicFactsSerializer(Shape):
    number = serializers.CharField(allow_null=True)
    holder = serializers.CharField(allow_null=True)
    subject = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(choices=KINDS, allow_null=True)
    place = serializers.CharField(allow_null=True)
    scope = serializers.CharField(allow_null=True)
    area = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    gap_from = serializers.DateField(
        allow_null=True, help_text="The first day without cover before it, after a late renewal; else null."
    )
    gap_until = serializers.DateField(allow_null=True, help_text="The last of those days.")


class VerificationSerializer(Shape):
    """The same keys for every answer; all facts are null where nothing is known."""

    status = serializers.ChoiceField(choices=_STATUSES)
    valid = serializers.BooleanField()
    checked_at = serializers.DateTimeField()
    certificate = _PublicFactsSerializer()

    example = {
        "status": "in_force",
        "valid": True,
        "checked_at": "2026-11-23T10:00:00+00:00",
        "certificate": {
            "number": "PSC-2026-000001-0",
            "holder": "Harbour Lights Trust",
            "subject": "Mill Lane Hall",
            "kind": "venue",
            "place": "Otley, LS21 3AA",
            "scope": "The venue in its ordinary use, for no more than 250 people at one time, staff included.",
            "area": "West Yorkshire Police",
            "valid_from": "2026-11-23",
            "valid_until": "2028-11-22",
            "gap_from": None,
            "gap_until": None,
        },
    }


class FileToVerifySerializer(Input):
    file = serializers.FileField(help_text="At most 25 MB; it is compared with what was issued and not kept.")


class RegisterQuery(Input):
    after = serializers.CharField(required=False, default="", max_length=2000)
    words = serializers.CharField(
        required=False,
        default="",
        max_length=100,
        help_text="In name, place, postcode or holder, or a whole number. Where nothing matches, typing errors are forgiven.",
    )
    area_code = serializers.CharField(required=False, default="", max_length=40)
    kind = serializers.ChoiceField(choices=KINDS, required=False, default="")
    state = serializers.ChoiceField(choices=REGISTERED, required=False, default="")


class RegisterRowSerializer(Shape):
    number = serializers.CharField()
    subject = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    place = serializers.CharField()
    holder = serializers.CharField()
    area_code = serializers.CharField()
    area = serializers.CharField()
    state = serializers.ChoiceField(choices=Certificate.State.choices)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()


class RegisterPageSerializer(Shape):
    """A page of the register, and whether it is what was asked or what is close to it."""

    results = RegisterRowSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Give it as `after` for the rows that follow.")
    previous = serializers.CharField(allow_null=True, help_text="Give it as `after` for the rows before.")
    close = serializers.BooleanField(help_text="Nothing matched the words as they stand; these are near.")
    suggestion = serializers.CharField(allow_blank=True, help_text="The words that would have matched.")
