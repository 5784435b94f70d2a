"""An invitation works once, in time, for its own address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, User
from accounts.services import invitations
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people

pytestmark = pytest.mark.django_db
ADDRESS = "guest@example.org"


@pytest.fixture
def guest(db: None) -> User:
    return people.make_user("Gus Guest", email=ADDRESS)


def invited(
    owner: User, organisation: Organisation, email: str = ADDRESS, role: str = "editor"
) -> tuple[Invitation, str]:
    invitation = invitations.invite(actor=owner, organisation_id=organisation.pk, email=email, role=role)
    body = OutgoingMail.objects.get(key=f"invitation:{invitation.pk}").body
    [link] = [line for line in body.splitlines() if "/invitations/" in line]
    return invitation, link.rstrip("/").rsplit("/", 1)[1]


def test_accepting_joins_with_the_role(organisation: Organisation, owner: User, guest: User) -> None:
    _, token = invited(owner, organisation, "GUEST@example.org", "viewer")
    membership = invitations.accept(actor=guest, token=token)
    assert (membership.user, membership.organisation, membership.role) == (guest, organisation, "viewer")
    trail = AuditEvent.objects.filter(chain__key=f"organisation:{organisation.pk}").order_by("seq")
    assert [e.action for e in trail][-2:] == ["invitation.sent", "invitation.accepted"]
    assert ADDRESS not in str([e.facts for e in trail]).lower()


def test_the_database_keeps_no_token_but_in_the_mail(organisation: Organisation, owner: User) -> None:
    invitation, token = invited(owner, organisation)
    assert invitation.token_hash == invitations.token_hash(token) != token
    assert len(token) >= 43


def test_it_works_once(organisation: Organisation, owner: User, guest: User) -> None:
    _, token = invited(owner, organisation)
    membership = invitations.accept(actor=guest, token=token)
    membership.delete()
    with pytest.raises(IllegalMove):
        invitations.accept(actor=guest, token=token)
    assert not Membership.objects.filter(user=guest).exists()


def test_it_is_for_its_own_address(organisation: Organisation, owner: User, guest: User, stranger: User) -> None:
    _, token = invited(owner, organisation)
    with pytest.raises(NotPermitted):
        invitations.accept(actor=stranger, token=token)
    assert not Membership.objects.filter(user=stranger, organisation=organisation).exists()
    assert invitations.accept(actor=guest, token=token).user == guest


def test_it_runs_out(organisation: Organisation, owner: User, guest: User) -> None:
    invitation, token = invited(owner, organisation)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    with pytest.raises(IllegalMove):
        invitations.accept(actor=guest, token=token)
    again, fresh = invited(owner, organisation)
    assert again.pk != invitation.pk
    assert invitations.accept(actor=guest, token=fresh).user == guest


def test_it_is_good_for_seven_days(organisation: Organisation, owner: User) -> None:
    invitation, _ = invited(owner, organisation)
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)


def test_withdrawn_it_is_dead(organisation: Organisation, owner: User, guest: User) -> None:
    invitation, token = invited(owner, organisation)
    invitations.withdraw(actor=owner, invitation_id=invitation.pk)
    with pytest.raises(IllegalMove):
        invitations.accept(actor=guest, token=token)


def test_accepted_it_cannot_be_withdrawn(organisation: Organisation, owner: User, guest: User) -> None:
    invitation, token = invited(owner, organisation)
    invitations.accept(actor=guest, token=token)
    with pytest.raises(IllegalMove):
        invitations.withdraw(actor=owner, invitation_id=invitation.pk)


def test_no_second_one_while_the_first_runs_and_none_for_a_member(
    organisation: Organisation, owner: User, colleague: User
) -> None:
    invited(owner, organisation)
    for email in (ADDRESS.upper(), colleague.email):
        with pytest.raises(Conflict):
            invitations.invite(actor=owner, organisation_id=organisation.pk, email=email, role="viewer")
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", ["colleague", "viewer", "stranger", "adviser", "national_admin", "auditor"])
def test_only_owners_invite_and_withdraw(
    role: str, organisation: Organisation, owner: User, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(role)
    invitation, _ = invited(owner, organisation)
    with pytest.raises(NotPermitted):
        invitations.invite(actor=actor, organisation_id=organisation.pk, email="x@example.org", role="owner")
    with pytest.raises(NotPermitted):
        invitations.withdraw(actor=actor, invitation_id=invitation.pk)
    invitation.refresh_from_db()
    assert (Invitation.objects.count(), invitation.withdrawn_at) == (1, None)


@pytest.mark.parametrize("make", [people.make_administrator, people.make_auditor])
def test_national_roles_join_nothing(make: object, organisation: Organisation, owner: User) -> None:
    assert callable(make)
    person = make()
    _, token = invited(owner, organisation, person.email)
    with pytest.raises(NotPermitted):
        invitations.accept(actor=person, token=token)


@pytest.mark.parametrize("token", ["", "nothing", "x" * 300])
def test_unknown_links(token: str, guest: User) -> None:
    with pytest.raises(InvalidInput):
        invitations.accept(actor=guest, token=token)


@pytest.mark.parametrize(("email", "role", "field"), [("nobody", "viewer", "email"), ("a@example.org", "king", "role")])
def test_what_cannot_be_sent(organisation: Organisation, owner: User, email: str, role: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        invitations.invite(actor=owner, organisation_id=organisation.pk, email=email, role=role)
    assert refused.value.field == field
