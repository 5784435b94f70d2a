from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def say_who_signed(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now only an authorising officer could confirm; who proposed may have been either."""
    proposals = apps.get_model("certification", "Proposal").objects
    proposals.filter(confirmed_at__isnull=False).update(confirmed_as="authoriser")


class Migration(migrations.Migration):
    """Apart from the constraints that ask for it: PostgreSQL changes no table that has just been written to."""

    dependencies = [("certification", "0030_proposal_offices")]

    operations = [migrations.RunPython(say_who_signed, migrations.RunPython.noop)]
