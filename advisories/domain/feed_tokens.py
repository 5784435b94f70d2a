"""The form of a feed's key: `wf_<prefix>_<secret>`. Unlike an API token's it opens feeds alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Presented", "compose", "parse"]

_FORM: Final = re.compile(r"wf_([a-z0-9]{10})_([A-Za-z0-9_-]{40,64})")


@dataclass(frozen=True, slots=True)
class Presented:
    prefix: str
    secret: str


def parse(text: str) -> Presented | None:
    """None for whatever is not of the form, so that nothing else is looked up or hashed."""
    match = _FORM.fullmatch(text)
    return Presented(match[1], match[2]) if match else None


def compose(prefix: str, secret: str) -> str:
    return f"wf_{prefix}_{secret}"
