"""The demonstration: what is told is what is there, and told twice it is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from advisories.models import ThreatChange, ThreatConfirmation
from certification.demo import places, stories
from certification.domain import validity
from certification.models import (
    Certificate,
    Evidence,
    ListingRequest,
    MaterialChange,
    Plan,
    Proposal,
    RegisterIndex,
)
from certification.selectors import numbers
from certification.selectors.facts import subject_of
from certification.services import reminders
from core import audit, pdf, storage
from core.models import AuditEvent, OutgoingMail
from core.signing import reading, registry
from events.forms.event import EventForm, initial_event
from events.forms.premises import ProjectForm, VenueForm, initial_project, initial_venue
from events.forms.subjects import SubjectForm
from events.models import Event, Project, Subject, Venue
from tests.counting import counts

ESTATE = [name for name, *_ in places.ESTATE]
STANDARD = "certification/standards/protective-security-2026.1.yaml"


@pytest.fixture(scope="module", autouse=True)
def _in_the_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(DEMO=True, DATA_DIR=tmp_path_factory.mktemp("demonstration")):
        yield


@pytest.fixture(scope="module")
def _built(
    _in_the_demonstration: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[bytes]]:
    """Once for the module: it is a hundred answers a story. One document is really made and stands for the others'."""
    made: list[bytes] = []

    def render(source: pdf.Source) -> bytes:
        if not made:
            made.append(real(source))
        return made[0]

    real = pdf.render
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_standard", STANDARD, publish=True)
        with patch.object(pdf, "render", render):
            call_command("demo")
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def built(_built: list[bytes], db: None) -> list[bytes]:
    """The demonstration, and the documents that were really made. What a test changes is put back after it."""
    return _built


def plan_of(name: str) -> Plan:
    [found] = [plan for plan in Plan.objects.filter(change__isnull=True) if str(subject_of(plan)) == name]
    return found


def test_each_story_reaches_its_state(built: list[bytes]) -> None:
    plans = Plan.objects.filter(change__isnull=True)
    told = {str(subject_of(plan)): (plan.state, plan.area_id) for plan in plans}

    assert told == {
        "Calderbrook Stadium": ("approved", "west-yorkshire"),
        "Thornby Beck Village Hall": ("approved", "west-yorkshire"),
        "Lantern Row Theatre": ("changes_requested", "west-yorkshire"),
        "Aldermere Weaving Museum": ("approved", "west-yorkshire"),
        "Aldermere Concert Hall": ("approved", "west-yorkshire"),
        "Aldermere Cathedral": ("recommended", "west-yorkshire"),
        "Aldermere General Hospital": ("submitted", "west-yorkshire"),
        "Fletchgate Street Festival": ("draft", "west-yorkshire"),
        "Fletchgate Night Market": ("refused", "west-yorkshire"),
        "Northmoor Parkway Station": ("under_review", "kent"),
        "Calderbrook Indoor Arena": ("approved", "west-yorkshire"),
        "Thornby Beck Reading Room": ("approved", "west-yorkshire"),
        "Aldermere Chapter House": ("approved", "west-yorkshire"),
        "Lantern Row Rehearsal Hall": ("approved", "west-yorkshire"),
        "Calderbrook Charity Run": ("under_review", "west-yorkshire"),
        "Aldermere Lantern Parade": ("submitted", "west-yorkshire"),
        **dict.fromkeys(ESTATE, ("approved", "west-yorkshire")),
    }


def test_each_certificate_is_where_its_story_left_it(built: list[bytes]) -> None:
    states = Certificate.objects.order_by("created_at").values_list("subject_name", "basis", "state")

    assert list(states) == [
        ("Calderbrook Stadium", "decision", "in_force"),
        ("Thornby Beck Village Hall", "decision", "in_force"),
        ("Aldermere Weaving Museum", "decision", "expired"),
        ("Aldermere Concert Hall", "decision", "in_force"),
        ("Calderbrook Indoor Arena", "decision", "revoked"),
        ("Thornby Beck Reading Room", "decision", "surrendered"),
        ("Aldermere Chapter House", "decision", "suspended"),
        ("Lantern Row Rehearsal Hall", "decision", "superseded"),
        ("Lantern Row Rehearsal Hall", "variation", "in_force"),
        *((name, "decision", "in_force") for name in ESTATE),
    ]


def test_an_urgent_suspension_waits_for_its_second_officer(built: list[bytes]) -> None:
    [waiting] = Proposal.objects.waiting(now=timezone.now())

    assert (waiting.kind, waiting.urgent, waiting.certificate.subject_name) == (
        "suspend",
        True,
        "Aldermere Chapter House",
    )


def test_the_numbers_have_no_gap(built: list[bytes]) -> None:
    assert numbers.verify().problems == ()


def test_one_change_is_recorded_and_one_is_being_reviewed(built: list[bytes]) -> None:
    told = MaterialChange.objects.values_list("certificate__subject_name", "state", "kinds")

    assert sorted(told) == [
        ("Aldermere Concert Hall", "open", ["works"]),
        ("Calderbrook Stadium", "recorded", ["numbers"]),
    ]


def test_one_condition_of_the_stadium_is_overdue_and_one_waits_for_an_officer(built: list[bytes]) -> None:
    conditions = plan_of("Calderbrook Stadium").certificate.conditions
    late = conditions.filter(due_on__lt=timezone.localdate())

    assert set(conditions.values_list("criterion_code", flat=True)) == {"PHY-01", "PHY-02", "EXR-02", "INF-04"}
    assert not conditions.filter(discharged_at__isnull=False).exists()
    assert set(late.values_list("criterion_code", "discharges__state")) == {("PHY-01", None), ("EXR-02", "submitted")}


def test_one_site_of_the_estate_is_kept_off_the_register(built: list[bytes]) -> None:
    assert list(Certificate.objects.filter(listed=False).values_list("subject_name", flat=True)) == ["Rowan House"]
    assert RegisterIndex.objects.count() == Certificate.objects.count() - 1
    assert ListingRequest.objects.get().state == "consented"


def test_the_estate_gets_one_list_of_what_runs_out(built: list[bytes]) -> None:
    reminders.sweep(today=timezone.localdate())
    told = OutgoingMail.objects.filter(kind__startswith="certificate.reminder").values_list("kind", "to")
    assert sorted(told) == [
        ("certificate.reminder", "hall.editor@example.org"),
        ("certificate.reminder", "hall@example.org"),
        ("certificate.reminders", "estate@example.org"),
    ]


def test_the_hall_has_twenty_days_left(built: list[bytes]) -> None:
    hall = plan_of("Thornby Beck Village Hall").certificate

    assert (hall.valid_until - timezone.localdate()).days == 20


@pytest.mark.parametrize(
    ("name", "months"),
    [("Calderbrook Stadium", 12), ("Thornby Beck Village Hall", 24), ("Aldermere Weaving Museum", 24)],
)
def test_what_was_moved_back_keeps_the_length_of_its_term(built: list[bytes], name: str, months: int) -> None:
    certificate = plan_of(name).certificate

    assert certificate.decided_on < timezone.localdate(certificate.decision.decided_at)
    assert certificate.valid_from == certificate.decided_on
    assert certificate.valid_until == validity.add_months(certificate.decided_on, months)


@pytest.mark.parametrize(
    ("model", "form", "initial"),
    [
        (Venue, VenueForm, initial_venue),
        (Event, EventForm, initial_event),
        (Project, ProjectForm, initial_project),
    ],
)
def test_nothing_is_asked_anew_when_a_place_is_changed(
    built: list[bytes], model: type[Subject], form: type[SubjectForm], initial: Callable[[Subject], dict[str, object]]
) -> None:
    for subject in model.objects.all():
        drawn = form(initial=initial(subject), new=False)
        asked = {n for n, f in drawn.fields.items() if f.required and drawn[n].value() in (None, "", [])}
        assert (subject.name, asked) == (subject.name, set())


def test_the_theatre_was_asked_for_two_things(built: list[bytes]) -> None:
    asked = plan_of("Lantern Row Theatre").change_requests.values_list("criterion_code", "state")

    assert set(asked) == {("PRO-03", "open"), ("MED-01", "open")}


def test_the_draft_and_the_review_are_half_done(built: list[bytes]) -> None:
    festival, station = plan_of("Fletchgate Street Festival"), plan_of("Northmoor Parkway Station")

    assert 0 < festival.answers.count() < plan_of("Aldermere General Hospital").answers.count()
    judged = station.reviews.get().criteria.count()
    assert 0 < judged < station.answers.count()
    assert station.reviewer is not None
    assert station.reviewer.email == stories.OTHER_ADVISER


def test_every_document_is_stored_as_its_certificate_says(built: list[bytes]) -> None:
    [document] = built

    assert document.startswith(b"%PDF-")
    for certificate in Certificate.objects.all():
        stored = storage.read_all(certificate.pdf_name)
        assert stored.startswith(document)
        assert certificate.pdf_size == len(stored)
        assert reading.read(stored, registry.document_chains()).state == "intact"


def test_every_file_was_scanned(built: list[bytes]) -> None:
    assert set(Evidence.objects.values_list("scan", flat=True)) == {"clean"}


def test_the_response_level_rose_and_one_holder_has_answered(built: list[bytes]) -> None:
    assert list(ThreatChange.objects.order_by("effective_at").values_list("level", "source")) == [
        ("moderate", "Invented for the demonstration"),
        ("substantial", "Invented for the demonstration"),
    ]
    rows = ThreatConfirmation.objects.filter(response__zone="gb", response__ended_at__isnull=True)
    assert dict(rows.values_list("certificate__subject_name", "state")) == {
        "Calderbrook Stadium": "confirmed",
        "Aldermere Concert Hall": "asked",
    }


def test_building_again_adds_nothing(built: list[bytes]) -> None:
    before = counts()
    call_command("demo")
    assert counts() == before


def test_its_trail_is_sound(built: list[bytes]) -> None:
    found = audit.verify_all()
    assert found.problem == ""
    assert found.events == AuditEvent.objects.count() > 1000


def test_it_is_refused_outside_the_demonstration(db: None, settings: Settings) -> None:
    settings.DEMO = False
    before = counts()

    with pytest.raises(CommandError, match="DEMO is on"):
        call_command("demo")

    assert counts() == before


def test_no_place_of_it_can_be_taken_for_a_real_one() -> None:
    """Two districts of each postcode area exist in no directory: what is invented stays invented."""
    today = timezone.localdate()
    found = [story.subject(today) for story in stories.STORIES]
    assert {one.postcode.split()[0] for one in found} == {"HX77", "WF98", "LS97", "CT77"}
    assert {one.area_code for one in found} == {places.HOME_AREA, places.OTHER_AREA}
