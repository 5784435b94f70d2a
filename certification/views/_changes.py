"""Words of the pages about material changes."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.domain import changes as rules
from certification.domain import lifecycle
from certification.models import MaterialChange
from certification.selectors import changes as selectors
from certification.selectors.changes import Difference
from events.models import Subject


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    change: MaterialChange
    state: str
    words: str
    what: str
    major: bool


@dataclass(frozen=True, slots=True)
class Page:
    row: Row
    reasons: tuple[str, ...]
    differences: tuple[Difference, ...]


def kind_words(kinds: list[str]) -> str:
    labels = {
        rules.NUMBERS: _("numbers"),
        rules.DATES: _("dates"),
        rules.LAYOUT: _("layout"),
        rules.USE: _("use"),
        rules.SENIOR: _("who is responsible"),
        rules.WORKS: _("works on the site"),
    }
    return ", ".join(labels[kind] for kind in kinds)


def _reason_words(reasons: list[str]) -> tuple[str, ...]:
    words = {
        "higher_tier": _("It is now judged at the enhanced tier."),
        "more_people": _("Over a tenth more people are expected at one time than were certified."),
        "dates_moved": _("A date has moved by more than a fortnight."),
        "layout": _("The layout is another."),
        "use": _("What the place is used for is another."),
        "works": _("There are works on the site."),
    }
    return tuple(words[reason] for reason in reasons)


def row_of(change: MaterialChange) -> Row:
    return Row(
        change=change,
        state=change.state,
        words=str(MaterialChange.State(change.state).label),
        what=kind_words(change.kinds).capitalize(),
        major=change.plan_id is not None and change.state != rules.RECORDED,
    )


def page_of(change: MaterialChange) -> Page:
    return Page(row_of(change), _reason_words(change.reasons), selectors.differences(change.before, change.after))


def can_be_reclassed(change: MaterialChange) -> bool:
    if change.state == rules.RECORDED:
        return True
    return change.state == rules.OPEN and change.plan is not None and change.plan.state == lifecycle.DRAFT


def thanks(change: MaterialChange) -> str:
    if change.state == rules.RECORDED:
        return _(
            "Thank you. The change is recorded and the police of your area have been told. Your certificate stands."
        )
    return _(
        "Thank you. The police of your area have been told. Please go over the questions that the change concerns."
    )


def edit_url(subject: Subject) -> str:
    return reverse(f"events:{subject.kind}_edit", args=[subject.pk])
