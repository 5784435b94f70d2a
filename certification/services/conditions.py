"""Who at the holder looks after a condition, and more time for it: asked for and answered, or given by an officer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from certification.domain import conditions as rules
from certification.models import CertificateCondition, ConditionExtension
from certification.notifications import conditions as messages
from certification.policies import conditions as policies
from certification.services import _conditions
from certification.services._conditions import require_here
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = ["ask", "assign", "extend", "grant", "refuse", "require_here", "wait"]


def assign(*, actor: User, condition_id: int, owner_id: UUID | None) -> CertificateCondition:
    """To a member of the holder, or to nobody. Whoever is named is told. Raises InvalidInput("owner")."""
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_fulfil(actor, condition, fresh=True).require()
        _conditions.require_open(condition)
        owner = None if owner_id is None else _member(condition, owner_id)
        if condition.owner_id == owner_id:
            return condition
        condition.owner = owner
        condition.save(update_fields=["owner"])
        now = timezone.now()
        _conditions.record(actor, "condition.assigned", condition, {"owner": str(owner_id or "")})
        if owner is not None and owner != actor:
            key = f"condition:{condition.pk}:assigned:{now:%Y%m%d%H%M%S%f}"
            _conditions.tell([owner], messages.assigned(condition), key)
        return condition


def ask(*, actor: User, condition_id: int, until: date, reason: str) -> ConditionExtension:
    """For more time. Raises Conflict while an earlier wish is unanswered, InvalidInput("until" or "reason")."""
    clean = _conditions.clean_text(reason, "reason", _("Say why you need more time"))
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_fulfil(actor, condition, fresh=True).require()
        _conditions.require_open(condition)
        current = condition.extensions.filter(state=rules.ASKED).first()
        if current is not None:
            raise Conflict(_("You have asked for more time already. Wait for the answer."), current)
        _require_date(condition, until)
        extension = ConditionExtension.objects.create(
            condition=condition,
            due_before=condition.due_on,
            until=until,
            reason=clean,
            asked_by=actor,
            created_at=timezone.now(),
        )
        _record(actor, "condition.extension_asked", extension, clean)
        _conditions.tell(
            _conditions.judges(condition), messages.more_time_asked(condition), f"extension:{extension.pk}:asked"
        )
        return extension


def grant(*, actor: User, extension_id: int) -> ConditionExtension:
    with transaction.atomic():
        extension = _locked(extension_id)
        condition = extension.condition
        policies.can_answer(actor, extension, fresh=True).require()
        _conditions.require_open(condition)
        _require_date(condition, extension.until)
        _answer(extension, actor, "grant")
        _move_date(condition, extension.until)
        _record(actor, "condition.extended", extension, extension.reason)
        _tell_holder(condition, extension)
        return extension


def refuse(*, actor: User, extension_id: int, answer: str) -> ConditionExtension:
    """The date stays. Raises InvalidInput("answer")."""
    clean = _conditions.clean_text(answer, "answer", _("Say why the date stays"))
    with transaction.atomic():
        extension = _locked(extension_id)
        policies.can_answer(actor, extension, fresh=True).require()
        _conditions.require_open(extension.condition)
        extension.answer = clean
        _answer(extension, actor, "refuse")
        _record(actor, "condition.extension_refused", extension, clean)
        _tell_holder(extension.condition, extension)
        return extension


def extend(*, actor: User, condition_id: int, until: date, reason: str) -> ConditionExtension:
    """A new date of the officer's own; a wish of the holder's that waits is answered by it."""
    return _give(actor, condition_id, until, reason, waits=False)


def wait(*, actor: User, condition_id: int, until: date, reason: str) -> ConditionExtension:
    """The date has passed and stays passed; the officer looks again after `until`. Raises IllegalMove before the date."""
    return _give(actor, condition_id, until, reason, waits=True)


def _give(actor: User, condition_id: int, until: date, reason: str, *, waits: bool) -> ConditionExtension:
    clean = _conditions.clean_text(reason, "reason", _("Say why"))
    with transaction.atomic():
        condition = _conditions.locked(condition_id)
        policies.can_judge(actor, condition, fresh=True).require()
        _conditions.require_open(condition)
        now = timezone.now()
        if waits:
            _require_wait(condition, until)
        else:
            _require_date(condition, until)
            _lapse_asked(condition)
        extension = ConditionExtension.objects.create(
            condition=condition,
            state=rules.GRANTED,
            waits=waits,
            due_before=condition.due_on,
            until=until,
            reason=clean,
            created_at=now,
            decided_by=actor,
            decided_at=now,
        )
        if waits:
            condition.waiting_until = until
            condition.save(update_fields=["waiting_until"])
        else:
            _move_date(condition, until)
        _record(actor, "condition.wait_decided" if waits else "condition.extended", extension, clean)
        _tell_holder(condition, extension)
        return extension


def _lapse_asked(condition: CertificateCondition) -> None:
    asked = condition.extensions.filter(state=rules.ASKED).first()
    if asked is not None:
        _conditions.move_extension(asked, "lapse")
        asked.save(update_fields=["state"])


def _locked(extension_id: int) -> ConditionExtension:
    condition_id = ConditionExtension.objects.values_list("condition_id", flat=True).get(pk=extension_id)
    condition = _conditions.locked(condition_id)
    extension = ConditionExtension.objects.get(pk=extension_id)
    require_here(extension, condition)
    return extension


def _answer(extension: ConditionExtension, actor: User, action: str) -> None:
    _conditions.move_extension(extension, action)
    extension.decided_by, extension.decided_at = actor, timezone.now()
    extension.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _move_date(condition: CertificateCondition, until: date) -> None:
    condition.due_on, condition.due_set_at, condition.waiting_until = until, timezone.now(), None
    condition.save(update_fields=["due_on", "due_set_at", "waiting_until"])


def _require_date(condition: CertificateCondition, until: date) -> None:
    ends, today = condition.certificate.valid_until, timezone.localdate()
    if not rules.new_date_is_sound(until, due_on=condition.due_on, today=today, valid_until=ends):
        raise InvalidInput(
            _(
                "The new date must be later than the present one and today, within a year, and not after the certificate ends"
            ),
            "until",
        )


def _require_wait(condition: CertificateCondition, until: date) -> None:
    today = timezone.localdate()
    if condition.due_on >= today:
        raise IllegalMove(_("This condition is not overdue: there is nothing to wait for yet."))
    if not rules.wait_is_sound(until, today=today, valid_until=condition.certificate.valid_until):
        raise InvalidInput(
            _("Wait until a day after today, within three months, and not after the certificate ends"), "until"
        )


def _member(condition: CertificateCondition, owner_id: UUID) -> User:
    organisation_id = condition.certificate.organisation_id
    found = Membership.objects.filter(organisation_id=organisation_id, user_id=owner_id, user__is_active=True)
    member = found.select_related("user").first()
    if member is None:
        raise InvalidInput(_("Choose a member of your organisation"), "owner")
    return member.user


def _tell_holder(condition: CertificateCondition, extension: ConditionExtension) -> None:
    key = f"extension:{extension.pk}:{extension.state}"
    _conditions.tell(_conditions.holders(condition), messages.date_decided(condition), key)


def _record(actor: User, action: str, extension: ConditionExtension, text: str) -> None:
    facts = {
        "extension": extension.pk,
        "due_before": extension.due_before,
        "until": extension.until,
        **_conditions.fingerprint(text),
    }
    _conditions.record(actor, action, extension.condition, facts)
