"""Reports on mail that did not arrive (RFC 3464), read for two things alone: which message of ours, and with which code.

Anybody can write such a mail. Nothing of it is kept or shown but a code of digits, and that only when it names a message by
a name that nobody could guess (`core.bounces`).
"""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

__all__ = ["LONGEST", "Report", "code_in", "read"]

LONGEST: Final = 1024 * 1024
UNKNOWN: Final = "5.0.0"
_CODE: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# As `core.bounces.name_of` writes it: in the address that the report comes to, and in the identifier of what it is about.
_NAME: Final = re.compile(r"[-+](\d{1,18})-([0-9a-f]{32})@")
_ADDRESSED: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_MOST_PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class Report:
    """`names`: (number, mark) of messages that it may be about. `code`: an enhanced status code (RFC 3463)."""

    names: tuple[tuple[int, str], ...]
    code: str


def read(content: bytes) -> Report | None:
    """None for whatever is no report of a failure: a delay, an out-of-office note, nonsense."""
    try:
        # The old policy: headers stay text, and a broken one breaks nothing.
        message = email.message_from_bytes(content[:LONGEST], policy=email.policy.compat32)
        parts = _parts(message)
        blocks = [block for part in parts if _is(part, "message/delivery-status") for block in _parts(part)]
        names = tuple(dict.fromkeys(_names(message, parts)))
    except (email.errors.MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    failed = [block for block in blocks if str(block.get("Action", "")).strip().lower() == "failed"]
    if not _is(message, "multipart/report") or not failed:
        return None
    return Report(names, code_in(str(failed[0].get("Status", ""))))


def code_in(text: str) -> str:
    found = _CODE.search(text[:1000])
    return found[1] if found else UNKNOWN


def _names(message: Message, parts: list[Message]) -> Iterator[tuple[int, str]]:
    texts = [str(value) for name in _ADDRESSED for value in message.get_all(name, [])]
    for part in parts:
        if _is(part, "message/rfc822"):
            texts += [str(inner.get("Message-ID", "")) for inner in _parts(part)]
        elif _is(part, "text/rfc822-headers"):
            headers = email.message_from_string(str(part.get_payload()), policy=email.policy.compat32)
            texts.append(str(headers.get("Message-ID", "")))
    for text in texts:
        # Systems on the way may have changed the case of an address.
        for number, mark in _NAME.findall(text[:2000].lower()):
            yield int(number), mark


def _parts(message: Message) -> list[Message]:
    found = message.get_payload()
    return [part for part in found if isinstance(part, Message)][:_MOST_PARTS] if isinstance(found, list) else []


def _is(message: Message, kind: str) -> bool:
    return message.get_content_type() == kind
