"""The form of an API token: `wm_<prefix>_<secret>`. The prefix is no secret; it finds the row."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

_FORM: Final = re.compile(r"wm_([a-z0-9]{8,12})_([A-Za-z0-9_-]{40,64})")


@dataclass(frozen=True, slots=True)
class Presented:
    prefix: str
    secret: str


def parse(text: str) -> Presented | None:
    """None for whatever is not of the form, so that nothing else is looked up or hashed."""
    match = _FORM.fullmatch(text)
    return Presented(match[1], match[2]) if match else None


def compose(prefix: str, secret: str) -> str:
    return f"wm_{prefix}_{secret}"


def digest(secret: str) -> str:
    """SHA-256 without salt is enough here: the secret is 256 random bits, not a password."""
    return hashlib.sha256(secret.encode()).hexdigest()
