"""For collecting static files where the image is built: production's storage, and a key that nobody keeps."""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 - a settings module is read as one flat list of names
from config.settings.base import STORAGES

SECRET_KEY = env.new_secret()
FILE_KEYS = env.key_ring(env.new_key_ring())
ALLOWED_HOSTS: list[str] = []

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
