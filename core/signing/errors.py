from __future__ import annotations

from core import outbox


class KeyUnavailable(Exception):
    """Nothing can be signed now. The text is for operators: plain words, what to mend, never a secret."""


class AwaitingKey(outbox.TryLater):
    """A job's word that it waits for a key. `manage.py outbox` and /readyz show it by this name."""
