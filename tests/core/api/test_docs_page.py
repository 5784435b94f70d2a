"""The page about the interface: every operation and shape of the schema, read without script and under the strict policy."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.api_client import operations, schema

pytestmark = pytest.mark.django_db


def read() -> BeautifulSoup:
    response = Client().get("/api/docs/")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_operation_is_on_it_with_its_address_and_scope() -> None:
    page = read()
    for name, (method, path, said) in operations().items():
        heading = page.find(id=name)
        assert heading is not None, name
        assert words(heading.text) == said["summary"]
        following = words(" ".join(one.text for one in heading.find_next_siblings(["p", "dl"], limit=4)))
        assert f"{method.upper()} {path}" in following
        assert said.get("x-scope", "none needed") in following


def test_every_shape_is_on_it_and_every_link_leads_somewhere() -> None:
    page = read()
    ids = [str(one["id"]) for one in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {f"shape-{name}" for name in schema()["components"]["schemas"]} <= set(ids)
    local = {str(link["href"])[1:] for link in page.select('main a[href^="#"]')}
    assert local <= set(ids)


def test_it_needs_neither_script_nor_style_of_its_own() -> None:
    response = Client().get("/api/docs/")
    main = BeautifulSoup(response.content, "html.parser").select_one("main")
    assert main is not None
    assert not main.select("script, style, [style]")
    policy = response["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert re.search(r"img-src 'self'(;|$)", policy)


def test_marks_for_other_readers_are_not_shown() -> None:
    assert "`" not in read().text
