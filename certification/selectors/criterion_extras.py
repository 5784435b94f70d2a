"""What the app above has to say beside one criterion: asked by the name in CRITERION_EXTRAS, since it may not be imported."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.selectors import Viewer

__all__ = ["CriterionExtra", "CriterionExtras", "of_criterion"]


@dataclass(frozen=True, slots=True)
class CriterionExtra:
    """`summary` is one sentence; `marking` in the words of the Traffic Light Protocol."""

    title: str
    url: str
    summary: str
    marking: str


@dataclass(frozen=True, slots=True)
class CriterionExtras:
    """A few of `total`; `all_url` leads to the rest."""

    items: tuple[CriterionExtra, ...] = ()
    total: int = 0
    all_url: str = ""

    @property
    def has_more(self) -> bool:
        return self.total > len(self.items)


def of_criterion(user: Viewer, code: str) -> CriterionExtras:
    """Within what the person may read. One query."""
    found: CriterionExtras = import_string(settings.CRITERION_EXTRAS)(user, code)
    return found
