"""The names of a bulletin's messages: each is sent once because its name is, and the delivery log finds them by these."""

from __future__ import annotations

from uuid import UUID

__all__ = ["chased", "moved", "prefix", "published", "published_prefix", "retracted"]


def prefix(bulletin: UUID) -> str:
    """Of every message about it, the digest's apart, which is about many."""
    return f"bulletin:{bulletin}:"


def published_prefix(bulletin: UUID) -> str:
    return f"{prefix(bulletin)}sent:"


def published(bulletin: UUID, person: UUID) -> str:
    return f"{published_prefix(bulletin)}{person}"


def retracted(bulletin: UUID, person: UUID) -> str:
    return f"bulletin:{bulletin}:retracted:{person}"


def moved(bulletin: UUID, person: UUID) -> str:
    return f"bulletin:{bulletin}:moved:{person}"


def chased(bulletin: UUID, stage: str, person: UUID) -> str:
    return f"bulletin:{bulletin}:{stage}:{person}"
