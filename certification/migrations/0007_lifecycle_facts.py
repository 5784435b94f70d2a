from functools import partial

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery

from core import triggers


def date_what_there_is(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    certificate = apps.get_model("certification", "Certificate")
    decision = apps.get_model("certification", "Decision")
    signed = decision.objects.filter(pk=OuterRef("decision_id")).values("decided_at")[:1]
    certificate.objects.update(created_at=Subquery(signed))
    apps.get_model("certification", "Proposal").objects.filter(confirmed_at__isnull=False).update(
        effective_at=F("confirmed_at")
    )


class Migration(migrations.Migration):
    """Dates for what is there already, and the certificate's protection again: SQLite drops it with the table it remakes."""

    dependencies = [("certification", "0006_lifecycle")]

    operations = [
        migrations.RunPython(partial(triggers.remove_table, "certification_certificate"), migrations.RunPython.noop),
        migrations.RunPython(date_what_there_is, migrations.RunPython.noop),
        migrations.RunPython(
            partial(triggers.renew_table, "certification_certificate"),
            partial(triggers.remove_table, "certification_certificate"),
        ),
    ]
