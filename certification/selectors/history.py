"""What happened to a plan, told from the audit trail in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.models import Plan
from core.models import AuditEvent

LONGEST: Final = 30

# What is not here is not told: single saves and scans would bury the rest, and the officers' work is theirs until it is done.
_TOLD: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "plan.begun": gettext_lazy("Plan begun"),
        "plan.renewal_begun": gettext_lazy("Renewal begun from the last plan"),
        "plan.submitted": gettext_lazy("Plan submitted"),
        "plan.withdrawn": gettext_lazy("Plan withdrawn"),
        "plan.changes_requested": gettext_lazy("Changes asked for"),
        "plan.recommended": gettext_lazy("Review finished; waiting for an authorising officer"),
        "plan.sent_back": gettext_lazy("Sent back to the reviewer for another look"),
        "plan.decided": gettext_lazy("Decision signed"),
        "review.claimed": gettext_lazy("Review begun"),
        "review.released": gettext_lazy("Back in the queue for another adviser"),
        "certificate.created": gettext_lazy("Certificate being made"),
        "certificate.issued": gettext_lazy("Certificate issued"),
        "certificate.revoked": gettext_lazy("Certificate revoked"),
        "certificate.suspend_proposed": gettext_lazy("Certificate suspended at once"),
        "certificate.suspended": gettext_lazy("Certificate suspended"),
        "certificate.suspension_lapsed": gettext_lazy("Suspension lapsed: certificate in force again"),
        "certificate.suspension_withdrawn": gettext_lazy("Suspension withdrawn: certificate in force again"),
        "certificate.reinstated": gettext_lazy("Certificate reinstated"),
        "certificate.surrendered": gettext_lazy("Certificate surrendered"),
        "certificate.varied": gettext_lazy("Certificate varied"),
        "certificate.transferred": gettext_lazy("Certificate transferred to another holder"),
        "certificate.expired": gettext_lazy("Certificate expired"),
        "certificate.superseded": gettext_lazy("Certificate replaced by a newer one"),
    }
)
_BY_ORGANISATION: Final = frozenset(
    {"plan.begun", "plan.renewal_begun", "plan.submitted", "plan.withdrawn", "certificate.surrendered"}
)


@dataclass(frozen=True, slots=True)
class Happening:
    """`who` is a person of the organisation by name; officers and the service itself by what they are."""

    title: str
    when: datetime
    who: str
    detail: str


def of_plan(plan: Plan) -> list[Happening]:
    """Newest first; one query."""
    events = (
        AuditEvent.objects.filter(chain__key=f"plan:{plan.pk}", action__in=list(_TOLD))
        # An ordinary proposal is the police's own affair until it is confirmed.
        .exclude(action="certificate.suspend_proposed", facts__urgent=False)
        .select_related("actor")
        .order_by("-seq")[:LONGEST]
    )
    return [Happening(str(_TOLD[event.action]), event.at, _who(event), _detail(event)) for event in events]


def _who(event: AuditEvent) -> str:
    if event.actor is None:
        return _("the service")
    if event.action in _BY_ORGANISATION:
        return event.actor.name
    return _("the police")


def _detail(event: AuditEvent) -> str:
    facts = event.facts
    if event.action == "plan.submitted":
        return _("Receipt %(receipt)s, own score %(score)s%%") % {
            "receipt": facts.get("receipt", ""),
            "score": facts.get("overall", ""),
        }
    count = len(facts.get("codes", ()))
    if event.action == "plan.changes_requested" and count:
        return ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
    return ""
