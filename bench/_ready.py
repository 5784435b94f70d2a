"""Import this before anything of the project's that needs Django: settings of development, and a data directory to throw away."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import django

_data = tempfile.mkdtemp(prefix="wardmark-bench-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "DATA_DIR": _data}
django.setup()
