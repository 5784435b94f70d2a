"""A bulletin's life: the whole grid, two people, and what the database refuses whoever asks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Organisation, User
from advisories.domain import bulletins as rules
from advisories.domain.audience import Audience, Flag
from advisories.models import Bulletin, BulletinPlace
from advisories.services import bulletins
from advisories.services._moves import move_bulletin, move_place
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests import flush
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db


def facts(bulletin: Bulletin) -> list[str]:
    return list(AuditEvent.objects.filter(target_id=str(bulletin.pk)).order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("action", rules.ACTIONS)
@pytest.mark.parametrize("state", rules.STATES)
def test_each_pair_lands_or_is_refused_and_changes_nothing(state: str, action: str) -> None:
    bulletin = Bulletin(state=state)
    after = rules.MOVES.get((state, action))
    if after is None:
        with pytest.raises(IllegalMove):
            move_bulletin(bulletin, action)
    else:
        move_bulletin(bulletin, action)
    assert bulletin.state == (after or state)


@pytest.mark.parametrize("action", rules.PLACE_ACTIONS)
@pytest.mark.parametrize("state", rules.PLACE_STATES)
def test_each_pair_of_a_place_lands_or_is_refused(state: str, action: str) -> None:
    place = BulletinPlace(state=state)
    after = rules.PLACE_MOVES.get((state, action))
    if after is None:
        with pytest.raises(IllegalMove):
            move_place(place, action)
    else:
        move_place(place, action)
    assert place.state == (after or state)


# From draft to publication ----------------------------------------------------------------------------------------------


def test_a_moderate_one_goes_out_by_one_person(adviser: User) -> None:
    draft = make.make_draft(adviser)
    assert (draft.tlp, draft.state, draft.audience) == ("amber", "draft", {"areas": [people.AREA]})
    ready = bulletins.submit(actor=adviser, bulletin_id=draft.pk)
    assert (ready.state, ready.needs_approval, ready.approved_by) == ("approved", False, None)
    published = bulletins.publish(actor=adviser, bulletin_id=draft.pk)
    assert published.state == "published"
    assert published.listed_at == published.published_at
    assert facts(published) == ["bulletin.drafted", "bulletin.submitted", "bulletin.published"]
    assert OutboxJob.objects.filter(kind="bulletin.deliver").count() == 1


def test_a_severe_one_waits_for_a_second_person_who_is_told(adviser: User, authoriser: User) -> None:
    waiting = make.make_awaiting(adviser)
    with pytest.raises(IllegalMove):
        bulletins.publish(actor=adviser, bulletin_id=waiting.pk)
    mail = OutgoingMail.objects.get(kind="bulletin.awaiting_approval")
    assert (mail.to, "SECRET" in mail.subject + mail.body) == (authoriser.email, False)

    approved = bulletins.approve(actor=authoriser, bulletin_id=waiting.pk, expected_hash=waiting.content_hash)

    assert (approved.state, approved.approved_by) == ("approved", authoriser)
    assert OutgoingMail.objects.get(kind="bulletin.approved").to == adviser.email


def test_the_mark_of_severity_is_a_setting(adviser: User, settings: Settings) -> None:
    settings.ADVISORY_APPROVAL_SEVERITY = "Moderate"
    assert make.make_draft(adviser).state == "draft"
    assert make.make_awaiting(adviser, severity="Moderate").needs_approval


@pytest.mark.parametrize("marking", ["red", "amber_strict"])
def test_a_strict_marking_takes_two_people(adviser: User, marking: str) -> None:
    assert make.make_awaiting(adviser, severity="Minor", tlp=marking).needs_approval


def test_nobody_approves_what_they_drafted(authoriser: User) -> None:
    waiting = make.make_awaiting(authoriser)
    with pytest.raises(NotPermitted, match="drafted"):
        bulletins.approve(actor=authoriser, bulletin_id=waiting.pk, expected_hash=waiting.content_hash)


def test_an_adviser_does_not_approve(adviser: User, second_adviser: User) -> None:
    waiting = make.make_awaiting(adviser)
    with pytest.raises(NotPermitted):
        bulletins.approve(actor=second_adviser, bulletin_id=waiting.pk, expected_hash=waiting.content_hash)


def test_an_authoriser_of_another_area_does_not_approve(adviser: User) -> None:
    waiting = make.make_awaiting(adviser)
    with pytest.raises(NotPermitted):
        bulletins.approve(
            actor=people.make_officer("authoriser", area=people.OTHER_AREA),
            bulletin_id=waiting.pk,
            expected_hash=waiting.content_hash,
        )


def test_a_national_one_is_approved_by_another_administrator(national_admin: User, authoriser: User) -> None:
    waiting = make.make_awaiting(national_admin, area="")
    for actor in (national_admin, authoriser):
        with pytest.raises(NotPermitted):
            bulletins.approve(actor=actor, bulletin_id=waiting.pk, expected_hash=waiting.content_hash)
    other = people.make_administrator()
    approved = bulletins.approve(actor=other, bulletin_id=waiting.pk, expected_hash=waiting.content_hash)
    assert approved.state == "approved"


def test_an_approval_is_of_the_text_that_was_read(adviser: User, authoriser: User) -> None:
    waiting = make.make_awaiting(adviser)
    bulletins.reopen(actor=adviser, bulletin_id=waiting.pk)
    bulletins.change(actor=adviser, bulletin_id=waiting.pk, data=make.words(severity="Severe", body="Other words."))
    bulletins.submit(actor=adviser, bulletin_id=waiting.pk)
    with pytest.raises(Conflict):
        bulletins.approve(actor=authoriser, bulletin_id=waiting.pk, expected_hash=waiting.content_hash)
    assert Bulletin.objects.get(pk=waiting.pk).state == "awaiting_approval"


def test_taking_it_back_voids_the_approval(adviser: User, authoriser: User) -> None:
    approved = make.make_approved(adviser, approver=authoriser, severity="Severe")
    again = bulletins.reopen(actor=adviser, bulletin_id=approved.pk)
    assert (again.state, again.approved_by, again.approved_at, again.content_hash) == ("draft", None, None, "")


def test_only_the_author_writes(adviser: User, second_adviser: User, authoriser: User) -> None:
    draft = make.make_draft(adviser)
    acts: list[Callable[[User], Any]] = [
        lambda who: bulletins.change(actor=who, bulletin_id=draft.pk, data=make.words(title="Mine now")),
        lambda who: bulletins.submit(actor=who, bulletin_id=draft.pk),
        lambda who: bulletins.discard(actor=who, bulletin_id=draft.pk),
    ]
    for who in (second_adviser, authoriser):
        for act in acts:
            with pytest.raises(NotPermitted):
                act(who)
    draft.refresh_from_db()
    assert (draft.state, draft.title) == ("draft", make.words().title)


def test_an_author_whose_appointment_ended_writes_no_more(adviser: User) -> None:
    draft = make.make_draft(adviser)
    people.end_appointments(adviser)
    with pytest.raises(NotPermitted):
        bulletins.submit(actor=adviser, bulletin_id=draft.pk)


def test_it_is_sent_back_with_a_reason(adviser: User, authoriser: User) -> None:
    waiting = make.make_awaiting(adviser)
    with pytest.raises(InvalidInput):
        bulletins.send_back(actor=authoriser, bulletin_id=waiting.pk, reason="  ")
    back = bulletins.send_back(actor=authoriser, bulletin_id=waiting.pk, reason="SECRET: say where.")
    assert (back.state, back.sent_back_reason) == ("draft", "SECRET: say where.")
    mail = OutgoingMail.objects.get(kind="bulletin.sent_back")
    assert (mail.to, "SECRET" in mail.body) == (adviser.email, False)
    event = AuditEvent.objects.get(action="bulletin.sent_back")
    assert event.facts == {"state": "draft", "exercise": False, "reason_length": 18}


def test_organisations_write_none(organiser: User, organisation: Organisation) -> None:
    for area in (people.AREA, ""):
        with pytest.raises(NotPermitted):
            bulletins.draft(actor=organiser, area_code=area, data=make.words())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " \x00 "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"body": ""}, "body"),
        ({"severity": "Grave"}, "severity"),
        ({"tlp": "AMBER"}, "tlp"),
        ({"status": "Test"}, "status"),
        ({"audience": Audience(sectors=("casinos",))}, "audience"),
        ({"audience": Audience(areas=(people.OTHER_AREA,))}, "areas"),
    ],
)
def test_what_an_author_cannot_say(adviser: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make.make_draft(adviser, **changes)
    assert caught.value.field == field


def test_a_national_one_is_not_aimed_by_plans_nor_at_no_area(national_admin: User) -> None:
    for audience, field in ((Audience(flag=Flag("PHY-03", 3)), "flag"), (Audience(areas=("atlantis",)), "areas")):
        with pytest.raises(InvalidInput) as caught:
            make.make_draft(national_admin, area="", audience=audience)
        assert caught.value.field == field


def test_words_are_kept_without_control_characters(adviser: User) -> None:
    draft = make.make_draft(adviser, title="Two\r\nlines\x07", body="A\x00\r\nB\xa0C\ttab")
    assert (draft.title, draft.body) == ("Two lines", "A\nB C\ttab")


def test_times_that_have_passed_hold_it_back(adviser: User) -> None:
    draft = make.make_draft(adviser, due_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Incomplete) as caught:
        bulletins.submit(actor=adviser, bulletin_id=draft.pk)
    assert len(caught.value.missing) == 1


# Scheduling -------------------------------------------------------------------------------------------------------------


def test_a_scheduled_one_goes_out_when_its_time_has_come(adviser: User) -> None:
    at = timezone.now() + timedelta(hours=2)
    ready = make.make_approved(adviser, publish_at=at)
    assert bulletins.publish(actor=adviser, bulletin_id=ready.pk).state == "scheduled"
    assert not OutboxJob.objects.filter(kind="bulletin.deliver").exists()
    assert bulletins.publish_due(now=at - timedelta(seconds=1)) == 0
    assert bulletins.publish_due(now=at) == 1
    assert bulletins.publish_due(now=at) == 0
    ready.refresh_from_db()
    assert ready.state == "published"
    assert OutboxJob.objects.filter(kind="bulletin.deliver").count() == 1


def test_a_scheduled_one_may_go_out_at_once(adviser: User) -> None:
    ready = make.make_approved(adviser, publish_at=timezone.now() + timedelta(hours=2))
    bulletins.publish(actor=adviser, bulletin_id=ready.pk)
    assert bulletins.publish(actor=adviser, bulletin_id=ready.pk, now_please=True).state == "published"


def test_one_that_is_late_chases_nobody_for_what_they_could_not_know(adviser: User) -> None:
    at = timezone.now() + timedelta(hours=1)
    ready = make.make_approved(adviser, publish_at=at, due_at=at + timedelta(hours=1))
    bulletins.publish(actor=adviser, bulletin_id=ready.pk)
    with time_machine.travel(at + timedelta(hours=3), tick=False):
        assert bulletins.publish_due(now=timezone.now()) == 1
    ready.refresh_from_db()
    assert (ready.state, ready.due_at) == ("published", None)


# Updating and retracting ------------------------------------------------------------------------------------------------


def test_an_update_takes_the_place_of_the_one_before(adviser: User, second_adviser: User) -> None:
    first = make.make_published(adviser, status="Exercise", deliver=False)
    second = bulletins.begin_update(actor=second_adviser, bulletin_id=first.pk)
    assert (second.replaces, second.title, second.status, second.due_at) == (first, first.title, "Exercise", None)
    with pytest.raises(Conflict):
        bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    first.refresh_from_db()
    assert first.state == "published"
    bulletins.submit(actor=second_adviser, bulletin_id=second.pk)
    bulletins.publish(actor=second_adviser, bulletin_id=second.pk)
    first.refresh_from_db()
    assert first.state == "superseded"
    with pytest.raises(IllegalMove):
        bulletins.retract(actor=adviser, bulletin_id=first.pk, reason="Wrong.")


def test_an_exercise_stays_one(adviser: User) -> None:
    first = make.make_published(adviser, status="Exercise", deliver=False)
    update = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    with pytest.raises(InvalidInput) as caught:
        bulletins.change(actor=adviser, bulletin_id=update.pk, data=make.words(status="Actual"))
    assert caught.value.field == "status"


def test_an_update_of_what_was_retracted_goes_nowhere(adviser: User) -> None:
    first = make.make_published(adviser, deliver=False)
    update = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    later = timezone.now() + timedelta(hours=1)
    bulletins.change(actor=adviser, bulletin_id=update.pk, data=make.words(publish_at=later))
    bulletins.submit(actor=adviser, bulletin_id=update.pk)
    bulletins.publish(actor=adviser, bulletin_id=update.pk)
    bulletins.retract(actor=adviser, bulletin_id=first.pk, reason="Wrong.")
    assert bulletins.publish_due(now=later) == 0
    update.refresh_from_db()
    assert update.state == "draft"
    bulletins.change(actor=adviser, bulletin_id=update.pk, data=make.words())
    bulletins.submit(actor=adviser, bulletin_id=update.pk)
    with pytest.raises(IllegalMove, match="retracted"):
        bulletins.publish(actor=adviser, bulletin_id=update.pk)


def test_retracting_says_why_and_is_on_the_record(adviser: User, second_adviser: User) -> None:
    published = make.make_published(adviser, deliver=False)
    with pytest.raises(InvalidInput):
        bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="")
    retracted = bulletins.retract(actor=second_adviser, bulletin_id=published.pk, reason="SECRET: a laundry.")
    assert (retracted.state, retracted.retracted_by) == ("retracted", second_adviser)
    event = AuditEvent.objects.get(action="bulletin.retracted")
    assert (event.actor, event.facts["reason_length"], "SECRET" in str(event.facts)) == (second_adviser, 18, False)


# What the database holds whoever asks -----------------------------------------------------------------------------------


def refused(bulletin: Bulletin, **values: object) -> bool:
    try:
        with transaction.atomic():
            Bulletin.objects.filter(pk=bulletin.pk).update(**values)
    except DatabaseError:
        return True
    return False


CHANGES: dict[str, object] = {
    "title": "Other",
    "body": "Other",
    "instruction": "Other",
    "tlp": "clear",
    "severity": "Minor",
    "urgency": "Past",
    "certainty": "Unknown",
    "category": "Other",
    "status": "Exercise",
    "audience": {"kinds": ["venue"]},
    "question": "Other?",
    "due_at": timezone.now(),
    "expires_at": timezone.now(),
    "publish_at": timezone.now(),
    "area": None,
    "content_hash": "1" * 64,
    "needs_approval": True,
    "published_at": timezone.now(),
    "state": "draft",
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_out_does_not_change(adviser: User, name: str) -> None:
    published = make.make_published(adviser, deliver=False)
    assert refused(published, **{name: CHANGES[name]})


def test_what_is_out_is_not_deleted_and_what_is_retracted_stays_so(adviser: User) -> None:
    published = make.make_published(adviser, deliver=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Bulletin.objects.filter(pk=published.pk).delete()
    bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
    assert refused(published, state="published")
    assert refused(published, retraction_reason="Another reason")


def test_a_draft_still_changes(adviser: User) -> None:
    draft = make.make_draft(adviser)
    assert not refused(draft, title="Other")


def test_the_database_asks_for_two_people(adviser: User, authoriser: User) -> None:
    waiting = make.make_awaiting(adviser)
    now = timezone.now()
    assert refused(waiting, approved_by=adviser)
    assert refused(waiting, state="approved")
    assert refused(waiting, state="published", published_at=now)
    assert not refused(waiting, state="approved", approved_by=authoriser, approved_at=now)


def test_the_database_lets_no_strict_one_out_unapproved(adviser: User) -> None:
    ready = make.make_approved(adviser)
    assert refused(ready, tlp="red")
    assert refused(ready, tlp="amber_strict")
    assert not refused(ready, tlp="green")


def test_the_database_asks_for_dates_and_reasons(adviser: User) -> None:
    ready = make.make_approved(adviser)
    assert refused(ready, state="scheduled")
    assert refused(ready, state="published")
    with flush.lifted("advisories_bulletin"):
        Bulletin.objects.filter(pk=ready.pk).update(state="published", published_at=timezone.now())
    assert refused(ready, state="retracted")


def test_two_updates_of_one_are_refused(adviser: User) -> None:
    first = make.make_published(adviser, deliver=False)
    update = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(
            pk=uuid.uuid4(), replaces=first, drafted_by=adviser, listed_at=timezone.now(), title="x", body="y"
        )
    bulletins.discard(actor=adviser, bulletin_id=update.pk)
    assert bulletins.begin_update(actor=adviser, bulletin_id=first.pk).state == "draft"


def test_a_place_is_one_subject_and_says_why_it_is_out(adviser: User, organisation: Organisation) -> None:
    make_venue(organisation)
    make.make_published(adviser)
    place = BulletinPlace.objects.get()
    for values in ({"venue": None}, {"state": "acknowledged"}, {"state": "not_applicable"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BulletinPlace.objects.filter(pk=place.pk).update(**values)
