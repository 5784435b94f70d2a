"""Standards and plans in situations: a draft, one answered throughout, one submitted, one asked for changes."""

from __future__ import annotations

import functools
import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain.standard import Criterion
from certification.models import Answer, ChangeRequest, Evidence, Plan, Review, StandardVersion, Submission
from certification.selectors import cases, snapshots
from certification.services import plans, submissions
from certification.services.submissions import Declaration
from certification.standard_files import StandardFile, parse_standard
from core import storage
from events.models import Subject
from tests.factories.events import make_venue

NATIONAL = "certification/standards/protective-security-2026.1.yaml"
DECLARED = Declaration(name="Olive Organiser", position="Trust manager", agreed=True)


@functools.cache
def national_file() -> StandardFile:
    """Read and checked once for a whole run: it is the slow part."""
    data = (Path(settings.BASE_DIR) / NATIONAL).read_bytes()
    return parse_standard(data, name=NATIONAL, for_publication=True)


def national_standard() -> StandardVersion:
    """The national standard, published and in force."""
    return _published(national_file().document)


def criterion_data(code: str, **changes: Any) -> dict[str, Any]:
    """One criterion of a small standard: level 3 asked, level 4 the best, no conditions."""
    data = {
        "code": code,
        "question": f"Is {code} in place?",
        "why": f"Because {code} matters.",
        "descriptors": {str(level): f"{code} at level {level}" for level in range(5)},
        "guidance": [{"title": f"Guide to {code}", "source": "Scheme guidance"}],
        "weight": 2,
        "obligation": "scheme",
        "basis": "Scheme policy",
        "na_allowed": False,
        "evidence": "optional",
        "renewal": "confirm",
        "remedy": f"Put {code} in place.",
        "remedy_days": 30,
    }
    return {**data, **changes}


def small_document(**changes: Any) -> dict[str, Any]:
    """Two sections and six criteria, one for each thing that a test may need.

    GOV-01 plain and mandatory · GOV-02 evidence required · GOV-03 may not apply, answered anew at renewal ·
    PHY-01 law · PHY-02 advisory · PHY-03 enhanced tier alone.
    """
    enhanced = {"fact": "tier", "op": "eq", "value": "enhanced"}
    levels = ["Not in place", "Planned", "Partly in place", "In place", "In place and tested"]
    governance = [
        criterion_data("GOV-01"),
        criterion_data("GOV-02", evidence="required", weight=3),
        criterion_data("GOV-03", na_allowed=True, renewal="answer"),
    ]
    physical = [
        criterion_data("PHY-01", obligation="law", basis="Terrorism (Protection of Premises) Act 2025, s.5"),
        criterion_data("PHY-02", obligation="advisory", weight=1, evidence="none"),
        criterion_data("PHY-03", when=enhanced),
    ]
    document = {
        "code": "SMALL",
        "version": "2025.1",
        "title": "A small standard",
        "summary": "For tests.",
        "effective_from": "2025-01-01",
        "levels": [{"value": value, "label": label, "meaning": f"{label}."} for value, label in enumerate(levels)],
        "pass": {"overall": 70, "section": 50, "mandatory_level": 3},
        "conditional": {"overall": 50, "mandatory_level": 2},
        "validity": [{"when": {"fact": "kind", "op": "eq", "value": "event"}, "until": "event_end"}, {"months": 24}],
        "sections": [
            {"code": "GOV", "title": "Governance", "intro": "Who answers for it.", "criteria": governance},
            {"code": "PHY", "title": "Physical measures", "intro": "What is built.", "criteria": physical},
        ],
    }
    return {**document, **changes}


def small_standard(**changes: Any) -> StandardVersion:
    """The small standard, published and in force."""
    return _published(small_document(**changes))


def _published(document: dict[str, Any]) -> StandardVersion:
    now = timezone.now()
    known = StandardVersion.objects.filter(code=document["code"], version=document["version"]).first()
    return known or StandardVersion.objects.create(
        code=document["code"],
        version=document["version"],
        title=document["title"],
        effective_from=document["effective_from"],
        document=document,
        sha256=snapshots.digest(document),
        state=StandardVersion.State.PUBLISHED,
        loaded_at=now,
        published_at=now,
    )


def draft_plan(organisation: Organisation, *, subject: Subject | None = None, by: User | None = None) -> Plan:
    """Begun and empty, for a new hall unless a subject is given. A standard must be in force."""
    return plans.begin(actor=by or organisation.created_by, subject=subject or make_venue(organisation))


def answered_plan(
    organisation: Organisation, *, subject: Subject | None = None, by: User | None = None, level: int = 3
) -> Plan:
    """Every criterion at `level`, with a clean file wherever evidence is required: ready to submit."""
    plan = draft_plan(organisation, subject=subject, by=by)
    answer_all(plan, level=level, by=by)
    return plan


def submitted_plan(
    organisation: Organisation, *, subject: Subject | None = None, by: User | None = None, level: int = 3
) -> Plan:
    """Through the service, so that snapshot, receipt, mail and audit are there."""
    plan = answered_plan(organisation, subject=subject, by=by, level=level)
    submissions.submit(actor=by or organisation.created_by, plan_id=plan.pk, declaration=DECLARED)
    plan.refresh_from_db()
    return plan


def changes_requested_plan(organisation: Organisation, *, reviewer: User, codes: tuple[str, ...] = ("GOV-01",)) -> Plan:
    """The situation after a reviewer asked for changes to `codes`, made by hand: the police side has factories of its own."""
    plan = submitted_plan(organisation)
    now = timezone.now()
    review = Review.objects.create(plan=plan, reviewer=reviewer, submission=latest(plan), claimed_at=now)
    for code in codes:
        ChangeRequest.objects.create(
            plan=plan,
            review=review,
            criterion_code=code,
            message=f"Say more about {code}.",
            state=ChangeRequest.State.OPEN,
            created_at=now,
            sent_at=now,
        )
    in_state(plan, "changes_requested", reviewer=reviewer)
    return plan


def in_state(plan: Plan, state: str, *, reviewer: User | None = None) -> Plan:
    """A plan put into a state by hand, for tests of what is legal there."""
    now = timezone.now()
    dates = {} if state in {"draft", "withdrawn"} else {"first_submitted_at": now, "submitted_at": now}
    Plan.objects.filter(pk=plan.pk).update(state=state, reviewer=reviewer or plan.reviewer, **dates)
    plan.refresh_from_db()
    return plan


def answer_all(plan: Plan, *, level: int = 3, by: User | None = None) -> None:
    """Rows at once, since a hundred saves by the service would be most of a test's time. Known answers are replaced."""
    case = cases.load(plan)
    Answer.objects.filter(plan=plan).delete()
    actor, now = by or plan.created_by, timezone.now()
    Answer.objects.bulk_create(
        Answer(
            plan=plan,
            criterion_code=code,
            level=level,
            account=f"Account of {code}.",
            updated_by=actor,
            updated_at=now,
        )
        for code in case.codes
    )
    for code in case.codes:
        if _wants_file(case.standard.by_code[code], level, case.standard.pass_mark.mandatory_level):
            make_evidence(plan, code, by=actor)


def make_evidence(
    plan: Plan, code: str, *, by: User | None = None, scan: str = "clean", content: bytes = b"", name: str = ""
) -> Evidence:
    """A stored, encrypted file in any state of scanning."""
    body = content or f"Evidence for {code} of {plan.pk}".encode()
    stored = f"evidence/{plan.pk}/{hashlib.sha256(body + timezone.now().isoformat().encode()).hexdigest()[:32]}"
    storage.write(stored, [body])
    now = timezone.now()
    return Evidence.objects.create(
        plan=plan,
        criterion_code=code,
        name=name or f"{code.lower()}.txt",
        content_type="text/plain",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        storage_name=stored,
        scan=scan,
        scanned_at=now if scan in {"clean", "infected"} else None,
        scanner="demonstration" if scan in {"clean", "infected"} else "",
        uploaded_by=by or plan.created_by,
        uploaded_at=now,
    )


def latest(plan: Plan) -> Submission:
    return Submission.objects.filter(plan=plan).latest("number")


def open_file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def long_ago(days: int = 30) -> Any:
    return timezone.now() - timedelta(days=days)


def _wants_file(criterion: Criterion, level: int, mark: int) -> bool:
    return criterion.evidence == "required" and level >= mark
