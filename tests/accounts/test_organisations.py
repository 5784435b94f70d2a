"""Organisations and teams: who may, who may not, and that an owner always stays."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import Membership, Organisation, User
from accounts.selectors import authority
from accounts.services import organisations, users
from core.errors import Conflict, DomainError, InvalidInput, NotPermitted
from core.models import AuditEvent
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def member(user: User) -> Membership:
    return Membership.objects.get(user=user)


def test_registering_makes_the_actor_owner_and_says_so(organiser: User) -> None:
    made = organisations.register(actor=organiser, name="  Harbour   Lights ", kind="charity")
    assert (made.name, made.created_by) == ("Harbour Lights", organiser)
    assert authority(organiser).owns(made.pk)
    event = AuditEvent.objects.get(action="organisation.registered")
    assert (event.chain.key, event.actor, event.facts) == (f"organisation:{made.pk}", organiser, {"kind": "charity"})


@pytest.mark.parametrize(
    ("name", "kind", "field"), [(" ", "charity", "name"), ("x" * 161, "charity", "name"), ("A", "club", "kind")]
)
def test_what_cannot_be_registered(organiser: User, name: str, kind: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        organisations.register(actor=organiser, name=name, kind=kind)
    assert refused.value.field == field


@pytest.mark.parametrize("role", ["national_admin", "auditor"])
def test_national_roles_register_nothing(role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        organisations.register(actor=request.getfixturevalue(role), name="A", kind="other")
    assert not Organisation.objects.exists()


CHANGES: dict[str, Callable[[User, Organisation, Membership], object]] = {
    "rename": lambda actor, org, _m: organisations.rename(actor=actor, organisation_id=org.pk, name="New name"),
    "change_role": lambda actor, _o, m: organisations.change_role(actor=actor, membership_id=m.pk, role="viewer"),
    "remove_member": lambda actor, _o, m: organisations.remove_member(actor=actor, membership_id=m.pk),
}
WRITES = {
    "rename": "organisation.renamed",
    "change_role": "membership.role_changed",
    "remove_member": "membership.ended",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", True), ("viewer", False), ("stranger", False), ("adviser", False), ("authoriser", False),
        ("national_admin", False), ("auditor", False),
    ],
)  # fmt: skip
def test_only_owners_change_a_team(
    change: str, role: str, allowed: bool, organisation: Organisation, colleague: User, request: pytest.FixtureRequest
) -> None:
    actor, target = request.getfixturevalue(role), member(colleague)
    before = actions()
    if allowed:
        CHANGES[change](actor, organisation, target)
        assert actions() == [*before, WRITES[change]]
        return
    with pytest.raises(NotPermitted):
        CHANGES[change](actor, organisation, target)
    organisation.refresh_from_db()
    assert (organisation.name, member(colleague).role, actions()) == ("Harbour Lights Trust", "editor", before)


def test_an_editor_may_leave_but_not_remove(organisation: Organisation, colleague: User, viewer: User) -> None:
    with pytest.raises(NotPermitted):
        organisations.remove_member(actor=colleague, membership_id=member(viewer).pk)
    organisations.remove_member(actor=colleague, membership_id=member(colleague).pk)
    assert not authority(colleague).member_of(organisation.pk)


def test_the_last_owner_stays(organisation: Organisation, owner: User, colleague: User) -> None:
    for attempt in (
        lambda: organisations.remove_member(actor=owner, membership_id=member(owner).pk),
        lambda: organisations.change_role(actor=owner, membership_id=member(owner).pk, role="editor"),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert member(owner).role == "owner"
    organisations.change_role(actor=owner, membership_id=member(colleague).pk, role="owner")
    organisations.remove_member(actor=owner, membership_id=member(owner).pk)
    assert authority(colleague, fresh=True).owns(organisation.pk)


def test_a_closed_account_is_no_owner(
    organisation: Organisation, owner: User, colleague: User, national_admin: User
) -> None:
    organisations.change_role(actor=owner, membership_id=member(colleague).pk, role="owner")
    users.close(actor=national_admin, user_id=colleague.pk)
    with pytest.raises(Conflict):
        organisations.remove_member(actor=owner, membership_id=member(owner).pk)


def test_a_role_taken_away_a_moment_ago_is_gone(organisation: Organisation, owner: User, colleague: User) -> None:
    authority(owner)  # cached as owner
    Membership.objects.filter(user=owner).update(role="viewer")
    with pytest.raises(NotPermitted):
        organisations.rename(actor=owner, organisation_id=organisation.pk, name="Mine for ever")


def test_somebody_who_left_meanwhile_is_a_conflict(organisation: Organisation, owner: User, colleague: User) -> None:
    gone = member(colleague).pk
    organisations.remove_member(actor=owner, membership_id=gone)
    with pytest.raises(Conflict):
        organisations.change_role(actor=owner, membership_id=gone, role="viewer")


@pytest.mark.django_db(transaction=True)
def test_two_owners_removing_each_other_leave_one(organiser: User, organisation: Organisation) -> None:
    other = people.make_member(organisation, "owner")
    targets = {organiser: member(other).pk, other: member(organiser).pk}
    start, refused = threading.Barrier(2), []

    def remove(actor: User) -> None:
        start.wait()
        try:
            organisations.remove_member(actor=actor, membership_id=targets[actor])
        except DomainError as error:
            refused.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=[actor]) for actor in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), Membership.objects.filter(organisation=organisation).count()) == (1, 1)
    assert refused[0] in (NotPermitted, Conflict)
