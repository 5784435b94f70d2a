"""The components of docs/how-to/pages.md, drawn with the words that could break them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.template import TemplateSyntaxError, engines

from core.govuk.icons import ICONS
from core.govuk.panels import Crumb, FileRow, Step, SummaryRow, TaskRow, TimelineItem
from core.govuk.statuses import STATUS_COLOURS, TAG_COLOURS
from tests.core.govuk.page import attribute, draw, one, request, soup, words

WHEN = dt.datetime(2026, 11, 23, 10, 42, tzinfo=dt.UTC)
EVIL = "<script>x</script>"


@dataclass(frozen=True)
class FakePage:
    newer: str | None
    older: str | None


def test_a_button_sends_and_a_link_goes() -> None:
    page = draw(
        '{% govuk_button "Save" name="action" value="draft" variant="secondary" %}{% govuk_button "Go" href="/x/" %}'
    )
    button, link = one(page, "button"), one(page, "a")
    assert (button["type"], button["name"], button["value"]) == ("submit", "action", "draft")
    assert "govuk-button--secondary" in button["class"]
    assert (link["href"], link["role"], words(link)) == ("/x/", "button", "Go")


def test_a_tag_has_a_colour_that_exists() -> None:
    assert attribute(one(draw('{% govuk_tag "Open" "green" %}'), "strong"), "class") == "govuk-tag govuk-tag--green"
    with pytest.raises(TemplateSyntaxError, match="pink"):
        draw('{% govuk_tag "Open" "pink" %}')


@pytest.mark.parametrize(
    ("status", "text", "shown", "colour"),
    [
        ("in_force", "", "In force", "green"),
        ("changes_requested", "With you", "With you", "yellow"),
        ("never-heard-of", "", "Never-heard-of", "grey"),
        ("REVOKED", "", "Revoked", "red"),
    ],
)
def test_a_status_has_one_colour(status: str, text: str, shown: str, colour: str) -> None:
    tag = one(draw("{% status_tag status text %}", status=status, text=text), "strong")
    assert (words(tag), attribute(tag, "class")) == (shown, f"govuk-tag govuk-tag--{colour}")


def test_every_status_colour_exists() -> None:
    assert set(STATUS_COLOURS.values()) <= TAG_COLOURS


def test_an_icon_is_decoration_until_it_is_named() -> None:
    bare, named = draw('{% icon "lock" %}'), draw('{% icon "lock" "Held" %}')
    assert one(bare, "svg")["aria-hidden"] == "true"
    assert (one(named, "svg")["role"], one(named, "svg")["aria-label"]) == ("img", "Held")
    with pytest.raises(KeyError):
        draw('{% icon "dragon" %}')
    assert all(path.startswith("M") for path in ICONS.values())


def test_a_change_link_says_what_it_changes() -> None:
    rows = [SummaryRow(key="Name", value=EVIL, change_url="/name/"), SummaryRow(key="Tier", value="Standard")]
    page = draw("{% govuk_summary_list rows %}", rows=rows)
    assert [words(dd) for dd in page.select("dd")] == [EVIL, "Change name", "Standard"]
    assert page.select("script") == []


def test_a_row_may_hold_markup() -> None:
    page = draw(
        '{% summary_row "Conditions" change_url="/c/" change_text="See all" %}<ul><li>{{ evil }}</li></ul>{% endsummary_row %}',
        evil=EVIL,
    )
    assert words(one(page, "dd ul li")) == EVIL
    assert words(one(page, "a")) == "See all conditions"


def test_a_task_that_cannot_start_is_no_link() -> None:
    tasks = [
        TaskRow(label="Governance", status="complete", status_text="Done", url="/gov/"),
        TaskRow(label="Procedures", status="in_progress", status_text="3 of 9", url="/pro/", hint="Lockdown"),
        TaskRow(label="Send", status="not_started", status_text="Cannot start yet"),
    ]
    page = draw("{% govuk_task_list tasks %}", tasks=tasks)
    links = page.select("a")
    assert [(words(a), words(one(page, f"#{a['aria-describedby']}"))) for a in links] == [
        ("Governance", "Done"),
        ("Procedures", "3 of 9"),
    ]
    assert words(page.select("li")[2]) == "Send Cannot start yet"


def test_the_stage_a_case_is_at_is_said_and_not_only_coloured() -> None:
    steps = [
        Step(label="Draft", state="done"),
        Step(label="Review", state="current", note="With the adviser"),
        Step(label="Decided", state="todo"),
    ]
    items = draw("{% progress_steps steps %}", steps=steps).select("li")
    assert [words(li) for li in items] == [
        "Draft (done)",
        "2 Review (now) With the adviser",
        "3 Decided (still to come)",
    ]
    assert [li.get("aria-current") for li in items] == [None, "step", None]


def test_what_happened_has_its_moment() -> None:
    items = [TimelineItem(title="Submitted", when=WHEN, who="M. Okafor", body=f"Two\n\n{EVIL}")]
    page = draw("{% timeline items heading_level=4 %}", items=items)
    assert words(one(page, "h4")) == "Submitted"
    assert one(page, "time")["datetime"] == "2026-11-23T10:42:00+00:00"
    assert words(one(page, ".wm-timeline__meta")) == "23 November 2026 at 10:42am , M. Okafor"
    assert [words(p) for p in page.select(".wm-timeline__body p")] == ["Two", EVIL]


def test_a_held_file_cannot_be_opened() -> None:
    files = [
        FileRow(
            name="plan.pdf", size=1024, status="clean", status_text="Checked", url="/f/1/", remove_url="/f/1/remove/"
        ),
        FileRow(name=EVIL, size=10, status="pending", status_text="Held"),
    ]
    page = draw("{% file_list files %}", files=files, csrf_token="token")
    assert [(a["href"], words(a)) for a in page.select("a")] == [("/f/1/", "plan.pdf")]
    form = one(page, "form")
    assert (form["method"], form["action"]) == ("post", "/f/1/remove/")
    assert one(form, '[name="csrfmiddlewaretoken"]')["value"] == "token"
    assert words(one(form, "button")) == "Remove plan.pdf"
    assert words(page.select("li")[1]).startswith(EVIL)


def test_a_list_within_a_form_leaves_its_own_forms_to_stand_after_it() -> None:
    held = FileRow(name="b.pdf", size=1, status="held", status_text="Held")
    kept = FileRow(name="a.pdf", size=1, status="clean", status_text="Checked", url="/f/1/", remove_url="/f/1/remove/")
    page = draw(
        "<form id=o>{% file_list files in_form=True %}</form>{% file_removals files %}",
        files=[held, kept],
        csrf_token="token",
    )
    [button] = page.select("#o button")
    [form] = page.select("form:not(#o)")
    assert page.select("#o form") == []
    assert (words(button), button["form"]) == ("Remove a.pdf", form["id"])
    assert (form["method"], form["action"]) == ("post", "/f/1/remove/")
    assert one(form, '[name="csrfmiddlewaretoken"]')["value"] == "token"


def test_turning_the_page_keeps_the_filter() -> None:
    page = draw(
        "{% keyset_pagination page %}",
        path="/list/?area=north&after=old&q=a+b",
        page=FakePage("n:1", "o/2"),
        request=request("/list/?area=north&after=old&q=a+b"),
    )
    assert [(a["rel"], a["href"]) for a in page.select("a")] == [
        (["prev"], "?area=north&after=n%3A1&q=a+b"),
        (["next"], "?area=north&after=o%2F2&q=a+b"),
    ]


def test_the_ways_on_are_named_as_the_list_is_ordered() -> None:
    pages = FakePage("n:1", "o/2")
    plain = draw("{% keyset_pagination page %}", page=pages, request=request())
    by_time = draw('{% keyset_pagination page previous="Newer" following="Older" %}', page=pages, request=request())
    assert [words(a) for a in plain.select("a")] == ["Previous entries", "Next entries"]
    assert [words(a) for a in by_time.select("a")] == ["Newer entries", "Older entries"]


def test_one_page_needs_no_turning() -> None:
    assert draw("{% keyset_pagination page %}", page=FakePage(None, None), request=request()).select("nav") == []


def test_boxes_hold_what_they_are_given() -> None:
    page = draw(
        '{% card "Hall" icon="building" heading_level=3 %}<p id="a">{{ evil }}</p>{% endcard %}'
        '{% next_card %}<p id="b">x</p>{% endnext_card %}'
        '{% empty_state "None yet" heading_level=3 %}<p id="c">x</p>{% endempty_state %}'
        '{% govuk_details "Why" %}<p id="d">x</p>{% endgovuk_details %}'
        '{% govuk_inset %}<p id="e">x</p>{% endgovuk_inset %}'
        '{% govuk_panel "Sent" %}<p id="f">x</p>{% endgovuk_panel %}'
        '{% sidebar "Score" %}<p id="g">x</p>{% endsidebar %}'
        '{% filter_panel clear_url="/all/" active=2 %}<p id="h">x</p>{% endfilter_panel %}'
        '{% stat_card "waiting" figure=12 href="/w/" %}<p id="i">x</p>{% endstat_card %}',
        evil=EVIL,
    )
    assert words(one(page, ".wm-card p#a")) == EVIL
    assert [words(h) for h in page.select("h1, h2, h3")] == ["Hall", "What to do next", "None yet", "Sent"]
    for selector in (
        ".wm-next #b",
        ".wm-empty #c",
        "details #d",
        ".govuk-inset-text #e",
        ".govuk-panel #f",
        "aside details #g",
        ".wm-filter #h",
        ".wm-stat #i",
    ):
        one(page, selector)
    assert words(one(page, ".wm-filter summary")) == "Filter this list (2 filters on)"
    assert "open" in one(page, ".wm-filter").attrs


def test_banners_announce_success_and_only_show_the_rest() -> None:
    page = draw(
        '{% govuk_notification kind="success" id="a" %}x{% endgovuk_notification %}{% govuk_notification id="b" %}y{% endgovuk_notification %}'
    )
    assert [
        (b["role"], words(one(page, f"#{b['aria-labelledby']}"))) for b in page.select(".govuk-notification-banner")
    ] == [
        ("alert", "Done"),
        ("region", "Important"),
    ]


def test_breadcrumbs_end_where_the_reader_is() -> None:
    html = (
        engines["django"]
        .get_template("govuk/breadcrumbs.html")
        .render({"crumbs": [Crumb(label="Places", url="/p/"), Crumb(label="Hall")]})
    )
    items = soup(html).select("li")
    assert [(words(li), li.get("aria-current")) for li in items] == [("Places", None), ("Hall", "page")]


def test_what_needs_a_script_is_hidden_until_it_runs() -> None:
    page = draw(
        '{% include "govuk/copy.html" with id="n" value="PSC-1" what="number" %}{% include "govuk/print_button.html" %}'
    )
    assert all("hidden" in button.attrs for button in page.select("button"))
    assert words(one(page, "#n")) == "PSC-1"
    assert one(page, "[data-copy]")["data-copy"] == "n"
