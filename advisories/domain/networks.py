"""The networks of the sectors: who is in one, how a post is marked, and who reads it. All as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from advisories.domain import tlp

__all__ = [
    "DIGEST",
    "EACH",
    "INDUSTRY",
    "LONGEST_REASON",
    "LONGEST_REMOVAL",
    "LONGEST_TEXT",
    "LONGEST_TITLE",
    "MAILS",
    "MARKINGS",
    "MEMBER",
    "NO_MAIL",
    "POLICE",
    "POSTS_AT_MOST",
    "POSTS_WITHIN",
    "PRESENCES",
    "REFUSALS",
    "markings_for",
    "reads",
    "refusal",
]

# What somebody is in a network, and what its two kinds of moderator are.
MEMBER: Final = "member"
POLICE: Final = "police"
INDUSTRY: Final = "industry"

EACH: Final = "each"
DIGEST: Final = "digest"
NO_MAIL: Final = "none"
MAILS: Final = (EACH, DIGEST, NO_MAIL)

# Of one person, posts and replies together, in all networks.
POSTS_AT_MOST: Final = 20
POSTS_WITHIN: Final = timedelta(hours=1)
LONGEST_TITLE: Final = 160
LONGEST_SEARCH: Final = 120
LONGEST_TEXT: Final = 6000
LONGEST_REASON: Final = 600
LONGEST_REMOVAL: Final = 300

MARKINGS: Final = (tlp.AMBER_STRICT, tlp.AMBER, tlp.GREEN)
_OF_MEMBERS: Final = (tlp.AMBER, tlp.GREEN)

# Why a marking cannot be chosen: the words are the service's.
REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {tlp.RED: "named_people_alone", tlp.CLEAR: "nothing_public", tlp.AMBER_STRICT: "police_alone"}
)

# How somebody stands to a network: in it, in another one or an officer, or neither.
INSIDE: Final = "inside"
COMMUNITY: Final = "community"
OUTSIDE: Final = "outside"
PRESENCES: Final = (INSIDE, COMMUNITY, OUTSIDE)


def markings_for(kind: str) -> tuple[str, ...]:
    return MARKINGS if kind == POLICE else _OF_MEMBERS


def refusal(marking: str, kind: str) -> str:
    """The reason's code, empty where the marking may be chosen; `unknown` for what is no marking."""
    if marking in markings_for(kind):
        return ""
    return REFUSALS.get(marking, "unknown")


def reads(marking: str, presence: str) -> bool:
    """TLP 2.0 taken at its word: GREEN stays in the community, which is all networks and the police; AMBER and
    AMBER+STRICT stay in the network that they were written for.
    """
    if presence == INSIDE:
        return marking in MARKINGS
    return presence == COMMUNITY and marking == tlp.GREEN
