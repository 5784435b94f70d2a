"""Which tier of the Terrorism (Protection of Premises) Act 2025, and why: tiering.md as a pure function.

The rules run in the order of that page; the one that decides is the last reason. The law behind each is named in
its `basis`. This is guidance of the scheme and no decision of the regulator, and every answer says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.domain.faults import Fault
from events.domain.advice import notices, what_to_look_at
from events.domain.facts import TIERS, Facts, FactsError, parse_facts
from events.domain.rule_sets import RULE_SETS, RuleSet, before_commencement_note, current_rule_set
from events.domain.uses import EXCLUSIONS, USES

__all__ = [
    "JUDGED_TIERS",
    "RULE_SETS",
    "TIERS",
    "Determination",
    "Facts",
    "FactsError",
    "Fault",
    "Reason",
    "RuleSet",
    "answers_scheme",
    "before_commencement_note",
    "current_rule_set",
    "determine",
    "parse_facts",
    "tier_of_project",
]

JUDGED_TIERS: Final = ("standard", "enhanced")


@dataclass(frozen=True, slots=True)
class Reason:
    """`rule` is the rule's place in tiering.md (`premises.2`, `events.4`); `basis` the provision of the Act."""

    rule: str
    basis: str
    text: str


@dataclass(frozen=True, slots=True)
class Determination:
    """`look_again` is what a person should check about these facts; `notices` is what every answer says."""

    tier: str
    reasons: tuple[Reason, ...]
    rule_set: str
    look_again: tuple[str, ...]
    notices: tuple[str, ...]
    predicted: bool = False

    @property
    def advice(self) -> tuple[str, ...]:
        return self.look_again + self.notices

    def as_dict(self) -> dict[str, object]:
        """What the command prints; a prediction says that it is one."""
        found: dict[str, object] = {
            "tier": self.tier,
            "reasons": [{"rule": r.rule, "basis": r.basis, "text": r.text} for r in self.reasons],
            "rule_set": self.rule_set,
            "advice": list(self.advice),
        }
        return {**found, "predicted": True} if self.predicted else found


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one rule found: a reason, and the tier if it decides."""

    reason: Reason
    tier: str | None = None


_Rule = Callable[[Facts, RuleSet], _Finding | None]


def _finding(rule: str, basis: str, text: str, tier: str | None = None) -> _Finding:
    return _Finding(Reason(rule, basis, text), tier)


def _premises_excluded(facts: Facts, _: RuleSet) -> _Finding:
    exclusion = EXCLUSIONS.get(facts.excluded_kind or "")
    if exclusion is None:
        text = "No exclusion for Parliament, a devolved body or transport security was named."
        return _finding("premises.1", "Sch. 2 paras. 1, 2 and 4", text)
    return _finding("premises.1", exclusion.basis, f"The premises are {exclusion.text}.", "excluded")


_OPEN_AIR: Final = {
    "park": "a park",
    "garden": "a garden",
    "recreation_ground": "a recreation ground",
    "sports_ground": "a sports ground that is not designated",
    "other_recreation": "open-air premises for recreation",
}
_PARTIAL_CHECKS: Final = {
    "particular_events_only": "a check only at particular events does not count",
    "particular_facilities_only": "a check only at particular facilities does not count",
}


def _premises_open_air(facts: Facts, _: RuleSet) -> _Finding | None:
    if facts.open_air_type is None:
        return None
    rule, basis = "premises.2", "Sch. 2 para. 3"
    if facts.open_air_type == "sports_ground" and facts.designated_sports_ground:
        return _finding(rule, basis, "A designated sports ground is not left out as an open-air place.")
    place = _OPEN_AIR[facts.open_air_type]
    partial = _PARTIAL_CHECKS.get(facts.entry_check_scope or "")
    if facts.entry_check != "none" and partial is None:
        return _finding(
            rule, basis, f"This is {place}, but people are checked for payment, ticket or membership on entry."
        )
    why = (
        partial if facts.entry_check != "none" else "nobody checks that people have paid, hold a ticket or are members"
    )
    return _finding(rule, basis, f"This is {place} open to all comers: {why}.", "excluded")


def _premises_qualify(facts: Facts, _: RuleSet) -> _Finding:
    rule = "premises.3"
    if not facts.has_building:
        return _finding(rule, "s. 2(2)(a)", "There is no building, so these are not qualifying premises.", "none")
    if facts.use is None:
        return _finding(rule, "s. 2(2)(b)", "The premises have none of the uses that the Act lists.", "none")
    label = USES[facts.use].label
    basis = f"s. 2(2)(b); {USES[facts.use].basis}"
    if not facts.wholly_or_mainly:
        return _finding(rule, basis, f"The premises are not wholly or mainly used for {label}.", "none")
    return _finding(rule, basis, f"There is a building, wholly or mainly used for {label}.")


def _premises_public(facts: Facts, _: RuleSet) -> _Finding | None:
    use = USES[facts.use or ""]
    if not use.needs_public:
        return None
    if facts.public_access:
        return _finding("premises.4", use.basis, "Members of the public visit, as this use asks.")
    text = "This use counts only where members of the public visit, and here they do not."
    return _finding("premises.4", use.basis, text, "none")


def _premises_size(facts: Facts, rules: RuleSet) -> _Finding:
    number, lower = facts.expected_attendance, rules.premises_lower
    rule, basis = "premises.5", "s. 2(2)(c)"
    if number < lower:
        return _finding(rule, basis, f"At most {number:,} people are expected at once, fewer than {lower:,}.", "none")
    if not facts.recurring:
        text = f"{number:,} people are expected only on an unforeseen single occasion, not from time to time."
        return _finding(rule, basis, text, "none")
    text = f"{number:,} people, staff included, may be expected at once from time to time: {lower:,} or more."
    return _finding(rule, basis, text)


def _premises_capped(facts: Facts, _: RuleSet) -> _Finding | None:
    use = USES[facts.use or ""]
    if not use.standard_only:
        return None
    text = f"Premises used for {use.label} are in the standard tier, however many people come."
    return _finding("premises.6", f"s. 2(4); {use.basis}", text, "standard")


def _premises_tier(facts: Facts, rules: RuleSet) -> _Finding:
    number, upper = facts.expected_attendance, rules.premises_upper
    if number >= upper:
        return _finding("premises.7", "s. 2(3)(a)", f"{number:,} people is {upper:,} or more.", "enhanced")
    return _finding("premises.7", "s. 2(3)(b)", f"{number:,} people is fewer than {upper:,}.", "standard")


def _event_excluded(facts: Facts, _: RuleSet) -> _Finding:
    exclusion = EXCLUSIONS.get(facts.excluded_kind or "")
    if exclusion is not None:
        basis = f"Sch. 2 para. 5; {exclusion.basis}"
        return _finding("events.1", basis, f"The event is held on premises {exclusion.text}.", "excluded")
    host = USES.get(facts.host_use or "")
    if host is not None and host.standard_only:
        text = f"The event is held on premises mainly used for {host.label}."
        return _finding("events.1", f"Sch. 2 para. 6; {host.basis}", text, "excluded")
    return _finding("events.1", "Sch. 2 paras. 5 and 6", "No exclusion applies to the premises where it is held.")


def _event_qualifies(facts: Facts, _: RuleSet) -> _Finding:
    rule = "events.2"
    if facts.host_tier == "enhanced":
        text = "The event is held at premises of the enhanced tier, which carry the duties already."
        return _finding(rule, "s. 3(1)(b)", text, "none")
    if not facts.public_access:
        return _finding(rule, "s. 3(1)(c)", "The event is closed to members of the public.", "none")
    if facts.entry_check == "none":
        text = "Nobody checks payment, ticket, pass or membership on entry. A bag search is no such check."
        return _finding(rule, "s. 3(1)(e)", text, "none")
    text = "The public may attend, and payment, ticket, pass or membership is checked on entry."
    return _finding(rule, "s. 3(1)(b), (c) and (e)", text)


def _event_part(facts: Facts, _: RuleSet) -> _Finding | None:
    if facts.entry_check_scope != "part_of_site":
        return None
    text = f"Only part of the site is checked, so that part alone counts: {facts.counted_attendance:,} people."
    return _finding("events.3", "s. 3(2)", text)


def _event_size(facts: Facts, rules: RuleSet) -> _Finding:
    number = facts.counted_attendance
    if number < rules.event:
        text = f"At most {number:,} people are expected at once, fewer than {rules.event:,}."
        return _finding("events.4", "s. 3(1)(d)", text, "none")
    text = f"{number:,} people, staff included, may be expected at once: {rules.event:,} or more."
    return _finding("events.4", "s. 3(1)(d)", f"{text} A qualifying event carries the enhanced duties.", "enhanced")


_RULES: Final[dict[str, tuple[_Rule, ...]]] = {
    "premises": (
        _premises_excluded,
        _premises_open_air,
        _premises_qualify,
        _premises_public,
        _premises_size,
        _premises_capped,
        _premises_tier,
    ),
    "event": (_event_excluded, _event_qualifies, _event_part, _event_size),
}


def determine(facts: Facts, rule_set: RuleSet = RULE_SETS[-1]) -> Determination:
    """Every rule that was looked at gives a reason; the last one decided."""
    reasons: list[Reason] = []
    for rule in _RULES[facts.kind]:
        finding = rule(facts, rule_set)
        if finding is None:
            continue
        reasons.append(finding.reason)
        if finding.tier is not None:
            looked_at = tuple(reason.rule for reason in reasons)
            return Determination(
                tier=finding.tier,
                reasons=tuple(reasons),
                rule_set=rule_set.id,
                look_again=what_to_look_at(facts, rule_set, looked_at),
                notices=notices(finding.tier, rule_set),
            )
    raise AssertionError("The last rule always decides.")


def tier_of_project(facts: Facts, rule_set: RuleSet = RULE_SETS[-1]) -> Determination:
    """The tier of the premises that a project will be when open. Projects are no category of the Act (scheme policy)."""
    if facts.kind != "premises":
        raise ValueError("A project is judged by the premises that it will become.")
    found = determine(facts, rule_set)
    notice = (
        "This tier is predicted: the Act does not cover projects, so by the policy of this scheme a project is given "
        "the tier of the premises that it will be when open."
    )
    return Determination(
        tier=found.tier,
        reasons=found.reasons,
        rule_set=found.rule_set,
        look_again=found.look_again,
        notices=(notice, *found.notices),
        predicted=True,
    )


def answers_scheme(tier: str, chosen: str | None = None) -> str:
    """The tier by which the standard judges: that of the Act, standard outside it, or a higher one that was chosen."""
    if tier not in TIERS or (chosen and chosen not in JUDGED_TIERS):
        raise ValueError("This is not a tier.")
    return "enhanced" if "enhanced" in (tier, chosen) else "standard"
