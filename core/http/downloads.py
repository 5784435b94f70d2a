from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from django.http import StreamingHttpResponse

__all__ = ["streamed"]


def streamed(chunks: Iterator[bytes], *, name: str, content_type: str, size: int) -> StreamingHttpResponse:
    """An attachment of a type that no browser runs, with a policy that would let nothing in it run either."""
    response = StreamingHttpResponse(chunks, content_type=content_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
