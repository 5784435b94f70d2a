"""The parts of the demonstration that stand above its plans, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from accounts.models import User
from advisories.demo import bulletins, networks, threat

People = Mapping[str, User]
Say = Callable[[str], object]

# Each takes the people by email address, looks first what is there already, and says in a line what it built.
BUILDERS: Final[tuple[Callable[[People], str], ...]] = (threat.build, bulletins.build, networks.build)


def build(people: People, say: Say) -> None:
    for one in BUILDERS:
        say(one(people))
