"""Plans begin, renew and end: who may, from which state, and what is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain import lifecycle
from certification.models import Answer, Evidence, Plan, StandardVersion
from certification.policies import plans as policies
from certification.services import plans
from core.errors import Conflict, IllegalMove, NotPermitted
from core.models import AuditEvent, OutgoingMail
from events.services import venues
from tests.factories import certificates, events
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "organiser",
    "colleague",
    "viewer",
    "stranger",
    "adviser",
    "other_area_adviser",
    "authoriser",
    "national_admin",
    "auditor",
)
WRITERS = {"organiser", "colleague"}


@pytest.mark.parametrize("role", EVERYBODY)
def test_owners_and_editors_begin_plans(organisation: Organisation, request: pytest.FixtureRequest, role: str) -> None:
    hall = events.make_venue(organisation)
    actor = request.getfixturevalue(role)
    if role in WRITERS:
        plan = plans.begin(actor=actor, subject=hall)
        assert (plan.state, plan.venue, plan.created_by) == ("draft", hall, actor)
        return
    with pytest.raises(NotPermitted):
        plans.begin(actor=actor, subject=hall)
    assert not Plan.objects.exists()


def test_a_plan_is_bound_to_the_standard_in_force(organisation: Organisation, standard: StandardVersion) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    make.small_standard(version="2099.1", effective_from=tomorrow)
    newer = make.small_standard(version="2025.2", effective_from="2025-06-01")
    assert make.draft_plan(organisation).standard == newer
    assert standard.effective_from != newer.effective_from


def test_nothing_begins_without_a_standard(organisation: Organisation, standard: StandardVersion) -> None:
    StandardVersion.objects.update(state="withdrawn")
    with pytest.raises(IllegalMove):
        make.draft_plan(organisation)


def test_one_open_plan_for_a_subject(organisation: Organisation, organiser: User) -> None:
    plan = make.draft_plan(organisation)
    assert plan.venue is not None
    with pytest.raises(Conflict) as caught:
        plans.begin(actor=organiser, subject=plan.venue)
    assert caught.value.current == plan
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            venue=plan.venue,
            standard=plan.standard,
            organisation=organisation,
            area=plan.area,
            created_by=organiser,
            created_at=timezone.now(),
            updated_at=timezone.now(),
        )


def test_nothing_begins_for_what_is_archived(organisation: Organisation, organiser: User) -> None:
    hall = events.make_venue(organisation)
    venues.archive(actor=organiser, venue_id=hall.pk)
    with pytest.raises(IllegalMove):
        plans.begin(actor=organiser, subject=hall)


def test_needed_by_is_the_day_of_the_event_and_the_opening(organisation: Organisation) -> None:
    event, project = events.make_event(organisation), events.make_project(organisation)
    assert make.draft_plan(organisation, subject=event).needed_by == timezone.localdate(event.starts_at)
    assert make.draft_plan(organisation, subject=project).needed_by == project.opens_on
    assert make.draft_plan(organisation).needed_by is None


def test_beginning_is_on_the_record(organisation: Organisation, standard: StandardVersion) -> None:
    plan = make.draft_plan(organisation)
    event = AuditEvent.objects.get(chain__key=f"plan:{plan.pk}")
    assert (event.action, event.facts) == ("plan.begun", {"standard": str(standard), "replaces": ""})


@pytest.mark.parametrize("state", lifecycle.PLAN_STATES)
def test_what_is_open_can_be_withdrawn(organisation: Organisation, organiser: User, adviser: User, state: str) -> None:
    plan = make.in_state(make.answered_plan(organisation), state, reviewer=adviser)
    if state in lifecycle.PLAN_OPEN:
        assert plans.withdraw(actor=organiser, plan_id=plan.pk).state == "withdrawn"
        assert OutgoingMail.objects.filter(kind="plan.withdrawn", recipient=adviser).count() == 1
        return
    with pytest.raises(IllegalMove):
        plans.withdraw(actor=organiser, plan_id=plan.pk)
    plan.refresh_from_db()
    assert plan.state == state


@pytest.mark.parametrize("role", sorted(set(EVERYBODY) - WRITERS))
def test_nobody_else_withdraws(organisation: Organisation, request: pytest.FixtureRequest, role: str) -> None:
    plan = make.submitted_plan(organisation)
    with pytest.raises(NotPermitted):
        plans.withdraw(actor=request.getfixturevalue(role), plan_id=plan.pk)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("submitted", [False, True])
def test_lists_and_policy_say_the_same(
    organisation: Organisation, request: pytest.FixtureRequest, role: str, submitted: bool
) -> None:
    plan = make.submitted_plan(organisation) if submitted else make.draft_plan(organisation)
    user = request.getfixturevalue(role)
    listed = Plan.objects.visible_to(user).filter(pk=plan.pk).exists()
    assert listed == bool(policies.can_view(user, plan))
    members, officers = {"organiser", "colleague", "viewer", "auditor"}, {"adviser", "authoriser"}
    assert listed == (role in members or (role in officers and submitted))


# Renewal ----------------------------------------------------------------------------------------------------------------


def test_renewal_copies_the_last_answers(organisation: Organisation, organiser: User) -> None:
    certificate = certificates.issued_certificate(organisation)
    plan = plans.begin_renewal(actor=organiser, certificate_id=certificate.pk)
    assert (plan.renews, plan.needed_by, plan.state) == (certificate, certificate.valid_until, "draft")
    found = {a.criterion_code: (a.level, a.account, a.confirm_needed) for a in Answer.objects.filter(plan=plan)}
    assert found == {
        "GOV-01": (4, "Account of GOV-01.", True),
        "GOV-02": (4, "Account of GOV-02.", True),
        # "answer": asked anew, with what was said last time as a reminder
        "GOV-03": (None, "Account of GOV-03.", True),
        "PHY-01": (4, "Account of PHY-01.", True),
        "PHY-02": (4, "Account of PHY-02.", True),
    }


def test_renewal_shares_the_files_of_the_last_plan(organisation: Organisation, organiser: User) -> None:
    certificate = certificates.issued_certificate(organisation)
    old = Evidence.objects.get(plan=certificate.plan)
    plan = plans.begin_renewal(actor=organiser, certificate_id=certificate.pk)
    new = Evidence.objects.get(plan=plan)
    assert new.pk != old.pk
    assert (new.storage_name, new.sha256, new.scan) == (old.storage_name, old.sha256, "clean")


def test_a_question_that_reads_differently_is_asked_anew(organisation: Organisation, organiser: User) -> None:
    certificate = certificates.issued_certificate(organisation)
    document = make.small_document(version="2025.2", effective_from="2025-06-01")
    document["sections"][0]["criteria"][0]["question"] = "Is GOV-01 in place, and who says so?"
    make.small_standard(**document)
    plan = plans.begin_renewal(actor=organiser, certificate_id=certificate.pk)
    assert plan.standard.version == "2025.2"
    assert Answer.objects.get(plan=plan, criterion_code="GOV-01").level is None
    assert Answer.objects.get(plan=plan, criterion_code="PHY-01").level == 4


@pytest.mark.parametrize("state", ["revoked", "superseded", "being_issued"])
def test_only_what_runs_or_ran_out_is_renewed(organisation: Organisation, organiser: User, state: str) -> None:
    certificate = certificates.certificate_in(state, organisation)
    with pytest.raises(IllegalMove):
        plans.begin_renewal(actor=organiser, certificate_id=certificate.pk)


@pytest.mark.parametrize("role", sorted(set(EVERYBODY) - WRITERS))
def test_nobody_else_renews(organisation: Organisation, request: pytest.FixtureRequest, role: str) -> None:
    certificate = certificates.issued_certificate(organisation)
    with pytest.raises(NotPermitted):
        plans.begin_renewal(actor=request.getfixturevalue(role), certificate_id=certificate.pk)


def test_a_fresh_plan_replaces_the_certificate_in_force(organisation: Organisation, organiser: User) -> None:
    certificate = certificates.issued_certificate(organisation)
    assert certificate.venue is not None
    plan = plans.begin(actor=organiser, subject=certificate.venue)
    assert plan.renews == certificate
    assert not Answer.objects.filter(plan=plan).exists()
