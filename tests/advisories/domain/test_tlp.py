from __future__ import annotations

from advisories.domain import tlp
from advisories.domain.sectors import SECTORS, sectors_of
from events.domain.uses import USES


def test_every_marking_is_labelled_in_capitals() -> None:
    assert tuple(tlp.LABELS) == tlp.ORDER
    assert [label for label in tlp.LABELS.values() if label != label.upper() or not label.startswith("TLP:")] == []


def test_what_travels_how_far() -> None:
    assert [m for m in tlp.ORDER if tlp.link_only(m)] == [tlp.RED, tlp.AMBER_STRICT]
    assert [m for m in tlp.ORDER if tlp.public(m)] == [tlp.CLEAR]
    assert tlp.DEFAULT == tlp.AMBER


def test_every_use_belongs_to_a_sector() -> None:
    assert [use for use in USES if not sectors_of(kind="venue", use=use)] == []
    assert len(SECTORS) == 12


def test_a_place_may_belong_to_two_sectors_and_an_event_to_its_own() -> None:
    assert sectors_of(kind="venue", use="food_drink") == ("nightlife", "hotels")
    assert sectors_of(kind="event") == ("events",)
    assert sectors_of(kind="project", use="transport_station", project_type="station") == ("transport",)
    assert sectors_of(kind="venue", use="") == ()
