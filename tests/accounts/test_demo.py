"""The demonstration's sign-ins: made once, kept to their owner, refused anywhere else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.demo_people import ORGANISATIONS, PEOPLE
from accounts.models import Membership, Organisation, User
from accounts.selectors import authority
from accounts.services import demo, second_factors
from core.errors import NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_demonstration(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.DATA_DIR = tmp_path


def test_everybody_can_sign_in_with_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    demo.create_people()
    call_command("demo_users", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert [one["email"] for one in printed] == [person.email for person in PEOPLE]
    for one in printed:
        user = User.objects.get(email=one["email"])
        assert user.check_password(one["password"])
        assert bool(one["totp_secret"]) == second_factors.has_second_factor(user) == authority(user).needs_second_factor
    assert {one["organisation"] for one in printed if one["organisation"]} == {o.name for o in ORGANISATIONS}
    assert {one["area"] for one in printed if one["area"]} == {"west-yorkshire", "kent"}


def test_repeating_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    demo.create_people()
    before = (demo.sign_ins(), User.objects.count(), Organisation.objects.count(), Membership.objects.count())
    demo.create_people()
    after = (demo.sign_ins(), User.objects.count(), Organisation.objects.count(), Membership.objects.count())
    assert before == after


def test_a_lost_file_makes_new_secrets_that_work(tmp_path: Path) -> None:
    demo.create_people()
    old = demo.sign_ins()[0]
    (tmp_path / "demo-users.json").unlink()
    demo.create_people()
    new = demo.sign_ins()[0]
    assert old.password != new.password
    assert User.objects.get(email=new.email).check_password(new.password)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    demo.create_people()
    assert stat.S_IMODE((tmp_path / "demo-users.json").stat().st_mode) == 0o600


def test_refused_outside_the_demonstration(settings: Settings) -> None:
    settings.DEMO = False
    for refuse in (demo.create_people, demo.sign_ins):
        with pytest.raises(NotPermitted):
            refuse()
    with pytest.raises(CommandError):
        call_command("demo_users", "--json")
    assert not User.objects.exists()


def test_every_address_is_one_that_cannot_exist() -> None:
    assert {person.email.rpartition("@")[2] for person in PEOPLE} == {"example.org"}
