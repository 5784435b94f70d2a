"""``{% load govuk %}``: the components of docs/how-to/pages.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from core.govuk import charts, errors, formats, icons, statuses
from core.govuk.bound_field import GovukBoundField
from core.govuk.panels import FileRow, KeysetPage, Step, SummaryRow, TaskRow, TimelineItem

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

register = template.Library()

# Forms ------------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("govuk/error_summary.html")
def govuk_error_summary(*sources: object) -> dict[str, object]:
    """Forms, formsets, lists of messages or nothing at all; draws nothing where there is no error."""
    return {"lines": errors.error_lines(sources)}


@register.simple_tag
def govuk_field(field: GovukBoundField, **options: Any) -> SafeString:
    """A whole field: label, hint, error, control. Options are those of FieldOptions and win over the form's own."""
    return (field.with_options(**options) if options else field).as_field_group()


@register.simple_tag
def govuk_fields(form: BaseForm, *names: str) -> SafeString:
    """Some fields of a form in the order given; a name that the form lacks is a KeyError."""
    return mark_safe("".join(form[name].as_field_group() for name in names))  # noqa: S308 - each part is rendered by a template


@register.inclusion_tag("govuk/button.html")
def govuk_button(
    text: _StrOrPromise, *, variant: str = "", href: str = "", name: str = "", value: str = "", icon: str = ""
) -> dict[str, object]:
    """``variant``: secondary, warning, inverse, start. With ``href`` it is a link that looks like a button."""
    return {"text": text, "variant": variant, "href": href, "name": name, "value": value, "icon": icon}


# Small things -----------------------------------------------------------------------------------------------------------


@register.simple_tag
def govuk_tag(text: _StrOrPromise, colour: str = "blue") -> SafeString:
    if colour not in statuses.TAG_COLOURS:
        msg = f"No tag has the colour {colour!r}."
        raise template.TemplateSyntaxError(msg)
    return statuses.tag(str(text), colour)


@register.simple_tag
def status_tag(status: str, text: _StrOrPromise = "") -> SafeString:
    """The colour follows the status' code; without words of its own the code is made readable."""
    return statuses.tag(str(text) or str(status).replace("_", " ").capitalize(), statuses.status_colour(str(status)))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    return icons.icon_svg(name, label)


@register.filter
def uk_date(value: dt.date | None) -> str:
    return formats.uk_date(value)


@register.filter
def uk_datetime(value: dt.datetime | None) -> str:
    return formats.uk_datetime(value)


@register.filter
def duration_words(value: dt.timedelta | int) -> str:
    return formats.duration_words(value)


@register.filter
def day_count(value: int) -> str:
    return formats.day_count(value)


@register.filter
def file_size(value: int) -> str:
    """Django puts a no-break space inside; the layout needs to be able to break a long line there."""
    return filesizeformat(value).replace("\xa0", " ")


# Lists of things --------------------------------------------------------------------------------------------------------


@register.inclusion_tag("govuk/summary_list.html")
def govuk_summary_list(rows: Iterable[SummaryRow], *, borders: bool = True) -> dict[str, object]:
    return {"rows": rows, "borders": borders}


@register.inclusion_tag("govuk/task_list.html")
def govuk_task_list(tasks: Iterable[TaskRow], id_prefix: str = "task") -> dict[str, object]:
    return {"tasks": tasks, "id_prefix": id_prefix}


@register.inclusion_tag("govuk/timeline.html")
def timeline(items: Iterable[TimelineItem], heading_level: int = 3) -> dict[str, object]:
    return {"items": items, "heading": f"h{heading_level}"}


@register.inclusion_tag("govuk/progress_steps.html")
def progress_steps(steps: Iterable[Step], label: _StrOrPromise = "") -> dict[str, object]:
    return {"steps": steps, "label": label}


@register.inclusion_tag("govuk/file_list.html", takes_context=True)
def file_list(context: Context, files: Iterable[FileRow], *, in_form: bool = False) -> dict[str, object]:
    """``in_form``: forms do not nest, so a list inside one leaves its own to ``file_removals``, drawn after that form."""
    return {"files": files, "in_form": in_form, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("govuk/file_removals.html", takes_context=True)
def file_removals(context: Context, files: Iterable[FileRow]) -> dict[str, object]:
    return {"files": files, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("govuk/keyset_pagination.html", takes_context=True)
def keyset_pagination(
    context: Context,
    page: KeysetPage,
    param: str = "after",
    *,
    previous: _StrOrPromise = "",
    following: _StrOrPromise = "",
) -> dict[str, object]:
    """Keeps every other parameter of the address, so that a filter survives turning the page.

    A list that is ordered by time may say Newer and Older, where the reader knows that it is.
    """
    query = context["request"].GET.copy()
    links: dict[str, object] = {"previous": previous or gettext("Previous"), "following": following or gettext("Next")}
    for name, cursor in (("newer", page.newer), ("older", page.older)):
        if cursor is not None:
            query[param] = cursor
            links[name] = f"?{query.urlencode()}"
    return links


# Scores -----------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("govuk/score_meter.html")
def score_meter(
    percent: charts.Percent,
    pass_mark: charts.Percent = None,
    *,
    label: _StrOrPromise = "",
    met: bool | None = None,
    id: str = "score",  # noqa: A002 - the word HTML uses
) -> dict[str, object]:
    return {"meter": charts.meter(label=label, percent=percent, pass_mark=pass_mark, met=met), "id": id}


@register.inclusion_tag("govuk/score_chart.html")
def score_chart(rows: Iterable[charts.ScoreRow], caption: _StrOrPromise = "") -> dict[str, object]:
    return {"bars": charts.bars(rows), "caption": caption}


# Boxes around content ---------------------------------------------------------------------------------------------------


def _box(name: str, content: str, **context: object) -> SafeString:
    return mark_safe(render_to_string(f"govuk/{name}.html", {"content": content, **context}))  # noqa: S308 - rendered by a template


@register.simple_block_tag
def govuk_details(content: str, summary: _StrOrPromise, *, open: bool = False) -> SafeString:  # noqa: A002 - the word HTML uses
    return _box("details", content, summary=summary, open=open)


@register.simple_block_tag
def govuk_inset(content: str) -> SafeString:
    return _box("inset", content)


@register.simple_block_tag
def govuk_warning(content: str) -> SafeString:
    # Not a template: it stands on the page that is asked for most.
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">{}</span> {}</strong></div>',
        gettext("Warning"),
        content,
    )


@register.simple_block_tag
def govuk_panel(content: str, title: _StrOrPromise) -> SafeString:
    """The green confirmation box; its title is the page's ``<h1>``."""
    return _box("panel", content, title=title)


@register.simple_block_tag
def govuk_notification(content: str, title: _StrOrPromise = "", kind: str = "", id: str = "notification") -> SafeString:  # noqa: A002 - the word HTML uses
    """``kind``: empty or ``success``."""
    return _box("notification", content, title=title, kind=kind, id=id)


@register.simple_block_tag
def summary_row(content: str, key: _StrOrPromise, change_url: str = "", change_text: _StrOrPromise = "") -> SafeString:
    """Inside ``<dl class="govuk-summary-list">``, for values that need markup."""
    # Like a tag, not a template, and escaped part by part: a page is made of a dozen of them.
    row = f'<dt class="govuk-summary-list__key">{conditional_escape(key)}</dt><dd class="govuk-summary-list__value">{content}</dd>'
    if not change_url:
        return mark_safe(f'<div class="govuk-summary-list__row govuk-summary-list__row--no-actions">{row}</div>')  # noqa: S308 - the content is rendered, the key escaped
    actions = format_html(
        '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
        '<span class="govuk-visually-hidden"> {}</span></a></dd>',
        *(change_url, change_text or gettext("Change"), str(key).lower()),
    )
    return mark_safe(f'<div class="govuk-summary-list__row">{row}{actions}</div>')  # noqa: S308 - as above


@register.simple_block_tag
def card(content: str, title: _StrOrPromise = "", *, heading_level: int = 2, icon: str = "") -> SafeString:
    return _box("card", content, title=title, heading=f"h{heading_level}", icon=icon)


@register.simple_block_tag
def next_card(content: str, title: _StrOrPromise = "", *, heading_level: int = 2) -> SafeString:
    """What to do next: one on a page."""
    return _box("next_card", content, title=title, heading=f"h{heading_level}")


@register.simple_block_tag
def empty_state(content: str, title: _StrOrPromise, *, icon: str = "file", heading_level: int = 2) -> SafeString:
    return _box("empty_state", content, title=title, icon=icon, heading=f"h{heading_level}")


@register.simple_block_tag
def filter_panel(content: str, title: _StrOrPromise = "", *, clear_url: str = "", active: int = 0) -> SafeString:
    """Goes inside a ``<form method="get">``; holds its fields. ``active``: how many filters are set."""
    return _box("filter_panel", content, title=title, clear_url=clear_url, active=active)


@register.simple_block_tag
def sidebar(content: str, title: _StrOrPromise) -> SafeString:
    """Sticky beside the page on a wide screen, folded up above it on a phone; goes inside ``wm-with-sidebar``."""
    return _box("sidebar", content, title=title)


@register.simple_block_tag
def stat_card(content: str, label: _StrOrPromise, *, figure: object, href: str = "", tone: str = "") -> SafeString:
    """``tone``: empty, good, warn or bad: a stripe, never the only sign."""
    return _box("stat_card", content, label=label, figure=figure, href=href, tone=tone)
