"""Reading, acknowledging, doing, and saying that it does not apply."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Organisation, User
from advisories.models import Bulletin, BulletinAnswer, BulletinFile, BulletinPlace, BulletinRecipient
from advisories.services import bulletins, receipts
from advisories.services.receipts import Upload
from core import outbox, scanner, storage
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import advisories as make
from tests.factories.events import make_event, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(organisation: Organisation, adviser: User) -> Bulletin:
    make_venue(organisation, name="Hall one")
    make_event(organisation, name="Concert")
    return make.make_published(adviser, question="Can a gate be shut in a minute?")


@pytest.fixture
def place(published: Bulletin) -> BulletinPlace:
    return published.places.get(venue__isnull=False)


def states(bulletin: Bulletin) -> list[str]:
    return list(bulletin.places.order_by("pk").values_list("state", flat=True))


def upload(content: bytes = b"The doors were looked at.", name: str = "doors.txt") -> Upload:
    return Upload(io.BytesIO(content), name)


def test_the_first_reading_counts(published: Bulletin, organiser: User, viewer: User) -> None:
    receipts.read(actor=organiser, bulletin_id=published.pk)
    first = BulletinRecipient.objects.get(user=organiser).read_at
    assert first is not None
    assert set(published.places.values_list("read_at", flat=True)) != {None}
    receipts.read(actor=organiser, bulletin_id=published.pk)
    assert BulletinRecipient.objects.get(user=organiser).read_at == first


def test_a_stranger_marks_nothing(published: Bulletin, stranger: User) -> None:
    with pytest.raises(NotPermitted):
        receipts.read(actor=stranger, bulletin_id=published.pk)


def test_one_acknowledges_for_all_places_at_once(published: Bulletin, organiser: User, colleague: User) -> None:
    assert receipts.acknowledge(actor=colleague, bulletin_id=published.pk) == 2
    assert states(published) == ["acknowledged", "acknowledged"]
    assert receipts.acknowledge(actor=organiser, bulletin_id=published.pk) == 0
    assert set(published.places.values_list("acknowledged_by", flat=True)) == {colleague.pk}
    event = AuditEvent.objects.get(action="bulletin.acknowledged")
    assert event.actor == colleague
    assert event.chain.key == f"bulletin:{published.pk.hex}:{published.places.first().organisation_id.hex}"


def test_one_acknowledges_for_one_place(published: Bulletin, place: BulletinPlace, organiser: User) -> None:
    assert receipts.acknowledge(actor=organiser, bulletin_id=published.pk, place_ids=[place.pk]) == 1
    assert sorted(states(published)) == ["acknowledged", "open"]
    with pytest.raises(IllegalMove):
        receipts.acknowledge(actor=organiser, bulletin_id=published.pk, place_ids=[place.pk])


@pytest.mark.parametrize("who", ["viewer", "stranger", "adviser", "auditor"])
def test_owners_and_editors_answer_and_nobody_else(
    published: Bulletin, place: BulletinPlace, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    acts: list[Callable[[], Any]] = [
        lambda: receipts.acknowledge(actor=person, bulletin_id=published.pk),
        lambda: receipts.acknowledge(actor=person, bulletin_id=published.pk, place_ids=[place.pk]),
        lambda: receipts.complete(actor=person, place_id=place.pk, note="Done."),
        lambda: receipts.complete(actor=person, place_id=place.pk, upload=upload()),
        lambda: receipts.dismiss(actor=person, place_id=place.pk, reason="No."),
        lambda: receipts.answer_question(actor=person, place_id=place.pk, level=1, account="x", expected_version=0),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert set(states(published)) == {"open"}
    assert not BulletinFile.objects.exists()


def test_done_with_a_note_acknowledges_too(place: BulletinPlace, organiser: User) -> None:
    done = receipts.complete(actor=organiser, place_id=place.pk, note=" SECRET: we looked. ")
    assert (done.state, done.note, done.answered_by, done.acknowledged_by) == (
        "done",
        "SECRET: we looked.",
        organiser,
        organiser,
    )
    event = AuditEvent.objects.get(action="bulletin.place_done")
    assert (event.facts["note_length"], "SECRET" in str(event.facts)) == (18, False)


def test_done_says_what_was_done_or_shows_it(place: BulletinPlace, organiser: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        receipts.complete(actor=organiser, place_id=place.pk, note="  ")
    assert caught.value.field == "note"


def test_not_applicable_says_why_and_may_turn_out_wrong(place: BulletinPlace, organiser: User) -> None:
    with pytest.raises(InvalidInput):
        receipts.dismiss(actor=organiser, place_id=place.pk, reason="")
    assert receipts.dismiss(actor=organiser, place_id=place.pk, reason="No loading bay.").state == "not_applicable"
    with pytest.raises(IllegalMove):
        receipts.dismiss(actor=organiser, place_id=place.pk, reason="Still none.")
    assert receipts.complete(actor=organiser, place_id=place.pk, note="There is one after all.").state == "done"


@pytest.mark.parametrize("end", ["retracted", "superseded"])
def test_what_is_over_is_not_answered(
    published: Bulletin, place: BulletinPlace, organiser: User, adviser: User, end: str
) -> None:
    if end == "retracted":
        bulletins.retract(actor=adviser, bulletin_id=published.pk, reason="Wrong.")
    else:
        update = bulletins.begin_update(actor=adviser, bulletin_id=published.pk)
        bulletins.submit(actor=adviser, bulletin_id=update.pk)
        bulletins.publish(actor=adviser, bulletin_id=update.pk)
    for act in (
        lambda: receipts.acknowledge(actor=organiser, bulletin_id=published.pk),
        lambda: receipts.complete(actor=organiser, place_id=place.pk, note="Done."),
        lambda: receipts.answer_question(actor=organiser, place_id=place.pk, level=1, account="x", expected_version=0),
    ):
        with pytest.raises(IllegalMove):
            act()
    receipts.read(actor=organiser, bulletin_id=published.pk)


# Files ------------------------------------------------------------------------------------------------------------------


def test_a_file_shows_it_once_it_is_scanned(
    place: BulletinPlace, organiser: User, adviser: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts.complete(actor=organiser, place_id=place.pk, upload=upload())
    file = BulletinFile.objects.get()
    assert (file.scan, file.name) == ("pending", "doors.txt")
    for who in (organiser, adviser):
        with pytest.raises(IllegalMove):
            receipts.open_file(actor=who, file_id=file.pk)
    monkeypatch.setattr(scanner, "configured", lambda: Engine(clean=True))
    receipts.scan({"file": str(file.pk)})
    receipts.scan({"file": str(file.pk)})
    for who in (organiser, adviser):
        assert b"".join(receipts.open_file(actor=who, file_id=file.pk).chunks) == b"The doors were looked at."
    with pytest.raises(NotPermitted):
        receipts.open_file(actor=stranger, file_id=file.pk)
    assert AuditEvent.objects.filter(action="bulletin.file_scanned").count() == 1
    assert AuditEvent.objects.filter(action="bulletin.file_opened").count() == 2


class Engine:
    def __init__(self, *, clean: bool) -> None:
        self.clean = clean

    def scan(self, chunks: Any) -> scanner.Verdict:
        list(chunks)
        return scanner.Verdict("test", "" if self.clean else "Eicar")


@pytest.mark.django_db(transaction=True)
def test_malware_is_deleted_and_said(place: BulletinPlace, organiser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts.complete(actor=organiser, place_id=place.pk, upload=upload())
    file = BulletinFile.objects.get()
    monkeypatch.setattr(scanner, "configured", lambda: Engine(clean=False))
    receipts.scan({"file": str(file.pk)})
    assert not storage.exists(file.storage_name)
    assert OutgoingMail.objects.get(kind="bulletin.file_refused").to == organiser.email
    with pytest.raises(IllegalMove):
        receipts.open_file(actor=organiser, file_id=file.pk)


def test_without_a_scanner_it_is_held_and_promised_again_later(
    place: BulletinPlace, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    receipts.complete(actor=organiser, place_id=place.pk, upload=upload())
    file = BulletinFile.objects.get()
    monkeypatch.setattr(scanner, "configured", lambda: None)
    outbox.run(OutboxJob.objects.get(kind="bulletin.scan").pk)
    file.refresh_from_db()
    assert file.scan == "held"
    assert receipts.rescan_held(now=timezone.now()) == 0
    monkeypatch.setattr(scanner, "configured", lambda: Engine(clean=True))
    assert receipts.rescan_held(now=timezone.now()) == 1
    # Promised already.
    assert receipts.rescan_held(now=timezone.now()) == 0
    assert OutboxJob.objects.filter(kind="bulletin.scan", key__contains="rescan").count() == 1


def test_a_file_that_is_not_what_it_says_changes_nothing(place: BulletinPlace, organiser: User) -> None:
    with pytest.raises(InvalidInput):
        receipts.complete(actor=organiser, place_id=place.pk, upload=upload(b"MZ\x90", "doors.exe"))
    with pytest.raises(InvalidInput):
        receipts.complete(actor=organiser, place_id=place.pk, upload=upload(b"no pdf", "doors.pdf"))
    place.refresh_from_db()
    assert (place.state, BulletinFile.objects.count()) == ("open", 0)


# The temporary criterion ------------------------------------------------------------------------------------------------


def test_the_question_is_answered_and_changed_against_its_version(
    place: BulletinPlace, organiser: User, colleague: User
) -> None:
    first = receipts.answer_question(
        actor=organiser, place_id=place.pk, level=1, account="SECRET-GATE", expected_version=0
    )
    assert first.version == 1
    with pytest.raises(Conflict) as caught:
        receipts.answer_question(actor=colleague, place_id=place.pk, level=4, account="Mine", expected_version=0)
    assert caught.value.current == first
    second = receipts.answer_question(
        actor=colleague, place_id=place.pk, level=3, account="Motors fitted.", expected_version=1
    )
    assert (second.level, second.version, BulletinAnswer.objects.count()) == (3, 2, 1)
    assert "SECRET" not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize(
    ("level", "account", "field"),
    [(5, "x", "level"), (-1, "x", "level"), (2, " ", "account"), (2, "x" * 4001, "account")],
)
def test_what_is_no_answer(place: BulletinPlace, organiser: User, level: int, account: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        receipts.answer_question(actor=organiser, place_id=place.pk, level=level, account=account, expected_version=0)
    assert caught.value.field == field


def test_without_a_question_there_is_nothing_to_answer(
    organisation: Organisation, organiser: User, adviser: User
) -> None:
    make_venue(organisation)
    place = make.make_published(adviser).places.get()
    with pytest.raises(IllegalMove):
        receipts.answer_question(actor=organiser, place_id=place.pk, level=1, account="x", expected_version=0)
