"""Law 5: `visible_to` and `can_view_subject` say the same, for every role and every kind."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Organisation, User
from accounts.selectors import Viewer
from events import policies, selectors
from events.models import Subject
from tests.factories import events as make

pytestmark = pytest.mark.django_db

ROLES = {
    "owner": {"own"},
    "colleague": {"own"},
    "viewer": {"own"},
    "stranger": {"theirs"},
    "adviser": {"own"},
    "second_adviser": {"own"},
    "other_area_adviser": {"theirs"},
    "authoriser": {"own"},
    "national_admin": set(),
    "auditor": {"own", "theirs"},
    "nobody": set(),
    "gone": set(),
}
EDITORS = {"owner", "colleague"}


@pytest.fixture
def subjects(organisation: Organisation, other_organisation: Organisation) -> dict[str, list[Subject]]:
    """`own` lies in the officers' area, `theirs` in another one."""
    own: list[Subject] = [make.make_venue(organisation), make.make_event(organisation), make.make_project(organisation)]
    theirs: list[Subject] = [make.make_venue(other_organisation)]
    theirs += [make.make_event(other_organisation), make.make_project(other_organisation)]
    for subject in theirs:
        type(subject)._base_manager.filter(pk=subject.pk).update(area="kent")
        subject.refresh_from_db()
    return {"own": own, "theirs": theirs}


def _person(role: str, request: pytest.FixtureRequest) -> Viewer:
    if role == "nobody":
        return AnonymousUser()
    if role == "gone":
        user: User = request.getfixturevalue("colleague")
        user.is_active = False
        user.save()
        return user
    found: User = request.getfixturevalue(role)
    return found


@pytest.mark.parametrize("role", list(ROLES))
def test_lists_and_single_things_agree(
    role: str, subjects: dict[str, list[Subject]], request: pytest.FixtureRequest
) -> None:
    person = _person(role, request)

    for whose, kinds in subjects.items():
        for subject in kinds:
            listed = selectors.MODELS[subject.kind].objects.visible_to(person).filter(pk=subject.pk).exists()
            allowed = bool(policies.can_view_subject(person, subject))
            assert (listed, allowed) == (whose in ROLES[role],) * 2, (subject.kind, whose)


@pytest.mark.parametrize("role", list(ROLES))
def test_owners_and_editors_alone_change_archive_and_register(
    role: str, subjects: dict[str, list[Subject]], organisation: Organisation, request: pytest.FixtureRequest
) -> None:
    person = _person(role, request)

    for subject in subjects["own"]:
        answers = {
            bool(policies.can_edit_subject(person, subject)),
            bool(policies.can_archive_subject(person, subject)),
        }
        assert answers == {role in EDITORS}
    assert bool(policies.can_register(person, organisation.pk)) is (role in EDITORS)
    assert bool(policies.can_register_anything(person)) is (role in EDITORS | {"stranger"})
