"""Standards: loaded whole or not at all, published once, never changed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from accounts.models import User
from certification.domain.standard import StandardError
from certification.models import StandardVersion
from certification.selectors import standards as selectors
from certification.services import standards
from core.errors import Conflict, IllegalMove, NotPermitted
from core.models import AuditEvent
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def document(**changes: object) -> bytes:
    return json.dumps(make.small_document(**{"version": "2026.5", "effective_from": "2026-05-01", **changes})).encode()


def load(data: bytes, actor: User | None = None) -> StandardVersion:
    return standards.load(actor=actor, document=data, name="small.json")


def test_a_draft_is_loaded_and_replaced(national_admin: User) -> None:
    first = load(document(), national_admin)
    assert (first.code, first.version, first.state, first.effective_from) == (
        "SMALL",
        "2026.5",
        "draft",
        date(2026, 5, 1),
    )
    second = load(document(title="Another title"), national_admin)
    assert (second.pk, second.title) == (first.pk, "Another title")
    assert load(document(title="Another title"), national_admin).loaded_at == second.loaded_at
    actions = AuditEvent.objects.filter(chain__key="standard:SMALL:2026.5").values_list("action", flat=True)
    assert list(actions.order_by("seq")) == ["standard.loaded", "standard.loaded"]


def test_every_fault_is_told_and_nothing_is_kept(national_admin: User) -> None:
    broken = make.small_document(version="2026.5")
    broken["sections"][0]["criteria"][1]["code"] = "GOV-01"
    broken["sections"][1]["criteria"][2]["when"] = {"fact": "tier", "op": "ge", "value": 3}
    with pytest.raises(StandardError) as caught:
        load(json.dumps(broken).encode(), national_admin)
    assert [fault.place for fault in caught.value.faults] == [
        "sections[0].criteria[1].code",
        "sections[1].criteria[2].when",
    ]
    assert not StandardVersion.objects.filter(version="2026.5").exists()


@pytest.mark.parametrize("role", ["organiser", "adviser", "authoriser", "auditor"])
def test_only_administrators_manage_standards(
    request: pytest.FixtureRequest, role: str, standard: StandardVersion
) -> None:
    actor = request.getfixturevalue(role)
    with pytest.raises(NotPermitted):
        load(document(), actor)
    with pytest.raises(NotPermitted):
        standards.publish(actor=actor, standard_id=standard.pk)
    with pytest.raises(NotPermitted):
        standards.withdraw(actor=actor, standard_id=standard.pk)


def test_published_is_for_ever(national_admin: User) -> None:
    draft = load(document(), national_admin)
    published = standards.publish(actor=national_admin, standard_id=draft.pk)
    assert (published.state, published.published_by) == ("published", national_admin)
    with pytest.raises(Conflict):
        load(document(title="Changed"), national_admin)
    assert load(document(), national_admin).state == "published"
    with pytest.raises(IllegalMove):
        standards.publish(actor=national_admin, standard_id=draft.pk)
    for change in ({"document": {}}, {"effective_from": "2026-06-01"}, {"state": "draft"}, {"sha256": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            StandardVersion.objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        StandardVersion.objects.filter(pk=draft.pk).delete()


def test_two_versions_do_not_share_a_day(national_admin: User, standard: StandardVersion) -> None:
    draft = load(
        document(
            effective_from=standard.effective_from
            if isinstance(standard.effective_from, str)
            else standard.effective_from.isoformat()
        )
    )
    with pytest.raises(Conflict):
        standards.publish(actor=national_admin, standard_id=draft.pk)


@pytest.mark.parametrize(
    ("state", "publish", "withdraw"),
    [("draft", True, False), ("published", False, True), ("withdrawn", False, False)],
)
def test_the_grid_of_states(national_admin: User, state: str, publish: bool, withdraw: bool) -> None:
    version = load(document())
    if state != "draft":
        standards.publish(actor=None, standard_id=version.pk)
    if state == "withdrawn":
        standards.withdraw(actor=None, standard_id=version.pk)
    for action, legal in ((standards.publish, publish), (standards.withdraw, withdraw)):
        if legal:
            with transaction.atomic():
                action(actor=national_admin, standard_id=version.pk)
                transaction.set_rollback(True)
            continue
        with pytest.raises(IllegalMove):
            action(actor=national_admin, standard_id=version.pk)
        version.refresh_from_db()
        assert version.state == state


def test_the_newest_whose_day_has_come(standard: StandardVersion) -> None:
    later = load(document())
    standards.publish(actor=None, standard_id=later.pk)
    assert selectors.standard_in_force(date(2026, 4, 30)) == standard
    assert selectors.standard_in_force(date(2026, 5, 1)) == later
    assert selectors.standard_in_force(date(2024, 12, 31)) is None
    standards.withdraw(actor=None, standard_id=later.pk)
    assert selectors.standard_in_force(date(2026, 5, 1)) == standard


# The command ------------------------------------------------------------------------------------------------------------


def test_the_command_loads_the_national_standard(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(settings.BASE_DIR) / make.NATIONAL
    call_command("load_standard", str(path))
    assert capsys.readouterr().out == "PSS-UK 2026.1: draft, in force from 2026-04-01\n"
    call_command("load_standard", str(path), publish=True)
    call_command("load_standard", str(path), publish=True)
    assert StandardVersion.objects.get(code="PSS-UK").state == "published"


def test_the_command_refuses_to_change_what_is_published(tmp_path: Path, standard: StandardVersion) -> None:
    file = tmp_path / "small.json"
    file.write_bytes(json.dumps(make.small_document(title="Changed")).encode())
    with pytest.raises(CommandError) as caught:
        call_command("load_standard", str(file))
    assert caught.value.returncode == 2


def test_the_command_prints_a_line_for_each_fault(tmp_path: Path) -> None:
    """As a process of its own: it fails before it needs a database."""
    broken = make.small_document()
    broken["sections"][0]["criteria"][1]["code"] = "GOV-01"
    broken["levels"][1]["value"] = 7
    file = tmp_path / "small.json"
    file.write_text(json.dumps(broken), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "manage.py", "load_standard", str(file)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith(("sections", "levels"))]
    assert done.returncode == 2
    assert any(line.startswith("sections[0].criteria[1].code: ") for line in lines)
    assert any(line.startswith("levels[2].value: ") for line in lines)
