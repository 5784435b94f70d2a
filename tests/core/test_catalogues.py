"""What is left out of the search for a word is nothing that could have answered."""

from __future__ import annotations

import gettext
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from core import catalogues


def chain(language: str) -> list[Any]:
    links: list[Any] = [trans_real.translation(language)]
    while links[-1]._fallback is not None:
        links.append(links[-1]._fallback)
    return links


def test_our_own_english_is_searched_without_detours() -> None:
    assert len(chain(settings.LANGUAGE_CODE)) == 1


@pytest.mark.parametrize(
    ("word", "said"),
    [("Not a word of any catalogue", "Not a word of any catalogue"), ("May", "May"), ("", "")],
)
def test_words_are_as_they_were(word: str, said: str) -> None:
    assert translation.gettext(word) == said
    assert translation.ngettext("%d thing", "%d things", 2) == "%d things"


def test_a_catalogue_with_a_word_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    full, empty, last = (gettext.GNUTranslations() for _ in range(3))
    full._catalog = {"": "Project-Id", "colour": "colour of ours"}  # type: ignore[attr-defined]
    empty._catalog = {"": "Project-Id"}  # type: ignore[attr-defined]
    last._catalog = {"": "Project-Id", "tier": "tier of ours"}  # type: ignore[attr-defined]
    first = trans_real.DjangoTranslation(settings.LANGUAGE_CODE)
    first._fallback = full  # type: ignore[attr-defined]
    full._fallback, empty._fallback = empty, last  # type: ignore[attr-defined]
    monkeypatch.setitem(trans_real._translations, "en-gb", first)  # type: ignore[attr-defined]
    catalogues.leave_out_empty("en-gb")
    assert chain("en-gb") == [first, full, last]


def test_a_request_is_in_our_language_whatever_its_thread_did_before(client: Client, db: None) -> None:
    with translation.override("cy"):
        page = client.get("/about/")
    assert '<html lang="en-gb"' in page.content.decode()
