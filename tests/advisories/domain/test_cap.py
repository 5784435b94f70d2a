from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from advisories.domain import bulletins as rules
from advisories.domain import cap
from advisories.domain.cap import CapArea, CapMessage

XSD = Path(__file__).parents[1] / "bulletins" / "cap12.xsd"
LONDON = ZoneInfo("Europe/London")
MESSAGE = CapMessage(
    identifier="3c1f",
    sender="advisories@example.org",
    sent=datetime(2027, 7, 1, 9, 30, 15, 123456, tzinfo=LONDON),
    status="Actual",
    kind=cap.ALERT,
    restriction="",
    note="",
    references=(),
    category="Security",
    event="Protective security advisory",
    urgency="Expected",
    severity="Moderate",
    certainty="Possible",
    sender_name="West Yorkshire",
    headline="Watch the loading bays",
    description="Seen twice.",
    instruction="Look at your doors.",
    web="http://testserver/x/",
    area=CapArea("West Yorkshire"),
)


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(XSD)))


def parsed(message: CapMessage) -> Any:
    root = etree.fromstring(cap.as_xml(message))
    schema().assertValid(root)
    return root


def text(root: Any, name: str) -> str | None:
    found: str | None = root.findtext(f".//{{{cap.NAMESPACE}}}{name}")
    return found


def test_a_message_holds_to_the_schema_with_everything_in_it() -> None:
    root = parsed(
        replace(
            MESSAGE,
            restriction="TLP:AMBER",
            note="An exercise.",
            references=("a@b,1,2027-06-01T09:00:00+01:00", "a@b,2,2027-06-02T09:00:00+01:00"),
            expires=datetime(2027, 7, 2, tzinfo=LONDON),
            area=CapArea("West Yorkshire", (53.8, -1.55, 10.0)),
            parameters={"TLP": "TLP:AMBER"},
        )
    )

    assert text(root, "scope") == "Restricted"
    assert text(root, "references") == "a@b,1,2027-06-01T09:00:00+01:00 a@b,2,2027-06-02T09:00:00+01:00"
    assert text(root, "circle") == "53.8,-1.55 10"
    assert text(root, "valueName") == "TLP"
    assert text(root, "language") == "en-GB"


def test_without_a_restriction_it_is_public_and_says_none() -> None:
    root = parsed(MESSAGE)

    assert text(root, "scope") == "Public"
    assert text(root, "restriction") is None


@pytest.mark.parametrize("severity", rules.SEVERITIES)
@pytest.mark.parametrize("urgency", rules.URGENCIES)
def test_every_severity_and_urgency_is_one_of_the_schema_s(severity: str, urgency: str) -> None:
    parsed(replace(MESSAGE, severity=severity, urgency=urgency))


@pytest.mark.parametrize("certainty", rules.CERTAINTIES)
def test_every_certainty_is_one_of_the_schema_s(certainty: str) -> None:
    parsed(replace(MESSAGE, certainty=certainty))


@pytest.mark.parametrize("category", rules.CATEGORIES)
@pytest.mark.parametrize("status", rules.STATUSES)
def test_every_category_and_status_is_one_of_the_schema_s(category: str, status: str) -> None:
    parsed(replace(MESSAGE, category=category, status=status))


@pytest.mark.parametrize("kind", [cap.ALERT, cap.UPDATE, cap.CANCEL])
def test_every_kind_of_message_is_one_of_the_schema_s(kind: str) -> None:
    assert text(parsed(replace(MESSAGE, kind=kind)), "msgType") == kind


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2027, 7, 1, 9, 30, 15, 123456, tzinfo=LONDON), "2027-07-01T09:30:15+01:00"),
        (datetime(2027, 1, 1, 9, 30, tzinfo=LONDON), "2027-01-01T09:30:00-00:00"),
        (datetime(2027, 1, 1, 9, 30, tzinfo=UTC), "2027-01-01T09:30:00-00:00"),
        (datetime(2027, 1, 1, tzinfo=timezone(-timedelta(hours=3))), "2027-01-01T00:00:00-03:00"),
    ],
)
def test_a_moment_has_a_numeric_offset_and_never_a_z(at: datetime, said: str) -> None:
    assert cap.moment(at) == said


@pytest.mark.parametrize("bad", ["", "a b", "a,b", "a<b", "a&b", "a\nb"])
@pytest.mark.parametrize("name", ["identifier", "sender"])
def test_a_name_that_cap_forbids_is_never_written(name: str, bad: str) -> None:
    with pytest.raises(ValueError, match=name):
        cap.as_xml(replace(MESSAGE, **{name: bad}))


def test_words_are_escaped_and_what_xml_cannot_say_is_left_out() -> None:
    root = parsed(replace(MESSAGE, description="</info> & \x00\x0b\ud800ok", headline="<b>"))

    assert text(root, "description") == "</info> & ok"
    assert text(root, "headline") == "<b>"


def test_the_twin_says_the_same_in_the_same_order() -> None:
    message = replace(MESSAGE, parameters={"TLP": "TLP:CLEAR"})
    document = cap.as_dict(message)
    root = parsed(message)

    def flat(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [line for item in value.values() for line in flat(item)]
        return [line for item in value for line in flat(item)] if isinstance(value, list) else [value]

    assert flat(document) == [node.text for node in root.iter() if len(node) == 0]
