"""Addressing: whom a bulletin reaches, each once, whatever is killed when."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import Organisation, User
from advisories.domain.audience import Audience
from advisories.models import Bulletin, BulletinPlace, BulletinRecipient
from advisories.selectors import reach
from advisories.services import bulletins, delivery, preferences, receipts
from advisories.services.preferences import PreferencesInput
from core import notify, outbox
from core.models import AuditEvent, OutboxJob, OutgoingMail
from core.outbox import Rank
from events.models import Venue
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db
NIGHT = make.at("2027-03-10 23:00")
MORNING = make.at("2027-03-11 07:00")
QUIET = PreferencesInput(quiet_from=time(21), quiet_until=time(7))


def mails(kind: str) -> Counter[str]:
    return Counter(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def ways(bulletin: Bulletin) -> dict[str, str]:
    return dict(BulletinRecipient.objects.filter(bulletin=bulletin).values_list("user__email", "mail"))


def test_owners_and_editors_of_the_places_are_told_once(
    organisation: Organisation, organiser: User, colleague: User, viewer: User, stranger: User, adviser: User
) -> None:
    make_venue(organisation)
    make_venue(organisation)
    closed = people.make_member(organisation, "editor")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    published = make.make_published(adviser)
    assert BulletinPlace.objects.filter(bulletin=published).count() == 2
    assert ways(published) == {organiser.email: "promised", colleague.email: "promised"}
    assert mails("bulletin.published") == Counter([organiser.email, colleague.email])
    event = AuditEvent.objects.get(action="bulletin.addressed")
    assert event.facts == {"places": 2, "people": 2}


def test_publishing_addresses_nobody_itself(
    organisation: Organisation, adviser: User, django_assert_max_num_queries: Any
) -> None:
    make_venue(organisation)
    ready = make.make_approved(adviser)
    with django_assert_max_num_queries(25):
        bulletins.publish(actor=adviser, bulletin_id=ready.pk)
    assert not BulletinPlace.objects.exists()
    assert not OutgoingMail.objects.filter(kind="bulletin.published").exists()


def test_hundreds_in_chunks_each_once(adviser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CHUNK", 40)
    make.many(300)
    published = make.make_published(adviser)
    assert BulletinPlace.objects.filter(bulletin=published).count() == 301
    sent = mails("bulletin.published")
    assert (len(sent), set(sent.values())) == (301, {1})
    assert OutboxJob.objects.filter(kind="bulletin.deliver").count() == 8 + 4
    assert OutboxJob.objects.filter(kind="mail.deliver_many").count() == 8


@pytest.mark.parametrize("dies_at", ["before the mails", "after the mails", "between two statements"])
def test_killed_half_way_it_goes_on_and_each_message_is_sent_once(
    adviser: User, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    """Three deaths: the chunk's transaction is rolled back each time, and the job is found again."""
    monkeypatch.setattr(delivery, "CHUNK", 50)
    make.many(220)
    deaths = iter([False, False, True, False, True, True])
    send_all, bulk_create = notify.send_all, type(BulletinRecipient.objects).bulk_create

    def dying(act: Any, *args: Any, first: bool, **options: Any) -> Any:
        die = next(deaths, False)
        if die and first:
            raise KeyboardInterrupt
        done = act(*args, **options)
        if die:
            raise KeyboardInterrupt
        return done

    if dies_at == "between two statements":
        monkeypatch.setattr(
            delivery.BulletinRecipient.objects.__class__,
            "bulk_create",
            lambda self, *a, **k: dying(bulk_create, self, *a, first=False, **k),
        )
    else:
        first = dies_at == "before the mails"
        monkeypatch.setattr(delivery.notify, "send_all", lambda *a, **k: dying(send_all, *a, first=first, **k))
    published = make.make_published(adviser, deliver=False)
    for _ in range(40):
        open_jobs = OutboxJob.objects.filter(kind="bulletin.deliver", done_at__isnull=True).order_by("pk")
        if not (ids := list(open_jobs.values_list("pk", flat=True))):
            break
        try:
            outbox.run(ids[0])
        except KeyboardInterrupt:
            # What the lease's end would do.
            OutboxJob.objects.filter(pk=ids[0]).update(lease_until=None, lease_token="")
    assert not list(deaths)
    assert BulletinPlace.objects.filter(bulletin=published).count() == 221
    sent = mails("bulletin.published")
    assert (len(sent), set(sent.values())) == (221, {1})


def test_every_job_run_twice_changes_nothing(adviser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CHUNK", 10)
    make.many(35)
    published = make.make_published(adviser)
    before = (BulletinPlace.objects.count(), BulletinRecipient.objects.count(), OutgoingMail.objects.count())
    jobs = OutboxJob.objects.filter(kind="bulletin.deliver")
    for payload in jobs.values_list("payload", flat=True):
        delivery.deliver(payload)
    assert (BulletinPlace.objects.count(), BulletinRecipient.objects.count(), OutgoingMail.objects.count()) == before
    assert jobs.filter(done_at__isnull=True).count() == 0
    assert published.places.count() == 36


def test_a_chunk_costs_the_same_however_many_it_holds(
    adviser: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """SQLite cuts one long insert into a few."""
    make.many(100)
    published = make.make_published(adviser, deliver=False)
    with django_assert_max_num_queries(24):
        delivery.deliver({"bulletin": str(published.pk)})
    assert BulletinRecipient.objects.count() == 101


def test_retracted_while_it_is_addressed_nobody_more_is_told(adviser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "CHUNK", 10)
    make.many(35)
    published = make.make_published(adviser, deliver=False)
    delivery.deliver({"bulletin": str(published.pk)})
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
    make.run_delivery()
    told, retracted = mails("bulletin.published"), mails("bulletin.retracted")
    assert len(told) == 10
    assert retracted == told


def test_the_retraction_reaches_everybody_who_got_it_in_chunks(
    adviser: User, organisation: Organisation, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "CHUNK", 10)
    make.many(35)
    published = make.make_published(adviser)
    gone = User.objects.get(email="owner3@example.org")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
    make.run_delivery()
    expected = mails("bulletin.published")
    del expected[gone.email]
    assert mails("bulletin.retracted") == expected
    for payload in OutboxJob.objects.filter(kind="bulletin.retract").values_list("payload", flat=True):
        delivery.retract(payload)
    assert mails("bulletin.retracted") == expected


# Updates ----------------------------------------------------------------------------------------------------------------


def updated(first: Bulletin, adviser: User, **changes: Any) -> Bulletin:
    draft = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    bulletins.change(actor=adviser, bulletin_id=draft.pk, data=make.words(**changes))
    bulletins.submit(actor=adviser, bulletin_id=draft.pk)
    found = bulletins.publish(actor=adviser, bulletin_id=draft.pk)
    make.run_delivery()
    return found


def test_whoever_is_no_longer_meant_learns_that_theirs_no_longer_holds(
    organisation: Organisation, organiser: User, other_organisation: Organisation, stranger: User, adviser: User
) -> None:
    make_venue(organisation)
    make_venue(other_organisation, use="sports_ground")
    first = make.make_published(adviser)
    second = updated(first, adviser, audience=Audience(sectors=("stadia",)), body="SECRET-SECOND")
    assert ways(second) == {stranger.email: "promised"}
    moved = OutgoingMail.objects.get(kind="bulletin.moved_on")
    assert moved.to == organiser.email
    assert "SECRET" not in moved.body
    assert f"/advisories/{first.pk}/" in moved.body

    bulletins.retract(actor=adviser, bulletin_id=second.pk, reason="Wrong.")
    make.run_delivery()
    assert mails("bulletin.retracted") == Counter([organiser.email, stranger.email])


def test_an_update_says_that_it_is_one(organisation: Organisation, organiser: User, adviser: User) -> None:
    make_venue(organisation)
    updated(make.make_published(adviser), adviser)
    subjects = OutgoingMail.objects.filter(kind="bulletin.published").order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["TLP:AMBER Watch the loading bays", "TLP:AMBER Update: Watch the loading bays"]


# Quiet hours, digest, muting --------------------------------------------------------------------------------------------


@pytest.fixture
def place(organisation: Organisation) -> Venue:
    return make_venue(organisation)


def test_at_night_mail_waits_for_the_morning(place: Venue, organiser: User, colleague: User, adviser: User) -> None:
    preferences.save(actor=organiser, wishes=QUIET)
    with time_machine.travel(NIGHT, tick=False):
        published = make.make_published(adviser)
    assert ways(published) == {organiser.email: "held", colleague.email: "promised"}
    assert mails("bulletin.published") == Counter([colleague.email])
    assert delivery.release_waiting(now=MORNING - timedelta(seconds=1)) == 0
    assert delivery.release_waiting(now=MORNING) == 1
    assert delivery.release_waiting(now=MORNING) == 0
    assert mails("bulletin.published") == Counter([colleague.email, organiser.email])
    assert ways(published)[organiser.email] == "promised"


@pytest.mark.parametrize("codes", [{"urgency": "Immediate"}, {"severity": "Extreme"}])
def test_what_is_urgent_comes_at_night(
    place: Venue, organiser: User, adviser: User, authoriser: User, codes: dict[str, str]
) -> None:
    preferences.save(actor=organiser, wishes=QUIET)
    with time_machine.travel(NIGHT, tick=False):
        published = make.make_published(adviser, approver=authoriser, **codes)
    assert ways(published) == {organiser.email: "promised"}


def test_the_digest_is_one_mail_of_links(place: Venue, organiser: User, adviser: User, authoriser: User) -> None:
    preferences.save(actor=organiser, wishes=PreferencesInput(digest=True))
    with time_machine.travel(make.at("2027-03-10 12:00"), tick=False):
        first = make.make_published(adviser, urgency="Future", tlp="green")
        second = make.make_published(adviser, approver=authoriser, urgency="Future", tlp="red", status="Exercise")
        at_once = make.make_published(adviser, urgency="Expected")
    assert ways(first) == ways(second) == {organiser.email: "digest"}
    assert ways(at_once) == {organiser.email: "promised"}
    assert delivery.release_waiting(now=MORNING) == 2
    mail = OutgoingMail.objects.get(kind="bulletin.digest")
    assert (mail.to, mail.subject) == (organiser.email, "2 advisories to read")
    assert f"TLP:GREEN http://testserver/advisories/{first.pk}/" in mail.body
    assert f"EXERCISE EXERCISE: TLP:RED http://testserver/advisories/{second.pk}/" in mail.body
    assert "SECRET" not in mail.body
    assert make.words().title not in mail.body


def test_a_minor_one_may_be_muted_and_is_in_the_inbox_all_the_same(
    place: Venue, organiser: User, adviser: User
) -> None:
    preferences.save(actor=organiser, wishes=PreferencesInput(mute_minor=True))
    muted = make.make_published(adviser, severity="Minor")
    told = make.make_published(adviser, severity="Minor", urgency="Immediate")
    assert ways(muted) == {organiser.email: "muted"}
    assert ways(told) == {organiser.email: "promised"}


def test_what_is_retracted_before_the_morning_is_never_mailed(
    place: Venue, organiser: User, colleague: User, adviser: User
) -> None:
    for person in (organiser, colleague):
        preferences.save(actor=person, wishes=QUIET)
    with time_machine.travel(NIGHT, tick=False):
        published = make.make_published(adviser)
        receipts.read(actor=colleague, bulletin_id=published.pk)
        bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
        make.run_delivery()
    # Whoever read it in the night hears of the retraction in the morning; who never got it hears nothing.
    assert ways(published) == {organiser.email: "dropped", colleague.email: "held"}
    assert delivery.release_waiting(now=MORNING) == 1
    assert mails("bulletin.published") == Counter()
    assert mails("bulletin.retracted") == Counter([colleague.email])


def test_what_is_updated_before_the_morning_is_dropped(place: Venue, organiser: User, adviser: User) -> None:
    preferences.save(actor=organiser, wishes=QUIET)
    with time_machine.travel(NIGHT, tick=False):
        first = make.make_published(adviser)
        second = updated(first, adviser)
    assert (ways(first), ways(second)) == ({organiser.email: "dropped"}, {organiser.email: "held"})
    delivery.release_waiting(now=MORNING)
    assert mails("bulletin.published") == Counter([organiser.email])


def test_waiting_mail_goes_out_in_chunks(adviser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make.many(25)
    published = make.make_published(adviser)
    OutgoingMail.objects.filter(kind="bulletin.published").delete()
    BulletinRecipient.objects.filter(bulletin=published).update(mail="held", mail_due_at=MORNING)
    monkeypatch.setattr(delivery, "CHUNK", 10)
    assert delivery.release_waiting(now=MORNING) == 26
    assert set(mails("bulletin.published").values()) == {1}
    assert len(mails("bulletin.published")) == 26


# Subscriptions ----------------------------------------------------------------------------------------------------------


def test_a_subscription_brings_what_the_marking_allows(
    place: Venue, stranger: User, organiser: User, adviser: User
) -> None:
    preferences.save(actor=stranger, wishes=PreferencesInput(sectors=["commercial"]))
    aimed = Audience(sectors=("commercial",))
    reached = {
        marking: stranger.email in ways(make.make_published(adviser, tlp=marking, audience=aimed))
        for marking in ("amber", "green", "clear")
    }
    assert reached == {"amber": False, "green": True, "clear": True}
    other = make.make_published(adviser, tlp="green", audience=Audience(sectors=("hotels",)))
    assert stranger.email not in ways(other)


def test_whoever_has_both_a_place_and_a_subscription_gets_one(place: Venue, organiser: User, adviser: User) -> None:
    preferences.save(actor=organiser, wishes=PreferencesInput(areas=[people.AREA]))
    published = make.make_published(adviser, tlp="green")
    assert list(BulletinRecipient.objects.values_list("via", flat=True)) == ["audience"]
    assert mails("bulletin.published") == Counter([organiser.email])
    assert published.places.count() == 1


def test_who_belongs_nowhere_may_not_subscribe(db: None) -> None:
    from core.errors import NotPermitted

    with pytest.raises(NotPermitted):
        preferences.save(actor=people.make_user(), wishes=PreferencesInput(sectors=["stadia"]))


# The log ----------------------------------------------------------------------------------------------------------------


def test_the_log_says_what_was_sent_what_waits_and_what_was_given_up(adviser: User, settings: Settings) -> None:
    make.many(5)
    published = make.make_published(adviser)
    ids = list(OutgoingMail.objects.filter(kind="bulletin.published").order_by("pk").values_list("pk", flat=True))
    OutgoingMail.objects.filter(pk__in=ids[:2]).update(sent_at=timezone.now())
    with transaction.atomic():
        alone = outbox.enqueue(kind="mail.deliver", key=f"mail:{ids[2]}", payload={"mail": str(ids[2])})
    OutboxJob.objects.filter(pk=alone.pk).update(failed_at=timezone.now(), last_error="SMTPException")
    BulletinRecipient.objects.filter(bulletin=published, user__email="owner0@example.org").update(mail="muted")

    log = reach.mail_log(published, reach.reach_of(adviser, published).ways)

    assert (log.promised, log.sent, log.given_up, log.queued, log.muted) == (6, 2, 1, 3, 1)

    # The job of them all, given up: what was sent before is not counted.
    OutboxJob.objects.filter(kind="mail.deliver_many").update(failed_at=timezone.now(), last_error="OSError")
    assert reach.mail_log(published, {}).given_up == 4


# What presses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "severity", "rank"),
    [("Immediate", "Minor", Rank.URGENT), ("Expected", "Extreme", Rank.URGENT), ("Expected", "Severe", Rank.MANY)],
)
def test_an_urgent_one_overtakes_what_else_is_going_out(
    organisation: Organisation, adviser: User, authoriser: User, urgency: str, severity: str, rank: Rank
) -> None:
    make_venue(organisation)
    published = make.make_published(adviser, approver=authoriser, urgency=urgency, severity=severity)
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
    make.run_delivery()
    jobs = OutboxJob.objects.filter(kind__in=["bulletin.deliver", "bulletin.retract", "mail.deliver_many"])
    assert (jobs.count() > 3, set(jobs.values_list("rank", flat=True))) == (True, {rank})
