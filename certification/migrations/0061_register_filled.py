from datetime import datetime
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from certification.domain import search_words

_CHUNK = 1000


def sort_alike(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On PostgreSQL: bytes decide, as on SQLite, and any part of a word is found by its trigrams."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(
        'ALTER TABLE certification_registerindex ALTER COLUMN sort_name TYPE varchar(200) COLLATE "C"'
    )
    schema_editor.execute(
        "CREATE INDEX certification_register_trigrams ON certification_registerindex USING gin (text gin_trgm_ops)"
    )


def drop_trigrams(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # The extension stays: somebody else may use it by now.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX certification_register_trigrams")


def fill(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What is on the register already. `manage.py rebuild_register` does the same at any later time."""
    index, spelling = (apps.get_model("certification", name) for name in ("RegisterIndex", "RegisterSpelling"))
    certificate = apps.get_model("certification", "Certificate")
    public = certificate.objects.filter(listed=True, issued_at__isnull=False).exclude(state="being_issued")
    now, words, rows = timezone.now(), set[str](), []
    for found in public.iterator(chunk_size=_CHUNK):
        rows.append(_row(index, found, now))
        words |= search_words.spelled(rows[-1].text)
        if len(rows) == _CHUNK:
            index.objects.bulk_create(rows)
            rows = []
    index.objects.bulk_create(rows)
    keys = (spelling(key=key, word=word) for word in sorted(words) for key in search_words.keys(word))
    spelling.objects.bulk_create(keys, batch_size=_CHUNK)


def _row(index: Any, certificate: Any, now: datetime) -> Any:
    said = f"{certificate.subject_name} {certificate.subject_place} {certificate.holder_name}"
    return index(
        certificate_id=certificate.pk,
        sort_name=search_words.fold(certificate.subject_name)[:200],
        text=f" {search_words.fold(said)} ",
        area_id=certificate.area_id,
        kind="event" if certificate.event_id else "project" if certificate.project_id else "venue",
        state=certificate.state,
        valid_until=certificate.valid_until,
        changed_at=now,
    )


class Migration(migrations.Migration):
    dependencies = [("certification", "0060_register")]

    operations = [
        migrations.RunPython(sort_alike, drop_trigrams),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
