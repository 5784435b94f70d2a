"""The Traffic Light Protocol 2.0 (FIRST, 2022): how far a text may travel. Upper-case wherever it is shown."""

from __future__ import annotations

from typing import Final

__all__ = ["AMBER", "AMBER_STRICT", "CLEAR", "DEFAULT", "GREEN", "LABELS", "ORDER", "RED", "link_only", "public"]

RED: Final = "red"
AMBER_STRICT: Final = "amber_strict"
AMBER: Final = "amber"
GREEN: Final = "green"
CLEAR: Final = "clear"

# The narrowest first.
ORDER: Final = (RED, AMBER_STRICT, AMBER, GREEN, CLEAR)
# What nobody marked is AMBER.
DEFAULT: Final = AMBER
LABELS: Final = {
    RED: "TLP:RED",
    AMBER_STRICT: "TLP:AMBER+STRICT",
    AMBER: "TLP:AMBER",
    GREEN: "TLP:GREEN",
    CLEAR: "TLP:CLEAR",
}


def link_only(marking: str) -> bool:
    """Read signed in alone: a mail carries nothing of it but a link, its title included."""
    return marking in {RED, AMBER_STRICT}


def public(marking: str) -> bool:
    """May stand on a page or feed that anybody opens."""
    return marking == CLEAR
