"""From a signed decision to a certificate that is being issued."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain import certificate_number
from certification.models import Certificate, CertificateSerial, Plan, Submission
from certification.selectors.standing import NOTHING
from certification.services import certificates
from core.errors import IllegalMove
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import certificates as make
from tests.factories.certification import small_standard
from tests.factories.events import make_event, make_project, make_venue
from tests.factories.reviews import recommended_plan, sign_as_recommended


def test_a_signed_decision_brings_a_certificate_that_is_being_issued(
    decided: Certificate, organisation: Organisation
) -> None:
    today = timezone.localdate()
    submission = Submission.objects.get(plan=decided.plan)
    venue = decided.venue
    assert venue is not None
    assert {
        "number": decided.number,
        "state": decided.state,
        "holder": decided.holder_name,
        "subject": decided.subject_name,
        "place": decided.subject_place,
        "tier": decided.judged_tier,
        "hash": decided.content_hash,
        "dates": (decided.decided_on, decided.valid_from),
        "document": (decided.issued_at, decided.pdf_name, decided.pdf_sha256),
        "listed": decided.listed,
    } == {
        "number": certificate_number.make(today.year, 1),
        "state": "being_issued",
        "holder": organisation.name,
        "subject": venue.name,
        "place": f"{venue.town}, {venue.postcode}",
        "tier": "standard",
        "hash": submission.content_hash,
        "dates": (today, today),
        "document": (None, "", ""),
        "listed": True,
    }
    assert (decided.valid_until.year, decided.valid_until.month) == (today.year + 2, today.month)
    assert decided.scope == "The venue in its ordinary use, for no more than 250 people at one time, staff included."
    # 256 bits, in the alphabet of an address.
    assert len(decided.token) == 43


def test_its_conditions_fall_due_that_many_days_after_the_decision(decided: Certificate) -> None:
    assert [(c.criterion_code, c.text, c.due_on, c.discharged_at) for c in decided.conditions.all()] == [
        ("GOV-02", "Put GOV-02 in place.", decided.decided_on + timedelta(days=30), None)
    ]


def test_the_worker_is_asked_once_and_nobody_is_told_before_it_is_issued(decided: Certificate) -> None:
    job = OutboxJob.objects.get(kind="certificate.render")
    assert (job.key, job.payload) == (f"certificate:{decided.pk}:render", {"certificate": str(decided.pk)})
    assert not OutgoingMail.objects.filter(kind__startswith="certificate.").exists()


def test_creation_is_on_the_case_s_trail_without_a_word_of_the_plan(decided: Certificate, authoriser: User) -> None:
    event = AuditEvent.objects.select_related("chain").get(action="certificate.created")
    assert (event.chain.key, event.actor_id, event.facts) == (
        f"plan:{decided.plan_id}",
        authoriser.pk,
        {
            "number": decided.number,
            "valid_from": str(decided.valid_from),
            "valid_until": str(decided.valid_until),
            "conditions": 1,
            "content_hash": decided.content_hash,
            "supersedes": "",
        },
    )


def test_an_event_is_covered_to_its_last_day_and_its_conditions_end_the_day_before_it(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    event = make_event(organisation, people=1200)
    plan = recommended_plan(organisation, reviewer=adviser, subject=event, level=4, levels={"GOV-02": 2})
    starts, ends = timezone.localdate(event.starts_at), timezone.localdate(event.ends_at)
    with time_machine.travel(event.starts_at - timedelta(days=9), tick=False):
        sign_as_recommended(plan, by=authoriser)
    certificate = Certificate.objects.get(plan=plan)
    assert (certificate.valid_until, certificate.conditions.get().due_on) == (ends, starts - timedelta(days=1))
    assert certificate.scope.startswith("The event on ")
    assert "1,200 people" in certificate.scope


def test_what_was_submitted_counts_not_what_the_subject_says_since(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    event = make_event(organisation, name="The reviewed name")
    plan = recommended_plan(organisation, reviewer=adviser, subject=event)
    ends = timezone.localdate(event.ends_at)
    type(event).objects.filter(pk=event.pk).update(name="Another name", ends_at=event.ends_at + timedelta(days=90))
    sign_as_recommended(plan, by=authoriser)
    certificate = Certificate.objects.get(plan=plan)
    assert (certificate.subject_name, certificate.valid_until) == ("The reviewed name", ends)


def test_an_event_that_is_over_gets_none_and_the_decision_does_not_stand(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    event = make_event(organisation)
    plan = recommended_plan(organisation, reviewer=adviser, subject=event)
    with time_machine.travel(event.ends_at + timedelta(days=2), tick=False), pytest.raises(IllegalMove):
        sign_as_recommended(plan, by=authoriser)
    plan.refresh_from_db()
    assert (plan.state, Certificate.objects.count(), CertificateSerial.objects.count()) == ("recommended", 0, 0)


def test_a_project_says_that_the_open_building_is_not_covered(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = make.decided_certificate(
        organisation, reviewer=adviser, signer=authoriser, subject=make_project(organisation)
    )
    assert certificate.scope.startswith("The project at RIBA stage 2, designed for no more than 5,000 people")
    assert certificate.scope.endswith("It does not cover the opened building.")


def test_numbers_follow_one_another_and_a_year_begins_at_one(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plans = [recommended_plan(organisation, reviewer=adviser, subject=make_venue(organisation)) for _ in range(3)]
    for plan in plans[:2]:
        sign_as_recommended(plan, by=authoriser)
    year = timezone.localdate().year
    with time_machine.travel(f"{year + 1}-01-01T00:30:00+00:00", tick=False):
        sign_as_recommended(plans[2], by=authoriser)
    numbers = list(Certificate.objects.order_by("decision__decided_at").values_list("number", flat=True))
    assert numbers == [
        certificate_number.make(year, 1),
        certificate_number.make(year, 2),
        certificate_number.make(year + 1, 1),
    ]


def test_the_uk_date_decides_at_summer_midnight(organisation: Organisation, adviser: User, authoriser: User) -> None:
    with time_machine.travel("2027-06-30T12:00:00+00:00", tick=False):
        plan = recommended_plan(organisation, reviewer=adviser)
    with time_machine.travel("2027-06-30T23:30:00+00:00", tick=False):
        sign_as_recommended(plan, by=authoriser)
    assert Certificate.objects.get(plan=plan).decided_on == date(2027, 7, 1)


def test_a_decision_that_is_rolled_back_gives_its_number_back(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    first, second = (recommended_plan(organisation, reviewer=adviser) for _ in range(2))

    with transaction.atomic():
        sign_as_recommended(first, by=authoriser)
        transaction.set_rollback(True)
    sign_as_recommended(second, by=authoriser)
    assert list(Certificate.objects.values_list("number", flat=True)) == [
        certificate_number.make(timezone.localdate().year, 1)
    ]


@pytest.mark.django_db(transaction=True)
def test_decisions_at_the_same_moment_leave_no_gap_and_no_double(
    organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plans = [recommended_plan(organisation, reviewer=adviser, subject=make_venue(organisation)) for _ in range(5)]
    start = threading.Barrier(len(plans))
    failures: list[BaseException] = []

    def sign(plan: Plan) -> None:
        start.wait()
        try:
            sign_as_recommended(plan, by=User.objects.get(pk=authoriser.pk))
        except Exception as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=[plan]) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    serials = sorted(certificate_number.parse(n).serial for n in Certificate.objects.values_list("number", flat=True))
    assert serials == [1, 2, 3, 4, 5]


class TestRenewal:
    def _renewed(self, old: Certificate, adviser: User, authoriser: User, *, on: date) -> Certificate:
        with time_machine.travel(f"{on.isoformat()}T10:00:00+00:00", tick=False):
            plan = recommended_plan(old.organisation, reviewer=adviser, subject=old.venue)
            sign_as_recommended(plan, by=authoriser)
        return Certificate.objects.get(plan=plan)

    def test_in_time_it_runs_on_from_the_old_end(self, issued: Certificate, adviser: User, authoriser: User) -> None:
        end = make.running_until(issued, date(2028, 3, 31)).valid_until
        new = self._renewed(issued, adviser, authoriser, on=date(2028, 2, 1))
        assert (new.valid_from, new.valid_until, new.supersedes) == (date(2028, 2, 1), date(2030, 3, 31), issued)
        assert end == date(2028, 3, 31)

    def test_too_early_it_counts_from_the_decision(self, issued: Certificate, adviser: User, authoriser: User) -> None:
        make.running_until(issued, date(2028, 12, 31))
        new = self._renewed(issued, adviser, authoriser, on=date(2028, 2, 1))
        assert (new.valid_until, new.supersedes) == (date(2030, 2, 1), issued)

    def test_late_it_counts_from_the_decision(self, issued: Certificate, adviser: User, authoriser: User) -> None:
        make.put_in("expired", make.running_until(issued, date(2028, 1, 15)))
        new = self._renewed(issued, adviser, authoriser, on=date(2028, 2, 1))
        assert (new.valid_from, new.valid_until) == (date(2028, 2, 1), date(2030, 2, 1))


def test_a_certificate_keeps_the_standard_and_submission_it_was_decided_on(decided: Certificate) -> None:
    assert decided.standard == small_standard()
    assert decided.content_hash == decided.decision.recommendation.submission.content_hash


def test_create_for_is_not_called_twice_for_one_decision(decided: Certificate) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        certificates.create_for(
            decision=decided.decision, replaced=certificates.replaced_by(decided.plan), standing=NOTHING
        )
    assert Certificate.objects.count() == 1
