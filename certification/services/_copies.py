"""What a new plan takes over from the submission before it: answers and files. The caller holds the subject's lock."""

from __future__ import annotations

from accounts.models import User
from certification.domain.standard import Standard
from certification.models import Answer, Evidence, Plan, StandardVersion, Submission
from certification.selectors import facts as plan_facts
from certification.selectors import snapshots
from certification.selectors.standards import compiled


def answers(actor: User, plan: Plan, last: Submission) -> int:
    """To be confirmed, or answered anew where the criterion says so; but what stands, stands. How many."""
    old = snapshots.read(last)
    before = compiled(StandardVersion.objects.get(code=old.standard["code"], version=old.standard["version"]))
    standard = compiled(plan.standard)
    applies = standard.applicability(plan_facts.facts_of(plan)).codes
    rows = [
        _copied(actor, plan, code, answer, keep=code in plan.standing or _kept(before, standard, code))
        for code, answer in sorted(old.answers.items())
        if code in applies
    ]
    Answer.objects.bulk_create(rows)
    return len(rows)


def _kept(before: Standard, now: Standard, code: str) -> bool:
    """Whether the old level may be confirmed with a click: only where the criterion still asks the same."""
    old, new = before.by_code.get(code), now.by_code[code]
    return (
        new.renewal == "confirm"
        and old is not None
        and (old.question, old.descriptors, old.na_allowed) == (new.question, new.descriptors, new.na_allowed)
    )


def _copied(actor: User, plan: Plan, code: str, answer: snapshots.SnapshotAnswer, *, keep: bool) -> Answer:
    return Answer(
        plan=plan,
        criterion_code=code,
        level=answer.level if keep else None,
        not_applicable=answer.not_applicable and keep,
        reason=answer.reason if keep else "",
        account=answer.account,
        confirm_needed=code not in plan.standing,
        updated_by=actor,
        updated_at=plan.created_at,
    )


def files(actor: User, plan: Plan, last: Submission) -> int:
    """The stored file is shared, not copied: nothing ever deletes a file that a submission names."""
    old = snapshots.read(last)
    ids = [file.id for answer in old.answers.values() for file in answer.evidence]
    known = Evidence.objects.filter(pk__in=ids, plan_id=last.plan_id, scan=Evidence.Scan.CLEAN).in_bulk()
    applies = compiled(plan.standard).applicability(plan_facts.facts_of(plan)).codes
    rows = [_shared(actor, plan, file) for file in known.values() if file.criterion_code in applies]
    Evidence.objects.bulk_create(rows)
    return len(rows)


def _shared(actor: User, plan: Plan, file: Evidence) -> Evidence:
    return Evidence(
        plan=plan,
        criterion_code=file.criterion_code,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        storage_name=file.storage_name,
        scan=file.scan,
        scanned_at=file.scanned_at,
        scanner=file.scanner,
        note=file.note,
        uploaded_by=actor,
        uploaded_at=plan.created_at,
    )
