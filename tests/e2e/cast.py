"""A program: fills the data directory that the journeys are served from, and prints where their plans are.

The people are those of the test suite. Each journey that writes has a plan of its own: none waits for another.
"""

from __future__ import annotations

import json
import sys
from typing import Final

OFFICERS: Final = {
    "adviser": ("adviser-one@example.org", "adviser-two@example.org"),
    "authoriser": ("authoriser-one@example.org", "authoriser-two@example.org"),
}
ORGANISER: Final = "organiser@example.org"
COLLEAGUE: Final = "colleague@example.org"
# They get a passkey or recovery codes in their journeys, and would be asked for them in another.
CARRIERS: Final = ("passkey-one@example.org", "recovery-one@example.org", "recovery-two@example.org")
# For networks, reports and lessons: an adviser and two halls' people for each way of browsing.
NETWORK_ADVISERS: Final = ("network-adviser-one@example.org", "network-adviser-two@example.org")
NETWORK_MEMBERS: Final = (
    ("asker-one@example.org", "helper-one@example.org"),
    ("asker-two@example.org", "helper-two@example.org"),
)
DRAFTS: Final = ("clash-0", "clash-1", "autosave", "keyboard")
ANSWERED: Final = "answered"


def fill() -> dict[str, str]:
    from accounts.models import Membership
    from scripts.prepare import load_standard, migrate
    from tests.factories import accounts as people
    from tests.factories import certification as plans
    from tests.factories.events import make_venue

    migrate()
    load_standard()
    for role, addresses in OFFICERS.items():
        for address in addresses:
            people.make_officer(role, email=address, name=address.partition("@")[0].replace("-", " ").title())
    trust = people.make_organisation(people.make_user("Olive Organiser", email=ORGANISER), name="Harbour Lights Trust")
    colleague = people.make_user("Cass Colleague", email=COLLEAGUE)
    Membership.objects.create(organisation=trust, user=colleague, role="editor", joined_at=trust.created_at)
    for address in CARRIERS:
        carrier = people.make_user(address.partition("@")[0].replace("-", " ").title(), email=address)
        if address.startswith("recovery"):
            people.make_second_factor(carrier)
    made = {name: plans.draft_plan(trust, subject=make_venue(trust, name=f"Hall of {name}")) for name in DRAFTS}
    made[ANSWERED] = plans.answered_plan(trust, subject=make_venue(trust, name="Hall of answers"))
    make_venue(trust, name="Lantern Hall", people=900)
    fill_networks()
    return {name: f"/plans/{plan.pk}/" for name, plan in made.items()}


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
