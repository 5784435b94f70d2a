from functools import partial

from django.db import migrations

from core import triggers


class Migration(migrations.Migration):
    dependencies = [("certification", "0050_certificate_files")]

    operations = [
        migrations.RunPython(
            partial(triggers.renew_table, "certification_certificatefile"),
            partial(triggers.remove_table, "certification_certificatefile"),
        )
    ]
