"""What a mail says of a lesson under review: where it stands, not what it says."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from advisories.models import Lesson
from core.notify import Message

__all__ = ["published", "sent_back", "withdrawn"]


def published(lesson: Lesson) -> Message:
    return Message(
        kind="lesson.published",
        subject=_("Your lesson is in the library"),
        body=_("A reviewer has published a lesson that you wrote:\n%(link)s") % {"link": _link(lesson)},
    )


def sent_back(lesson: Lesson) -> Message:
    return Message(
        kind="lesson.sent_back",
        subject=_("Your lesson needs a change"),
        body=_("A reviewer has read a lesson that you wrote, and asks for a change before it is published:\n%(link)s")
        % {"link": _link(lesson)},
    )


def withdrawn(lesson: Lesson) -> Message:
    return Message(
        kind="lesson.withdrawn",
        subject=_("Your lesson was withdrawn"),
        body=_("A lesson that you wrote was withdrawn from the library. The reason stands on its page:\n%(link)s")
        % {"link": _link(lesson)},
    )


def _link(lesson: Lesson) -> str:
    return f"{settings.SITE_URL}{reverse('advisories:lesson_version', args=[lesson.series, lesson.number])}"
