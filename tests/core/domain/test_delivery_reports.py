"""What is taken from a report on mail, and that nothing else is one."""

from __future__ import annotations

import pytest

from core.domain.delivery_reports import LONGEST, Report, code_in, read
from tests.core.returned_mail import BOUNDARY, report

MARK = "0123456789abcdef" * 2


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_the_message_is_found_by_its_own_identifier(returned: str) -> None:
    assert read(report(message_id=f"<outgoing-12-{MARK}@host>", returned=returned)) == Report(((12, MARK),), "5.1.1")


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_message_is_found_by_the_address_that_the_report_came_to(header: str) -> None:
    content = report().replace(b"\nTo: ", f"\n{header}: bounces+7-{MARK}@example.org\nTo: ".encode(), 1)
    assert read(content) == Report(((7, MARK),), "5.1.1")


@pytest.mark.parametrize(
    ("status", "code"),
    [("5.2.2", "5.2.2"), ("4.4.7 (expired)", "4.4.7"), ("", "5.0.0"), ("9.9.9", "5.0.0"), ("<b>5.1.1</b>", "5.1.1")],
)
def test_of_the_status_digits_are_kept_alone(status: str, code: str) -> None:
    found = read(report(status=status))
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_has_not_failed_is_no_failure(action: str) -> None:
    assert read(report(action=action)) is None


def nested(depth: int) -> bytes:
    return b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(depth)
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: I am away until Monday\n\nBack then.",
        report().replace(b"multipart/report", b"multipart/mixed"),
        report().replace(b"message/delivery-status", b"text/plain"),
        report().replace(f"--{BOUNDARY}--".encode(), b"").replace(f"--{BOUNDARY}\n".encode(), b""),
        nested(5000),
    ],
    ids=["empty", "bytes", "away", "mixed", "no status", "no parts", "nested"],
)
def test_nonsense_is_no_report(content: bytes) -> None:
    assert read(content) is None


def test_what_is_too_long_is_cut() -> None:
    assert read(b"X-Filler: " + b"a" * LONGEST + b"\n" + report()) is None


def test_a_broken_header_breaks_nothing() -> None:
    content = report(to="=?utf-8?b?////?= <bounces", message_id=f"<outgoing-12-{MARK}@host>")
    assert read(content) == Report(((12, MARK),), "5.1.1")


def test_a_code_is_digits() -> None:
    assert [code_in(text) for text in ("550 5.1.1 gone", "gone", "5.1.1.1.1")] == ["5.1.1", "5.0.0", "5.1.1"]
