"""Reminders and escalation of the unacknowledged: each stage once, to the right people, and none to who acted."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Membership, Organisation, User
from advisories.models import Bulletin, BulletinChase
from advisories.services import bulletins, chasing, receipts
from core import notify
from core.models import OutgoingMail
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db
PUBLISHED = make.at("2027-03-10 10:00")
DUE = make.at("2027-03-10 12:00")
OWNERS = make.at("2027-03-10 13:00")
POLICE = make.at("2027-03-10 14:00")


def mails() -> dict[str, Counter[str]]:
    kinds = ("bulletin.chased", "bulletin.owners", "bulletin.escalated")
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for kind, to in OutgoingMail.objects.filter(kind__in=kinds).values_list("kind", "to"):
        found[kind][to] += 1
    return {kind.partition(".")[2]: people for kind, people in found.items() if people}


def publish(author: User, **changes: Any) -> Bulletin:
    with time_machine.travel(PUBLISHED, tick=False):
        return make.make_published(author, **{"due_at": DUE, **changes})


@pytest.fixture
def published(organisation: Organisation, other_organisation: Organisation, colleague: User, adviser: User) -> Bulletin:
    make_venue(organisation)
    make_venue(organisation)
    make_venue(other_organisation)
    return publish(adviser)


def test_stage_by_stage_each_once(
    published: Bulletin, organiser: User, colleague: User, stranger: User, adviser: User, second_adviser: User
) -> None:
    everybody = Counter([organiser.email, colleague.email, stranger.email])
    owners = Counter([organiser.email, stranger.email])
    police = Counter([adviser.email, second_adviser.email])
    for now, chased, expected in (
        (DUE - timedelta(seconds=1), 0, {}),
        (DUE, 2, {"chased": everybody}),
        (DUE, 0, {"chased": everybody}),
        (OWNERS - timedelta(seconds=1), 0, {"chased": everybody}),
        (OWNERS, 2, {"chased": everybody, "owners": owners}),
        (POLICE, 2, {"chased": everybody, "owners": owners, "escalated": police}),
        (POLICE + timedelta(days=30), 0, {"chased": everybody, "owners": owners, "escalated": police}),
    ):
        assert chasing.sweep(now=now) == chased
        assert mails() == expected
    assert BulletinChase.objects.count() == 6


def test_whoever_acknowledged_is_left_alone(
    published: Bulletin, organiser: User, stranger: User, adviser: User
) -> None:
    receipts.acknowledge(actor=stranger, bulletin_id=published.pk)
    own = published.places.filter(organisation__memberships__user=organiser)
    receipts.acknowledge(actor=organiser, bulletin_id=published.pk, place_ids=[own[0].pk])
    assert chasing.sweep(now=DUE) == 1
    assert stranger.email not in mails()["chased"]
    receipts.acknowledge(actor=organiser, bulletin_id=published.pk)
    assert chasing.sweep(now=POLICE) == 0
    assert set(mails()) == {"chased"}


def test_after_downtime_each_stage_is_still_told_once(published: Bulletin, adviser: User) -> None:
    assert chasing.sweep(now=POLICE) == 6
    assert chasing.sweep(now=POLICE) == 0
    assert {kind: set(found.values()) for kind, found in mails().items()} == {
        "chased": {1},
        "owners": {1},
        "escalated": {1},
    }


def test_what_is_retracted_updated_or_without_a_time_chases_nobody(
    published: Bulletin, organisation: Organisation, adviser: User
) -> None:
    with time_machine.travel(PUBLISHED, tick=False):
        make.make_published(adviser)
        bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
        first = make.make_published(adviser, due_at=DUE)
        update = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
        bulletins.submit(actor=adviser, bulletin_id=update.pk)
        bulletins.publish(actor=adviser, bulletin_id=update.pk)
    assert chasing.sweep(now=POLICE) == 0


def test_the_messages_say_nothing_of_the_advisory(published: Bulletin) -> None:
    chasing.sweep(now=POLICE)
    for mail in OutgoingMail.objects.exclude(kind="bulletin.published").filter(kind__startswith="bulletin."):
        assert "SECRET" not in mail.body
        assert published.title not in mail.subject + mail.body
        assert mail.subject.startswith("TLP:AMBER ")
        assert (mail.body.startswith("TLP:AMBER\n"), mail.body.endswith("\nTLP:AMBER")) == (True, True)


def test_of_an_exercise_they_say_that_it_is_one(organisation: Organisation, adviser: User) -> None:
    make_venue(organisation)
    publish(adviser, status="Exercise")
    chasing.sweep(now=POLICE)
    mails = OutgoingMail.objects.filter(kind__startswith="bulletin.")
    assert mails.count() == 4
    for mail in mails:
        assert mail.subject.startswith("EXERCISE EXERCISE: TLP:AMBER ")
        assert mail.body.count("THIS IS AN EXERCISE. Nothing has happened.") == 2


@pytest.mark.parametrize(("hour", "urgency", "chased"), [(3, "Expected", 0), (3, "Immediate", 1), (7, "Expected", 1)])
def test_nobody_is_woken_by_a_reminder_unless_it_is_urgent(
    organisation: Organisation, adviser: User, hour: int, urgency: str, chased: int
) -> None:
    make_venue(organisation)
    published = publish(adviser, urgency=urgency, due_at=make.at("2027-03-11 02:00"))
    assert chasing.sweep(now=make.at(f"2027-03-11 0{hour}:00")) == chased
    assert published.chases.count() == chased


def test_an_owner_of_two_silent_organisations_gets_one_message(
    published: Bulletin, organiser: User, other_organisation: Organisation
) -> None:
    Membership.objects.create(
        organisation=other_organisation, user=organiser, role="owner", joined_at=datetime.now().astimezone()
    )
    chasing.sweep(now=OWNERS)
    assert mails()["owners"][organiser.email] == 1


def test_a_national_one_goes_to_the_advisers_of_the_silent_areas(
    national_admin: User, organisation: Organisation, adviser: User, other_area_adviser: User
) -> None:
    make_venue(organisation)
    make_venue(organisation, area=people.OTHER_AREA)
    published = publish(national_admin, area="")
    answered = published.places.get(area_id=people.AREA)
    receipts.acknowledge(actor=organisation.created_by, bulletin_id=published.pk, place_ids=[answered.pk])
    chasing.sweep(now=POLICE)
    assert mails()["escalated"] == Counter([other_area_adviser.email])


def test_a_national_strict_one_goes_back_to_those_who_may_read_it(
    national_admin: User, organisation: Organisation, adviser: User
) -> None:
    make_venue(organisation)
    publish(national_admin, approver=people.make_administrator(), area="", tlp="red")
    chasing.sweep(now=POLICE)
    assert adviser.email not in mails()["escalated"]
    assert national_admin.email in mails()["escalated"]


def test_in_chunks_and_killed_between_them(
    organisation: Organisation, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        make_venue(people.make_organisation())
    publish(adviser)
    monkeypatch.setattr(chasing, "CHUNK", 2)
    send_all, calls = notify.send_all, iter([False, True])

    def dying(messages: Any, **options: Any) -> None:
        send_all(messages, **options)
        if next(calls, False):
            raise KeyboardInterrupt

    monkeypatch.setattr(chasing.notify, "send_all", dying)
    with pytest.raises(KeyboardInterrupt):
        chasing.sweep(now=DUE)
    assert BulletinChase.objects.count() == 2
    chasing.sweep(now=DUE)
    assert BulletinChase.objects.count() == 6
    assert (len(mails()["chased"]), set(mails()["chased"].values())) == (6, {1})
