"""The rules that class a change, as a table; and which criteria a change concerns."""

from __future__ import annotations

from typing import Any

import pytest

from certification.domain import changes
from certification.domain.changes import Changed, classify, concerned
from certification.domain.standard import Standard
from tests.factories.certification import national_file

SAME: dict[str, Any] = {
    "kind": "venue",
    "attendance": (250, 250),
    "tier": ("standard", "standard"),
    "use": ("hall", "hall"),
}


@pytest.mark.parametrize(
    ("given", "kinds", "reasons"),
    [
        ({}, (), ()),
        ({"attendance": (250, 275)}, ("numbers",), ()),
        ({"attendance": (250, 276)}, ("numbers",), ("more_people",)),
        ({"attendance": (250, 100)}, ("numbers",), ()),
        ({"attendance": (790, 810), "tier": ("standard", "enhanced")}, ("numbers",), ("higher_tier",)),
        ({"attendance": (810, 790), "tier": ("enhanced", "standard")}, ("numbers",), ()),
        ({"kind": "event", "days_moved": 14}, ("dates",), ()),
        ({"kind": "event", "days_moved": 15}, ("dates",), ("dates_moved",)),
        ({"names_changed": True}, ("senior",), ()),
        ({"use": ("hall", "food_drink")}, ("use",), ("use",)),
        ({"declared": frozenset({"layout"})}, ("layout",), ("layout",)),
        ({"declared": frozenset({"works"})}, ("works",), ("works",)),
        (
            {"declared": frozenset({"works", "layout"}), "names_changed": True, "attendance": (250, 260)},
            ("numbers", "layout", "senior", "works"),
            ("layout", "works"),
        ),
    ],
)
def test_a_change_is_classed_by_the_table(
    given: dict[str, Any], kinds: tuple[str, ...], reasons: tuple[str, ...]
) -> None:
    verdict = classify(Changed(**{**SAME, **given}))
    assert (verdict.kinds, verdict.reasons, verdict.major) == (kinds, reasons, bool(reasons))


def test_every_entry_of_the_table_is_in_the_national_standard() -> None:
    standard = Standard.from_dict(national_file().document)
    known = {section.code for section in standard.sections} | set(standard.by_code)
    assert [entry for entries in changes.CONCERNED.values() for entry in entries if entry not in known] == []
    assert tuple(changes.CONCERNED) == changes.KINDS


def test_sections_and_single_criteria_are_concerned_in_the_standard_s_order() -> None:
    criteria = [("GOV", "GOV-01"), ("GOV", "GOV-03"), ("RSK", "RSK-01"), ("COM", "COM-01"), ("MED", "MED-02")]
    assert concerned(["numbers"], criteria) == ("GOV-03", "RSK-01", "MED-02")
    assert concerned(["senior", "dates"], criteria) == ("GOV-01", "RSK-01", "COM-01", "MED-02")
    assert concerned([], criteria) == ()


@pytest.mark.parametrize("state", changes.STATES)
@pytest.mark.parametrize("action", changes.ACTIONS)
def test_each_move_of_a_change_is_in_the_table_or_is_none(state: str, action: str) -> None:
    legal = {
        ("recorded", "raise"): "open",
        ("open", "lower"): "recorded",
        ("open", "accept"): "accepted",
        ("open", "refuse"): "refused",
        ("open", "withdraw"): "withdrawn",
    }
    assert changes.after(state, action) == legal.get((state, action))


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("GOV-01", changes.STANDS),
        # Reviewed again; the same where it stood and was asked about all the same, which the caller takes out.
        ("PHY-01", changes.ANEW),
        # Of the standard, and not asked of this place any more, whether or not it stood.
        ("PHY-03", changes.GONE),
        ("GOV-09", changes.GONE),
        # Bound to no criterion, or to none of this standard.
        ("", changes.STANDS),
        ("OLD-01", changes.STANDS),
    ],
)
def test_what_becomes_of_a_condition_of_the_certificate_before(code: str, fate: str) -> None:
    known = {"GOV-01", "GOV-09", "PHY-01", "PHY-03"}
    found = changes.fate(code, standing={"GOV-01", "GOV-09"}, applies={"GOV-01", "PHY-01"}, known=known)
    assert found == fate
