"""A bulletin as a message of the Common Alerting Protocol 1.2 (OASIS): the XML, and the same as plain data for JSON.

The order of elements is the schema's. Times carry a numeric offset, never Z; identifiers and senders hold no space,
comma, `<` or `&`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

__all__ = [
    "ALERT",
    "CANCEL",
    "NAMESPACE",
    "UPDATE",
    "CapArea",
    "CapMessage",
    "as_dict",
    "as_xml",
    "moment",
    "reference",
]

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
ALERT: Final = "Alert"
UPDATE: Final = "Update"
CANCEL: Final = "Cancel"
PUBLIC: Final = "Public"
RESTRICTED: Final = "Restricted"

_FORBIDDEN: Final = re.compile(r"[\s,<&]")
# What XML 1.0 has no way to say.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZERO: Final = "+00:00"


@dataclass(frozen=True, slots=True)
class CapArea:
    """`circle`: latitude, longitude and radius in km."""

    description: str
    circle: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapMessage:
    """`restriction` empty: the scope is Public. `references`: earlier messages, each as `reference` says it."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    restriction: str
    note: str
    references: tuple[str, ...]
    category: str
    event: str
    urgency: str
    severity: str
    certainty: str
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    area: CapArea
    expires: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


def reference(sender: str, identifier: str, sent: datetime) -> str:
    return f"{sender},{identifier},{moment(sent)}"


def moment(at: datetime) -> str:
    """To the second, with the offset of the zone it is in; universal time is `-00:00` here."""
    text = at.replace(microsecond=0).isoformat()
    return f"{text.removesuffix(_ZERO)}-00:00" if text.endswith(_ZERO) else text


def as_dict(message: CapMessage) -> dict[str, object]:
    """Names and order of the elements; what is empty is left out, what may stand more than once is a list."""
    _check_name("identifier", message.identifier)
    _check_name("sender", message.sender)
    return _filled(
        {
            "identifier": message.identifier,
            "sender": message.sender,
            "sent": moment(message.sent),
            "status": message.status,
            "msgType": message.kind,
            "scope": RESTRICTED if message.restriction else PUBLIC,
            "restriction": message.restriction,
            "note": message.note,
            "references": " ".join(message.references),
            "info": [_info(message)],
        }
    )


def as_xml(message: CapMessage) -> bytes:
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _write(root, as_dict(message))
    ET.register_namespace("", NAMESPACE)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _info(message: CapMessage) -> dict[str, object]:
    area: dict[str, object] = {"areaDesc": message.area.description}
    if message.area.circle is not None:
        latitude, longitude, km = message.area.circle
        area["circle"] = f"{latitude:g},{longitude:g} {km:g}"
    return _filled(
        {
            "language": "en-GB",
            "category": message.category,
            "event": message.event,
            "urgency": message.urgency,
            "severity": message.severity,
            "certainty": message.certainty,
            "expires": moment(message.expires) if message.expires is not None else "",
            "senderName": message.sender_name,
            "headline": message.headline,
            "description": message.description,
            "instruction": message.instruction,
            "web": message.web,
            "parameter": [{"valueName": name, "value": value} for name, value in message.parameters.items()],
            "area": [area],
        }
    )


def _filled(parts: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in parts.items() if value not in ("", [])}


def _write(parent: ET.Element, parts: Mapping[str, object]) -> None:
    for name, value in parts.items():
        for item in value if isinstance(value, list) else [value]:
            element = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(item, Mapping):
                _write(element, item)
            else:
                element.text = _NO_XML.sub("", str(item))


def _check_name(what: str, name: str) -> None:
    if not name or _FORBIDDEN.search(name):
        msg = f"CAP takes no such {what}: {name!r}"
        raise ValueError(msg)
