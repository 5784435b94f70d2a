"""The words of a choice, for lists that say the same few over and over."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import get_language

__all__ = ["label"]


def label(choices: type[TextChoices], value: str) -> str:
    """As `get_..._display` in the reader's language; ValueError for what is no choice.

    From memory: fifty rows look up a hundred labels, and each look goes through every catalogue there is.
    """
    return _label(choices, value, get_language())


@lru_cache(maxsize=1024)
def _label(choices: type[TextChoices], value: str, _language: str | None) -> str:
    return str(choices(value).label)
