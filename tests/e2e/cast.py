"""A program: fills the data directory that the journeys are served from. The people are those of the test suite."""

from __future__ import annotations

import sys
from typing import Final

OFFICERS: Final = {
    "adviser": ("adviser-one@example.org", "adviser-two@example.org"),
    "authoriser": ("authoriser-one@example.org", "authoriser-two@example.org"),
}
ORGANISER: Final = "organiser@example.org"


def fill() -> None:
    from scripts.prepare import load_standard, migrate
    from tests.factories import accounts as people

    migrate()
    load_standard()
    for role, addresses in OFFICERS.items():
        for address in addresses:
            people.make_officer(role, email=address, name=address.partition("@")[0].replace("-", " ").title())
    people.make_organisation(people.make_user("Olive Organiser", email=ORGANISER), name="Harbour Lights Trust")


def main() -> int:
    import django

    django.setup()
    fill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
