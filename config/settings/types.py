"""For the type checker, which imports settings to learn the models: nothing is made on disk, nothing is read."""

from __future__ import annotations

from config.settings.test import *  # noqa: F403 - a settings module is read as one flat list of names
