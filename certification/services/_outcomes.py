"""What a recommendation and a decision have in common: the outcome, its conditions, and the reason for a departure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from certification.domain import departures
from certification.domain.departures import Condition
from certification.domain.scoring import Score
from certification.selectors.decisions import drafted_conditions
from certification.selectors.reviews import ReviewCase
from certification.selectors.standing import Standing
from certification.services import reviews
from core.errors import Incomplete, InvalidInput

__all__ = ["Outcome", "checked"]

LONGEST_REASON: Final = 4000
LONGEST_CONDITION: Final = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """`called_for`: what the score and the conditions that stand come to."""

    outcome: str
    called_for: str
    departure_reason: str
    conditions: tuple[Condition, ...]


def checked(
    case: ReviewCase,
    result: Score,
    standing: Standing,
    *,
    outcome: str,
    departure_reason: str,
    conditions: tuple[Condition, ...],
) -> Outcome:
    """Raises InvalidInput naming the field. A reason where nothing departs is dropped: it would claim a departure.

    `conditions` are the new ones. Those that stand come along with any outcome but a refusal; nobody gives them words,
    dates or a reason again.
    """
    if result.outcome not in departures.OUTCOMES:
        raise Incomplete(_("The score is not complete yet."), list(result.unanswered))
    if outcome not in departures.OUTCOMES:
        raise InvalidInput(_("Choose an outcome"), "outcome")
    tidy = tuple(_condition(condition, case) for condition in conditions)
    _check_conditions(outcome, tidy, standing)
    called_for = departures.called_for(result.outcome, outstanding=standing.outstanding)
    drafted = [item.code for item in drafted_conditions(case.standard, result, standing)]
    departs = departures.departure(
        engine_outcome=called_for, outcome=outcome, drafted=drafted, kept=[item.code for item in tidy]
    )
    reason = reviews.tidy(departure_reason)
    if departs and not reason:
        raise InvalidInput(_why_missing(departs), "departure_reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(
            _("The reason must be %(most)s characters or fewer") % {"most": LONGEST_REASON}, "departure_reason"
        )
    return Outcome(outcome, called_for, reason if departs else "", tidy)


def _why_missing(departs: departures.Departure) -> str:
    if departs.outcome:
        return _("Say why you depart from the outcome of the score")
    return _("Say why you leave out the condition for %(codes)s, which the score calls for") % {
        "codes": ", ".join(departs.left_out)
    }


def _check_conditions(outcome: str, conditions: tuple[Condition, ...], standing: Standing) -> None:
    if outcome == departures.CERTIFY and standing.outstanding and standing.former is not None:
        message = _(
            "Conditions stand from certificate %(number)s and are not all met. Choose “certify with conditions”; what is "
            "no longer wanted ends by a variation."
        )
        raise InvalidInput(message % {"number": standing.former.number}, "outcome")
    if outcome == departures.CONDITIONS and not conditions and not standing.stands:
        raise InvalidInput(_("Set at least one condition, or choose another outcome"), "conditions")
    if outcome != departures.CONDITIONS and conditions:
        raise InvalidInput(_("Conditions belong to “certify with conditions” only"), "conditions")
    codes = [condition.code for condition in conditions]
    if len(set(codes)) != len(codes):
        raise InvalidInput(_("Set one condition for each criterion"), "conditions")
    if closed := [code for code in codes if code in standing.closed]:
        message = _("%(codes)s: judged before and not concerned by the change, so no new condition is set here")
        raise InvalidInput(message % {"codes": ", ".join(closed)}, "conditions")


def _condition(condition: Condition, case: ReviewCase) -> Condition:
    if condition.code not in case.by_code:
        raise InvalidInput(_("%(code)s does not apply to this plan") % {"code": condition.code}, "conditions")
    text = reviews.tidy(condition.text)
    if not text or len(text) > LONGEST_CONDITION:
        message = _("%(code)s: write the condition in 1 to %(most)s characters")
        raise InvalidInput(message % {"code": condition.code, "most": LONGEST_CONDITION}, "conditions")
    if not 1 <= condition.days <= departures.LONGEST_DAYS:
        message = _("%(code)s: the days to meet the condition must be 1 to %(most)s")
        raise InvalidInput(message % {"code": condition.code, "most": departures.LONGEST_DAYS}, "conditions")
    if condition.before_event and case.plan.event_id is None:
        message = _("%(code)s: only a plan for an event has a start to count the days back from")
        raise InvalidInput(message % {"code": condition.code}, "conditions")
    return replace(condition, text=text)
