from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisories.domain.audience import (
    EVERYBODY,
    Audience,
    Flag,
    Near,
    asked_for,
    author_faults,
    box_around,
    distance_km,
    parse,
)
from core.domain.faults import FaultsError

FULL = Audience(
    sectors=("stadia", "theatres"),
    uses=("sports_ground",),
    kinds=("venue",),
    tiers=("enhanced",),
    areas=("west-yorkshire",),
    near=Near(53.8, -1.55, 10.0),
    certificate="in_force",
    flag=Flag("PHY-03", 3),
)
LEEDS = (53.7997, -1.5492)
YORK = (53.9583, -1.0803)


@pytest.mark.parametrize("audience", [EVERYBODY, FULL, Audience(sectors=("health",))])
def test_what_is_stored_reads_back(audience: Audience) -> None:
    assert parse(audience.as_json()) == audience


def test_an_empty_condition_is_not_stored() -> None:
    assert EVERYBODY.as_json() == {}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"sectors": ["casinos"]}, "sectors"),
        ({"sectors": "stadia"}, "sectors"),
        ({"uses": [1]}, "uses"),
        ({"kinds": ["person"]}, "kinds"),
        ({"tiers": ["none"]}, "tiers"),
        ({"areas": ["West Yorkshire"]}, "areas"),
        ({"areas": [f"a{number}" for number in range(61)]}, "areas"),
        ({"certificate": "lost"}, "certificate"),
        ({"near": {"latitude": 53.8, "longitude": -1.5}}, "near"),
        ({"near": {"latitude": 48.8, "longitude": -1.5, "km": 3}}, "near.latitude"),
        ({"near": {"latitude": 53.8, "longitude": "x", "km": 3}}, "near.longitude"),
        ({"near": {"latitude": 53.8, "longitude": -1.5, "km": 0}}, "near.km"),
        ({"near": {"latitude": 53.8, "longitude": -1.5, "km": float("nan")}}, "near.km"),
        ({"near": {"latitude": True, "longitude": -1.5, "km": 3}}, "near.latitude"),
        ({"flag": {"code": "PHY-03"}}, "flag"),
        ({"flag": {"code": "PHY-03__level", "below": 3}}, "flag.code"),
        ({"flag": {"code": "PHY-03", "below": 5}}, "flag.below"),
        ({"flag": {"code": "PHY-03", "below": True}}, "flag.below"),
        ({"everybody": True}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(data: Any, place: str) -> None:
    with pytest.raises(FaultsError) as caught:
        parse(data)

    assert [fault.place for fault in caught.value.faults] == [place]


def test_an_officer_writes_to_their_own_area_alone() -> None:
    own, other, everywhere = Audience(areas=("kent",)), Audience(areas=("kent", "essex")), EVERYBODY

    assert [list(author_faults(one, area="kent")) == [] for one in (own, other, everywhere)] == [True, False, False]


def test_a_national_one_cannot_be_aimed_by_what_plans_say() -> None:
    flagged = Audience(flag=Flag("PHY-03", 3))

    assert [fault.place for fault in author_faults(flagged, area="")] == ["flag"]
    assert list(author_faults(Audience(areas=("kent", "essex")), area="")) == []


@pytest.mark.parametrize(
    ("audience", "sectors", "areas", "wanted"),
    [
        (Audience(sectors=("stadia",)), ["stadia"], [], True),
        (Audience(sectors=("stadia",)), ["hotels"], [], False),
        (Audience(sectors=("stadia",), areas=("kent",)), ["stadia"], ["essex"], False),
        (Audience(sectors=("stadia",), areas=("kent",)), ["stadia"], ["kent"], True),
        (Audience(areas=("kent",)), ["hotels"], ["kent"], True),
        (EVERYBODY, ["hotels"], [], True),
        (EVERYBODY, [], [], False),
    ],
)
def test_a_subscription_covers_what_it_names(
    audience: Audience, sectors: list[str], areas: list[str], wanted: bool
) -> None:
    assert asked_for(audience, sectors=sectors, areas=areas) is wanted


def test_a_distance_is_that_of_the_map() -> None:
    # 35.6 km by the great circle.
    assert distance_km(*YORK, Near(*LEEDS, km=1)) == pytest.approx(35.5, abs=0.5)


_latitude = st.floats(49.8, 60.9)
_longitude = st.floats(-8.7, 1.8)


@settings(derandomize=True, max_examples=300)
@given(_latitude, _longitude, _latitude, _longitude, st.floats(0.1, 200))
def test_the_box_holds_the_whole_circle(lat: float, lon: float, at_lat: float, at_lon: float, km: float) -> None:
    near = Near(lat, lon, km)
    box = box_around(near)
    inside = box.south <= at_lat <= box.north and box.west <= at_lon <= box.east

    assert inside or distance_km(at_lat, at_lon, near) > km


@settings(derandomize=True, max_examples=200)
@given(_latitude, _longitude, st.floats(0.1, 200))
def test_the_box_is_no_wider_than_it_has_to_be(lat: float, lon: float, km: float) -> None:
    near = Near(lat, lon, km)
    box = box_around(near)

    assert distance_km(box.north, lon, near) == pytest.approx(km, rel=1e-3)
    assert distance_km(lat, box.east, near) <= km * 1.1
