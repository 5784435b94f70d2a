from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.domain import sightings as rules
from advisories.models import Sighting, SightingFile, SightingStep
from advisories.policies import sightings as policies
from advisories.selectors import sightings as selectors
from advisories.selectors.sightings import Report
from advisories.services import sighting_files, sightings
from core import outbox, scanner, storage
from core.errors import IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests import flush
from tests.factories.accounts import (
    make_administrator,
    make_auditor,
    make_member,
    make_officer,
    make_organisation,
    make_user,
)
from tests.factories.events import make_venue
from tests.factories.networks import make_sighting, report_input

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody_reads(adviser: User) -> None:
    """An area without an officer takes no report."""


def test_a_report_is_sealed_numbered_and_on_the_trail_without_a_word() -> None:
    reporter = make_user()
    made = make_sighting(reporter, ongoing=True)
    assert re.fullmatch(r"SR-[A-HJ-NP-Z2-9]{8}", made.number)
    row = Sighting.objects.filter(pk=made.pk).values().get()
    assert "SECRET" not in str(row)
    found = Sighting.objects.get(pk=made.pk)
    assert selectors.read_report(found) == Report("SECRET-WHERE", "SECRET-SEEN", "SECRET-PEOPLE", "SECRET-CAR")
    assert (found.state, found.ongoing, found.area_id) == ("new", True, "west-yorkshire")
    [event] = AuditEvent.objects.filter(chain__key=f"sighting:{made.pk}")
    assert event.facts == {
        "area": "west-yorkshire",
        "before": "",
        "after": "new",
        "outcome": "",
        "replied": False,
    }


def test_the_area_s_advisers_are_told_that_there_is_one(adviser: User, second_adviser: User, authoriser: User) -> None:
    make_officer("adviser", area="kent")
    made = make_sighting()
    mail = OutgoingMail.objects.filter(kind="sighting.reported")
    assert {one.recipient for one in mail} == {adviser, second_adviser}
    for one in mail:
        assert "SECRET" not in one.body + one.subject + one.key
        assert made.number not in one.body + one.subject
        assert str(made.pk) in one.body
    assert authoriser not in {one.recipient for one in mail}


def test_without_an_adviser_the_authorising_officers_are_told() -> None:
    kent = make_officer("authoriser", area="kent")
    make_sighting(area="kent")
    assert OutgoingMail.objects.get(kind="sighting.reported").recipient == kent


def test_a_report_goes_nowhere_that_nobody_reads() -> None:
    with pytest.raises(InvalidInput) as caught:
        make_sighting(area="kent")
    assert (caught.value.field, "0800 789 321" in caught.value.message) == ("area", True)
    assert not Sighting.objects.exists()


def test_a_place_of_one_s_own_gives_the_area_and_the_address(organisation: Organisation, viewer: User) -> None:
    venue = make_venue(organisation, name="Mill Hall")
    report = replace(report_input().report, where="By the back door")
    made = make_sighting(viewer, subject=f"venue:{venue.pk}", area="", report=report)
    assert (made.venue, made.area_id) == (venue, venue.area_id)
    assert selectors.read_report(made).where == "Mill Hall, 1 Mill Lane, Otley, LS21 3AA. By the back door"


def test_somebody_else_s_place_is_not_one_s_own(other_organisation: Organisation, owner: User) -> None:
    venue = make_venue(other_organisation)
    with pytest.raises(InvalidInput) as caught:
        make_sighting(owner, subject=f"venue:{venue.pk}")
    assert caught.value.field == "subject"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "gossip"}, "category"),
        ({"happened_at": timezone.now() + timedelta(days=1)}, "happened_at"),
        ({"report": Report(where="Here", description=" ")}, "description"),
        ({"report": Report(where="", description="Seen.")}, "where"),
        ({"report": Report(where="W" * 301, description="Seen.")}, "where"),
        ({"area": "atlantis"}, "area"),
    ],
)
def test_what_is_reported_is_looked_at(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_sighting(**changes)
    assert caught.value.field == field


@pytest.mark.parametrize("make_person", [make_user, make_administrator, make_auditor, make_officer])
def test_anybody_with_an_account_may_report(make_person: Callable[[], User]) -> None:
    person = make_person()
    assert make_sighting(person).reporter == person


#              view   read   handle
WHO = {
    "reporter": (True, True, False),
    "colleague": (False, False, False),
    "adviser": (True, True, True),
    "authoriser": (True, True, True),
    "other area": (False, False, False),
    "administrator": (False, False, False),
    "auditor": (True, False, False),
    "stranger": (False, False, False),
}


def test_who_sees_reads_and_handles_a_report(adviser: User) -> None:
    organisation = make_organisation()
    made = make_sighting(organisation.created_by)
    people = {
        "reporter": organisation.created_by,
        "colleague": make_member(organisation),
        "adviser": adviser,
        "authoriser": make_officer("authoriser"),
        "other area": make_officer("adviser", area="kent"),
        "administrator": make_administrator(),
        "auditor": make_auditor(),
        "stranger": make_user(),
    }
    found = {
        name: (
            bool(policies.can_view(user, made)),
            bool(policies.can_read(user, made)),
            bool(policies.can_handle(user, made)),
        )
        for name, user in people.items()
    }
    assert found == WHO
    visible = {name: Sighting.objects.visible_to(user).exists() for name, user in people.items()}
    assert visible == {name: sees for name, (sees, _r, _h) in WHO.items()}


def test_the_auditor_s_page_has_the_trail_and_no_words(adviser: User) -> None:
    made = make_sighting()
    sightings.see(actor=adviser, sighting_id=made.pk)
    sightings.close(actor=adviser, sighting_id=made.pk, outcome="explained", reply="SECRET-REPLY")
    made.refresh_from_db()
    page = selectors.sighting_page(made, make_auditor(), may_read=False)
    assert (page.report, page.files, "SECRET" in str(page.timeline)) == (None, (), False)
    assert [item.title for item in page.timeline] == ["Reported", "Read by the police", "Closed"]
    own = selectors.sighting_page(made, made.reporter, may_read=True)
    assert "SECRET-REPLY" in str(own.timeline)
    # The reporter deals with the police of an area, not with one officer.
    assert str(adviser) not in str(own.timeline)


# The life of a report -----------------------------------------------------------------------------------------------------


def _in_state(state: str, adviser: User) -> Sighting:
    made = make_sighting()
    if state != rules.NEW:
        sightings.see(actor=adviser, sighting_id=made.pk)
    if state == rules.PASSED_ON:
        sightings.pass_on(actor=adviser, sighting_id=made.pk)
    if state == rules.CLOSED:
        sightings.close(actor=adviser, sighting_id=made.pk, outcome="action", reply="Thank you.")
    return made


def _do(action: str, made: Sighting, adviser: User) -> None:
    {
        "see": lambda: sightings.see(actor=adviser, sighting_id=made.pk),
        "pass_on": lambda: sightings.pass_on(actor=adviser, sighting_id=made.pk, reply="It goes on."),
        "close": lambda: sightings.close(actor=adviser, sighting_id=made.pk, outcome="action", reply="Thanks."),
        "readdress": lambda: sightings.readdress(actor=adviser, sighting_id=made.pk, area_code="kent"),
        "reopen": lambda: sightings.reopen(actor=adviser, sighting_id=made.pk),
    }[action]()


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("action", rules.ACTIONS)
def test_the_whole_grid(state: str, action: str, adviser: User) -> None:
    make_officer("adviser", area="kent")
    made = _in_state(state, adviser)
    steps, mail = made.steps.count(), OutgoingMail.objects.count()
    after = rules.after(state, action)
    if after is None:
        with pytest.raises(IllegalMove):
            _do(action, made, adviser)
        made.refresh_from_db()
        assert (made.state, made.steps.count(), OutgoingMail.objects.count()) == (state, steps, mail)
        return
    _do(action, made, adviser)
    made.refresh_from_db()
    step = made.steps.order_by("-at").first()
    assert step is not None
    assert (made.state, step.action, step.before, step.after) == (after, action, state, after)
    told = OutgoingMail.objects.filter(kind="sighting.replied").exclude(key="").count()
    assert told == (state == rules.CLOSED) + (state == rules.PASSED_ON) + (action in {"pass_on", "close"})


def test_a_report_sent_to_another_area_is_theirs_and_no_longer_ours(adviser: User) -> None:
    theirs = make_officer("adviser", area="kent")
    made = make_sighting()
    sightings.see(actor=adviser, sighting_id=made.pk)
    sightings.readdress(actor=adviser, sighting_id=made.pk, area_code="kent")
    made.refresh_from_db()
    assert (made.state, made.area_id, made.handler) == ("new", "kent", None)
    assert not policies.can_view(adviser, made)
    assert policies.can_handle(theirs, made)
    assert OutgoingMail.objects.filter(kind="sighting.reported", recipient=theirs).count() == 1
    for area in ("kent", "surrey"):
        with pytest.raises(InvalidInput):
            sightings.readdress(actor=theirs, sighting_id=made.pk, area_code=area)


def test_the_reporter_hears_that_there_is_news_and_none_of_it(adviser: User) -> None:
    made = make_sighting()
    sightings.see(actor=adviser, sighting_id=made.pk)
    sightings.close(actor=adviser, sighting_id=made.pk, outcome="explained", reply="SECRET-REPLY")
    [mail] = OutgoingMail.objects.filter(kind="sighting.replied")
    assert (mail.recipient, "SECRET" in mail.body) == (made.reporter, False)
    assert "SECRET" not in str(SightingStep.objects.values())
    assert AuditEvent.objects.get(action="sighting.close").facts["replied"] is True


@pytest.mark.parametrize(("outcome", "reply", "field"), [("", "Thanks.", "outcome"), ("action", " ", "reply")])
def test_a_report_is_closed_with_an_outcome_and_an_answer(adviser: User, outcome: str, reply: str, field: str) -> None:
    made = _in_state(rules.SEEN, adviser)
    with pytest.raises(InvalidInput) as caught:
        sightings.close(actor=adviser, sighting_id=made.pk, outcome=outcome, reply=reply)
    assert caught.value.field == field


def test_nobody_acts_on_what_they_reported_themselves(adviser: User, second_adviser: User) -> None:
    made = make_sighting(adviser)
    assert OutgoingMail.objects.get(kind="sighting.reported").recipient == second_adviser
    with pytest.raises(NotPermitted):
        sightings.see(actor=adviser, sighting_id=made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sighting.objects.filter(pk=made.pk).update(state="seen", handler=adviser)
    assert sightings.see(actor=second_adviser, sighting_id=made.pk).handler == second_adviser


@pytest.mark.parametrize(
    "changes", [{"state": "seen"}, {"state": "closed"}, {"outcome": "action"}], ids=["handler", "outcome", "open"]
)
def test_the_database_backs_the_states(changes: dict[str, object]) -> None:
    made = make_sighting()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sighting.objects.filter(pk=made.pk).update(**changes)


def test_what_was_done_is_never_changed() -> None:
    step = make_sighting().steps.get()
    for change in (lambda: SightingStep.objects.update(action="close"), step.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with flush.lifted("advisories_sightingstep"):
        assert SightingStep.objects.update(action="report") == 1
    assert connection.in_atomic_block


# Files -------------------------------------------------------------------------------------------------------------------


def _attached(made: Sighting, content: bytes = b"A note.") -> SightingFile:
    return sighting_files.attach(
        actor=made.reporter, sighting_id=made.pk, upload=io.BytesIO(content), name="SECRET-note.txt"
    )


class Clean:
    def scan(self, chunks: object) -> scanner.Verdict:
        b"".join(chunks)  # type: ignore[arg-type]
        return scanner.Verdict("test")


class Bad:
    def scan(self, chunks: object) -> scanner.Verdict:
        return scanner.Verdict("test", "Eicar")


def test_a_file_opens_once_it_was_scanned(adviser: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_sighting()
    file = _attached(made)
    assert "SECRET" not in str(SightingFile.objects.values())
    with pytest.raises(NotPermitted):
        sighting_files.open_for(actor=adviser, file_id=file.pk)
    monkeypatch.setattr(scanner, "configured", Clean)
    sighting_files.scan({"file": str(file.pk)})
    sighting_files.scan({"file": str(file.pk)})
    opened = sighting_files.open_for(actor=adviser, file_id=file.pk)
    assert (opened.name, b"".join(opened.chunks)) == ("SECRET-note.txt", b"A note.")
    assert AuditEvent.objects.filter(action="sighting.file_scanned").count() == 1
    assert AuditEvent.objects.get(action="sighting.file_opened").actor == adviser
    for stranger in (make_user(), make_auditor(), make_officer("adviser", area="kent")):
        with pytest.raises(NotPermitted):
            sighting_files.open_for(actor=stranger, file_id=file.pk)


@pytest.mark.django_db(transaction=True)
def test_malware_is_deleted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_sighting()
    file = _attached(made)
    monkeypatch.setattr(scanner, "configured", Bad)
    sighting_files.scan({"file": str(file.pk)})
    file.refresh_from_db()
    assert (file.scan, storage.exists(file.storage_name)) == ("infected", False)
    assert OutgoingMail.objects.get(kind="sighting.file_refused").recipient == made.reporter


def test_without_a_scanner_files_are_held_and_scanned_later(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_sighting()
    file = _attached(made)
    monkeypatch.setattr(scanner, "configured", lambda: None)
    outbox.run(OutboxJob.objects.get(kind="sighting.scan").pk)
    file.refresh_from_db()
    assert file.scan == "held"
    assert sighting_files.rescan_held(now=timezone.now()) == 0
    monkeypatch.setattr(scanner, "configured", Clean)
    now = timezone.now()
    assert sighting_files.rescan_held(now=now) == 1
    # Promised already.
    assert sighting_files.rescan_held(now=now) == 0
    assert OutboxJob.objects.filter(kind="sighting.scan").count() == 2


def test_so_many_files_and_each_once(adviser: User) -> None:
    made = make_sighting()
    for number in range(rules.MOST_FILES):
        _attached(made, f"Note {number}".encode())
    kept = set(SightingFile.objects.values_list("storage_name", flat=True))
    for content in (b"Note 1", b"One more"):
        with pytest.raises(InvalidInput):
            _attached(made, content)
    assert {name for name in kept if not storage.exists(name)} == set()
    with pytest.raises(NotPermitted):
        sighting_files.attach(actor=adviser, sighting_id=made.pk, upload=io.BytesIO(b"x"), name="x.txt")
    closed = _in_state(rules.CLOSED, adviser)
    with pytest.raises(NotPermitted):
        _attached(closed)


def test_the_queue_is_the_area_s_and_open_first(adviser: User) -> None:
    make_officer("adviser", area="kent")
    elsewhere = make_sighting(area="kent")
    here, closed = make_sighting(), _in_state(rules.CLOSED, adviser)
    assert [row.pk for row in selectors.queue(adviser).rows] == [here.pk]
    assert [row.pk for row in selectors.queue(adviser, state="closed").rows] == [closed.pk]
    assert selectors.new_in_areas(adviser) == 1
    assert {row.pk for row in selectors.queue(make_auditor()).rows} == {here.pk, elsewhere.pk}
