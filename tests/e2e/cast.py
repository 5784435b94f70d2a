"""A program: fills the data directory that the journeys are served from, and prints where their plans are.

The people are those of the test suite. Each journey that writes has a plan of its own: none waits for another.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from accounts.models import Organisation
    from events.models import Venue

OFFICERS: Final = {
    "adviser": ("adviser-one@example.org", "adviser-two@example.org"),
    "authoriser": ("authoriser-one@example.org", "authoriser-two@example.org"),
}
ORGANISER: Final = "organiser@example.org"
COLLEAGUE: Final = "colleague@example.org"
# They get a passkey or recovery codes in their journeys, and would be asked for them in another.
CARRIERS: Final = ("passkey-one@example.org", "recovery-one@example.org", "recovery-two@example.org")
# A pair for each way of browsing: a code of two-step verification is good once.
ADMINISTRATORS: Final = (
    ("administrator-one@example.org", "administrator-two@example.org"),
    ("administrator-three@example.org", "administrator-four@example.org"),
)
AREA_ADVISERS: Final = ("adviser-three@example.org", "adviser-four@example.org")
HOLDER: Final = "holder@example.org"
HELD: Final = "Lantern Arena"
SILENT: Final = "Moorside Arena"
# One certificate with a condition for each way of browsing, and an officer who did not sign it.
CONDITION_HOLDERS: Final = ("condition-holder-one@example.org", "condition-holder-two@example.org")
CONDITION_ADVISERS: Final = ("condition-adviser-one@example.org", "condition-adviser-two@example.org")
# For networks, reports and lessons: an adviser and two halls' people for each way of browsing.
NETWORK_ADVISERS: Final = ("network-adviser-one@example.org", "network-adviser-two@example.org")
NETWORK_MEMBERS: Final = (
    ("asker-one@example.org", "helper-one@example.org"),
    ("asker-two@example.org", "helper-two@example.org"),
)
DRAFTS: Final = ("clash-0", "clash-1", "autosave", "keyboard")
ANSWERED: Final = "answered"
# Certified, and on the register.
CERTIFIED: Final = "Wetherfold Library"


def fill() -> dict[str, str]:
    from accounts.models import Membership
    from scripts.prepare import load_standard, migrate
    from tests.e2e import moving
    from tests.factories import accounts as people
    from tests.factories import certification as plans
    from tests.factories.events import make_venue

    migrate()
    load_standard()
    for role, addresses in OFFICERS.items():
        for address in addresses:
            people.make_officer(role, email=address, name=_name(address))
    trust = people.make_organisation(people.make_user("Olive Organiser", email=ORGANISER), name="Harbour Lights Trust")
    colleague = people.make_user("Cass Colleague", email=COLLEAGUE)
    Membership.objects.create(organisation=trust, user=colleague, role="editor", joined_at=trust.created_at)
    for address in CARRIERS:
        carrier = people.make_user(_name(address), email=address)
        if address.startswith("recovery"):
            people.make_second_factor(carrier)
    made = {name: plans.draft_plan(trust, subject=make_venue(trust, name=f"Hall of {name}")) for name in DRAFTS}
    made[ANSWERED] = plans.answered_plan(trust, subject=make_venue(trust, name="Hall of answers"))
    make_venue(trust, name="Lantern Hall", people=900)
    fill_threat_level()
    fill_conditions()
    moving.fill()
    fill_networks()
    certify(trust, made_for=make_venue(trust, name=CERTIFIED))
    return {name: f"/plans/{plan.pk}/" for name, plan in made.items()}


def fill_threat_level() -> None:
    """The level is low, and two places are certified at the enhanced tier: one holder will answer, the other will not."""
    from django.utils import timezone

    from tests.factories import accounts as people
    from tests.factories import threat

    for address in (address for pair in ADMINISTRATORS for address in pair):
        people.make_second_factor(people.make_user(_name(address), email=address, national_role="administrator"))
    for address in AREA_ADVISERS:
        people.make_officer("adviser", email=address, name=_name(address))
    reviewer, signer = people.make_officer("adviser"), people.make_officer("authoriser")
    for owner, place in ((people.make_user("Hal Holder", email=HOLDER), HELD), (people.make_user(), SILENT)):
        threat.certified_hall(people.make_organisation(owner), name=place, reviewer=reviewer, signer=signer)
    threat.record("moderate", effective_at=timezone.now() - timedelta(days=9))


def fill_conditions() -> None:
    from django.utils import timezone

    from tests.factories import accounts as people
    from tests.factories import conditions, threat

    for address in CONDITION_ADVISERS:
        people.make_officer("adviser", email=address, name=_name(address))
    reviewer, signer = people.make_officer("adviser"), people.make_officer("authoriser")
    for address in CONDITION_HOLDERS:
        trust = people.make_organisation(people.make_user(_name(address), email=address))
        place = f"Hall of {address.partition('@')[0]}"
        certificate = threat.certified_hall(trust, name=place, reviewer=reviewer, signer=signer)
        day = timezone.localdate() + timedelta(days=40)
        conditions.add(certificate, "PHY-01", day, "Have every vehicle approach surveyed by a competent person.")


def _name(address: str) -> str:
    return address.partition("@")[0].replace("-", " ").title()


def certify(trust: Organisation, *, made_for: Venue) -> None:
    """By other officers than the journeys' own, whose queues and second factors are theirs."""
    from certification.models import Certificate
    from certification.services import documents
    from tests.factories import accounts as people
    from tests.factories import reviews

    adviser, authoriser = people.make_officer("adviser"), people.make_officer("authoriser")
    plan = reviews.recommended_plan(trust, reviewer=adviser, subject=made_for, level=4)
    reviews.sign_as_recommended(plan, by=authoriser)
    documents.render({"certificate": str(Certificate.objects.get(plan=plan).pk)})


def fill_networks() -> None:
    """Halls whose people have joined nothing yet, and advisers of their own, since a code is good once."""
    from tests.factories import accounts as people
    from tests.factories.events import make_venue

    for address in NETWORK_ADVISERS:
        people.make_officer("adviser", email=address, name=address.partition("@")[0].replace("-", " ").title())
    for address in (address for pair in NETWORK_MEMBERS for address in pair):
        name = address.partition("@")[0].replace("-", " ").title()
        hall = people.make_organisation(people.make_user(name, email=address), name=f"Hall of {name}")
        make_venue(hall, name=f"{name} Hall")


def main() -> int:
    import django

    django.setup()
    sys.stdout.write(json.dumps(fill()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
