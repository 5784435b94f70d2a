"""The uses of Schedule 1 to the Terrorism (Protection of Premises) Act 2025, and the exclusions of Schedule 2, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["EXCLUSIONS", "USES", "Exclusion", "Use"]


@dataclass(frozen=True, slots=True)
class Use:
    """`needs_public`: its paragraph asks for visiting members of the public. `standard_only`: never above standard."""

    code: str
    paragraph: int
    label: str
    needs_public: bool = False
    standard_only: bool = False

    @property
    def basis(self) -> str:
        return f"Sch. 1 para. {self.paragraph}"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`text` completes the sentence that begins with the place ("They are …")."""

    code: str
    basis: str
    text: str


_USES = (
    Use("shop", 1, "a shop or a service to visitors", needs_public=True),
    Use("food_drink", 2, "food and drink", needs_public=True),
    Use("entertainment_leisure", 3, "entertainment, leisure or recreation", needs_public=True),
    Use("sports_ground", 4, "a sports ground"),
    Use("library_museum_gallery", 5, "a library, museum or gallery", needs_public=True),
    Use("hall", 6, "a hall for hire, exhibition hall or conference centre", needs_public=True),
    Use("visitor_attraction", 7, "a visitor attraction"),
    Use("hotel", 8, "a hotel, hostel or holiday park"),
    Use("worship", 9, "worship", standard_only=True),
    Use("health_care", 10, "a hospital or health care"),
    Use("transport_station", 11, "a rail, bus, coach or tram station"),
    Use("aerodrome", 12, "an aerodrome"),
    Use("childcare", 13, "childcare", standard_only=True),
    Use("primary_secondary_education", 14, "primary or secondary education", standard_only=True),
    Use("further_education", 15, "further education", standard_only=True),
    Use("higher_education", 16, "higher education"),
    Use("public_authority", 17, "the services of a public authority", needs_public=True),
)
USES: Final[Mapping[str, Use]] = MappingProxyType({use.code: use for use in _USES})

_EXCLUSIONS = (
    Exclusion("uk_parliament", "Sch. 2 para. 1", "occupied for the purposes of Parliament"),
    Exclusion(
        "devolved_legislature_or_administration",
        "Sch. 2 para. 2",
        "occupied for the purposes of a devolved legislature or administration",
    ),
    Exclusion("aerodrome_security_plan", "Sch. 2 para. 4(a)", "covered by an aerodrome security plan"),
    Exclusion(
        "railways_act_s119_instruction",
        "Sch. 2 para. 4(b)",
        "covered by a security instruction under section 119 of the Railways Act 1993",
    ),
    Exclusion("channel_tunnel_direction", "Sch. 2 para. 4(c)", "covered by a Channel Tunnel security direction"),
    Exclusion("port_facility_security_plan", "Sch. 2 para. 4(d)", "covered by a port facility security plan"),
    Exclusion("port_security_plan", "Sch. 2 para. 4(e)", "covered by a port security plan"),
)
EXCLUSIONS: Final[Mapping[str, Exclusion]] = MappingProxyType({item.code: item for item in _EXCLUSIONS})
