"""Plans begin, renew and end here. Answers, evidence and submissions have modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import lifecycle
from certification.models import Certificate, Plan, Review, StandardVersion, Submission
from certification.notifications import plans as messages
from certification.policies import plans as policies
from certification.selectors import facts as plan_facts
from certification.selectors.certificates import subject_of
from certification.selectors.standards import standard_in_force
from certification.services import _changes, _copies
from certification.services._moves import move_plan
from core import audit, notify
from core.errors import Conflict, IllegalMove
from events.models import Subject
from events.services import locks


def begin(*, actor: User, subject: Subject) -> Plan:
    """Bound to the standard in force today. Where a certificate is in force, the plan is to replace it.

    Raises Conflict (current: the open plan) where one is open, IllegalMove for an archived subject.
    """
    with transaction.atomic():
        locked = locks.locked(subject)
        policies.can_begin(actor, locked, fresh=True).require()
        replaced = _live_certificate(locked)
        plan = _create(actor, locked, renews=replaced)
        _record(actor, "plan.begun", plan, {"standard": str(plan.standard), "replaces": _number(replaced)})
        return plan


def begin_renewal(*, actor: User, certificate_id: UUID) -> Plan:
    """A new plan that starts from the last submission's answers and files, under the standard in force today.

    An answer whose criterion says `renewal: confirm` comes over whole, to be confirmed; one that says `answer` keeps its
    account as a reminder and loses its level. So does an answer whose criterion reads differently now.
    """
    with transaction.atomic():
        certificate = Certificate.objects.select_related("venue", "event", "project").get(pk=certificate_id)
        locked = locks.locked(subject_of(certificate))
        policies.can_begin(actor, locked, fresh=True).require()
        _require_renewable(certificate, locked)
        plan = _create(actor, locked, renews=certificate)
        last = Submission.objects.filter(plan_id=certificate.plan_id).order_by("-number").first()
        copied = _copies.answers(actor, plan, last) if last is not None else 0
        files = _copies.files(actor, plan, last) if last is not None else 0
        facts = {"standard": str(plan.standard), "renews": certificate.number, "answers": copied, "files": files}
        _record(actor, "plan.renewal_begun", plan, facts)
        return plan


def open_for_change(
    *, actor: User, author: User, certificate: Certificate, standing: Callable[[Plan], list[str]], needed_by: date
) -> Plan:
    """In the transaction that records a material change, which asked the actor's authority and holds the subject's lock.

    Under the version of the standard that the certificate was decided by, since the rest of it stands: `standing` names,
    for the fresh plan, the criteria whose answers are copied as they were. `author` is whose plan it is to be.
    """
    plan = _create(author, subject_of(certificate), renews=None, standard=certificate.standard)
    plan.standing, plan.needed_by = standing(plan), needed_by
    plan.save(update_fields=["standing", "needed_by"])
    last = Submission.objects.filter(plan_id=certificate.plan_id).latest("number")
    copied, files = _copies.answers(author, plan, last), _copies.files(author, plan, last)
    facts = {"certificate": certificate.number, "answers": copied, "files": files, "standing": len(plan.standing)}
    _record(actor, "plan.change_begun", plan, facts)
    return plan


def withdraw(*, actor: User, plan_id: UUID) -> Plan:
    """Ends an open plan for good; what was submitted stays on the file. The reviewer is told."""
    with transaction.atomic():
        # The reviewer is read after the lock, not joined to it: see reviews.locked.
        plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        policies.can_withdraw(actor, plan, fresh=True).require()
        now = timezone.now()
        before = plan.state
        move_plan(plan, "withdraw", at=now)
        plan.save(update_fields=["state", "updated_at"])
        Review.objects.filter(plan=plan, ended_at__isnull=True).update(ended_at=now)
        _changes.settle(plan, "withdraw")
        _record(actor, "plan.withdrawn", plan, {"before": before})
        if plan.reviewer is not None and plan.reviewer.is_active:
            notify.send(to=plan.reviewer, message=messages.withdrawn(plan), key=f"plan-withdrawn:{plan.pk}")
        return plan


def _create(
    actor: User, subject: Subject, *, renews: Certificate | None, standard: StandardVersion | None = None
) -> Plan:
    """The caller holds the subject's lock: two people beginning at once meet here one after the other."""
    if subject.archived_at is not None:
        raise IllegalMove(_("This has been archived. A plan can only be begun for what is in use."))
    own = _own(subject)
    open_plan = Plan.objects.filter(**own, state__in=lifecycle.PLAN_OPEN).first()
    if open_plan is not None:
        raise Conflict(_("A plan is already open for this. Go on with that one."), current=open_plan)
    standard = standard or standard_in_force(timezone.localdate())
    if standard is None:
        raise IllegalMove(_("No standard is in force yet, so a plan cannot be begun."))
    now = timezone.now()
    return Plan.objects.create(
        **own,
        standard=standard,
        organisation_id=subject.organisation_id,
        area_id=subject.area_id,
        renews=renews,
        needed_by=plan_facts.needed_by(subject, certificate_until=renews.valid_until if renews else None),
        created_by=actor,
        created_at=now,
        updated_at=now,
    )


def _own(subject: Subject) -> dict[str, Subject]:
    return {subject.kind: subject}


def _live_certificate(subject: Subject) -> Certificate | None:
    found = Certificate.objects.filter(**_own(subject), state__in=lifecycle.CERTIFICATE_LIVE).order_by("state").first()
    if found is not None and found.state == lifecycle.BEING_ISSUED:
        raise IllegalMove(_("A certificate is being issued for this at the moment. Try again in a few minutes."))
    return found


def _require_renewable(certificate: Certificate, subject: Subject) -> None:
    if certificate.state not in (lifecycle.IN_FORCE, lifecycle.EXPIRED):
        raise IllegalMove(
            _("A certificate that is %(state)s cannot be renewed. Begin a new plan.")
            % {"state": certificate.get_state_display()}
        )
    newer = _live_certificate(subject)
    if newer is not None and newer.pk != certificate.pk:
        raise IllegalMove(_("A newer certificate is in force for this. Renew that one."))


def _number(certificate: Certificate | None) -> str:
    return certificate.number if certificate is not None else ""


def _record(actor: User, action: str, plan: Plan, facts: Mapping[str, object]) -> None:
    audit.record(actor=actor, action=action, target=plan, case=f"plan:{plan.pk}", facts=facts)
