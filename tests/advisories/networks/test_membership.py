from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.services import organisations
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkMember, NetworkModerator
from advisories.selectors import networks as selectors
from advisories.services import networks
from core.errors import Conflict, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from events.models import Venue
from tests.factories import networks as make
from tests.factories.accounts import (
    end_appointments,
    make_administrator,
    make_auditor,
    make_member,
    make_officer,
    make_organisation,
    make_user,
)
from tests.factories.events import make_event, make_project, make_venue

pytestmark = pytest.mark.django_db


def standing(user: User, sector: str = make.SECTOR) -> bool:
    return NetworkMember.objects.standing().filter(user=user, sector=sector).exists()


def test_a_person_joins_by_what_their_organisation_has(organisation: Organisation, viewer: User) -> None:
    make_venue(organisation, use="hall")
    make.admitted(organisation)
    member = networks.join(actor=viewer, sector="commercial")
    assert (member.kind, member.organisation, member.mail) == ("member", organisation, "digest")
    assert standing(viewer)
    event = AuditEvent.objects.get(action="network.joined")
    assert event.facts == {"kind": "member", "organisation": str(organisation.pk)}
    assert networks.join(actor=viewer, sector="commercial") == member


@pytest.mark.parametrize("sector", ["stadia", "events", "transport"])
def test_nobody_joins_a_sector_in_which_they_have_nothing(organisation: Organisation, owner: User, sector: str) -> None:
    make_venue(organisation, use="hall")
    make.admitted(organisation, sector=sector)
    with pytest.raises(NotPermitted):
        networks.join(actor=owner, sector=sector)


def test_every_kind_of_subject_opens_its_sector(organisation: Organisation, owner: User) -> None:
    """`standing`, which is SQL, and `eligible`, which is the domain's rule, say the same of each."""
    make_venue(organisation, use="food_drink")
    make_event(organisation)
    make_project(organisation)
    from accounts.selectors import authority

    found = tuple(selectors.eligible(authority(owner)))
    assert found == ("nightlife", "hotels", "events", "transport")
    for sector in SECTORS:
        make.admitted(organisation, sector=sector)
        NetworkMember.objects.create(
            sector=sector,
            user=owner,
            kind="member",
            organisation=organisation,
            joined_at=timezone.now(),
            digested_at=timezone.now(),
        )
    assert tuple(code for code in SECTORS if standing(owner, code)) == found


@pytest.mark.parametrize("use", ["shop", "sports_ground", "hall", "worship", "higher_education", "aerodrome"])
def test_sql_and_rule_agree_on_each_use(organisation: Organisation, owner: User, use: str) -> None:
    from accounts.selectors import authority

    make_venue(organisation, use=use)
    for code in selectors.eligible(authority(owner)):
        make.admitted(organisation, sector=code)
        networks.join(actor=owner, sector=code)
        assert standing(owner, code)


def test_a_member_stands_as_long_as_the_ground_for_it(organisation: Organisation, colleague: User) -> None:
    venue = make_venue(organisation, use="hall")
    make.admitted(organisation)
    networks.join(actor=colleague, sector="commercial")
    Venue.objects.filter(pk=venue.pk).update(archived_at=timezone.now())
    assert not standing(colleague)
    Venue.objects.filter(pk=venue.pk).update(archived_at=None)
    assert standing(colleague)
    membership = Membership.objects.get(user=colleague)
    organisations.remove_member(actor=organisation.created_by, membership_id=membership.pk)
    assert not standing(colleague)


def test_an_officer_of_any_area_joins_and_stands_while_serving(other_area_adviser: User) -> None:
    member = networks.join(actor=other_area_adviser, sector="worship")
    assert (member.kind, member.organisation) == ("police", None)
    assert standing(other_area_adviser, "worship")
    end_appointments(other_area_adviser)
    assert not standing(other_area_adviser, "worship")


@pytest.mark.parametrize("make_national", [make_administrator, make_auditor])
def test_national_roles_stay_out(make_national: object) -> None:
    with pytest.raises(NotPermitted):
        networks.join(actor=make_national(), sector="worship")  # type: ignore[operator]


def test_with_two_organisations_one_is_chosen(organisation: Organisation, owner: User) -> None:
    second = make_organisation(owner, name="Second")
    for one in (organisation, second):
        make_venue(one, use="hall", by=owner)
        make.admitted(one)
    with pytest.raises(InvalidInput) as caught:
        networks.join(actor=owner, sector="commercial")
    assert caught.value.field == "organisation"
    assert networks.join(actor=owner, sector="commercial", organisation_id=second.pk).organisation == second


def test_leaving_is_a_date_and_coming_again_another_row() -> None:
    user = make.insider()
    networks.leave(actor=user, sector=make.SECTOR)
    networks.leave(actor=user, sector=make.SECTOR)
    assert not standing(user)
    networks.join(actor=user, sector=make.SECTOR)
    assert NetworkMember.objects.filter(user=user).count() == 2
    assert AuditEvent.objects.filter(action="network.left").count() == 1


def test_nobody_is_in_a_network_twice() -> None:
    row = make.member_row(make.insider())
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_who_was_removed_stays_out_until_the_police_lead_lets_them_in() -> None:
    member, lead = make.insider(), make.police_lead()
    removed = networks.remove(actor=lead, member_id=make.member_row(member).pk, reason="Sold  things\nhere")
    assert (removed.removal_reason, removed.removed_by) == ("Sold things here", lead)
    mail = OutgoingMail.objects.get(kind="network.removed")
    assert (mail.recipient, "Sold" in mail.body) == (member, False)
    with pytest.raises(NotPermitted):
        networks.join(actor=member, sector=make.SECTOR)
    networks.readmit(actor=lead, member_id=removed.pk)
    assert networks.join(actor=member, sector=make.SECTOR).left_at is None


def test_a_removal_needs_a_moderator_and_a_reason() -> None:
    member, other, lead = make.insider(), make.insider(), make.police_lead()
    row = make.member_row(member)
    with pytest.raises(NotPermitted):
        networks.remove(actor=other, member_id=row.pk, reason="No.")
    with pytest.raises(InvalidInput):
        networks.remove(actor=lead, member_id=row.pk, reason=" ")
    with pytest.raises(NotPermitted):
        networks.remove(actor=lead, member_id=make.member_row(lead).pk, reason="Myself.")
    networks.leave(actor=member, sector=make.SECTOR)
    with pytest.raises(Conflict):
        networks.remove(actor=lead, member_id=row.pk, reason="Gone.")


# Moderators ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "lead", "allowed"),
    [
        ("administrator", "police", True),
        ("authoriser", "police", True),
        ("adviser", "police", False),
        ("member", "police", False),
        ("administrator", "industry", False),
        ("authoriser", "industry", False),
        ("police_lead", "industry", True),
        ("member", "industry", False),
    ],
)
def test_who_appoints_whom(role: str, lead: str, allowed: bool) -> None:
    actor = {
        "administrator": make_administrator,
        "authoriser": lambda: make_officer("authoriser"),
        "adviser": make.police_member,
        "member": make.insider,
        "police_lead": make.police_lead,
    }[role]()
    whom = make.police_member() if lead == "police" else make.insider()
    if not allowed:
        with pytest.raises(NotPermitted):
            networks.appoint(actor=actor, sector=make.SECTOR, user_id=whom.pk, lead=lead)
        assert not NetworkModerator.objects.filter(user=whom).exists()
        return
    made = networks.appoint(actor=actor, sector=make.SECTOR, user_id=whom.pk, lead=lead)
    assert selectors.standing_in(make.SECTOR, whom).lead == lead
    assert OutgoingMail.objects.filter(kind="network.appointed", recipient=whom).count() == 1
    with pytest.raises(Conflict):
        networks.appoint(actor=actor, sector=make.SECTOR, user_id=whom.pk, lead=lead)
    networks.end_moderator(actor=actor, moderator_id=made.pk)
    assert selectors.standing_in(make.SECTOR, whom).lead == ""
    assert NetworkModerator.objects.get(pk=made.pk).ended_by == actor


def test_a_lead_fits_its_part_and_nobody_appoints_themselves() -> None:
    authoriser, member = make_officer("authoriser"), make.insider()
    networks.join(actor=authoriser, sector=make.SECTOR)
    with pytest.raises(NotPermitted):
        networks.appoint(actor=authoriser, sector=make.SECTOR, user_id=authoriser.pk, lead="police")
    with pytest.raises(InvalidInput):
        networks.appoint(actor=authoriser, sector=make.SECTOR, user_id=member.pk, lead="police")
    with pytest.raises(InvalidInput):
        networks.appoint(actor=authoriser, sector=make.SECTOR, user_id=make_user().pk, lead="police")
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkModerator.objects.create(
            sector=make.SECTOR, user=member, lead="industry", appointed_by=member, appointed_at=timezone.now()
        )


def test_a_lead_who_leaves_or_stops_serving_leads_no_more() -> None:
    lead = make.police_lead()
    end_appointments(lead)
    assert selectors.standing_in(make.SECTOR, lead).lead == ""
    second = make.police_lead()
    networks.leave(actor=second, sector=make.SECTOR)
    assert NetworkModerator.objects.get(user=second).ended_at is not None


def test_the_industry_lead_touches_no_officer() -> None:
    lead, member = make.police_lead(), make.insider()
    make.industry_lead(lead, member)
    with pytest.raises(NotPermitted):
        networks.remove(actor=member, member_id=make.member_row(lead).pk, reason="No.")


def test_colleagues_join_each_for_themselves(organisation: Organisation, owner: User) -> None:
    make.insider(organisation)
    assert not standing(make_member(organisation, "editor"))
    assert standing(owner)
