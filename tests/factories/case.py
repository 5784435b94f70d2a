"""One organisation's whole case, with a plan at each step: what the sweeps ask for as every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Organisation, User
from advisories.models import Bulletin, BulletinFile, BulletinPlace, ThreatChange, ThreatConfirmation
from certification.models import (
    Bundle,
    Certificate,
    CertificateCondition,
    ConditionDischarge,
    ConditionExtension,
    Evidence,
    ListingRequest,
    MaterialChange,
    Plan,
    Proposal,
    StandardVersion,
    TransferOffer,
)
from certification.services import bundles, changes, listing, reviews, revocations
from core import storage
from events.models import Event, Project, Venue
from tests.factories import advisories, conditions, threat
from tests.factories.accounts import make_administrator, make_auditor, make_member, make_officer, make_organisation
from tests.factories.certificate_files import add_file
from tests.factories.certificates import decided_certificate, put_in, running_until
from tests.factories.certification import answered_plan, latest, make_evidence, small_standard, submitted_plan
from tests.factories.events import make_event, make_project, make_venue
from tests.factories.network_case import NetworkCase, network_case
from tests.factories.reviews import claimed_plan, judged_plan, recommended_plan
from tests.factories.transfers import accepted_offer

# In the name of every subject, of the organisation and of its people: what outsiders must not meet.
MARKER = "MARKEDCASE"
ROLES = (
    "nobody",
    "owner",
    "editor",
    "viewer",
    "stranger",
    "adviser",
    "authoriser",
    "other_area",
    "administrator",
    "auditor",
)
# Who has no part in the case at all.
OUTSIDERS = frozenset({"nobody", "stranger", "other_area", "administrator"})


@dataclass(frozen=True)
class Conditioned:
    """Conditions of one certificate, that the `authoriser` signed: an open one with a file that was not sent, one whose
    discharge and file are with the police, one for which more time is asked, and one that is overdue.
    """

    condition: CertificateCondition
    draft_file: Evidence
    sent: ConditionDischarge
    sent_file: Evidence
    asked: ConditionExtension
    late: CertificateCondition


@dataclass(frozen=True)
class Case:
    """`adviser` reviews; `authoriser` signs. Each plan and certificate is where its name says."""

    people: dict[str, User | None]
    organisation: Organisation
    standard: StandardVersion
    venue: Venue
    event: Event
    project: Project
    archived: Venue
    draft: Plan
    evidence: Evidence
    submitted: Plan
    judged: Plan
    asking: Plan
    recommended: Plan
    certified: Certificate
    proposed: Certificate
    expiring: Certificate
    changed: MaterialChange
    enhanced: Certificate
    conditioned: Conditioned
    confirmation: ThreatConfirmation
    level_change: ThreatChange
    offer: TransferOffer
    bulletin: Bulletin
    bulletin_draft: Bulletin
    bulletin_awaiting: Bulletin
    bulletin_approved: Bulletin
    bulletin_place: BulletinPlace
    bulletin_file: BulletinFile

    @property
    def proposal(self) -> Proposal:
        return self.proposed.proposals.get()

    bundle: Bundle
    off_list: ListingRequest
    network: NetworkCase


def build() -> Case:
    standard = small_standard()
    owner = make_organisation(name=f"{MARKER} Trust").created_by
    organisation = owner.memberships.get().organisation
    people = _people(organisation)
    adviser, authoriser = people["adviser"], people["authoriser"]
    assert adviser is not None
    assert authoriser is not None

    def venue() -> Venue:
        return make_venue(organisation, name=f"{MARKER} Hall")

    draft = answered_plan(organisation, subject=venue())
    archived = venue()
    Venue.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    asking = claimed_plan(organisation, reviewer=adviser, subject=venue())
    reviews.draft_change_request(actor=adviser, plan_id=asking.pk, code="GOV-01", message="SECRET-REQUEST")
    certified = put_in(
        "in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())
    )
    # Laying out a real one is the slowest thing there is, and not what is asked here.
    storage.write(certified.pdf_name, [b"%PDF-1.7 MARKEDCASE"])
    add_file(certified, "poster", content=b"%PDF-1.7 MARKEDCASE")
    bundle = bundles.request(actor=owner, organisation_id=organisation.pk, kind="documents")
    bundles.make({"bundle": str(bundle.pk)})
    bundle.refresh_from_db()
    proposed = put_in(
        "in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())
    )
    revocations.propose(actor=adviser, certificate_id=proposed.pk, reason="SECRET-REASON")
    expiring = put_in(
        "in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())
    )
    running_until(expiring, timezone.localdate() + timedelta(days=20))
    enhanced = threat.enhanced(decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue()))
    threat.write_measures(enhanced, by=owner)
    passing = put_in(
        "in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())
    )
    titled = {"title": f"{MARKER} advisory"}
    bulletin = advisories.make_published(adviser, question="SECRET-QUESTION?", **titled)
    place = bulletin.places.get(venue=asking.venue)
    return Case(
        people=people,
        organisation=organisation,
        standard=standard,
        venue=venue(),
        event=make_event(organisation, name=f"{MARKER} Concert"),
        project=make_project(organisation, name=f"{MARKER} Station"),
        archived=archived,
        draft=draft,
        evidence=make_evidence(draft, "GOV-01"),
        submitted=submitted_plan(organisation, subject=venue()),
        judged=judged_plan(organisation, reviewer=adviser, subject=venue()),
        asking=asking,
        recommended=recommended_plan(organisation, reviewer=adviser, subject=venue()),
        certified=certified,
        proposed=proposed,
        expiring=expiring,
        changed=_changed(organisation, owner, adviser, authoriser, venue()),
        enhanced=enhanced,
        conditioned=_conditioned(
            put_in("in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())),
            owner,
        ),
        confirmation=threat.asked().confirmations.get(),
        # By somebody else than the administrator who asks.
        level_change=threat.propose("critical", by=make_administrator()),
        offer=accepted_offer(passing),
        bulletin=bulletin,
        bulletin_draft=advisories.make_draft(adviser, **titled),
        bulletin_awaiting=advisories.make_awaiting(adviser, **titled),
        bulletin_approved=advisories.make_approved(adviser, **titled),
        bulletin_place=place,
        bulletin_file=advisories.make_file(place, by=owner),
        bundle=bundle,
        network=network_case(owner, adviser),
        off_list=listing.ask(actor=owner, subject=archived, reason="SECRET-LISTING"),
    )


def _changed(organisation: Organisation, owner: User, adviser: User, authoriser: User, venue: Venue) -> MaterialChange:
    """A major one, whose plan is still a draft."""
    certificate = decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue)
    report = changes.Report(declared=frozenset({"layout"}), description="SECRET-CHANGE")
    return changes.report(actor=owner, certificate_id=put_in("in_force", certificate).pk, given=report)


def _conditioned(certificate: Certificate, by: User) -> Conditioned:
    soon = timezone.localdate() + timedelta(days=30)
    fresh, sent, asked, late = (
        conditions.add(certificate, code, soon) for code in ("GOV-01", "GOV-02", "PHY-01", "PHY-02")
    )
    draft_file, sent_file = conditions.clean_file(fresh, by), conditions.clean_file(sent, by)
    return Conditioned(
        condition=fresh,
        draft_file=draft_file,
        sent=conditions.submitted(sent, by),
        sent_file=sent_file,
        asked=conditions.asked(asked, by),
        late=conditions.overdue(late),
    )


def submitted_file(plan: Plan) -> str:
    """The id of a file that the plan's submission lists."""
    answers = latest(plan).snapshot["answers"].values()
    return str(next(file["id"] for answer in answers for file in answer["evidence"]))


def _people(organisation: Organisation) -> dict[str, User | None]:
    return {
        "nobody": None,
        "owner": organisation.created_by,
        "editor": make_member(organisation, "editor"),
        "viewer": make_member(organisation, "viewer"),
        "stranger": make_organisation().created_by,
        "adviser": make_officer("adviser"),
        "authoriser": make_officer("authoriser"),
        "other_area": make_officer("adviser", area="kent"),
        "administrator": make_administrator(),
        "auditor": make_auditor(),
    }
