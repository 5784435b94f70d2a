"""The one writer of a plan's and a certificate's state (house.md, law 4). The caller holds the row's lock."""

from __future__ import annotations

from datetime import datetime

from certification.domain import lifecycle
from certification.models import Certificate, Plan
from certification.services import register
from core.errors import IllegalMove


def move_plan(plan: Plan, action: str, *, at: datetime) -> None:
    """Move in memory; the caller saves together with what else the action changes. Raises IllegalMove."""
    after = lifecycle.plan_after(plan.state, action)
    if after is None:
        raise IllegalMove(f"A plan that is “{plan.get_state_display()}” cannot {_spoken(action)}.")
    plan.state = after
    plan.updated_at = at


def move_certificate(certificate: Certificate, action: str, *, at: datetime) -> None:
    """Move in memory; ends are dated here, so that no end is without its time. Raises IllegalMove.

    Its row of the public register moves along, in the caller's transaction: no move can forget it.
    """
    after = lifecycle.certificate_after(certificate.state, action)
    if after is None:
        raise IllegalMove(f"A certificate that is “{certificate.get_state_display()}” cannot {_spoken(action)}.")
    certificate.state = after
    if action == "issue":
        certificate.issued_at = at
    elif after in lifecycle.CERTIFICATE_ENDED:
        certificate.ended_at = at
    if action == "issue":
        register.settle_listing(certificate)
    register.enter(certificate, at=at)


def _spoken(action: str) -> str:
    return {
        "submit": "be submitted",
        "resubmit": "be submitted again",
        "withdraw": "be withdrawn",
        "claim": "be claimed",
        "release": "be released",
        "request_changes": "have changes requested",
        "recommend": "be recommended",
        "send_back": "be sent back",
        "approve": "be approved",
        "refuse": "be refused",
        "issue": "be issued",
        "expire": "expire",
        "revoke": "be revoked",
        "supersede": "be superseded",
        "suspend": "be suspended",
        "reinstate": "be reinstated",
        "lapse": "have its suspension lapse",
        "surrender": "be surrendered",
    }[action]
