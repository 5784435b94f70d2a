"""Small standards for the tests of the rules, as the data of a file that has passed the schema."""

from __future__ import annotations

from typing import Any

from certification.domain.answers import Answer
from certification.domain.standard import Standard

VENUE = {"kind": "venue", "tier": "enhanced", "act_tier": "enhanced"}


def criterion(code: str, weight: int = 1, **more: object) -> dict[str, Any]:
    return {"code": code, "question": f"Is {code} in place?", "weight": weight, "remedy": f"Do {code}.", **more}


def section(code: str, *criteria: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "title": f"Section {code}", "criteria": list(criteria)}


def document(*sections: dict[str, Any], **more: object) -> dict[str, Any]:
    """Five levels; passes at 70 / 50 / level 3, with conditions from 50 and level 2."""
    labels = ("Not in place", "Planned", "Partly in place", "In place", "In place and tested")
    return {
        "code": "TEST",
        "version": "2026.1",
        "title": "A standard for tests",
        "effective_from": "2026-04-01",
        "levels": [{"value": value, "label": label} for value, label in enumerate(labels)],
        "pass": {"overall": 70, "section": 50, "mandatory_level": 3},
        "conditional": {"overall": 50, "mandatory_level": 2},
        "validity": [{"months": 24}],
        "sections": list(sections),
        **more,
    }


def standard(*sections: dict[str, Any], **more: object) -> Standard:
    return Standard.from_dict(document(*sections, **more))


def levels(**given: int | None) -> dict[str, Answer]:
    """`levels(AA_01=3)` answers the criterion AA-01 with level 3."""
    return {code.replace("_", "-"): Answer(level=level) for code, level in given.items()}


NOT_HERE = Answer(na=True, reason="There is none.")
