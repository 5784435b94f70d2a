"""What mail about a plan says: that something happened and where to read it. Never a word of the plan itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.selectors import editors_of as organisation_editors
from certification.models import Evidence, Plan, Submission
from core.notify import Message


def readers_of(plan: Plan) -> Iterable[User]:
    """The reviewer once there is one, until then every adviser of the area."""
    if plan.reviewer is not None:
        return [plan.reviewer] if plan.reviewer.is_active else []
    return advisers_of(plan.area_id)


def advisers_of(area_code: str) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        appointments__area_id=area_code,
        appointments__role=Appointment.Role.ADVISER,
        appointments__ended_at__isnull=True,
    ).order_by("email")


def editors_of(plan: Plan) -> Iterable[User]:
    return organisation_editors(plan.organisation_id)


def submitted_to_police(plan: Plan) -> Message:
    return Message(
        kind="plan.submitted.police",
        subject=_("A plan has been submitted for review"),
        body=_(
            "A plan of your area has been submitted and can be read here:\n%(link)s\n\nYou will be asked to sign in."
        )
        % {"link": _link("certification:review", plan)},
    )


def submitted(submission: Submission) -> Message:
    return Message(
        kind="plan.submitted",
        subject=_("Your plan has been submitted: receipt %(receipt)s") % {"receipt": submission.receipt},
        body=_(
            "Your organisation's plan has been submitted to the police. Your receipt is %(receipt)s.\n\n"
            "Follow its progress here:\n%(link)s\n\nYou will be asked to sign in."
        )
        % {"receipt": submission.receipt, "link": _link("certification:plan", submission.plan)},
    )


def withdrawn(plan: Plan) -> Message:
    return Message(
        kind="plan.withdrawn",
        subject=_("A plan that you are reviewing has been withdrawn"),
        body=_("The organisation has withdrawn its plan. There is nothing left to review.\n%(link)s")
        % {"link": _link("certification:review", plan)},
    )


def file_refused(evidence: Evidence) -> Message:
    return Message(
        kind="evidence.refused",
        subject=_("A file that you uploaded was refused"),
        body=_(
            "A file that you added to a plan was refused because the scanner found malware in it. It has been deleted and "
            "nobody can open it. Check the device that it came from.\n\nThe plan is here:\n%(link)s"
        )
        % {"link": _link("certification:plan", evidence.plan)},
    )


def _link(name: str, plan: Plan) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[plan.pk])}"
