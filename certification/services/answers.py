"""Answers are saved one criterion at a time, against the version that the writer saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain.standard import Criterion
from certification.models import Answer, Plan
from certification.policies import plans as policies
from certification.selectors import facts as plan_facts
from certification.selectors import plans
from certification.selectors.standards import compiled
from certification.services import _editing
from core import audit
from core.errors import Conflict, Incomplete, InvalidInput

MAX_ACCOUNT = 10_000
MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """`level` None and `not_applicable` False is a note in progress: kept, and still unanswered."""

    level: int | None
    not_applicable: bool = False
    reason: str = ""
    account: str = ""


def save(*, actor: User, plan_id: UUID, code: str, answer: AnswerInput, expected_version: int) -> Answer:
    """`expected_version` is that of the answer the writer saw, 0 for none.

    Raises Conflict (current: the stored Answer, or None) when somebody saved in between, unless both wrote the same.
    """
    with transaction.atomic():
        plan = _locked(plan_id)
        policies.can_edit(actor, plan, fresh=True).require()
        criterion = _criterion(plan, code)
        _editing.require_open(plan, code)
        clean = _clean(plan, criterion, answer)
        stored = Answer.objects.select_for_update().filter(plan=plan, criterion_code=code).first()
        if stored is not None and _same(stored, clean):
            return stored
        _require_version(stored, expected_version)
        if stored is None and clean == AnswerInput(level=None):
            raise InvalidInput(_("Choose a level, or write down what you have so far"), field="level")
        stored = _write(actor, plan, code, clean, stored)
        _record(actor, "answer.saved", stored, {"account_length": len(stored.account)})
        return stored


def confirm(*, actor: User, plan_id: UUID, code: str) -> Answer:
    """Says that a copied answer still holds. Raises Incomplete where the level was not carried over."""
    with transaction.atomic():
        plan = _locked(plan_id)
        policies.can_edit(actor, plan, fresh=True).require()
        _criterion(plan, code)
        _editing.require_open(plan, code)
        stored = Answer.objects.select_for_update().filter(plan=plan, criterion_code=code).first()
        if stored is None or (stored.level is None and not stored.not_applicable):
            raise Incomplete(_("Choose a level first."), [code])
        if not stored.confirm_needed:
            return stored
        stored = _write(actor, plan, code, _given(stored), stored)
        _record(actor, "answer.confirmed", stored, {})
        return stored


def _locked(plan_id: UUID) -> Plan:
    return plans.with_venue(Plan.objects.select_for_update(of=("self",))).get(pk=plan_id)


def _criterion(plan: Plan, code: str) -> Criterion:
    standard = compiled(plan.standard)
    criterion = standard.by_code.get(code)
    if criterion is None or code not in standard.applicability(plan_facts.facts_of(plan)).codes:
        raise InvalidInput(_("%(code)s is not asked of this plan.") % {"code": code}, field="code")
    return criterion


def _clean(plan: Plan, criterion: Criterion, answer: AnswerInput) -> AnswerInput:
    account = _text(answer.account, MAX_ACCOUNT, "account")
    if answer.not_applicable:
        if not criterion.na_allowed:
            raise InvalidInput(_("This question applies to everybody it is asked of."), field="level")
        reason = _text(answer.reason, MAX_REASON, "reason")
        if not reason:
            raise InvalidInput(_("Say why this does not apply"), field="reason")
        return AnswerInput(None, not_applicable=True, reason=reason, account=account)
    scale = {level.value for level in compiled(plan.standard).levels}
    if answer.level is not None and (isinstance(answer.level, bool) or answer.level not in scale):
        raise InvalidInput(_("Choose one of the levels"), field="level")
    return AnswerInput(answer.level, not_applicable=False, reason="", account=account)


def _text(value: str, limit: int, field: str) -> str:
    # Browsers send line ends as CRLF; kept as LF so that the same words hash the same.
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if len(text) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": f"{limit:,}"}, field=field)
    return text


def _given(answer: Answer) -> AnswerInput:
    return AnswerInput(answer.level, answer.not_applicable, answer.reason, answer.account)


def _same(stored: Answer, clean: AnswerInput) -> bool:
    return _given(stored) == clean and not stored.confirm_needed


def _require_version(stored: Answer | None, expected: int) -> None:
    if (stored.version if stored is not None else 0) != expected:
        raise Conflict(_("Somebody else has saved this answer since you opened it."), current=stored)


def _write(actor: User, plan: Plan, code: str, clean: AnswerInput, stored: Answer | None) -> Answer:
    now = timezone.now()
    answer = stored or Answer(criterion_code=code, version=0)
    answer.plan = plan
    answer.level, answer.not_applicable = clean.level, clean.not_applicable
    answer.reason, answer.account = clean.reason, clean.account
    answer.confirm_needed = False
    answer.version += 1
    answer.updated_by, answer.updated_at = actor, now
    answer.save()
    _editing.touch(plan, at=now)
    return answer


def _record(actor: User, action: str, answer: Answer, extra: Mapping[str, object]) -> None:
    facts = {
        "code": answer.criterion_code,
        "level": answer.level,
        "not_applicable": answer.not_applicable,
        "version": answer.version,
        **extra,
    }
    audit.record(actor=actor, action=action, target=answer.plan, case=f"plan:{answer.plan_id}", facts=facts)
