"""JSON that a program sends: bounded in size and depth, no key twice, no NaN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework import exceptions, parsers, status

from core import strict_json
from core.domain.faults import FaultsError

# The longest thing that is said in JSON is one answer; files come as multipart.
MOST_BYTES: Final = 1024 * 1024


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = f"The body of a request may have {MOST_BYTES:,} bytes at most."


class JSONParser(parsers.JSONParser):
    """DRF's own reads a body of any length into memory, and a deep one breaks it."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - as above
    ) -> Any:
        data: bytes = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TooLarge
        try:
            return strict_json.loads(data)
        except FaultsError as error:
            raise exceptions.ParseError(str(error.faults[0])) from error
