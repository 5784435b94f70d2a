"""Which tier applies: for anybody, nothing is kept."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.api_schema import operation
from core.api_views import PublicView
from events.domain.tiers import Determination, answers_scheme, current_rule_set, determine, parse_facts, tier_of_project
from events.serializers.tiers import TriageResultSerializer, TriageSerializer


class TriageView(PublicView):
    throttle_scope = "triage"

    @operation("triage_determine", "Find out which tier applies", takes=TriageSerializer, gives=TriageResultSerializer)
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Guidance of the scheme and no decision of the regulator, the Security Industry Authority. Needs no account."""
        given = self.bound(TriageSerializer)
        is_project = given["kind"] == "project"
        facts = parse_facts({**given, "kind": "premises"} if is_project else given)
        judge = tier_of_project if is_project else determine
        found = judge(facts, current_rule_set(timezone.localdate()))
        return self.answer(TriageResultSerializer, shown(found, judged_tier=answers_scheme(found.tier)))


def shown(found: Determination, *, judged_tier: str) -> dict[str, Any]:
    return {
        "tier": found.tier,
        "judged_tier": judged_tier,
        "predicted": found.predicted,
        "rule_set": found.rule_set,
        "reasons": found.reasons,
        "look_again": found.look_again,
        "notices": found.notices,
    }
