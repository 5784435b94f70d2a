"""What a person should look at again after the rules have spoken, and what every answer says."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from events.domain.facts import Facts
from events.domain.rule_sets import RuleSet, before_commencement_note
from events.domain.uses import USES

__all__ = ["notices", "what_to_look_at"]

_NEAR_PERCENT: Final = 10
_REGULATOR: Final = (
    "The regulator of the Act is the Security Industry Authority, not the police. This answer is guidance and no "
    "decision of the regulator."
)
_OPT_IN: Final = (
    "Outside the Act you may still apply for a certificate of this scheme. You are then judged by the criteria of the "
    "standard tier, or of the enhanced tier if you choose it."
)


def notices(tier: str, rule_set: RuleSet) -> tuple[str, ...]:
    """Said with every answer, so that nobody takes it for the regulator's."""
    found = (_REGULATOR, before_commencement_note(rule_set))
    return (*found, _OPT_IN) if tier in {"none", "excluded"} else found


def what_to_look_at(facts: Facts, rule_set: RuleSet, looked_at: Collection[str]) -> tuple[str, ...]:
    """`looked_at`: the rules that the answer passed through, since a figure that never counted needs no second look."""
    return (
        *_near_a_threshold(facts, rule_set, looked_at),
        *(_of_premises(facts) if facts.kind == "premises" else _of_an_event(facts, rule_set)),
        *_contradictions(facts),
        *_presumptions(facts),
    )


def _near_a_threshold(facts: Facts, rule_set: RuleSet, looked_at: Collection[str]) -> Iterator[str]:
    number = facts.counted_attendance
    marks = {"events.4": (rule_set.event,), "premises.5": (rule_set.premises_lower, rule_set.premises_upper)}
    capped = "premises.6" in looked_at
    for mark in (mark for rule, found in marks.items() if rule in looked_at for mark in found):
        if capped and mark == rule_set.premises_upper:
            continue
        if abs(number - mark) * 100 <= mark * _NEAR_PERCENT:
            yield (
                f"{number:,} is within {_NEAR_PERCENT} % of the threshold of {mark:,}. Check how the figure was worked "
                "out, whether staff are in it, and keep a dated note of it."
            )


def _of_premises(facts: Facts) -> Iterator[str]:
    if facts.open_air_type is not None:
        yield from _of_open_air_premises(facts)
    if facts.use is not None and not facts.wholly_or_mainly:
        yield (
            "A mixed use: ask which use is the main one, by time and by space. A part of the building that is wholly "
            "or mainly put to a listed use can fall under the Act by itself."
        )
    if not facts.recurring:
        yield (
            "A figure that is reached again and again counts, even if only at the busiest times of the year. Give the "
            "greatest number that comes back, and look at this answer again."
        )


def _of_open_air_premises(facts: Facts) -> Iterator[str]:
    if facts.open_air_type == "sports_ground" and facts.designated_sports_ground:
        return
    if facts.entry_check != "none" and facts.entry_check_scope == "particular_events_only":
        yield (
            "A ground that takes gate money or tickets only on match days or for particular events may stay outside "
            "the Act as a place, while each of those days may be a qualifying event. Ask for advice."
        )
    elif facts.entry_check != "none" and facts.entry_check_scope in {"particular_facilities_only", "part_of_site"}:
        yield "Only part of this open-air place is checked on entry: look at that part by itself, and ask for advice."
    if facts.entry_check == "none" or facts.entry_check_scope in {
        "particular_events_only",
        "particular_facilities_only",
    }:
        yield (
            "An event with checked entry held here can fall under the Act although the place does not, and so can a "
            "building on it, such as a café."
        )


def _of_an_event(facts: Facts, rule_set: RuleSet) -> Iterator[str]:
    if (
        facts.entry_check_scope in {"particular_events_only", "particular_facilities_only"}
        and facts.entry_check != "none"
    ):
        yield (
            "Entry is checked only for parts of the event. Each part that is checked is an event of its own and is "
            "counted alone: look at each of them."
        )
    if not facts.public_access and facts.entry_check in {"payment", "ticket_or_pass"}:
        yield "The event is said to be closed to the public. If anybody can buy or get a ticket, it is open."
    many = facts.counted_attendance >= rule_set.premises_upper
    if facts.recurring and many and facts.host_tier in {"none", "standard"}:
        yield (
            f"If {rule_set.premises_upper:,} or more people come to this place from time to time, the place itself may "
            "be in the enhanced tier. Look at the place as well."
        )


_PHASE_OF_USE: Final = {
    "childcare": "childcare",
    "primary_secondary": "primary_secondary_education",
    "further": "further_education",
    "higher": "higher_education",
}


def _contradictions(facts: Facts) -> Iterator[str]:
    use = facts.use if facts.kind == "premises" else facts.host_use
    taught = _PHASE_OF_USE.get(facts.education_phase or "", facts.education_phase)
    if (facts.is_place_of_worship and use != "worship") or (taught and use != taught):
        label = USES[use].label if use else "none of the listed ones"
        yield (
            f"A mixed use: the use given is {label}, yet worship or teaching is named too. Worship, childcare, schools "
            "and further education have rules of their own, so settle which use is the main one."
        )
    if facts.part_attendance is not None and facts.part_attendance > facts.expected_attendance:
        yield "The part that is checked is said to hold more people than the whole: check both figures."
    if facts.open_air_type is not None and not facts.open_air:
        yield "A kind of open-air place is named, but the place is not said to be in the open air: check both."


_PRESUMED_TEXT: Final = {
    "recurring": "the number comes back from time to time",
    "has_building": "there is a building",
    "wholly_or_mainly": "the premises are wholly or mainly put to their use",
    "public_access": "members of the public have access",
}


def _presumptions(facts: Facts) -> Iterator[str]:
    """Only of what the rules look at for this kind and use: a hotel is asked about no visits of the public."""
    bearing = {"recurring", "has_building"} if facts.kind == "premises" else {"public_access"}
    if facts.kind == "premises" and (use := USES.get(facts.use or "")) is not None:
        bearing |= {"wholly_or_mainly", "public_access"} if use.needs_public else {"wholly_or_mainly"}
    for name in facts.presumed:
        if name in bearing:
            yield f"It was not said whether {_PRESUMED_TEXT[name]}; the answer presumes that it is so."
