"""Reading a drawn page: one place that knows the parser."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def draw(source: str, *, path: str = "/here/", **context: Any) -> BeautifulSoup:
    """A template's text with the tag library loaded, drawn for an anonymous request."""
    template = engines["django"].from_string("{% load govuk i18n %}" + source)
    return soup(template.render(context, request(path)))


def request(path: str = "/here/") -> HttpRequest:
    made = RequestFactory().get(path)
    made.session = {}  # type: ignore[assignment]  # enough of a session for pages that keep nothing in it
    return made


def one(scope: BeautifulSoup | Tag, selector: str) -> Tag:
    found = scope.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def attribute(tag: Tag, name: str) -> str:
    value = tag.attrs[name]
    return value if isinstance(value, str) else " ".join(value)
