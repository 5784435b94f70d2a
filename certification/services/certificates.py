"""Creating a certificate from a decision, and handing its document to those who may have it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.domain import certificate_number, cover, lifecycle, validity
from certification.domain.departures import Condition
from certification.models import Certificate, CertificateCondition, CertificateSerial, Decision, MaterialChange, Plan
from certification.policies import certificates as policies
from certification.selectors import snapshots
from certification.selectors.certificate_files import papers_of
from certification.selectors.certificate_subjects import DecidedSubject, decided_subject
from certification.selectors.standards import compiled
from certification.selectors.standing import Standing, former_of, in_line
from certification.services import _carried_conditions, _changes
from core import audit, outbox, storage
from core.errors import IllegalMove

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Download:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Term:
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a new certificate takes the place of: `renewed` is the one standing (at most one, by constraint), else the one
    that the plan renews; `line` all that `selectors.standing.in_line` finds.
    """

    renewed: Certificate | None
    line: list[Certificate]


def replaced_by(plan: Plan) -> Replaced:
    """Under lock from here on, newest first: what stands of it cannot be met or moved while somebody signs."""
    line = list(in_line(plan).select_for_update(of=("self",)))
    standing = next((one for one in line if one.state in lifecycle.CERTIFICATE_STANDING), None)
    return Replaced(standing or plan.renews, line)


def create_for(*, decision: Decision, replaced: Replaced, standing: Standing) -> Certificate:
    """Inside the transaction that signs, which asked the signer's authority and holds the plan's lock.

    The number comes from the year's series under its lock, so a decision that is rolled back gives its number back. The
    certificate is "being issued" until the worker has made its document. Raises IllegalMove when cover would end before
    it begins (the event is over).
    """
    plan = decision.plan
    snapshot = snapshots.read(decision.recommendation.submission)
    subject = decided_subject(snapshot)
    decided_on = timezone.localdate(decision.decided_at)
    renewed = replaced.renewed
    _changes.require_cover(plan, renewed, today=decided_on)
    certificate = Certificate(
        **_issued_to(plan, subject),
        number=next_number(decided_on.year),
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        decision=decision,
        judged_tier=str(snapshot.subject["judged_tier"]),
        content_hash=decision.recommendation.submission.content_hash,
        decided_on=decided_on,
        # By the clock of whoever holds the lock of what is replaced: documents are made in this order.
        created_at=timezone.now(),
        supersedes=renewed,
    )
    term = _term(plan, subject, snapshot.facts, decided_on=decided_on, replaced=replaced)
    certificate.valid_from, certificate.valid_until = term.valid_from, term.valid_until
    certificate.save(force_insert=True)
    _add_conditions(certificate, decision, standing, event_starts=subject.starts_on)
    audit.record(
        actor=decision.decided_by,
        action="certificate.created",
        target=certificate,
        facts={
            "number": certificate.number,
            "valid_from": certificate.valid_from,
            "valid_until": certificate.valid_until,
            "conditions": len(decision.conditions) + len(standing.stands),
            **standing.facts,
            "content_hash": certificate.content_hash,
            "supersedes": renewed.number if renewed else "",
        },
        case=f"plan:{plan.pk}",
    )
    outbox.enqueue(
        kind="certificate.render",
        key=f"certificate:{certificate.pk}:render",
        payload={"certificate": str(certificate.pk)},
    )
    return certificate


def _issued_to(plan: Plan, subject: DecidedSubject) -> dict[str, Any]:
    return {
        "plan": plan,
        "standard_id": plan.standard_id,
        "organisation_id": plan.organisation_id,
        "area_id": plan.area_id,
        "venue_id": plan.venue_id,
        "event_id": plan.event_id,
        "project_id": plan.project_id,
        "holder_name": subject.holder,
        "subject_name": subject.name,
        "subject_place": subject.place,
        "scope": subject.scope,
    }


def next_number(year: int) -> str:
    """From the year's series under its lock, in the transaction that signs: rolled back, it gives its number back."""
    CertificateSerial.objects.get_or_create(year=year)
    serial = CertificateSerial.objects.select_for_update().get(year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return certificate_number.make(year, serial.last)


def _term(
    plan: Plan, subject: DecidedSubject, facts: Mapping[str, object], *, decided_on: date, replaced: Replaced
) -> _Term:
    renewed = replaced.renewed
    former = former_of(replaced.line)

    def last_day(counted_from: date) -> date:
        return validity.valid_until(
            compiled(plan.standard), facts, counted_from, event_end=subject.ends_on, completion=subject.opens_on
        )

    try:
        valid_until = last_day(decided_on)
    except validity.ValidityError as error:
        raise IllegalMove(
            _(
                "No certificate can be issued: it would end before it begins. The event is over, or the opening date has passed."
            )
        ) from error
    if former is not None and plan.venue_id is not None and MaterialChange.objects.filter(plan=plan).exists():
        # What has changed is judged anew, not the rest: cover becomes no longer by it.
        return _Term(decided_on, max(decided_on, former.valid_until))
    if renewed is not None and renewed.state in lifecycle.CERTIFICATE_STANDING:
        counted_from = cover.term_counts_from(decided_on=decided_on, previous_end=renewed.valid_until)
        # An end that is fixed by the subject, an opening say, does not move with the renewal and may come before it.
        with contextlib.suppress(validity.ValidityError):
            valid_until = last_day(counted_from)
    return _Term(decided_on, valid_until)


def _add_conditions(
    certificate: Certificate, decision: Decision, standing: Standing, *, event_starts: date | None
) -> None:
    """Those that the decision sets, and after a change those that stand."""
    new = [
        CertificateCondition(
            certificate=certificate,
            criterion_code=condition.code,
            text=condition.text,
            due_on=cover.condition_due(
                decided_on=certificate.decided_on,
                days=condition.days,
                event_starts=event_starts,
                before_event=condition.before_event,
            ),
        )
        for condition in map(Condition.from_dict, decision.conditions)
    ]
    kept = [_carried_conditions.copy(one.row, certificate, due_on=one.due_on) for one in standing.stands]
    CertificateCondition.objects.bulk_create([*kept, *new])


def download(*, actor: User, certificate_id: UUID, poster: bool = False) -> Download:
    """The newest document or poster, and a line in the case's trail that it was taken. Raises IllegalMove while it is
    being made, and for the poster of a certificate that does not stand: nobody should hang up that one.
    """
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        policies.can_download(actor, certificate, fresh=True).require()
        papers = papers_of([certificate])[certificate.pk]
        paper = papers.poster if poster else papers.document
        if paper is None:
            raise IllegalMove(_("The document of this certificate has not been made."))
        if poster and certificate.state not in lifecycle.CERTIFICATE_STANDING:
            raise IllegalMove(
                _("This certificate is over: there is no poster of it any more. Take down those on show.")
            )
        audit.record(
            actor=actor,
            action="certificate.poster_downloaded" if poster else "certificate.downloaded",
            target=certificate,
            facts={"sha256": paper.sha256},
            case=f"plan:{certificate.plan_id}",
        )
    # Outside the transaction: on SQLite it would keep every other writer waiting for the disk.
    name = f"{certificate.number}-poster.pdf" if poster else f"{certificate.number}.pdf"
    return Download(name, storage.read_all(paper.name))
