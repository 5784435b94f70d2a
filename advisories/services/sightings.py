"""Reports from people to the police of an area, and what the police do with them. No word of a report is ever a fact of
the trail.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Appointment, PoliceArea, User
from advisories.domain import sightings as rules
from advisories.models import Sighting, SightingStep
from advisories.notifications import sightings as messages
from advisories.policies import sightings as policies
from advisories.selectors import sightings as selectors
from advisories.selectors.sightings import Report
from core import audit, crypto, notify
from core.errors import IllegalMove, InvalidInput
from core.outbox import Rank

__all__ = ["ReportInput", "close", "pass_on", "readdress", "reopen", "report", "see"]

# Clocks differ; a report from tomorrow is a slip of the pen.
_AHEAD: Final = timedelta(minutes=10)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_NUMBER_LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class ReportInput:
    """`subject`: `kind:id` of something of the reporter's organisations, whose area then counts; else `area`."""

    category: str
    happened_at: datetime
    report: Report
    area: str = ""
    subject: str = ""
    ongoing: bool = False


def report(*, actor: User, given: ReportInput) -> Sighting:
    """The area's advisers are told that there is one; its authorising officers where it has no adviser.

    Raises InvalidInput, also for an area in which nobody would read it.
    """
    words = _clean(given)
    now = timezone.now()
    with transaction.atomic():
        policies.can_report(actor, fresh=True).require()
        if given.category not in Sighting.Category.values:
            raise InvalidInput(_("Select what you saw"), field="category")
        if given.happened_at > now + _AHEAD:
            raise InvalidInput(_("The time must be in the past"), field="happened_at")
        area, subject, words = _place(actor, given, words)
        pk = uuid.uuid4()
        sighting = Sighting.objects.create(
            id=pk,
            number=_number(),
            reporter=actor,
            area=area,
            **subject,
            category=given.category,
            happened_at=given.happened_at,
            ongoing=given.ongoing,
            sealed_report=selectors.sealed(words, pk),
            reported_at=now,
            moved_at=now,
        )
        _step(sighting, actor, "report", before="", at=now)
        _tell_area(sighting)
        return sighting


def see(*, actor: User, sighting_id: UUID) -> Sighting:
    """An officer has read it: colleagues need not, and the reporter sees that it arrived."""
    return _moved(actor, sighting_id, "see", tell=False)


def pass_on(*, actor: User, sighting_id: UUID, reply: str = "") -> Sighting:
    """To whoever takes it further; to whom is said elsewhere, never here."""
    return _moved(actor, sighting_id, "pass_on", reply=reply)


def close(*, actor: User, sighting_id: UUID, outcome: str, reply: str) -> Sighting:
    """With an answer: people who hear nothing report once."""
    if outcome not in Sighting.Outcome.values:
        raise InvalidInput(_("Select what came of it"), field="outcome")
    if not reply.strip():
        raise InvalidInput(_("Write an answer to whoever reported it"), field="reply")
    return _moved(actor, sighting_id, "close", reply=reply, outcome=outcome)


def reopen(*, actor: User, sighting_id: UUID) -> Sighting:
    return _moved(actor, sighting_id, "reopen", tell=False)


def readdress(*, actor: User, sighting_id: UUID, area_code: str) -> Sighting:
    """It happened elsewhere: that area's officers have it from now on, and these no longer."""
    area = selectors.areas_with_officers().filter(pk=area_code).first()
    if area is None:
        raise InvalidInput(_("Select a police area that reads reports here"), field="area")
    with transaction.atomic():
        sighting = _locked(actor, sighting_id)
        if sighting.area_id == area.pk:
            raise InvalidInput(_("It is with this area already"), field="area")
        before = sighting.state
        _move(sighting, "readdress")
        sighting.area, sighting.handler, sighting.moved_at = area, None, timezone.now()
        sighting.save(update_fields=["state", "area", "handler", "moved_at"])
        _step(sighting, actor, "readdress", before=before, at=sighting.moved_at)
        _tell_area(sighting)
        return sighting


def _moved(
    actor: User, sighting_id: UUID, action: str, *, reply: str = "", outcome: str = "", tell: bool = True
) -> Sighting:
    words = _text(reply, rules.LONGEST_REPLY, "reply")
    with transaction.atomic():
        sighting = _locked(actor, sighting_id)
        before = sighting.state
        _move(sighting, action)
        sighting.outcome = outcome
        sighting.handler, sighting.moved_at = actor, timezone.now()
        sighting.save(update_fields=["state", "outcome", "handler", "moved_at"])
        step = _step(sighting, actor, action, before=before, at=sighting.moved_at, reply=words)
        if tell:
            message = messages.replied(sighting)
            notify.send(to=sighting.reporter, message=message, key=f"sighting-step:{step.pk}")
        return sighting


def _locked(actor: User, sighting_id: UUID) -> Sighting:
    """Without a join: PostgreSQL would not find a row again whose area another officer has changed meanwhile."""
    sighting = Sighting.objects.select_for_update().get(pk=sighting_id)
    policies.can_handle(actor, sighting, fresh=True).require()
    return sighting


def _move(sighting: Sighting, action: str) -> None:
    """The one writer of a report's state. Raises IllegalMove."""
    after = rules.after(sighting.state, action)
    if after is None:
        raise IllegalMove(
            _("A report that is “%(state)s” cannot %(action)s.")
            % {"state": sighting.get_state_display(), "action": _spoken(action)}
        )
    sighting.state = after


def _spoken(action: str) -> str:
    return {
        "see": _("be marked as read"),
        "readdress": _("be sent to another area"),
        "pass_on": _("be passed on"),
        "close": _("be closed"),
        "reopen": _("be opened again"),
    }[action]


def _step(sighting: Sighting, actor: User, action: str, *, before: str, at: datetime, reply: str = "") -> SightingStep:
    pk = uuid.uuid4()
    step = SightingStep.objects.create(
        id=pk,
        sighting=sighting,
        action=action,
        before=before,
        after=sighting.state,
        area=sighting.area,
        by=actor,
        at=at,
        outcome=sighting.outcome,
        sealed_reply=crypto.encrypt_text(reply, about=f"sightingstep:{pk}:reply") if reply else "",
    )
    facts = {
        "area": sighting.area_id,
        "before": before,
        "after": sighting.state,
        "outcome": sighting.outcome,
        "replied": bool(reply),
    }
    audit.record(actor=actor, action=f"sighting.{action}", target=sighting, case=f"sighting:{sighting.pk}", facts=facts)
    return step


def _tell_area(sighting: Sighting) -> None:
    serving = Appointment.objects.filter(area=sighting.area, ended_at__isnull=True, user__is_active=True)
    advisers = serving.filter(role=Appointment.Role.ADVISER)
    chosen = (advisers if advisers.exists() else serving).select_related("user").order_by("user__email", "pk")
    message = messages.reported(sighting)
    stamp = f"{sighting.moved_at:%Y%m%d%H%M%S%f}"
    people = {one.user_id: one.user for one in chosen if one.user_id != sighting.reporter_id}
    mails = [notify.Addressed(user, message, f"sighting:{sighting.pk}:{stamp}:{user.pk}") for user in people.values()]
    notify.send_all(mails, rank=Rank.URGENT)


def _place(actor: User, given: ReportInput, words: Report) -> tuple[PoliceArea, Mapping[str, UUID], Report]:
    if given.subject:
        subject = selectors.own_subjects(actor).get(given.subject)
        if subject is None:
            raise InvalidInput(_("Select a place of yours, or say where it was"), field="subject")
        named = f"{subject.name}, {subject.address}, {subject.place}"
        where = f"{named}. {words.where}" if words.where else named
        report_words = Report(where, words.description, words.people, words.vehicles)
        area, link = subject.area, {f"{subject.kind}_id": subject.pk}
    else:
        if not words.where:
            raise InvalidInput(_("Say where it was"), field="where")
        found = PoliceArea.objects.filter(pk=given.area).first()
        if found is None:
            raise InvalidInput(_("Select the police area where it happened"), field="area")
        area, link, report_words = found, {}, words
    if not selectors.areas_with_officers().filter(pk=area.pk).exists():
        raise InvalidInput(
            _("No officer of %(area)s reads reports here yet. Call the Anti-Terrorist Hotline on 0800 789 321.")
            % {"area": area},
            field="subject" if given.subject else "area",
        )
    return area, link, report_words


def _clean(given: ReportInput) -> Report:
    clean = {name: _text(getattr(given.report, name), limit, name) for name, limit in rules.LONGEST.items()}
    if not clean["description"]:
        raise InvalidInput(_("Say what you saw"), field="description")
    return Report(**clean)


def _text(text: str, limit: int, field: str) -> str:
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(clean) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": limit}, field=field)
    return clean


def _number() -> str:
    """Random, so that it says nothing of how many there are; thirty-two letters to the eighth, and unique in its column."""
    return "SR-" + "".join(secrets.choice(_LETTERS) for _n in range(_NUMBER_LENGTH))
