"""One organisation's whole case, with a plan at each step: what the sweeps ask for as every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate, Evidence, Plan, StandardVersion
from certification.services import reviews, revocations
from core import storage
from events.models import Event, Project, Venue
from tests.factories.accounts import make_administrator, make_auditor, make_member, make_officer, make_organisation
from tests.factories.certificates import decided_certificate, put_in, running_until
from tests.factories.certification import answered_plan, latest, make_evidence, small_standard, submitted_plan
from tests.factories.events import make_event, make_project, make_venue
from tests.factories.network_case import NetworkCase, network_case
from tests.factories.reviews import claimed_plan, judged_plan, recommended_plan

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
    proposed = put_in(
        "in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())
    )
    revocations.propose(actor=adviser, certificate_id=proposed.pk, reason="SECRET-REASON")
    expiring = put_in(
        "in_force", decided_certificate(organisation, reviewer=adviser, signer=authoriser, subject=venue())
    )
    running_until(expiring, timezone.localdate() + timedelta(days=20))
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
        network=network_case(owner, adviser),
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
