"""Certificates in situations, made by the services: being issued, in force, with conditions, running out, over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain.departures import Condition
from certification.models import Certificate, Plan, Recommendation
from certification.services import decisions, documents, register, revocations
from certification.services.decisions import DecisionInput
from events.models import Subject
from tests import flush
from tests.factories import accounts as people
from tests.factories.certification import small_standard
from tests.factories.reviews import recommended_plan, sign_as_recommended

# Words of the plan and its review, as the factories write them: never on a public page, in a mail or on the first page.
PLAN_WORDS = ("Account of", "Comment on", "SECRET-SUMMARY", "SECRET-REASON", "gov-02.txt")


def decided_certificate(
    organisation: Organisation,
    *,
    reviewer: User | None = None,
    signer: User | None = None,
    subject: Subject | None = None,
    levels: Mapping[str, int] | None = None,
) -> Certificate:
    """Signed, its document not yet made. `levels` short of what the standard asks bring conditions."""
    small_standard()
    plan = recommended_plan(
        organisation, reviewer=reviewer or people.make_officer("adviser"), subject=subject, level=4, levels=levels
    )
    sign_as_recommended(plan, by=signer or people.make_officer("authoriser"))
    return Certificate.objects.get(plan=plan)


def issued_certificate(
    organisation: Organisation,
    *,
    reviewer: User | None = None,
    signer: User | None = None,
    subject: Subject | None = None,
    levels: Mapping[str, int] | None = None,
) -> Certificate:
    """In force, with its PDF."""
    certificate = decided_certificate(organisation, reviewer=reviewer, signer=signer, subject=subject, levels=levels)
    documents.render({"certificate": str(certificate.pk)})
    certificate.refresh_from_db()
    return certificate


def certificate_in(state: str, organisation: Organisation, *, subject: Subject | None = None) -> Certificate:
    """A row in that state, without a document: for lists, grids and queries. The services' own path is above."""
    certificate = decided_certificate(organisation, subject=subject)
    return put_in(state, certificate)


def put_in(state: str, certificate: Certificate) -> Certificate:
    now = timezone.now()
    values: dict[str, object] = {"state": state}
    if state != Certificate.State.BEING_ISSUED:
        values |= {"issued_at": now, "pdf_sha256": "0" * 64, "pdf_name": f"certificates/{certificate.pk}/x.pdf"}
    if state in {"expired", "revoked", "superseded", "surrendered"}:
        values["ended_at"] = now
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(**values)
    certificate.refresh_from_db()
    register.refresh([certificate.pk])
    return certificate


def running_until(certificate: Certificate, last_day: date, *, decided_on: date | None = None) -> Certificate:
    """As if it had been decided long ago and its last day were `last_day`."""
    begun = decided_on or date(last_day.year - 2, 1, 1)
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=certificate.pk).update(valid_until=last_day, valid_from=begun, decided_on=begun)
    certificate.refresh_from_db()
    register.refresh([certificate.pk])
    return certificate


def revoked_certificate(certificate: Certificate, *, proposer: User, confirmer: User) -> Certificate:
    revocations.propose(actor=proposer, certificate_id=certificate.pk, reason="SECRET-REASON")
    return revocations.confirm(actor=confirmer, certificate_id=certificate.pk)


def copies(certificate: Certificate, count: int, *, apart: bool = False) -> list[Certificate]:
    """Rows for lists and sweeps: further certificates beside `certificate`, each with a plan, decision and venue row.

    Made in bulk and by hand: a hundred through the services would take a minute. `apart`: each of an organisation of its
    own, with the same people.
    """
    made = [_copy(certificate, number) for number in range(count)]
    if apart:
        with flush.lifted("certification_certificate"):
            for copy in made:
                _move_to(copy, _twin(certificate.organisation))
    register.refresh([copy.pk for copy in made])
    return made


def _twin(organisation: Organisation) -> Organisation:
    members = list(organisation.memberships.all())
    twin = Organisation.objects.create(
        name=organisation.name,
        kind=organisation.kind,
        created_at=organisation.created_at,
        created_by=organisation.created_by,
    )
    for member in members:
        twin.memberships.create(user_id=member.user_id, role=member.role, joined_at=member.joined_at)
    return twin


def _move_to(certificate: Certificate, organisation: Organisation) -> None:
    certificate.organisation = organisation
    Certificate.objects.filter(pk=certificate.pk).update(organisation=organisation)


def _copy(original: Certificate, number: int) -> Certificate:
    venue = original.venue
    assert venue is not None
    fresh_venue = type(venue).objects.get(pk=venue.pk)
    fresh_venue.pk, fresh_venue._state.adding = None, True
    fresh_venue.pk = type(venue)._meta.pk.get_default()
    fresh_venue.name = f"{venue.name} {number:04d}"
    fresh_venue.save(force_insert=True)
    plan = Plan.objects.get(pk=original.plan_id)
    plan.pk, plan.venue = Plan._meta.pk.get_default(), fresh_venue
    plan._state.adding = True
    plan.save(force_insert=True)
    decision = original.decision
    recommendation = Recommendation.objects.get(pk=decision.recommendation_id)
    recommendation.pk, recommendation.plan = None, plan
    recommendation._state.adding = True
    recommendation.save(force_insert=True)
    fresh = type(decision).objects.get(pk=decision.pk)
    fresh.pk, fresh.plan, fresh.recommendation = None, plan, recommendation
    fresh._state.adding = True
    fresh.save(force_insert=True)
    certificate = Certificate.objects.get(pk=original.pk)
    certificate.pk, certificate._state.adding = Certificate._meta.pk.get_default(), True
    certificate.plan, certificate.decision, certificate.venue = plan, fresh, fresh_venue
    certificate.number, certificate.token = f"COPY-{number:06d}-{original.number[-4:]}", f"{number:043d}"
    certificate.subject_name = fresh_venue.name
    certificate.save(force_insert=True)
    return certificate


def decide_with(plan: Plan, *, by: User, conditions: tuple[Condition, ...]) -> Certificate:
    """Certified with these conditions instead of the drafted ones."""
    decisions.sign(
        actor=by,
        plan_id=plan.pk,
        decision=DecisionInput(
            outcome="certify_with_conditions", departure_reason="Because.", note="", conditions=conditions
        ),
    )
    return Certificate.objects.get(plan=plan)
