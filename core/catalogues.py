"""Catalogues of words, as Django puts them together from those of every app."""

from __future__ import annotations

from typing import Any

from django.utils.translation import trans_real

__all__ = ["leave_out_empty"]


def leave_out_empty(language: str) -> None:
    """Take the catalogues that hold no word out of the chain that is searched for each.

    Every app that speaks British English brings one of plain English along, for what the first lacks; its words are
    those in the code, so it is empty, and each word that is written in our own English was looked for in all of them.
    """
    # Private to the standard library's gettext, which has no other way to say it.
    link: Any = trans_real.translation(language)
    while (following := link._fallback) is not None:
        # The one entry of an empty catalogue says by which tool it was made.
        if [*following._catalog] == [""]:
            link._fallback = following._fallback
        else:
            link = following
