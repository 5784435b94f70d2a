"""Reports on mail that did not arrive, as mail systems write them (RFC 3464)."""

from __future__ import annotations

from typing import Final

BOUNDARY: Final = "=_report"


def report(
    *,
    to: str = "no-reply@example.org",
    message_id: str = "<somebody@else>",
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = "text/rfc822-headers",
    about: str = "pat@example.org",
) -> bytes:
    text = f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{BOUNDARY}"

--{BOUNDARY}
Content-Type: text/plain

Your message could not be delivered. SECRET-TEXT <script>alert(1)</script>

--{BOUNDARY}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 1 Jun 2026 10:00:00 +0100

Final-Recipient: rfc822; {about}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 SECRET-DIAGNOSTIC

--{BOUNDARY}
Content-Type: {returned}

From: no-reply@example.org
To: {about}
Message-ID: {message_id}
Subject: TLP:AMBER SECRET-SUBJECT

--{BOUNDARY}--
"""
    return text.encode()
