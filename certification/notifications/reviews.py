"""What the police side writes to people: that something happened, and where to read it. Never a comment or a reason."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.models import Plan, Submission
from core.notify import Message

__all__ = ["changes_requested", "ready_to_sign", "refused", "released", "sent_back"]


def changes_requested(submission: Submission, *, count: int) -> Message:
    return Message(
        kind="plan.changes_requested",
        subject=_("Changes are needed to your plan: receipt %(receipt)s") % {"receipt": submission.receipt},
        body=_(
            "The police adviser who is reviewing your security plan needs something more before they can go on.\n\n"
            "Criteria to change: %(count)s\n\n"
            "Read what is needed, and answer, here:\n%(link)s\n\n"
            "Only these criteria are open for changes. Submit the plan again when they are done."
        )
        % {"count": count, "link": _link("certification:plan", submission.plan_id)},
    )


def released(plan: Plan) -> Message:
    return Message(
        kind="review.released",
        subject=_("A plan you were reviewing is back in the queue"),
        body=_(
            "An authorising officer of your area gave a plan that you had claimed back to the queue, so that another "
            "adviser can review it. What you wrote is kept.\n\n%(link)s"
        )
        % {"link": _link("certification:review", plan.pk)},
    )


def ready_to_sign(plan: Plan) -> Message:
    return Message(
        kind="plan.recommended",
        subject=_("A plan is waiting for a signature"),
        body=_(
            "A review in your area is finished and a recommendation has been made. An authorising officer who took no "
            "part in the review needs to decide.\n\n%(link)s"
        )
        % {"link": _link("certification:decide", plan.pk)},
    )


def sent_back(plan: Plan) -> Message:
    return Message(
        kind="plan.sent_back",
        subject=_("A recommendation of yours was sent back"),
        body=_(
            "The authorising officer sent back a recommendation that you made. Their reason is on the review page.\n\n%(link)s"
        )
        % {"link": _link("certification:review", plan.pk)},
    )


def refused(submission: Submission) -> Message:
    """Nor the outcome: a mailbox is no place to learn which site was found wanting."""
    return Message(
        kind="plan.refused",
        subject=_("The police have decided on your plan: receipt %(receipt)s") % {"receipt": submission.receipt},
        body=_(
            "There is a decision on your organisation's plan. Read it, with its reasons, here:\n%(link)s\n\n"
            "You will be asked to sign in."
        )
        % {"link": _link("certification:decision", submission.plan_id)},
    )


def _link(name: str, plan_id: UUID) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[plan_id])}"
