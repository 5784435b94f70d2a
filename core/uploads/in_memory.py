"""Uploads that never touch the disk: for files that are looked at and forgotten."""

from __future__ import annotations

import io
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload
from django.http import HttpRequest

# Boundaries and headers around the file.
_REST: Final = 64 * 1024


class MemoryHandler(FileUploadHandler):
    """Counts while it reads, and lets go of everything once more than `limit` bytes have come; then `too_large` is true."""

    def __init__(self, request: HttpRequest, *, limit: int) -> None:
        super().__init__(request)
        self.too_large = False
        self._limit = limit
        self._held = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._held = io.BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > self._limit:
            self.too_large = True
            self._held = io.BytesIO()
            raise StopUpload(connection_reset=False)
        self._held.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


def read_into_memory(request: HttpRequest, *, limit: int) -> MemoryHandler:
    """Before anything reads the body, CSRF protection included: a view that does this is exempt from it."""
    handler = MemoryHandler(request, limit=limit)
    request.upload_handlers = [handler]
    # What says itself that it is too long is not read at all.
    handler.too_large = int(request.META.get("CONTENT_LENGTH") or 0) > limit + _REST
    return handler
