"""One act of one person in a process of its own: `python -m tests.integration.acts NAME JSON`.

Says "ready" when everything is loaded, waits for a line, acts, and says what came of it as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any
from uuid import UUID

import django


def sign(*, plan: str, user: str) -> dict[str, Any]:
    """As recommended."""
    from accounts.models import User
    from certification.models import Recommendation
    from certification.services import decisions

    current = Recommendation.objects.get(plan=plan, superseded_at__isnull=True)
    decision = decisions.DecisionInput(
        outcome=current.outcome,
        departure_reason=current.departure_reason,
        conditions=tuple(decisions.Condition.from_dict(item) for item in current.conditions),
    )
    return {"decision": decisions.sign(actor=User.objects.get(pk=user), plan_id=current.plan_id, decision=decision).pk}


def save_answer(*, plan: str, user: str, code: str, account: str, version: int) -> dict[str, Any]:
    from accounts.models import User
    from certification.services import answers

    made = answers.save(
        actor=User.objects.get(pk=user),
        plan_id=UUID(plan),
        code=code,
        answer=answers.AnswerInput(level=3, account=account),
        expected_version=version,
    )
    return {"version": made.version, "account": made.account}


def suspend(*, certificate: str, user: str) -> dict[str, Any]:
    """At once, on one signature."""
    from accounts.models import User
    from certification.services import proposals

    wanted = proposals.Wanted("suspend", "Because.", urgent=True)
    made = proposals.propose(actor=User.objects.get(pk=user), certificate_id=UUID(certificate), wanted=wanted)
    return {"proposal": made.pk}


def confirm(*, proposal: int, user: str) -> dict[str, Any]:
    from accounts.models import User
    from certification.services import proposals

    found = proposals.confirm(actor=User.objects.get(pk=user), proposal_id=proposal)
    return {"confirmed": proposal, "state": found.state}


def drop(*, proposal: int, user: str) -> dict[str, Any]:
    from accounts.models import User
    from certification.services import proposals

    return {"dropped": proposals.drop(actor=User.objects.get(pk=user), proposal_id=proposal).pk}


def surrender(*, certificate: str, user: str) -> dict[str, Any]:
    from accounts.models import User
    from certification.services import surrenders

    actor = User.objects.get(pk=user)
    return {"state": surrenders.surrender(actor=actor, certificate_id=UUID(certificate), reason="Because.").state}


ACTS = {
    "suspend": suspend,
    "confirm": confirm,
    "drop": drop,
    "surrender": surrender,
    "sign": sign,
    "save_answer": save_answer,
}


def main(name: str, arguments: str) -> None:
    django.setup()
    from django.db import connection

    from certification.services import answers, decisions, proposals, surrenders  # noqa: F401 - loaded before anybody is told to go
    from core.errors import DomainError

    connection.ensure_connection()
    say("ready")
    sys.stdin.readline()
    try:
        said = ACTS[name](**json.loads(arguments))
    except DomainError as error:
        said = {"error": type(error).__name__, "message": str(error)}
    say(json.dumps(said))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
