"""An organisation asks to come into a network; a moderator or an officer of the network answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.domain import admissions as rules
from advisories.models import NetworkAdmission, NetworkMember
from advisories.policies import admissions as policies
from advisories.selectors.networks import standing_in
from advisories.services import admissions, network_posts, networks
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import networks as make
from tests.factories.accounts import make_administrator, make_auditor, make_member, make_officer, make_organisation
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db

ACTIONS = ("admit", "refuse", "withdraw", "end")


@pytest.fixture
def hall(organisation: Organisation) -> Organisation:
    make_venue(organisation, use="hall")
    return organisation


def standing(user: User) -> bool:
    return NetworkMember.objects.standing().filter(user=user, sector=make.SECTOR).exists()


def mailed(kind: str) -> set[str]:
    return set(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def put_in(state: str, organisation: Organisation) -> NetworkAdmission:
    found = make.admitted(organisation)
    if state == "asked":
        found.decided_by = found.decided_at = None
        found.reason = ""
    found.state = state
    found.save()
    return found


def act(action: str, admission: NetworkAdmission, officer: User) -> NetworkAdmission:
    if action == "withdraw":
        return admissions.withdraw(actor=admission.asked_by, admission_id=admission.pk)
    return getattr(admissions, action)(actor=officer, admission_id=admission.pk, reason="Because.")  # type: ignore[no-any-return]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", rules.STATES)
def test_the_whole_grid(state: str, action: str, hall: Organisation) -> None:
    admission, officer = put_in(state, hall), make.police_member()
    before = NetworkAdmission.objects.filter(pk=admission.pk).values().get()
    expected = rules.after(state, action)
    if expected is None:
        with pytest.raises(IllegalMove):
            act(action, admission, officer)
        assert NetworkAdmission.objects.filter(pk=admission.pk).values().get() == before
        assert not AuditEvent.objects.filter(action__startswith="network.admission").exists()
        return
    assert act(action, admission, officer).state == expected
    assert NetworkAdmission.objects.get(pk=admission.pk).state == expected
    assert AuditEvent.objects.filter(action=f"network.admission_{expected}").count() == 1


def test_nobody_joins_before_their_organisation_is_admitted(hall: Organisation, owner: User, viewer: User) -> None:
    officer = make.police_member()
    asked = make.asked_admission(hall)
    for person in (owner, viewer):
        with pytest.raises(NotPermitted):
            networks.join(actor=person, sector=make.SECTOR)
    admissions.admit(actor=officer, admission_id=asked.pk, reason="Known to us from its plan.")
    networks.join(actor=viewer, sector=make.SECTOR)
    assert standing(viewer)


def test_asking_is_on_the_record_and_tells_those_who_answer(hall: Organisation, owner: User) -> None:
    officer, lead, member = make.police_member(), make.police_lead(), make.insider()
    leader = make.insider()
    make.industry_lead(lead, leader)
    asked = make.asked_admission(hall)
    assert (asked.state, asked.asked_by) == ("asked", owner)
    event = AuditEvent.objects.get(action="network.admission_asked")
    assert event.facts == {"organisation": str(hall.pk), "words": len("SECRET-WORDS")}
    assert mailed("network.admission_asked") == {officer.email, lead.email, leader.email}
    assert member.email not in mailed("network.admission_asked")
    assert not [mail for mail in OutgoingMail.objects.all() if "SECRET-WORDS" in mail.body]


def test_where_the_network_is_empty_the_officers_of_the_area_hear_of_it(hall: Organisation) -> None:
    adviser, elsewhere = make_officer("adviser"), make_officer("adviser", area="kent")
    make.asked_admission(hall)
    assert adviser.email in mailed("network.admission_asked")
    assert elsewhere.email not in mailed("network.admission_asked")


def test_the_answer_reaches_owners_and_whoever_asked(hall: Organisation, owner: User) -> None:
    editor, viewer = make_member(hall, "editor"), make_member(hall, "viewer")
    asked = make.asked_admission(hall, by=editor)
    officer = make.police_member()
    done = admissions.refuse(actor=officer, admission_id=asked.pk, reason="SECRET-REASON")
    assert (done.state, done.decided_by, done.reason) == ("refused", officer, "SECRET-REASON")
    assert mailed("network.admission_refused") == {owner.email, editor.email}
    assert viewer.email not in mailed("network.admission_refused")
    assert not [mail for mail in OutgoingMail.objects.all() if "SECRET-REASON" in mail.body]
    assert AuditEvent.objects.get(action="network.admission_refused").facts["reason"] == "SECRET-REASON"


def test_who_asks(hall: Organisation, viewer: User) -> None:
    stranger = make_organisation()
    with pytest.raises(NotPermitted):
        make.asked_admission(hall, by=viewer)
    with pytest.raises(NotPermitted):
        make.asked_admission(hall, by=stranger.created_by)
    with pytest.raises(NotPermitted):
        make.asked_admission(stranger)
    with pytest.raises(NotPermitted):
        make.asked_admission(hall, sector="stadia")
    assert not NetworkAdmission.objects.exists()


def test_who_answers(hall: Organisation, owner: User) -> None:
    asked = make.asked_admission(hall)
    outside, administrator, auditor, member = (
        make_officer("adviser"),
        make_administrator(),
        make_auditor(),
        make.insider(),
    )
    for person in (outside, administrator, auditor, member, owner):
        with pytest.raises(NotPermitted):
            admissions.admit(actor=person, admission_id=asked.pk, reason="Because.")
    lead = make.police_lead()
    make.industry_lead(lead, member)
    assert admissions.admit(actor=member, admission_id=asked.pk, reason="They are our neighbours.").state == "admitted"


def test_an_industry_lead_does_not_answer_for_their_own_organisation(hall: Organisation, owner: User) -> None:
    person = make.insider()
    make.industry_lead(make.police_lead(), person)
    own = NetworkMember.objects.get(user=person).organisation
    assert own is not None
    second = make_organisation(person, name="Second")
    make_venue(second, use="hall", by=person)
    editor = make_member(second, "editor")
    asked = make.asked_admission(second, by=editor)
    with pytest.raises(NotPermitted):
        admissions.admit(actor=person, admission_id=asked.pk, reason="We are fine people.")


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * (rules.LONGEST_REASON + 1)])
def test_an_answer_has_its_reason(hall: Organisation, reason: str) -> None:
    asked, officer = make.asked_admission(hall), make.police_member()
    for answer in (admissions.admit, admissions.refuse):
        with pytest.raises(InvalidInput) as caught:
            answer(actor=officer, admission_id=asked.pk, reason=reason)
        assert caught.value.field == "reason"
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_it_is_asked_once_and_after_a_no_not_at_once(hall: Organisation) -> None:
    asked, officer = make.asked_admission(hall), make.police_member()
    with pytest.raises(Conflict):
        make.asked_admission(hall)
    admissions.refuse(actor=officer, admission_id=asked.pk, reason="We do not know you.")
    with pytest.raises(Conflict):
        make.asked_admission(hall)
    NetworkAdmission.objects.filter(pk=asked.pk).update(decided_at=timezone.now() - timedelta(days=8))
    again = make.asked_admission(hall)
    admissions.admit(actor=officer, admission_id=again.pk, reason="Visited.")
    with pytest.raises(Conflict):
        make.asked_admission(hall)


def test_taking_it_back_lets_one_ask_again(hall: Organisation, owner: User, viewer: User) -> None:
    asked = make.asked_admission(hall)
    with pytest.raises(NotPermitted):
        admissions.withdraw(actor=viewer, admission_id=asked.pk)
    admissions.withdraw(actor=owner, admission_id=asked.pk)
    assert make.asked_admission(hall).state == "asked"


def test_an_end_shuts_out_all_its_people_at_once(hall: Organisation, owner: User, viewer: User) -> None:
    admission, officer = make.admitted(hall), make.police_member()
    for person in (owner, viewer):
        networks.join(actor=person, sector=make.SECTOR)
    post = make.make_post(owner)
    admissions.end(actor=officer, admission_id=admission.pk, reason="It sold what it read.")
    assert not standing(owner)
    assert not standing(viewer)
    with pytest.raises(NotPermitted):
        network_posts.reply(actor=owner, thread_id=post.pk, text="Words")
    with pytest.raises(NotPermitted):
        networks.join(actor=owner, sector=make.SECTOR)
    assert mailed("network.admission_ended") == {owner.email}


def test_the_database_keeps_what_the_service_promises(hall: Organisation) -> None:
    asked = make.asked_admission(hall)
    row = NetworkAdmission.objects.filter(pk=asked.pk)
    for wrong in ({"state": "admitted"}, {"decided_by": asked.asked_by}, {"sector": "space"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**wrong)
    asked.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save(force_insert=True)


def test_two_way_authority(hall: Organisation, owner: User, viewer: User) -> None:
    lead, officer, member = make.police_lead(), make.police_member(), make.insider()
    make.industry_lead(lead, member)
    asked = make.asked_admission(hall)
    sees = {
        owner: True,
        viewer: True,
        lead: True,
        officer: True,
        member: True,
        make.insider(): False,
        make_officer("adviser"): False,
        make_organisation().created_by: False,
        make_administrator(): False,
        make_auditor(): True,
    }
    for person, expected in sees.items():
        assert bool(policies.can_view(person, asked)) is expected
        assert NetworkAdmission.objects.visible_to(person).filter(pk=asked.pk).exists() is expected
    decides = {person for person in sees if policies.can_decide(person, standing_in(make.SECTOR, person), asked)}
    assert decides == {lead, officer, member}
