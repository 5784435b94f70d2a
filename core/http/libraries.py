"""System libraries that no Python package brings along."""

from __future__ import annotations

import ctypes.util
import functools


@functools.cache
def pango() -> bool:
    """Whether WeasyPrint can be imported. Remembered: the look-up starts a process of its own."""
    return bool(ctypes.util.find_library("pango-1.0"))
