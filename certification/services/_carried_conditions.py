"""The conditions that go on under another certificate, and what is open about them.

Their rows are made with the new certificate, since its document names them. What happens to the old rows until that
document exists still counts, and what is open can still be answered there; so the facts, the open discharge and the open
wish for time follow when the new certificate takes the old one's place, in that transaction (`go_along`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from certification.domain import conditions as rules
from certification.domain.variation import Term
from certification.models import (
    Certificate,
    CertificateCondition,
    ConditionDischarge,
    ConditionExtension,
    ConditionReminder,
)
from certification.notifications import conditions as messages
from certification.services import _conditions

_FOLLOWING: Final = ("discharged_at", "due_on", "due_set_at", "waiting_until", "owner_id")
Open = ConditionDischarge | ConditionExtension


def copy(row: CertificateCondition, made: Certificate, **changed: object) -> CertificateCondition:
    """For `made`, not saved. Another holder is not told who looked after it for the one before."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    if row.certificate.organisation_id != made.organisation_id:
        values["owner_id"] = None
    line = {"stands_from_id": row.pk, "origin_id": row.origin_id or row.pk}
    return CertificateCondition(**{**values, **line, "certificate_id": made.pk, **changed})


def carry(old: Certificate, made: Certificate, terms: Sequence[Term] | None) -> None:
    """What was met stays met, unless a new condition is set for its criterion. A condition that stays keeps all that is
    recorded with it but its words and its day, where those are new.
    """
    rows = list(old.conditions.all())
    wanted = None if terms is None else {term.code: term for term in terms}
    kept = []
    for row in rows:
        row.certificate = old
        term = None if wanted is None else wanted.pop(row.criterion_code, None)
        if row.discharged_at is not None:
            if term is not None and wanted is not None:
                wanted[term.code] = term
            else:
                kept.append(copy(row, made))
        elif wanted is None:
            kept.append(copy(row, made))
        elif term is not None:
            kept.append(copy(row, made, text=term.text, due_on=term.due_on))
    new = [
        CertificateCondition(certificate=made, criterion_code=term.code, text=term.text, due_on=term.due_on)
        for term in (wanted or {}).values()
    ]
    CertificateCondition.objects.bulk_create([*kept, *new])


def go_along(made: Certificate, gone: Sequence[Certificate]) -> None:
    """In the transaction in which `made` takes the place of `gone`, all of them locked.

    One of `gone` stood, and on its rows alone something can have happened since they were copied; the others waited in
    vain. What is open there goes along with a condition that goes on for the same holder. Everything else is over
    without a decision, and whoever sent it in is told why: another holder is shown nothing of what the one before
    wrote, and a new decision has had its own look at what it set anew.
    """
    stood = next((one for one in gone if one.issued_at is not None), None)
    if stood is None:
        return
    certificates = {one.pk: one for one in (made, *gone)}
    locked = CertificateCondition.objects.select_for_update(of=("self",)).filter(certificate__in=certificates)
    rows = {row.pk: row for row in locked.order_by("pk")}
    for row in rows.values():
        row.certificate = certificates[row.certificate_id]
    targets: dict[int, CertificateCondition] = {}
    for row in rows.values():
        source = _source(row, rows, stood) if row.certificate_id == made.pk else None
        if source is not None:
            _follow(row, source)
            targets[source.pk] = row
    _move_open(made, stood, targets)
    if made.organisation_id == stood.organisation_id:
        _mark_reminders(targets)


def _source(
    row: CertificateCondition, rows: Mapping[int, CertificateCondition], stood: Certificate
) -> CertificateCondition | None:
    """Back along the line to the row that counted until now, past those of certificates that never came into force."""
    found = rows.get(row.stands_from_id or 0)
    while found is not None and found.certificate_id != stood.pk:
        found = rows.get(found.stands_from_id or 0)
    return found


def _follow(row: CertificateCondition, source: CertificateCondition) -> None:
    """What has happened to `source` since `row` was copied. A day that was moved meanwhile was moved later than any day
    that the new certificate was made with; it cannot lie after that certificate's end.
    """
    before = [getattr(row, name) for name in _FOLLOWING]
    if row.discharged_at is None:
        row.discharged_at = source.discharged_at
    if source.due_set_at != row.due_set_at:
        row.due_on, row.due_set_at = min(source.due_on, row.certificate.valid_until), source.due_set_at
    row.waiting_until = source.waiting_until
    if row.certificate.organisation_id == source.certificate.organisation_id:
        row.owner_id = source.owner_id
    if before != [getattr(row, name) for name in _FOLLOWING]:
        row.save(update_fields=list(_FOLLOWING))


def _move_open(made: Certificate, stood: Certificate, targets: Mapping[int, CertificateCondition]) -> None:
    """Those of the certificate that stood; of the others there are none, since nothing was asked about them."""
    same_holder = made.organisation_id == stood.organisation_id
    discharges = ConditionDischarge.objects.filter(condition__certificate=stood, state__in=rules.DISCHARGE_OPEN)
    wishes = ConditionExtension.objects.filter(condition__certificate=stood, state=rules.ASKED)
    over: list[Open] = []
    found: list[Open] = [*discharges.select_related("condition__owner"), *wishes.select_related("condition__owner")]
    for one in sorted(found, key=lambda item: (item.condition_id, _word(item))):
        one.condition.certificate = stood
        target = targets.get(one.condition_id) if same_holder else None
        if target is None:
            _lapse(one, made)
            over.append(one)
        else:
            _move(one, target, stood)
    if over:
        _tell(made, stood, over, ended=same_holder and made.decision_id == stood.decision_id)


def _move(one: Open, target: CertificateCondition, stood: Certificate) -> None:
    before, one.condition = one.condition_id, target
    one.save(update_fields=["condition"])
    facts = {**_named(one), "state": one.state, "from_condition": before, "before": stood.number}
    _conditions.record(None, f"condition.{_word(one)}_went_along", target, facts)


def _lapse(one: Open, made: Certificate) -> None:
    if isinstance(one, ConditionDischarge):
        _conditions.move_discharge(one, "lapse")
    else:
        _conditions.move_extension(one, "lapse")
    one.save(update_fields=["state"])
    _conditions.record(None, f"condition.{_word(one)}_lapsed", one.condition, {**_named(one), "by": made.number})


def _named(one: Open) -> dict[str, object]:
    return {_word(one): one.pk}


def _word(one: Open) -> str:
    return "discharge" if isinstance(one, ConditionDischarge) else "extension"


def _tell(made: Certificate, stood: Certificate, over: Sequence[Open], *, ended: bool) -> None:
    """One mail, however many conditions: to those who held the certificate that stood."""
    count = len({one.condition_id for one in over})
    if made.organisation_id != stood.organisation_id:
        message = messages.over_with_transfer(stood, count=count)
    elif ended:
        message = messages.over_with_condition(stood, made, count=count)
    else:
        message = messages.over_with_decision(stood, made, count=count)
    people = {person.pk: person for one in over for person in _conditions.holders(one.condition)}
    _conditions.tell(people.values(), message, f"certificate:{stood.pk}:conditions-over:{made.pk}")


def _mark_reminders(targets: Mapping[int, CertificateCondition]) -> None:
    """Who was reminded of a date is not reminded of it again. Another holder was told of none yet."""
    marks = ConditionReminder.objects.filter(condition__in=targets).order_by("pk")
    ConditionReminder.objects.bulk_create(
        ConditionReminder(condition=target, due_on=mark.due_on, milestone=mark.milestone, created_at=mark.created_at)
        for mark in marks
        if (target := targets[mark.condition_id]).due_on == mark.due_on
    )
