"""Scores as pictures that can be read without seeing them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from bs4 import Tag

from core.govuk.charts import Percent, ScoreRow, bars, meter, percent_text
from tests.core.govuk.page import attribute, draw, one, words

ROWS = [
    ScoreRow(label="Governance", percent="80.0", pass_mark=60, url="/gov/"),
    ScoreRow(label="Procedures", percent="54.5", pass_mark=60),
    ScoreRow(label="Physical <b>", percent=None, pass_mark=60),
    ScoreRow(label="Training", percent="70.0", pass_mark=70, met=False),
    ScoreRow(label="People", percent="10.0"),
]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("71.4", "71.4"),
        (60, "60"),
        (Fraction(200, 3), "66.7"),
        (Fraction(9995, 100), "100.0"),
        (Decimal("0.05"), "0.1"),
        (None, ""),
    ],
)
def test_percent_in_words(value: Percent, text: str) -> None:
    assert percent_text(value) == text


def test_whether_a_mark_is_met() -> None:
    assert [bar.met for bar in bars(ROWS)] == [True, False, None, False, None]


def test_a_figure_that_only_looks_like_the_mark_is_below_it() -> None:
    almost = Fraction(69_999, 1000)
    bar = bars([ScoreRow(label="x", percent=almost, pass_mark=70)])[0]
    assert (bar.text, bar.met, bar.state) == ("70.0", False, "Below the pass mark")


def cells(row: Tag) -> list[str]:
    return [words(cell) for cell in row.select("th, td")]


def test_the_chart_is_a_table_of_its_figures() -> None:
    table = one(draw("{% score_chart rows %}", rows=ROWS), "table")
    assert words(one(table, "caption")) == "Score by section"
    assert [cells(row) for row in table.select("tbody tr")] == [
        ["Governance", "80.0%", "Meets the pass mark (60%)"],
        ["Procedures", "54.5%", "Below the pass mark (60%)"],
        ["Physical <b>", "nothing applies \N{EN DASH}", "Nothing in this section applies"],
        ["Training", "70.0%", "Below the pass mark (70%)"],
        ["People", "10.0%", ""],
    ]
    assert [(a["href"], words(a)) for a in table.select("a")] == [("/gov/", "Governance")]


def test_bars_are_as_long_as_their_figures() -> None:
    table = one(draw("{% score_chart rows %}", rows=ROWS), "table")
    assert [rect["width"] for rect in table.select(".wm-chart__fill")] == ["80.00", "54.50", "70.00", "10.00"]
    assert [line["x1"] for line in table.select(".wm-chart__mark")] == ["60.00", "60.00", "70.00"]
    assert all(svg["aria-hidden"] == "true" for svg in table.select("svg"))


def test_the_meter_says_what_it_shows() -> None:
    page = draw('{% score_meter "54.5" 70 label="Overall" id="now" %}')
    svg = one(page, "svg")
    assert svg["role"] == "img"
    assert attribute(svg, "aria-labelledby") == "now-title now-desc"
    assert words(one(page, "#now-title")) == "Overall"
    assert words(one(page, "#now-desc")) == "54.5%; the pass mark is 70%; Below the pass mark"
    assert "wm-meter--short" in attribute(one(page, ".wm-meter"), "class")


def test_the_ring_is_filled_by_its_share() -> None:
    half = meter(label="x", percent=50, pass_mark=75)
    assert float(half.filled) == pytest.approx(float(half.around) / 2, abs=0.01)
    assert half.angle == "270.0"


def test_no_score_is_not_nought() -> None:
    page = draw("{% score_meter none 70 %}", none=None)
    assert words(one(page, "desc")) == "No score yet"
    assert page.select(".wm-meter__fill") == []
    assert words(one(page, "text")) == "\N{EN DASH}"


def test_a_figure_out_of_range_stays_inside_the_picture() -> None:
    assert [bar.length for bar in bars([ScoreRow(label="x", percent=140), ScoreRow(label="y", percent=-3)])] == [
        "100.00",
        "0.00",
    ]
