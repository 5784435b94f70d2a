"""Telling that something has changed about what a certificate is for. The rules class it; an officer may class it anew."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import editors_of
from certification.domain import changes as rules
from certification.domain import lifecycle
from certification.models import Certificate, MaterialChange, Plan, Submission
from certification.notifications import changes as messages
from certification.policies import changes as policies
from certification.selectors import changes as selectors
from certification.selectors import snapshots
from certification.selectors.certificates import of_same_subject
from certification.services import _changes, _locks, plans
from certification.services._moves import move_plan
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput
from events.models import Event, Subject

__all__ = ["LONGEST", "Report", "lower", "raise_", "report"]

LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Report:
    """`declared`: kinds of `domain.changes.DECLARED`; what the register holds is compared, not declared.

    `starts_on` is wanted where works are declared: the police are to be told before they start.
    """

    declared: frozenset[str] = frozenset()
    description: str = ""
    starts_on: date | None = None


def report(*, actor: User, certificate_id: UUID, given: Report) -> MaterialChange:
    """Minor: recorded. Major: opens a plan in which only the criteria concerned are answered and reviewed again.

    Raises InvalidInput, where nothing has changed too; IllegalMove where there is no cover that it could bear on, or a newer
    certificate is being made; Conflict where a plan is open already: what has changed is then said in that plan.
    """
    now = timezone.now()
    with transaction.atomic():
        certificate, subject = _locks.certificate_of(certificate_id)
        policies.can_report(actor, certificate, fresh=True).require()
        _require_standing(certificate, today=timezone.localdate(now))
        text, starts_on = _checked(given)
        before, after = selectors.certified(certificate), selectors.registered(subject)
        verdict = rules.classify(selectors.changed(subject, before, after, declared=sorted(given.declared)))
        if not verdict.kinds:
            raise InvalidInput(
                _(
                    "Nothing is different from what was certified. Tick what has changed, or change the number, date or "
                    "name in the register first"
                ),
                "declared",
            )
        change = MaterialChange(
            certificate=certificate,
            area_id=certificate.area_id,
            kinds=list(verdict.kinds),
            description=text,
            starts_on=starts_on,
            told_late=starts_on is not None and starts_on <= timezone.localdate(now),
            rules=rules.RULES,
            reasons=list(verdict.reasons),
            before={name: before[name] for name in after if before.get(name) != after[name]},
            after={name: value for name, value in after.items() if before.get(name) != value},
            state=rules.RECORDED,
            reported_by=actor,
            reported_at=now,
        )
        if verdict.major:
            _open_plan(actor, change, certificate, subject, verdict.kinds)
        change.save(force_insert=True)
        _record(actor, "change.reported", change, _facts(change, before, after))
        _tell_area(change)
        return change


def raise_(*, actor: User, change_id: UUID, reason: str) -> MaterialChange:
    """To a major one: the plan is opened in the name of whoever reported it."""
    with transaction.atomic():
        change, certificate, subject = _reclassed(actor, change_id)
        _changes.move(change, "raise")
        _open_plan(actor, change, certificate, subject, change.kinds)
        return _class_anew(actor, change, reason)


def lower(*, actor: User, change_id: UUID, reason: str) -> MaterialChange:
    """To a minor one, while its plan has not been submitted: the draft is withdrawn, what was answered stays on file."""
    now = timezone.now()
    with transaction.atomic():
        change, _certificate, _subject = _reclassed(actor, change_id)
        _changes.move(change, "lower")
        assert change.plan_id is not None  # noqa: S101 - by certification_materialchange_major_has_plan
        plan = Plan.objects.get(pk=change.plan_id)
        if plan.first_submitted_at is not None:
            raise IllegalMove(_("Its plan has been submitted. Decide on the plan instead."))
        move_plan(plan, "withdraw", at=now)
        plan.save(update_fields=["state", "updated_at"])
        return _class_anew(actor, change, reason)


def _reclassed(actor: User, change_id: UUID) -> tuple[MaterialChange, Certificate, Subject]:
    known = MaterialChange.objects.get(pk=change_id)
    certificate, subject = _locks.certificate_of(known.certificate_id)
    change = MaterialChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    policies.can_reclass(actor, change, fresh=True).require()
    _require_standing(certificate, today=timezone.localdate())
    return change, certificate, subject


def _require_standing(certificate: Certificate, *, today: date) -> None:
    """In force, and about to stay so: with another one on its way nobody could say which of them the change is about, nor,
    after a transfer, whose it is to tell.
    """
    if not selectors.can_change(certificate, today=today):
        raise IllegalMove(_("There is no cover that a change could bear on: this certificate is not in force."))
    if of_same_subject(certificate).filter(state=lifecycle.BEING_ISSUED).exists():
        raise IllegalMove(_("A newer certificate is being made for this. Try again when its document is there."))


def _checked(given: Report) -> tuple[str, date | None]:
    unknown = given.declared - frozenset(rules.DECLARED)
    if unknown:
        raise InvalidInput(_("Choose from the list what has changed"), "declared")
    text = given.description.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise InvalidInput(_("Say in your own words what has changed"), "description")
    if len(text) > LONGEST:
        raise InvalidInput(_("Use %(most)s characters or fewer") % {"most": f"{LONGEST:,}"}, "description")
    works = rules.WORKS in given.declared
    if works and given.starts_on is None:
        raise InvalidInput(_("Enter the date on which the works start"), "starts_on")
    return text, given.starts_on if works else None


def _open_plan(
    actor: User, change: MaterialChange, certificate: Certificate, subject: Subject, kinds: tuple[str, ...] | list[str]
) -> None:
    answered = set(snapshots.read(Submission.objects.filter(plan_id=certificate.plan_id).latest("number")).answers)

    def standing(plan: Plan) -> list[str]:
        return [code for code in selectors.standing_codes(plan, kinds) if code in answered]

    try:
        plan = plans.open_for_change(
            actor=actor,
            author=change.reported_by,
            certificate=certificate,
            standing=standing,
            needed_by=_needed_by(change, certificate, subject),
        )
    except Conflict as error:
        raise Conflict(
            _(
                "A plan is open for this already. Say in that plan what has changed; the police review it with the rest."
            ),
            error.current,
        ) from error
    change.plan, change.state = plan, rules.OPEN
    change.codes = [a.criterion_code for a in plan.answers.order_by("criterion_code") if a.confirm_needed]


def _needed_by(change: MaterialChange, certificate: Certificate, subject: Subject) -> date:
    """The works start, or the event does; otherwise the cover that it bears on ends."""
    if change.starts_on is not None and not change.told_late:
        return change.starts_on
    return timezone.localdate(subject.starts_at) if isinstance(subject, Event) else certificate.valid_until


def _class_anew(actor: User, change: MaterialChange, reason: str) -> MaterialChange:
    text = reason.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > LONGEST:
        raise InvalidInput(_("Say why, in %(most)s characters or fewer") % {"most": f"{LONGEST:,}"}, "reason")
    change.reclassed_by, change.reclassed_at, change.reclass_reason = actor, timezone.now(), text
    change.save(
        update_fields=["state", "plan", "codes", "reclassed_by", "reclassed_at", "reclass_reason"],
    )
    _record(actor, "change.reclassed", change, {"state": change.state, "reason_length": len(text)})
    for person in editors_of(change.certificate.organisation_id):
        notify.send(
            to=person,
            message=messages.reclassed(change),
            key=f"change:{change.pk}:reclassed:{change.reclassed_at.isoformat()}:{person.pk}",
        )
    return change


def _facts(change: MaterialChange, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, object]:
    return {
        "certificate": change.certificate.number,
        "kinds": change.kinds,
        "state": change.state,
        "reasons": change.reasons,
        "rules": change.rules,
        "criteria": len(change.codes),
        "told_late": change.told_late,
        "before": hashlib.sha256(audit.canonical(dict(before)).encode()).hexdigest(),
        "after": hashlib.sha256(audit.canonical(dict(after)).encode()).hexdigest(),
        "differs": sorted(change.after),
        "description_length": len(change.description),
    }


def _tell_area(change: MaterialChange) -> None:
    for officer in messages.readers_of(change):
        notify.send(to=officer, message=messages.reported(change), key=f"change:{change.pk}:reported:{officer.pk}")


def _record(actor: User, action: str, change: MaterialChange, facts: Mapping[str, object]) -> None:
    audit.record(actor=actor, action=action, target=change, facts=facts, case=f"plan:{change.certificate.plan_id}")
