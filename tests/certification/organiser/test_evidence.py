"""Evidence: stored encrypted, scanned once, opened by those who may and by nobody before the scan."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.models import Evidence, Plan
from certification.services import evidence, submissions
from config.celery import app
from core import outbox, scanner, storage
from core.errors import IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from core.outbox import TryLater
from core.scanner import ScannerDown, Verdict
from core.uploads import vaulting
from tests.core.uploads.files import EICAR
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

TEXT = b"The fire drill was on the first of May."


def attach(
    plan: Plan, actor: User, content: bytes = TEXT, *, code: str = "GOV-01", name: str = "drill.txt"
) -> Evidence:
    return evidence.attach(actor=actor, plan_id=plan.pk, code=code, upload=make.open_file(content), name=name)


def vault_files(plan: Plan) -> list[Path]:
    """Of this plan alone: other processes of the suite write into the same vault."""
    return [path for path in Path(settings.VAULT_DIR, "evidence", str(plan.pk)).rglob("*") if path.is_file()]


@pytest.fixture
def plan(organisation: Organisation) -> Plan:
    return make.draft_plan(organisation)


def test_a_file_is_stored_encrypted_and_waits_for_the_scan(plan: Plan, organiser: User) -> None:
    kept = attach(plan, organiser, name="../../drill.txt")
    assert len(vault_files(plan)) == 1
    assert (kept.name, kept.content_type, kept.size, kept.scan) == ("drill.txt", "text/plain", len(TEXT), "pending")
    assert storage.read_all(kept.storage_name) == TEXT
    assert TEXT not in (Path(settings.VAULT_DIR) / kept.storage_name).read_bytes()
    job = OutboxJob.objects.get(kind="evidence.scan")
    assert job.payload == {"evidence": str(kept.pk)}


@pytest.mark.parametrize("role", ["viewer", "stranger", "adviser", "authoriser", "national_admin", "auditor"])
def test_nobody_else_attaches_and_nothing_is_left(plan: Plan, request: pytest.FixtureRequest, role: str) -> None:
    with pytest.raises(NotPermitted):
        attach(plan, request.getfixturevalue(role))
    assert vault_files(plan) == []
    assert not Evidence.objects.exists()


def test_a_refused_file_leaves_nothing_behind(plan: Plan, organiser: User) -> None:
    with pytest.raises(InvalidInput):
        attach(plan, organiser, code="PHY-02")  # no files are asked for there
    with pytest.raises(InvalidInput):
        attach(plan, organiser, code="ZZZ-99")
    with pytest.raises(InvalidInput):
        attach(plan, organiser, b"MZ\x90", name="run.exe")
    assert vault_files(plan) == []


def test_ten_files_and_each_once(plan: Plan, organiser: User) -> None:
    for number in range(10):
        attach(plan, organiser, f"File {number}".encode())
    with pytest.raises(InvalidInput, match="already 10 files"):
        attach(plan, organiser, b"One more")
    with pytest.raises(InvalidInput, match="already here"):
        attach(plan, organiser, b"File 3")
    Evidence.objects.filter(plan=plan).update(removed_at="2026-01-01T00:00:00Z")
    assert attach(plan, organiser, b"File 3").scan == "pending"


@pytest.mark.parametrize("state", lifecycle.PLAN_STATES)
def test_in_which_states(organisation: Organisation, organiser: User, adviser: User, state: str) -> None:
    plan = make.in_state(make.changes_requested_plan(organisation, reviewer=adviser), state, reviewer=adviser)
    there = make.make_evidence(plan, "PHY-01")
    for code in ("GOV-01", "PHY-01"):
        if state == "draft" or (state == "changes_requested" and code == "GOV-01"):
            kept = attach(plan, organiser, code=code)
            assert evidence.remove(actor=organiser, evidence_id=kept.pk).removed_at is not None
            continue
        with pytest.raises(IllegalMove):
            attach(plan, organiser, code=code)
    if state != "draft":
        with pytest.raises(IllegalMove):
            evidence.remove(actor=organiser, evidence_id=there.pk)


# The scan ---------------------------------------------------------------------------------------------------------------


def test_the_demonstration_scanner_finds_nothing(plan: Plan, organiser: User, settings: Settings) -> None:
    settings.DEMO = True
    kept = attach(plan, organiser)
    evidence.scan({"evidence": str(kept.pk)})
    kept.refresh_from_db()
    assert (kept.scan, kept.scanner) == ("clean", "demonstration")
    assert kept.scanned_at is not None


def test_malware_is_deleted_and_the_uploader_told(
    plan: Plan, organiser: User, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.DEMO = True
    kept = attach(plan, organiser, EICAR)
    with django_capture_on_commit_callbacks(execute=True):
        evidence.scan({"evidence": str(kept.pk)})
    kept.refresh_from_db()
    assert (kept.scan, storage.exists(kept.storage_name)) == ("infected", False)
    assert [mail.recipient for mail in OutgoingMail.objects.filter(kind="evidence.refused")] == [organiser]
    with pytest.raises(NotPermitted):
        evidence.open_for(actor=organiser, evidence_id=kept.pk)


def test_without_a_scanner_files_are_held_until_there_is_one(plan: Plan, organiser: User, settings: Settings) -> None:
    kept = attach(plan, organiser)
    evidence.scan({"evidence": str(kept.pk)})
    kept.refresh_from_db()
    assert (kept.scan, kept.scanned_at) == ("held", None)
    with pytest.raises(NotPermitted):
        evidence.open_for(actor=organiser, evidence_id=kept.pk)
    OutboxJob.objects.all().delete()
    now = timezone.now()
    assert evidence.rescan_held(now=now) == 0
    settings.DEMO = True
    assert evidence.rescan_held(now=now) == 1
    [job] = OutboxJob.objects.filter(kind="evidence.scan")
    assert outbox.run(job.pk)
    kept.refresh_from_db()
    assert kept.scan == "clean"
    assert evidence.rescan_held(now=now + timedelta(hours=1)) == 0


def test_every_held_file_is_promised_one_scan_however_often_the_sweep_comes(
    plan: Plan, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vaulting, "CHUNK", 2)
    settings.DEMO = True
    held = {str(make.make_evidence(plan, "GOV-01", scan="held", content=bytes([number])).pk) for number in range(5)}
    make.make_evidence(plan, "GOV-01", scan="clean")
    now = timezone.now()

    assert evidence.rescan_held(now=now) == 5
    assert evidence.rescan_held(now=now) == 0
    # Their scanner may be down for long: as long as the promise stands, no hour adds another one.
    assert evidence.rescan_held(now=now + timedelta(hours=1)) == 0

    promised = OutboxJob.objects.filter(kind="evidence.scan").values_list("payload", flat=True)
    assert sorted(payload["evidence"] for payload in promised) == sorted(held)


def test_a_file_that_is_held_after_its_scan_all_the_same_is_promised_another(plan: Plan, settings: Settings) -> None:
    """The worker was not told of the scanner that the schedule knows."""
    settings.DEMO = True
    make.make_evidence(plan, "GOV-01", scan="held")
    now = timezone.now()
    evidence.rescan_held(now=now)
    OutboxJob.objects.update(done_at=now)

    assert evidence.rescan_held(now=now + timedelta(hours=1)) == 1


def test_the_sweep_is_scheduled_under_its_name(settings: Settings, plan: Plan) -> None:
    settings.DEMO = True
    make.make_evidence(plan, "GOV-01", scan="held")

    app.loader.import_default_modules()

    app.tasks[settings.CELERY_BEAT_SCHEDULE["rescan-held"]["task"]]()

    assert OutboxJob.objects.filter(kind="evidence.scan", key__contains=":rescan:").count() == 1


def test_scanning_twice_changes_nothing(plan: Plan, organiser: User, settings: Settings) -> None:
    settings.DEMO = True
    kept = attach(plan, organiser)
    evidence.scan({"evidence": str(kept.pk)})
    kept.refresh_from_db()
    evidence.scan({"evidence": str(kept.pk)})
    again = Evidence.objects.get(pk=kept.pk)
    assert again.scanned_at == kept.scanned_at
    assert AuditEvent.objects.filter(action="evidence.scanned").count() == 1


def test_a_scanner_that_is_down_is_asked_again_later(
    plan: Plan, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Down:
        def scan(self, chunks: object) -> Verdict:
            raise ScannerDown

    monkeypatch.setattr(scanner, "configured", Down)
    kept = attach(plan, organiser)
    with pytest.raises(TryLater):
        evidence.scan({"evidence": str(kept.pk)})
    kept.refresh_from_db()
    assert kept.scan == "pending"


# Opening ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scan", ["pending", "held", "infected"])
@pytest.mark.parametrize("role", ["organiser", "adviser", "auditor"])
def test_nobody_opens_what_was_not_found_clean(
    organisation: Organisation, request: pytest.FixtureRequest, role: str, scan: str
) -> None:
    plan = make.submitted_plan(organisation)
    kept = make.make_evidence(plan, "GOV-01", scan=scan)
    with pytest.raises(NotPermitted):
        evidence.open_for(actor=request.getfixturevalue(role), evidence_id=kept.pk)


@pytest.mark.parametrize(
    "role",
    [
        "organiser",
        "colleague",
        "viewer",
        "auditor",
        "adviser",
        "authoriser",
        "other_area_adviser",
        "stranger",
        "national_admin",
    ],
)
@pytest.mark.parametrize("when", ["draft", "submitted", "later"])
def test_the_police_open_what_was_submitted_and_nothing_newer(
    organisation: Organisation, organiser: User, request: pytest.FixtureRequest, role: str, when: str
) -> None:
    plan = make.answered_plan(organisation)
    kept = Evidence.objects.get(plan=plan)
    if when != "draft":
        submissions.submit(actor=organiser, plan_id=plan.pk, declaration=make.DECLARED)
    if when == "later":
        kept = make.make_evidence(plan, "GOV-02")
    may = role in {"organiser", "colleague", "viewer", "auditor"}
    may = may or (role in {"adviser", "authoriser"} and when == "submitted")
    actor = request.getfixturevalue(role)
    if may:
        opened = evidence.open_for(actor=actor, evidence_id=kept.pk)
        assert b"".join(opened.chunks) == storage.read_all(kept.storage_name)
        assert AuditEvent.objects.get(action="evidence.opened").actor == actor
        return
    with pytest.raises(NotPermitted):
        evidence.open_for(actor=actor, evidence_id=kept.pk)
    assert not AuditEvent.objects.filter(action="evidence.opened").exists()


def test_what_a_submission_lists_outlives_its_removal(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    plan = make.changes_requested_plan(organisation, reviewer=adviser, codes=("GOV-02",))
    kept = Evidence.objects.get(plan=plan)
    evidence.remove(actor=organiser, evidence_id=kept.pk)
    assert b"".join(evidence.open_for(actor=adviser, evidence_id=kept.pk).chunks).startswith(b"Evidence for GOV-02")
