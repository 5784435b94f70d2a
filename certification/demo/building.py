"""Tells a story through the services, step by step. Each step looks first whether it was told already, so a build that
was interrupted goes on where it stopped.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organisation, User
from certification.demo import places, stories, words
from certification.demo.stories import Story
from certification.domain import departures, lifecycle, validity
from certification.domain.standard import Criterion
from certification.models import Certificate, CertificateCondition, Evidence, ListingRequest, Plan
from certification.selectors import cases
from certification.selectors import reviews as review_cases
from certification.selectors.decisions import conditions_of, drafted_conditions
from certification.selectors.listing import open_request_of
from certification.services import (
    answers,
    changes,
    decisions,
    demo_dates,
    discharges,
    evidence,
    expiry,
    listing,
    plans,
    proposals,
    recommendations,
    reviews,
    revocations,
    submissions,
    surrenders,
)
from core import outbox
from core.models import OutboxJob
from events.domain.subjects import EventData, ProjectData
from events.models import Event, Project, Subject, Venue
from events.services import events, projects, venues

IN_PLACE = 3
EVERY_FIFTH = 5
People = Mapping[str, User]


def tell(story: Story, people: People) -> Plan:
    """From registration as far as the story reaches."""
    organiser = people[story.organiser]
    subject = _subject(story, organiser)
    if story.off_list:
        _keep_off(story, subject, people)
    plan = _own_plans(subject).order_by("created_at").first() or plans.begin(actor=organiser, subject=subject)
    if plan.state == lifecycle.DRAFT:
        _answer(story, plan, organiser, subject)
        if story.reaches == stories.DRAFT:
            return plan
        said = submissions.Declaration(name=organiser.name, position=story.declared_as, agreed=True)
        submissions.submit(actor=organiser, plan_id=plan.pk, declaration=said)
    if story.reaches != stories.SUBMITTED:
        _review(story, plan, people)
    if story.reaches == stories.DECIDED:
        _decide(story, plan, people)
    plan.refresh_from_db()
    return plan


def _keep_off(story: Story, subject: Subject, people: People) -> None:
    known = open_request_of(subject)
    request = known or listing.ask(actor=people[story.organiser], subject=subject, reason=story.off_list)
    if request.state == ListingRequest.State.ASKED:
        listing.consent(actor=people[stories.ADMINISTRATOR], request_id=request.pk, answer="Agreed.")


def _subject(story: Story, organiser: User) -> Subject:
    data = story.subject(timezone.localdate())
    organisation = Organisation.objects.get(memberships__user=organiser)
    model: type[Venue | Event | Project] = Venue
    if isinstance(data, EventData):
        model = Event
    elif isinstance(data, ProjectData):
        model = Project
    known = model.objects.filter(organisation=organisation, name=data.name).first()
    if known is not None:
        return known
    if isinstance(data, EventData):
        return events.register(actor=organiser, organisation_id=organisation.pk, data=data)
    if isinstance(data, ProjectData):
        return projects.register(actor=organiser, organisation_id=organisation.pk, data=data)
    return venues.register(actor=organiser, organisation_id=organisation.pk, data=data)


def _own_plans(subject: Subject) -> QuerySet[Plan]:
    return Plan.objects.filter(**{subject.kind: subject})


def _answer(story: Story, plan: Plan, organiser: User, subject: Subject) -> None:
    case = cases.load(plan)
    half_way = story.reaches == stories.DRAFT
    for number, code in enumerate(case.codes):
        if half_way and number % 2:
            continue
        criterion = case.standard.by_code[code]
        level = _level(story, criterion, number)
        if code not in case.answers:
            said = answers.AnswerInput(level=level, account=words.account(code.partition("-")[0], level))
            answers.save(actor=organiser, plan_id=plan.pk, code=code, answer=said, expected_version=0)
        # An answer that is there may have been interrupted before its file.
        if criterion.evidence == "required" and level >= IN_PLACE:
            _attach(plan, code, organiser, subject.name)
    _run_jobs(
        "evidence.scan", Evidence.objects.filter(plan=plan, scan=Evidence.Scan.PENDING).values_list("pk", flat=True)
    )


def _level(story: Story, criterion: Criterion, number: int) -> int:
    usual = IN_PLACE if number % EVERY_FIFTH or criterion.full_level == IN_PLACE else IN_PLACE + 1
    return story.lower.get(criterion.code, usual)


def _attach(plan: Plan, code: str, organiser: User, place: str) -> None:
    if Evidence.objects.filter(plan=plan, criterion_code=code).exists():
        return
    text = words.EVIDENCE_TEXT.format(place=place, code=code)
    name = f"{code.lower()}-demonstration.txt"
    evidence.attach(actor=organiser, plan_id=plan.pk, code=code, upload=io.BytesIO(text.encode()), name=name)


def _review(story: Story, plan: Plan, people: People) -> None:
    adviser = people[story.adviser]
    plan.refresh_from_db()
    if plan.state == lifecycle.SUBMITTED:
        reviews.claim(actor=adviser, plan_id=plan.pk)
        plan.refresh_from_db()
    if plan.state != lifecycle.UNDER_REVIEW:
        return
    _judge(story, plan, adviser)
    if story.reaches == stories.CHANGES:
        for code, message in story.requests.items():
            reviews.draft_change_request(actor=adviser, plan_id=plan.pk, code=code, message=message)
        reviews.request_changes(actor=adviser, plan_id=plan.pk)
    elif story.reaches in (stories.RECOMMENDED, stories.DECIDED):
        _recommend(plan, adviser)


def _judge(story: Story, plan: Plan, adviser: User) -> None:
    half_way = story.reaches == stories.IN_REVIEW
    case = review_cases.case_of(plan)
    for number, item in enumerate(case.criteria):
        if item.judgement is not None or (half_way and number % 2):
            continue
        level = item.claimed.level
        comment = words.REVIEWER_LOWERS if (level or 0) < IN_PLACE else words.REVIEWER_AGREES
        judgement = reviews.Judgement(level=level, not_applicable=False, comment=comment)
        reviews.save_criterion(actor=adviser, plan_id=plan.pk, code=item.code, judgement=judgement, expected_version=0)


def _recommend(plan: Plan, adviser: User) -> None:
    case = review_cases.case_of(plan)
    score = case.judged_score()
    conditional = score.outcome == departures.CONDITIONS
    advice = recommendations.RecommendationInput(
        outcome=score.outcome,
        summary="I read the plan against the file and spoke with the organiser. My levels are as given; I advise as the score says.",
        conditions=drafted_conditions(case.standard, score) if conditional else (),
    )
    recommendations.recommend(actor=adviser, plan_id=plan.pk, recommendation=advice)


def _decide(story: Story, plan: Plan, people: People) -> None:
    plan.refresh_from_db()
    if plan.state == lifecycle.RECOMMENDED:
        advice = plan.recommendations.get(superseded_at__isnull=True)
        signed = decisions.DecisionInput(
            outcome=advice.outcome,
            note="Thank you for the care taken with this plan.",
            conditions=conditions_of(advice),
        )
        decisions.sign(actor=people[story.authoriser], plan_id=plan.pk, decision=signed)
    certificate = Certificate.objects.filter(plan=plan, basis=Certificate.Basis.DECISION).first()
    if certificate is not None:
        _finish(story, certificate, people)


def _finish(story: Story, certificate: Certificate, people: People) -> None:
    if certificate.state == lifecycle.BEING_ISSUED:
        decided_on = _decided_on(story, certificate)
        untouched = certificate.decided_on == timezone.localdate(certificate.decision.decided_at)
        if untouched and decided_on != certificate.decided_on:
            demo_dates.age(certificate_id=certificate.pk, decided_on=decided_on)
        _run_jobs("certificate.render", [certificate.pk])
    if story.change:
        _tell_change(story, certificate, people[story.organiser])
    if (
        story.end == stories.EXPIRED
        and not Certificate.objects.filter(pk=certificate.pk, state=lifecycle.EXPIRED).exists()
    ):
        expiry.expire(today=timezone.localdate())
    certificate.refresh_from_db()
    for condition in certificate.conditions.filter(criterion_code__in=story.shown):
        _show(story, condition, people[story.organiser])
    if certificate.state == lifecycle.IN_FORCE and story.end in _ENDS:
        _ENDS[story.end](story, certificate, people)
    if story.end == stories.VARIED:
        _run_jobs("certificate.render", Certificate.objects.filter(supersedes=certificate).values_list("pk", flat=True))


def _revoke(story: Story, certificate: Certificate, people: People) -> None:
    if not certificate.proposals.unanswered().exists():
        reason = "The balcony was rebuilt without telling us, and the plan no longer describes the place."
        revocations.propose(actor=people[story.adviser], certificate_id=certificate.pk, reason=reason)
    revocations.confirm(actor=people[story.authoriser], certificate_id=certificate.pk)


def _surrender(story: Story, certificate: Certificate, people: People) -> None:
    reason = "The reading room has moved into the village hall, which has a certificate of its own."
    surrenders.surrender(actor=people[story.organiser], certificate_id=certificate.pk, reason=reason)


def _suspend(story: Story, certificate: Certificate, people: People) -> None:
    """One that lapsed since is not imposed again when the demonstration is built again."""
    if not certificate.proposals.exists():
        reason = "Scaffolding blocks the only second way out, and the hall is booked for tonight."
        wanted = proposals.Wanted("suspend", reason, urgent=True)
        proposals.propose(actor=people[story.adviser], certificate_id=certificate.pk, wanted=wanted)


def _vary(story: Story, certificate: Certificate, people: People) -> None:
    waiting = certificate.proposals.unanswered().first()
    if waiting is None and not certificate.proposals.exists():
        changes = {
            "scope": "The ground floor in its ordinary use, for no more than 180 people at one time, staff included."
        }
        wanted = proposals.Wanted("vary", "The upper floor is closed until its stairs are rebuilt.", changes=changes)
        waiting = proposals.propose(actor=people[story.adviser], certificate_id=certificate.pk, wanted=wanted)
    if waiting is not None:
        proposals.confirm(actor=people[story.authoriser], proposal_id=waiting.pk)


_ENDS: Final = {
    stories.REVOKED: _revoke,
    stories.SURRENDERED: _surrender,
    stories.SUSPENDED: _suspend,
    stories.VARIED: _vary,
}


def _tell_change(story: Story, certificate: Certificate, organiser: User) -> None:
    if certificate.changes.exists():
        return
    if story.change == "works":
        starts = timezone.localdate() + timedelta(days=45)
        given = changes.Report(frozenset({"works"}), words.WORKS, starts)
    else:
        _a_few_more(certificate, organiser)
        given = changes.Report(description=words.MORE_PEOPLE)
    changes.report(actor=organiser, certificate_id=certificate.pk, given=given)


def _a_few_more(certificate: Certificate, organiser: User) -> None:
    """In the register first, as the page asks. A build that was interrupted after it finds it done."""
    venue, data = certificate.venue, places.stadium()
    assert venue is not None  # noqa: S101 - the story is a venue's
    if venue.expected_attendance == data.expected_attendance:
        more = replace(data, expected_attendance=data.expected_attendance + 350)
        venues.change(actor=organiser, venue_id=venue.pk, data=more, expected_version=venue.version)


def _show(story: Story, condition: CertificateCondition, organiser: User) -> None:
    """The file of an interrupted build may be there without having been sent."""
    code = condition.criterion_code
    if condition.discharges.filter(submitted_at__isnull=False).exists():
        return
    files = Evidence.objects.filter(discharge__condition=condition)
    if not files.exists():
        text = words.EVIDENCE_TEXT.format(place=condition.certificate.subject_name, code=code)
        name = f"{code.lower()}-condition.txt"
        discharges.attach(actor=organiser, condition_id=condition.pk, upload=io.BytesIO(text.encode()), name=name)
    _run_jobs("evidence.scan", files.filter(scan=Evidence.Scan.PENDING).values_list("pk", flat=True))
    discharges.submit(actor=organiser, condition_id=condition.pk, note=story.shown[code])


def _decided_on(story: Story, certificate: Certificate) -> date:
    """Months differ in length: what is left is counted back from the end by the months of the term."""
    if story.days_left is None:
        return certificate.decided_on - timedelta(days=story.days_ago)
    signed, ends = certificate.decided_on, certificate.valid_until
    months = 12 * (ends.year - signed.year) + ends.month - signed.month
    return validity.add_months(timezone.localdate() + timedelta(days=story.days_left), -months)


def _run_jobs(kind: str, ids: Iterable[UUID]) -> None:
    """History that has already happened: its scans and documents are made here, the rest is left to the worker."""
    wanted = {str(pk) for pk in ids}
    for job in OutboxJob.objects.filter(kind=kind, done_at__isnull=True):
        if wanted & set(job.payload.values()):
            outbox.run(job.pk)
