"""Networks and their posts, as programs read and write them."""

from __future__ import annotations

from typing import Final

from rest_framework import serializers

from advisories.domain import networks as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkMember, NetworkPost
from advisories.selectors.networks import HubRow, PostRow, Thread, author_line
from core.api_serializers import Input, PageQuery, Shape

__all__ = [
    "HideSerializer",
    "JoinSerializer",
    "NetworkRowSerializer",
    "NewPostSerializer",
    "PostQuery",
    "PostRowSerializer",
    "ReplySerializer",
    "ThreadSerializer",
]

SECTOR_CODES: Final = tuple(SECTORS)
NEW_KINDS: Final = ("note", "question")


class NetworkRowSerializer(Shape):
    sector = serializers.ChoiceField(choices=SECTOR_CODES, source="sector.code")
    name = serializers.CharField(source="sector.label")
    joined = serializers.BooleanField(help_text="You are in it, by what holds now.")
    can_join = serializers.BooleanField()
    members = serializers.IntegerField()

    def to_representation(self, instance: HubRow) -> dict[str, object]:
        return super().to_representation(instance)


class JoinSerializer(Input):
    organisation_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Needed where several of yours are in the sector."
    )
    mail = serializers.ChoiceField(choices=NetworkMember.Mail.choices, required=False, default=rules.DIGEST)

    example = {"mail": "digest"}


class PostQuery(PageQuery):
    """Nothing beyond the page."""


class PostRowSerializer(Shape):
    id = serializers.UUIDField()
    sector = serializers.ChoiceField(choices=SECTOR_CODES)
    kind = serializers.ChoiceField(choices=NetworkPost.Kind.choices)
    tlp = serializers.ChoiceField(choices=NetworkPost.Tlp.choices)
    title = serializers.CharField()
    author = serializers.CharField(source="*", help_text="Name and organisation, or police.")
    posted_at = serializers.DateTimeField()
    pinned = serializers.BooleanField(source="*")
    answered = serializers.BooleanField(source="*")
    replies = serializers.IntegerField(source="reply_count")

    def to_representation(self, instance: NetworkPost) -> dict[str, object]:
        return {
            **super().to_representation(instance),
            "author": author_line(instance),
            "pinned": instance.pinned_at is not None,
            "answered": instance.answered_by_id is not None,
        }


class ReplyRowSerializer(Shape):
    """`text` is empty where a moderator has hidden it."""

    id = serializers.UUIDField()
    author = serializers.CharField()
    posted_at = serializers.DateTimeField(source="post.posted_at")
    text = serializers.CharField(allow_blank=True)
    hidden = serializers.BooleanField()

    def to_representation(self, instance: PostRow) -> dict[str, object]:
        return super().to_representation(instance)


class ThreadSerializer(Shape):
    """A post with the first page of its replies."""

    id = serializers.UUIDField(source="head.id")
    sector = serializers.ChoiceField(choices=SECTOR_CODES, source="sector.code")
    kind = serializers.ChoiceField(choices=NetworkPost.Kind.choices, source="head.post.kind")
    tlp = serializers.ChoiceField(choices=NetworkPost.Tlp.choices, source="head.post.tlp")
    title = serializers.CharField(source="head.title")
    text = serializers.CharField(source="head.text")
    author = serializers.CharField(source="head.author")
    posted_at = serializers.DateTimeField(source="head.post.posted_at")
    answer_id = serializers.UUIDField(source="answer", allow_null=True)
    replies = ReplyRowSerializer(many=True)
    next = serializers.CharField(source="older", allow_null=True)

    def to_representation(self, instance: Thread) -> dict[str, object]:
        return super().to_representation(instance)


class NewPostSerializer(Input):
    kind = serializers.ChoiceField(choices=NEW_KINDS, required=False, default="note")
    title = serializers.CharField(max_length=rules.LONGEST_TITLE)
    text = serializers.CharField(max_length=rules.LONGEST_TEXT)
    # Every marking that there is: why one cannot be used here is for the service to say.
    tlp = serializers.ChoiceField(choices=tlp.ORDER, required=False, default=tlp.DEFAULT)

    example = {
        "kind": "question",
        "title": "Who has moved a queue indoors?",
        "text": "How did you do it?",
        "tlp": "amber",
    }


class ReplySerializer(Input):
    text = serializers.CharField(max_length=rules.LONGEST_TEXT)


class HideSerializer(Input):
    reason = serializers.CharField(max_length=rules.LONGEST_REASON)
