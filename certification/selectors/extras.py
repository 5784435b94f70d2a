"""What the app above has to say on pages of this one: asked by the names in the settings, since it may not be imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.selectors import Viewer
from certification.models import Plan

__all__ = ["ExtraQuestion", "HomeNote", "extra_questions", "home_notes"]


@dataclass(frozen=True, slots=True)
class ExtraQuestion:
    """A temporary criterion on a plan's subject, outside the standard. `level` None: not answered."""

    question: str
    marking: str
    exercise: bool
    asked_at: datetime
    url: str
    level: int | None = None
    account: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HomeNote:
    """A figure of the first page; shown only where it is more than nothing. `tone` as of a stat card."""

    label: str
    figure: int
    url: str
    tone: str = ""


def extra_questions(user: Viewer, plan: Plan) -> Sequence[ExtraQuestion]:
    """Those that the person may read, newest first. They enter no score."""
    found: Sequence[ExtraQuestion] = import_string(settings.PLAN_EXTRAS)(user, plan)
    return found


def home_notes(user: User) -> Sequence[HomeNote]:
    found: Sequence[HomeNote] = import_string(settings.HOME_NOTES)(user)
    return found
