"""What differs between what was certified and what the register says now, and the lists of changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.selectors import Viewer
from certification.domain import changes, lifecycle
from certification.domain.changes import Changed
from certification.models import Certificate, MaterialChange, Plan, Submission
from certification.selectors import facts as plan_facts
from certification.selectors import snapshots
from certification.selectors.standards import compiled
from core import keyset
from core.govuk.formats import uk_date, uk_datetime
from events import selectors as events
from events.models import Event, Project, Subject

__all__ = [
    "Difference",
    "certified",
    "changed",
    "differences",
    "listed_for",
    "of_certificate",
    "registered",
    "standing_codes",
]

# What the rules look at, by the names of the snapshot and of the subject alike.
_FIGURES = ("expected_attendance", "judged_tier", "responsible_name", "senior_name", "senior_position")


@dataclass(frozen=True, slots=True)
class Difference:
    """In words, for a person."""

    what: str
    before: str
    after: str


def certified(certificate: Certificate) -> dict[str, Any]:
    """The figures, names and dates of the submission that the certificate was decided on."""
    submission = Submission.objects.filter(plan_id=certificate.plan_id).latest("number")
    snapshot = snapshots.read(submission)
    dates = {name: snapshot.subject[name] for name in ("starts_at", "ends_at", "opens_on") if name in snapshot.subject}
    return {
        **{name: snapshot.subject[name] for name in _FIGURES},
        "use": snapshot.facts.get("use", ""),
        **dates,
    }


def registered(subject: Subject) -> dict[str, Any]:
    """The same as the register says it today."""
    found: dict[str, Any] = {name: getattr(subject, name) for name in _FIGURES}
    found["use"] = events.subject_facts(subject).get("use", "")
    if isinstance(subject, Event):
        found |= {"starts_at": subject.starts_at.isoformat(), "ends_at": subject.ends_at.isoformat()}
    if isinstance(subject, Project):
        found["opens_on"] = subject.opens_on.isoformat()
    return found


def changed(subject: Subject, before: Mapping[str, Any], now: Mapping[str, Any], *, declared: Sequence[str]) -> Changed:
    names = ("responsible_name", "senior_name", "senior_position")
    return Changed(
        kind=subject.kind,
        attendance=(int(before["expected_attendance"]), int(now["expected_attendance"])),
        tier=(before["judged_tier"], now["judged_tier"]),
        use=(before["use"], now["use"]),
        days_moved=max(
            (_days(before[name], now[name]) for name in _DATES if name in before and name in now), default=0
        ),
        names_changed=any(before[name] != now[name] for name in names),
        declared=frozenset(declared) & frozenset(changes.DECLARED),
    )


_DATES = ("starts_at", "ends_at", "opens_on")


def _days(before: str, now: str) -> int:
    """Days between two ISO dates or times, a part of a day counted as one."""
    gap = abs(datetime.fromisoformat(now) - datetime.fromisoformat(before))
    return gap.days + (1 if gap.seconds else 0)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs, in words; names of what differs alone, so that an empty answer means that nothing does."""
    labels = {
        "expected_attendance": _("People at one time, staff included"),
        "judged_tier": _("Judged at"),
        "use": _("Use"),
        "responsible_name": _("Responsible person"),
        "senior_name": _("Designated senior individual"),
        "senior_position": _("Their position"),
        "starts_at": _("Starts"),
        "ends_at": _("Ends"),
        "opens_on": _("Opens"),
    }
    return tuple(
        Difference(label, _words(name, before[name]), _words(name, now[name]))
        for name, label in labels.items()
        if name in before and name in now and before[name] != now[name]
    )


def _words(name: str, value: Any) -> str:
    if name in {"starts_at", "ends_at"}:
        return uk_datetime(datetime.fromisoformat(value))
    if name == "opens_on":
        return uk_date(date.fromisoformat(value))
    if name == "expected_attendance":
        return f"{value:,}"
    return str(value).replace("_", " ") or _("none")


def standing_codes(plan: Plan, kinds: Sequence[str]) -> list[str]:
    """Criteria of a fresh plan that no change of these kinds concerns. What applies only now is not among them: the
    caller takes away what the last submission did not answer.
    """
    standard = compiled(plan.standard)
    applies = standard.applicability(plan_facts.facts_of(plan)).codes
    criteria = [(item.section, item.code) for item in standard.criteria if item.code in applies]
    again = set(changes.concerned(kinds, criteria))
    return [code for _section, code in criteria if code not in again]


def of_certificate(certificate: Certificate) -> tuple[MaterialChange, ...]:
    """Newest first; one query."""
    return tuple(certificate.changes.order_by("-reported_at", "-pk")[:20])


def can_change(certificate: Certificate, *, today: date) -> bool:
    """Whether there is cover that a change could bear on."""
    return certificate.state in lifecycle.CERTIFICATE_STANDING and certificate.valid_until >= today


def listed_for(
    user: Viewer, *, state: str = "", after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[MaterialChange]:
    """Newest first; one query. Of the user's areas, or their organisations'."""
    found = MaterialChange.objects.visible_to(user).select_related("certificate", "area", "plan")
    if state in changes.STATES:
        found = found.filter(state=state)
    return keyset.page(found, order=("-reported_at", "-id"), after=after, size=size)
