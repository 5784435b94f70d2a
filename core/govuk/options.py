"""How one field is to look, said beside the form and not inside its widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

__all__ = ["DEFAULT", "FieldOptions", "LabelSize", "Width"]

LabelSize = Literal["", "s", "m", "l", "xl"]
Width = Literal["", "2", "3", "4", "5", "10", "20", "30", "one-quarter", "one-third", "one-half", "two-thirds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOptions:
    """One field's look. Keys of ``hints`` and ``reveal`` are option values as the page carries them: strings.

    ``heading`` makes the label the page's ``<h1>`` (a page with one question), so the page must have no other.
    ``reveal`` names fields of the same form that belong under an option. Without JavaScript they are always on the
    page, so the form's own ``clean`` must ignore or demand them; nothing here does.
    ``count`` shows the characters left up to the field's ``max_length``; ``count_words`` counts words to that figure
    but does not enforce it.
    """

    label_size: LabelSize = ""
    heading: bool = False
    label_hidden: bool = False
    legend: _StrOrPromise = ""
    width: Width = ""
    prefix: _StrOrPromise = ""
    suffix: _StrOrPromise = ""
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool | None = None
    inline: bool = False
    small: bool = False
    cards: bool = False
    hints: Mapping[str, _StrOrPromise] = field(default_factory=dict)
    divider_before: str = ""
    reveal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    count: bool = False
    count_words: int = 0


DEFAULT = FieldOptions()
