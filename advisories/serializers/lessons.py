"""Lessons, as programs read and write them."""

from __future__ import annotations

from rest_framework import serializers

from advisories.domain import lessons as rules
from advisories.domain import tlp
from advisories.models import Lesson
from advisories.policies import lessons as policies
from advisories.serializers.networks import SECTOR_CODES
from core.api_serializers import Input, PageQuery, Shape

__all__ = [
    "LessonQuery",
    "LessonRowSerializer",
    "LessonSerializer",
    "NewLessonSerializer",
    "SendBackSerializer",
    "WithdrawalSerializer",
]

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class LessonQuery(PageQuery):
    words = serializers.CharField(required=False, default="", max_length=120)
    sector = serializers.ChoiceField(choices=SECTOR_CODES, required=False, default="")
    criterion = serializers.CharField(required=False, default="", max_length=10)
    category = serializers.ChoiceField(choices=Lesson.Category.choices, required=False, default="")
    cost = serializers.ChoiceField(choices=Lesson.Cost.choices, required=False, default="")


class LessonRowSerializer(Shape):
    id = serializers.UUIDField(source="series", help_text="The lesson, whatever its version.")
    version = serializers.IntegerField(source="number")
    state = serializers.ChoiceField(choices=Lesson.State.choices)
    title = serializers.CharField()
    place = serializers.CharField()
    country = serializers.CharField()
    period = serializers.CharField()
    category = serializers.ChoiceField(choices=Lesson.Category.choices)
    cost = serializers.ChoiceField(choices=Lesson.Cost.choices)
    transfer = serializers.ChoiceField(choices=Lesson.Transfer.choices)
    tlp = serializers.ChoiceField(choices=Lesson.Tlp.choices)
    criteria = serializers.ListField(child=serializers.CharField())
    sectors = serializers.ListField(child=serializers.ChoiceField(choices=SECTOR_CODES))
    published_at = serializers.DateTimeField(allow_null=True)


class LessonSerializer(LessonRowSerializer):
    """The words are empty in one that was withdrawn, but for its contributor, officers, administrators and auditors."""

    happened = serializers.CharField(allow_blank=True)
    done = serializers.CharField(allow_blank=True)
    worked = serializers.CharField(allow_blank=True)
    not_worked = serializers.CharField(allow_blank=True)
    transfer_words = serializers.CharField(allow_blank=True)
    source_title = serializers.CharField()
    source_publisher = serializers.CharField()
    source_year = serializers.IntegerField()
    source_address = serializers.CharField(allow_blank=True)
    withdrawn_reason = serializers.CharField(allow_blank=True)

    def to_representation(self, instance: Lesson) -> dict[str, object]:
        found = super().to_representation(instance)
        if policies.can_read_words(self.context["user"], instance):
            return found
        return {**found, **dict.fromkeys(("happened", "done", "worked", "not_worked", "transfer_words"), "")}


class NewLessonSerializer(Input):
    """It waits for another person to review it."""

    title = serializers.CharField(max_length=rules.LONGEST["title"])
    place = serializers.CharField(max_length=rules.LONGEST["place"])
    country = serializers.CharField(max_length=rules.LONGEST["country"])
    period = serializers.CharField(max_length=rules.LONGEST["period"])
    category = serializers.ChoiceField(choices=Lesson.Category.choices)
    happened = serializers.CharField(max_length=rules.LONGEST["happened"])
    done = serializers.CharField(max_length=rules.LONGEST["done"])
    worked = serializers.CharField(required=False, default="", allow_blank=True, max_length=rules.LONGEST["worked"])
    not_worked = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=rules.LONGEST["not_worked"]
    )
    cost = serializers.ChoiceField(choices=Lesson.Cost.choices)
    transfer = serializers.ChoiceField(choices=Lesson.Transfer.choices)
    transfer_words = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=rules.LONGEST["transfer_words"]
    )
    # Every marking that there is: why one cannot be used here is for the service to say.
    tlp = serializers.ChoiceField(choices=tlp.ORDER, required=False, default=tlp.DEFAULT)
    criteria = serializers.ListField(child=serializers.CharField(max_length=10), min_length=1, max_length=40)
    sectors = serializers.ListField(child=serializers.ChoiceField(choices=SECTOR_CODES), min_length=1)
    source_title = serializers.CharField(max_length=rules.LONGEST["source_title"])
    source_publisher = serializers.CharField(max_length=rules.LONGEST["source_publisher"])
    source_year = serializers.IntegerField(min_value=_FIRST_YEAR, max_value=_LAST_YEAR)
    source_address = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=rules.LONGEST["source_address"]
    )

    example = {
        "title": "Walk the site with a radio",
        "place": "Aldermere",
        "country": "United Kingdom",
        "period": "March 2026",
        "category": "exercise",
        "happened": "In an exercise the warning was not heard in two store rooms.",
        "done": "A second loudspeaker was put in, and the rooms are on the list of the weekly test.",
        "worked": "Walking every room with a radio took an hour.",
        "cost": "low",
        "transfer": "high",
        "tlp": "green",
        "criteria": ["EXR-05"],
        "sectors": ["theatres"],
        "source_title": "Own experience",
        "source_publisher": "Lantern Row Theatre Trust",
        "source_year": 2026,
    }


class SendBackSerializer(Input):
    note = serializers.CharField(max_length=rules.LONGEST_NOTE)


class WithdrawalSerializer(Input):
    reason = serializers.CharField(max_length=rules.LONGEST_REASON)
