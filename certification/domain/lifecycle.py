"""The legal moves of a plan and of a certificate, as plain data: (state, action) → state.

A pair that is not here is illegal. One private function in services moves each of the two; the whole grid is tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
UNDER_REVIEW: Final = "under_review"
CHANGES_REQUESTED: Final = "changes_requested"
RECOMMENDED: Final = "recommended"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"

PLAN_STATES: Final = (DRAFT, SUBMITTED, UNDER_REVIEW, CHANGES_REQUESTED, RECOMMENDED, APPROVED, REFUSED, WITHDRAWN)
PLAN_OPEN: Final = (DRAFT, SUBMITTED, UNDER_REVIEW, CHANGES_REQUESTED, RECOMMENDED)
PLAN_EDITABLE: Final = (DRAFT, CHANGES_REQUESTED)
# What the police of the area may see: from the first submission on. A withdrawn draft was never theirs.
PLAN_WITH_POLICE: Final = (SUBMITTED, UNDER_REVIEW, CHANGES_REQUESTED, RECOMMENDED)
PLAN_DECIDED: Final = (APPROVED, REFUSED)

PLAN_MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (DRAFT, "submit"): SUBMITTED,
        (DRAFT, "withdraw"): WITHDRAWN,
        (SUBMITTED, "claim"): UNDER_REVIEW,
        (SUBMITTED, "withdraw"): WITHDRAWN,
        (UNDER_REVIEW, "release"): SUBMITTED,
        (UNDER_REVIEW, "request_changes"): CHANGES_REQUESTED,
        (UNDER_REVIEW, "recommend"): RECOMMENDED,
        (UNDER_REVIEW, "withdraw"): WITHDRAWN,
        (CHANGES_REQUESTED, "resubmit"): UNDER_REVIEW,
        (CHANGES_REQUESTED, "withdraw"): WITHDRAWN,
        (RECOMMENDED, "send_back"): UNDER_REVIEW,
        (RECOMMENDED, "approve"): APPROVED,
        (RECOMMENDED, "refuse"): REFUSED,
        (RECOMMENDED, "withdraw"): WITHDRAWN,
    }
)
PLAN_ACTIONS: Final = tuple(sorted({action for _, action in PLAN_MOVES}))

BEING_ISSUED: Final = "being_issued"
IN_FORCE: Final = "in_force"
EXPIRED: Final = "expired"
REVOKED: Final = "revoked"
SUPERSEDED: Final = "superseded"
SUSPENDED: Final = "suspended"
SURRENDERED: Final = "surrendered"

CERTIFICATE_STATES: Final = (BEING_ISSUED, IN_FORCE, SUSPENDED, EXPIRED, REVOKED, SUPERSEDED, SURRENDERED)
# Not over yet: what may still move.
CERTIFICATE_LIVE: Final = (BEING_ISSUED, IN_FORCE, SUSPENDED)
# At most one of these for a subject, by constraint: a suspended certificate may come back into force.
CERTIFICATE_STANDING: Final = (IN_FORCE, SUSPENDED)
CERTIFICATE_ENDED: Final = (EXPIRED, REVOKED, SUPERSEDED, SURRENDERED)

CERTIFICATE_MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        (BEING_ISSUED, "issue"): IN_FORCE,
        # Decided and revoked before the document was made: it never comes into force.
        (BEING_ISSUED, "revoke"): REVOKED,
        (BEING_ISSUED, "surrender"): SURRENDERED,
        (BEING_ISSUED, "expire"): EXPIRED,
        # It waited to take the place of one that is suspended, and a later decision came first.
        (BEING_ISSUED, "supersede"): SUPERSEDED,
        (IN_FORCE, "suspend"): SUSPENDED,
        (IN_FORCE, "revoke"): REVOKED,
        (IN_FORCE, "surrender"): SURRENDERED,
        (IN_FORCE, "supersede"): SUPERSEDED,
        (IN_FORCE, "expire"): EXPIRED,
        (SUSPENDED, "reinstate"): IN_FORCE,
        # An urgent suspension that no second officer confirmed in time.
        (SUSPENDED, "lapse"): IN_FORCE,
        (SUSPENDED, "revoke"): REVOKED,
        (SUSPENDED, "surrender"): SURRENDERED,
        (SUSPENDED, "supersede"): SUPERSEDED,
        (SUSPENDED, "expire"): EXPIRED,
    }
)
CERTIFICATE_ACTIONS: Final = tuple(sorted({action for _, action in CERTIFICATE_MOVES}))


def plan_after(state: str, action: str) -> str | None:
    """The state that `action` leads to, or None when the move does not exist."""
    return PLAN_MOVES.get((state, action))


def certificate_after(state: str, action: str) -> str | None:
    return CERTIFICATE_MOVES.get((state, action))


def certificate_now(state: str, *, is_over: bool, has_lapsed: bool) -> str:
    """Judged by time, whether or not the sweeps have come: past its last day it has expired, and what was suspended by
    one officer alone is in force again when nobody confirmed that in time.
    """
    if state in CERTIFICATE_LIVE and is_over:
        return EXPIRED
    return IN_FORCE if state == SUSPENDED and has_lapsed else state
