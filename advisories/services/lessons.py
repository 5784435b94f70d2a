"""The library's one way in: written, reviewed by another person, published for good. A newer version replaces it, a
withdrawal ends it; nothing is edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisories.domain import lessons as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import Lesson, LessonCriterion, LessonSector
from advisories.notifications import lessons as messages
from advisories.policies import lessons as policies
from advisories.selectors import lessons as selectors
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = [
    "LessonInput",
    "change",
    "discard",
    "draft",
    "load",
    "publish",
    "revise",
    "send_back",
    "submit",
    "withdraw",
]

_NEEDED: Final = ("title", "place", "country", "period", "happened", "done", "source_title", "source_publisher")


@dataclass(frozen=True, slots=True)
class LessonInput:
    """What somebody writes. `criteria` are codes of the standard in force."""

    title: str
    place: str
    country: str
    period: str
    category: str
    happened: str
    done: str
    cost: str
    transfer: str
    source_title: str
    source_publisher: str
    source_year: int
    worked: str = ""
    not_worked: str = ""
    transfer_words: str = ""
    source_address: str = ""
    tlp: str = tlp.DEFAULT
    criteria: Sequence[str] = ()
    sectors: Sequence[str] = ()


_COLUMNS: Final = tuple(field.name for field in fields(LessonInput))


def draft(*, actor: User, given: LessonInput) -> Lesson:
    values = _clean(given)
    with transaction.atomic():
        policies.can_propose(actor, fresh=True).require()
        now = timezone.now()
        lesson = Lesson.objects.create(**values, contributor=actor, created_at=now, changed_at=now)
        _record(actor, "lesson.drafted", lesson, {"tlp": lesson.tlp})
        return lesson


def change(*, actor: User, lesson_id: UUID, given: LessonInput) -> Lesson:
    values = _clean(given)
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_change(actor, lesson, fresh=True).require()
        if lesson.state != rules.DRAFT:
            raise IllegalMove(_("Only a draft can be changed."))
        for name, value in values.items():
            setattr(lesson, name, value)
        lesson.changed_at = timezone.now()
        lesson.save(update_fields=[*values, "changed_at"])
        _record(actor, "lesson.changed", lesson, {"tlp": lesson.tlp})
        return lesson


def submit(*, actor: User, lesson_id: UUID) -> Lesson:
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_change(actor, lesson, fresh=True).require()
        _move(lesson, "submit")
        _save(lesson)
        _record(actor, "lesson.submitted", lesson, {})
        return lesson


def send_back(*, actor: User, lesson_id: UUID, note: str) -> Lesson:
    words = _text(note, rules.LONGEST_NOTE, "note")
    if not words:
        raise InvalidInput(_("Say what needs to change"), field="note")
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_review(actor, lesson, fresh=True).require()
        _move(lesson, "send_back")
        lesson.review_note = words
        _save(lesson, "review_note")
        _record(actor, "lesson.sent_back", lesson, {})
        _tell(lesson, messages.sent_back(lesson), "sent-back")
        return lesson


def publish(*, actor: User, lesson_id: UUID) -> Lesson:
    """By another person than wrote it. The version before gives way in the same transaction."""
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_review(actor, lesson, fresh=True).require()
        _require_known(lesson.criteria)
        _publish(lesson, actor)
        _tell(lesson, messages.published(lesson), "published")
        return lesson


def withdraw(*, actor: User, lesson_id: UUID, reason: str) -> Lesson:
    words = " ".join(_text(reason, rules.LONGEST_REASON, "reason").split())
    if not words:
        raise InvalidInput(_("Say why it is withdrawn"), field="reason")
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_withdraw(actor, fresh=True).require()
        _move(lesson, "withdraw")
        lesson.withdrawn_reason = words
        _save(lesson, "withdrawn_reason")
        _record(actor, "lesson.withdrawn", lesson, {})
        _tell(lesson, messages.withdrawn(lesson), "withdrawn")
        return lesson


def discard(*, actor: User, lesson_id: UUID) -> Lesson:
    """What was never published. The row is kept."""
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_change(actor, lesson, fresh=True).require()
        _move(lesson, "discard")
        _save(lesson)
        _record(actor, "lesson.discarded", lesson, {})
        return lesson


def revise(*, actor: User, lesson_id: UUID) -> Lesson:
    """A draft of the next version, by whoever begins it; raises Conflict while another one is being written."""
    with transaction.atomic():
        lesson = _locked(lesson_id)
        policies.can_revise(actor, lesson, fresh=True).require()
        if lesson.state not in rules.RELEASED:
            raise IllegalMove(_("Only what was published has a next version."))
        versions = list(Lesson.objects.select_for_update(of=("self",)).filter(series=lesson.series))
        if any(one.state in (rules.DRAFT, rules.IN_REVIEW) for one in versions):
            raise Conflict(_("A new version is being written already."))
        now = timezone.now()
        made = Lesson.objects.create(
            **{name: getattr(lesson, name) for name in _COLUMNS},
            series=lesson.series,
            number=max(one.number for one in versions) + 1,
            contributor=actor,
            created_at=now,
            changed_at=now,
        )
        _record(actor, "lesson.drafted", made, {"tlp": made.tlp})
        return made


def load(*, series: UUID, given: LessonInput) -> tuple[Lesson, bool]:
    """A lesson that comes with the software, from the command line: published at once, since it was reviewed before it was
    shipped. Loading the same again changes nothing; other words make a new version. Whether anything was made.

    One that somebody here has withdrawn or revised is left alone: they know better.
    """
    values = _clean(given)
    with transaction.atomic():
        versions = list(Lesson.objects.select_for_update(of=("self",)).filter(series=series).order_by("-number"))
        if versions and any(one.contributor_id is not None or one.state == rules.WITHDRAWN for one in versions):
            return versions[0], False
        if versions and all(getattr(versions[0], name) == value for name, value in values.items()):
            return versions[0], False
        now = timezone.now()
        lesson = Lesson.objects.create(
            **values,
            series=series,
            number=versions[0].number + 1 if versions else 1,
            state=rules.IN_REVIEW,
            created_at=now,
            changed_at=now,
        )
        _publish(lesson, None)
        return lesson, True


def _publish(lesson: Lesson, actor: User | None) -> None:
    now = timezone.now()
    before = Lesson.objects.select_for_update(of=("self",)).filter(series=lesson.series, state=rules.PUBLISHED)
    for old in before.exclude(pk=lesson.pk):
        _move(old, "supersede")
        _save(old)
        _record(actor, "lesson.superseded", old, {"by": lesson.number})
    _move(lesson, "publish")
    lesson.published_by, lesson.published_at, lesson.review_note = actor, now, ""
    _save(lesson, "published_by", "published_at", "review_note", at=now)
    LessonCriterion.objects.bulk_create([LessonCriterion(lesson=lesson, code=code) for code in lesson.criteria])
    LessonSector.objects.bulk_create([LessonSector(lesson=lesson, sector=sector) for sector in lesson.sectors])
    facts = {"tlp": lesson.tlp, "criteria": lesson.criteria, "sectors": lesson.sectors}
    _record(actor, "lesson.published", lesson, facts)


def _locked(lesson_id: UUID) -> Lesson:
    return Lesson.objects.select_for_update(of=("self",)).select_related("contributor").get(pk=lesson_id)


def _move(lesson: Lesson, action: str) -> None:
    """The one writer of a lesson's state. Raises IllegalMove."""
    after = rules.after(lesson.state, action)
    if after is None:
        raise IllegalMove(
            _("A lesson that is “%(state)s” cannot %(action)s.")
            % {"state": lesson.get_state_display(), "action": _spoken(action)}
        )
    lesson.state = after


def _spoken(action: str) -> str:
    return {
        "submit": _("be sent for review"),
        "discard": _("be discarded"),
        "send_back": _("be sent back"),
        "publish": _("be published"),
        "supersede": _("be replaced"),
        "withdraw": _("be withdrawn"),
    }[action]


def _save(lesson: Lesson, *names: str, at: datetime | None = None) -> None:
    lesson.changed_at = at or timezone.now()
    lesson.save(update_fields=["state", "changed_at", *names])


def _clean(given: LessonInput) -> dict[str, object]:
    values: dict[str, object] = asdict(given)
    for name, limit in rules.LONGEST.items():
        values[name] = _text(str(values[name]), limit, name)
        if name in _NEEDED and not values[name]:
            raise InvalidInput(_("This cannot be empty"), field=name)
    for name, choices in (
        ("category", Lesson.Category.values),
        ("cost", Lesson.Cost.values),
        ("transfer", Lesson.Transfer.values),
    ):
        if values[name] not in choices:
            raise InvalidInput(_("Select one of the list"), field=name)
    if given.tlp == tlp.RED:
        raise InvalidInput(_("TLP:RED is for named people. A library has many readers."), field="tlp")
    if given.tlp not in rules.MARKINGS:
        raise InvalidInput(_("Select a marking"), field="tlp")
    values["sectors"] = [code for code in SECTORS if code in given.sectors]
    if not values["sectors"] or set(given.sectors) - set(SECTORS):
        raise InvalidInput(_("Select the sectors that it is for"), field="sectors")
    values["criteria"] = _known(given.criteria)
    if not given.worked.strip() and not given.not_worked.strip():
        raise InvalidInput(_("Say what worked, or what did not"), field="worked")
    return values


def _known(codes: Sequence[str]) -> list[str]:
    _require_known(codes)
    if not codes:
        raise InvalidInput(_("Select at least one criterion that it bears on"), field="criteria")
    return [code for code in selectors.criteria_in_force() if code in codes]


def _require_known(codes: Sequence[str]) -> None:
    """Asked again when it is published: a newer standard may have come into force meanwhile."""
    unknown = sorted(set(codes) - set(selectors.criteria_in_force()))
    if unknown:
        raise InvalidInput(
            _("The standard in force has no %(codes)s") % {"codes": ", ".join(unknown)}, field="criteria"
        )


def _text(text: str, limit: int, field: str) -> str:
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(clean) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": limit}, field=field)
    return clean


def _tell(lesson: Lesson, message: notify.Message, what: str) -> None:
    if lesson.contributor is not None:
        stamp = f"{lesson.changed_at:%Y%m%d%H%M%S%f}"
        notify.send(to=lesson.contributor, message=message, key=f"lesson:{lesson.pk}:{what}:{stamp}")


def _record(actor: User | None, action: str, lesson: Lesson, facts: Mapping[str, object]) -> None:
    case = f"lesson:{lesson.series}"
    audit.record(actor=actor, action=action, target=lesson, case=case, facts={"number": lesson.number, **facts})
