from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import crypto


def seal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was waiting in plain text is sealed; what was sent keeps its text for the demonstration's letter box."""
    mails = apps.get_model("core", "OutgoingMail").objects.using(schema_editor.connection.alias)
    for mail in mails.exclude(sealed_body="").iterator(chunk_size=500):
        sealed = crypto.encrypt_text(mail.sealed_body, about=f"mail:{mail.key}")
        mails.filter(pk=mail.pk).update(sealed_body=sealed)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only")]

    operations = [
        migrations.RenameField("outgoingmail", "body", "sealed_body"),
        migrations.AlterField("outgoingmail", "sealed_body", models.TextField(blank=True, verbose_name="sealed text")),
        migrations.RunPython(seal, migrations.RunPython.noop, elidable=True),
    ]
