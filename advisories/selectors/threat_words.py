"""What the levels mean, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from advisories.domain import threat
from advisories.models import Level, ResponseLevel

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["LIKELIHOOD", "RESPONSE_MEANING", "TONES", "Explained", "explained", "responses"]

LIKELIHOOD: Final[Mapping[str, _StrOrPromise]] = MappingProxyType(
    {
        threat.LOW: _("an attack is highly unlikely"),
        threat.MODERATE: _("an attack is possible, but not likely"),
        threat.SUBSTANTIAL: _("an attack is likely"),
        threat.SEVERE: _("an attack is highly likely"),
        threat.CRITICAL: _("an attack is highly likely in the near future"),
    }
)
RESPONSE_MEANING: Final[Mapping[str, _StrOrPromise]] = MappingProxyType(
    {
        threat.NORMAL: _("Your everyday measures, which you keep up all the time."),
        threat.HEIGHTENED: _("More than the everyday: further measures that you can keep up for weeks or months."),
        threat.EXCEPTIONAL: _("As much as you can do, for as short a time as it lasts: an attack may be near."),
    }
)
TONES: Final[Mapping[str | None, str]] = MappingProxyType(
    {None: "plain", threat.NORMAL: "plain", threat.HEIGHTENED: "raised", threat.EXCEPTIONAL: "highest"}
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A line of the table of levels."""

    level: str
    words: _StrOrPromise
    likelihood: _StrOrPromise
    response: str
    response_words: _StrOrPromise


def explained() -> tuple[Explained, ...]:
    """The highest first, as people look for it."""
    return tuple(
        Explained(
            level=level,
            words=Level(level).label,
            likelihood=LIKELIHOOD[level],
            response=threat.RESPONSE_OF[level],
            response_words=ResponseLevel(threat.RESPONSE_OF[level]).label,
        )
        for level in reversed(threat.LEVELS)
    )


def responses() -> tuple[tuple[_StrOrPromise, _StrOrPromise], ...]:
    """Words and meaning, from the highest."""
    return tuple((ResponseLevel(level).label, RESPONSE_MEANING[level]) for level in reversed(threat.RESPONSES))
