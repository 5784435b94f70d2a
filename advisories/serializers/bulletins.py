"""Bulletins for their readers and their authors, places and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from advisories.domain import bulletins as rules
from advisories.domain.audience import CERTIFICATES, KINDS
from advisories.domain.sectors import SECTORS
from advisories.models import Bulletin, BulletinPlace
from advisories.selectors.bulletins import SHOWS
from advisories.selectors.reach import MailLog, Reach
from core.api_serializers import Input, PageQuery, Shape
from events.domain.tiers import JUDGED_TIERS
from events.domain.uses import USES

__all__ = [
    "AcknowledgementSerializer",
    "ApprovalSerializer",
    "AudienceSizeSerializer",
    "BulletinChangeSerializer",
    "BulletinQuery",
    "BulletinReasonSerializer",
    "BulletinRowSerializer",
    "BulletinSerializer",
    "CountSerializer",
    "DoneSerializer",
    "MailLogSerializer",
    "NewBulletinSerializer",
    "PlaceQuery",
    "PlaceSerializer",
    "PublishSerializer",
    "QuestionAnswerInputSerializer",
    "ReachSerializer",
    "Received",
    "SizeInputSerializer",
    "WrittenQuery",
]


class BulletinQuery(PageQuery):
    show = serializers.ChoiceField(
        choices=SHOWS, required=False, default="", help_text="Left out: everything that you may read."
    )
    exercises = serializers.ChoiceField(choices=("hide", "only"), required=False, default="")


class WrittenQuery(PageQuery):
    state = serializers.ChoiceField(choices=Bulletin.State.choices, required=False, default="")


class PlaceQuery(PageQuery):
    state = serializers.ChoiceField(choices=BulletinPlace.State.choices, required=False, default="")


class _NearSerializer(Input):
    """Within a distance of a place; places without coordinates are left out."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    km = serializers.FloatField(help_text="Along the great circle.")


class _FlagSerializer(Input):
    """Places whose last submission is below a level at one criterion: as judged, or else as submitted."""

    code = serializers.CharField(max_length=10)
    below = serializers.IntegerField(min_value=1, max_value=4)


class AudienceSerializer(Input):
    """A place has to meet every condition that is given; within one list any will do."""

    sectors = serializers.ListField(child=serializers.ChoiceField(choices=sorted(SECTORS)), required=False)
    uses = serializers.ListField(child=serializers.ChoiceField(choices=sorted(USES)), required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=KINDS), required=False)
    tiers = serializers.ListField(child=serializers.ChoiceField(choices=JUDGED_TIERS), required=False)
    areas = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, help_text="Codes of police areas."
    )
    near = _NearSerializer(required=False)
    certificate = serializers.ChoiceField(choices=CERTIFICATES, required=False)
    flag = _FlagSerializer(required=False, help_text="For an area's own officers alone.")


class BulletinChangeSerializer(Input):
    """The whole of a draft: what is left out is empty."""

    title = serializers.CharField(max_length=160)
    body = serializers.CharField(max_length=8000, help_text="What is known.")
    instruction = serializers.CharField(
        max_length=4000, required=False, allow_blank=True, default="", help_text="What to do."
    )
    tlp = serializers.ChoiceField(choices=Bulletin.Tlp.choices, required=False, default=Bulletin.Tlp.AMBER.value)
    severity = serializers.ChoiceField(choices=rules.SEVERITIES)
    urgency = serializers.ChoiceField(choices=rules.URGENCIES)
    certainty = serializers.ChoiceField(choices=rules.CERTAINTIES)
    category = serializers.ChoiceField(choices=rules.CATEGORIES, required=False, default="Security")
    status = serializers.ChoiceField(choices=rules.STATUSES, required=False, default=rules.ACTUAL)
    audience = AudienceSerializer(required=False)
    question = serializers.CharField(
        max_length=300,
        required=False,
        allow_blank=True,
        default="",
        help_text="A temporary criterion. It enters no score.",
    )
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None, help_text="Acknowledge by.")
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    publish_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class NewBulletinSerializer(BulletinChangeSerializer):
    area_code = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", help_text="Empty: a national one."
    )

    example = {
        "area_code": "west-yorkshire",
        "title": "Watch the loading bays",
        "body": "A van was seen twice at the back of two halls.",
        "instruction": "Look at your doors before each opening.",
        "severity": "Moderate",
        "urgency": "Expected",
        "certainty": "Possible",
        "audience": {"sectors": ["stadia"], "tiers": ["enhanced"]},
    }


class BulletinRowSerializer(Shape):
    """`open`: a place that you answer for is not acknowledged. `title` is empty where `withheld`."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Bulletin.State.choices)
    tlp = serializers.CharField(source="tlp_label", help_text="The marking as it is written: TLP:AMBER.")
    status = serializers.ChoiceField(choices=rules.STATUSES, help_text="Exercise: nothing has happened.")
    title = serializers.CharField(allow_blank=True)
    withheld = serializers.BooleanField(
        help_text="TLP:RED and TLP:AMBER+STRICT are read signed in; a token gets none of their words."
    )
    severity = serializers.ChoiceField(choices=rules.SEVERITIES)
    urgency = serializers.ChoiceField(choices=rules.URGENCIES)
    certainty = serializers.ChoiceField(choices=rules.CERTAINTIES)
    category = serializers.ChoiceField(choices=rules.CATEGORIES)
    area_code = serializers.CharField(source="area_id", allow_null=True, help_text="Null: national.")
    published_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    retracted_at = serializers.DateTimeField(allow_null=True)
    web = serializers.CharField(help_text="Its page.")

    example = None

    def to_representation(self, instance: Bulletin) -> dict[str, Any]:
        """`web` and `withheld` are put there by the view, which knows how the reader came in."""
        return super().to_representation(instance)


class BulletinSerializer(BulletinRowSerializer):
    """`audience`, `content_hash` and the people are for the issuing side; null for readers."""

    body = serializers.CharField(allow_blank=True)
    instruction = serializers.CharField(allow_blank=True)
    question = serializers.CharField(allow_blank=True)
    retraction_reason = serializers.CharField(allow_blank=True)
    audience = serializers.DictField(allow_null=True)
    publish_at = serializers.DateTimeField(allow_null=True)
    needs_approval = serializers.BooleanField(allow_null=True)
    content_hash = serializers.CharField(allow_null=True, help_text="Of the text; goes with an approval.")
    drafted_by = serializers.CharField(allow_null=True)
    approved_by = serializers.CharField(allow_null=True)


class AudienceSizeSerializer(Shape):
    venues = serializers.IntegerField()
    events = serializers.IntegerField()
    projects = serializers.IntegerField()
    organisations = serializers.IntegerField()
    people = serializers.IntegerField()


class SizeInputSerializer(Input):
    """Whose audience to count: an area's, or everybody's."""

    area_code = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    audience = AudienceSerializer(required=False)


class ApprovalSerializer(Input):
    """Of this text and no other."""

    content_hash = serializers.CharField(max_length=64, help_text="Of the text that you read.")


class BulletinReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=2000)


class PublishSerializer(Input):
    """At its own time, or at once."""

    now = serializers.BooleanField(required=False, default=False, help_text="Whatever time it was to be published at.")


class PlaceSerializer(Shape):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject_id = serializers.UUIDField()
    name = serializers.CharField(source="subject.name")
    organisation_id = serializers.UUIDField()
    area_code = serializers.CharField(source="area_id")
    state = serializers.ChoiceField(choices=BulletinPlace.State.choices)
    read_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    level = serializers.IntegerField(allow_null=True, help_text="Of the answer to the temporary criterion.")
    account = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="Of that answer, 0 for none; goes with the next save.")

    def to_representation(self, instance: BulletinPlace) -> dict[str, Any]:
        answer = getattr(instance, "answer", None)
        instance.__dict__["level"] = answer.level if answer else None
        instance.__dict__["account"] = answer.account if answer else ""
        instance.__dict__["version"] = answer.version if answer else 0
        return super().to_representation(instance)


class AcknowledgementSerializer(Input):
    """For which places."""

    places = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        max_length=1000,
        help_text="Left out: all that you answer for and that nobody has acknowledged.",
    )


class CountSerializer(Shape):
    count = serializers.IntegerField()


class DoneSerializer(Input):
    """A note, a file that shows it, or both. Sent as multipart/form-data."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    file = serializers.FileField(required=False, allow_empty_file=True)


class QuestionAnswerInputSerializer(Input):
    """What is in place."""

    level = serializers.IntegerField(min_value=0, max_value=4)
    account = serializers.CharField(max_length=4000)
    version = serializers.IntegerField(min_value=0, max_value=2_000_000_000)


class MailLogSerializer(Shape):
    """What became of the first message to each person."""

    sent = serializers.IntegerField(help_text="Taken by the other side, as far as it is known.")
    queued = serializers.IntegerField(help_text="Waiting for a worker or a mail server.")
    returned = serializers.IntegerField(help_text="Came back: they did not reach the person.")
    given_up = serializers.IntegerField(help_text="Tried to the end. An operator can have them tried again.")
    held = serializers.IntegerField(help_text="Waiting for the end of somebody's quiet hours.")
    digest = serializers.IntegerField(help_text="Waiting for the daily digest.")
    muted = serializers.IntegerField(help_text="People who want no mail for what is minor.")
    dropped = serializers.IntegerField(help_text="Not sent any more: it was retracted or updated first.")


@dataclass(frozen=True, slots=True)
class Received:
    """A reach, and the mail for whoever may see it."""

    reach: Reach
    mail: MailLog | None


class ReachSerializer(Shape):
    """Within what you may see: an officer of an area that a national one reaches sees the places of their area."""

    places = serializers.IntegerField(source="reach.places")
    read = serializers.IntegerField(source="reach.read")
    organisations = serializers.IntegerField(source="reach.organisations")
    silent = serializers.IntegerField(
        source="reach.silent", help_text="Organisations with a place that nobody has acknowledged."
    )
    people = serializers.IntegerField(source="reach.people")
    people_read = serializers.IntegerField(source="reach.people_read")
    states = serializers.DictField(source="reach.states", child=serializers.IntegerField())
    addressing = serializers.BooleanField(source="reach.addressing", help_text="A worker is still at it.")
    mail = MailLogSerializer(allow_null=True, help_text="For the issuing side and auditors; else null.")
