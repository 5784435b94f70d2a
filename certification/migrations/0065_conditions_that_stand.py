from functools import partial

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import triggers

TABLE = "certification_certificatecondition"


def without_lapsed(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards: the state before knows them as taken back."""
    apps.get_model("certification", "ConditionDischarge").objects.filter(state="lapsed").update(state="withdrawn")


class Migration(migrations.Migration):
    dependencies = [("certification", "0064_conditions_stay")]

    operations = [
        # Backwards it comes last: the protection of the columns that are left.
        migrations.RunPython(migrations.RunPython.noop, partial(triggers.renew_table, TABLE)),
        migrations.RemoveConstraint(
            model_name="conditiondischarge",
            name="certification_discharge_submitted_by_somebody",
        ),
        migrations.AddField(
            model_name="certificatecondition",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="line",
                to="certification.certificatecondition",
            ),
        ),
        migrations.AddField(
            model_name="certificatecondition",
            name="stands_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goes_on_as",
                to="certification.certificatecondition",
            ),
        ),
        migrations.AlterField(
            model_name="conditiondischarge",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "being written"),
                    ("submitted", "with the police"),
                    ("accepted", "accepted"),
                    ("sent_back", "sent back"),
                    ("withdrawn", "withdrawn"),
                    ("lapsed", "over without a decision"),
                ],
                default="draft",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatecondition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin__isnull", True), ("stands_from__isnull", True)),
                    models.Q(("origin__isnull", False), ("stands_from__isnull", False)),
                    _connector="OR",
                ),
                name="certification_condition_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="conditiondischarge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "withdrawn", "lapsed"]),
                    models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="certification_discharge_submitted_by_somebody",
            ),
        ),
        # SQLite has remade the table; and no row changes its line.
        migrations.RunPython(partial(triggers.renew_table, TABLE), partial(triggers.remove_table, TABLE)),
        migrations.RunPython(migrations.RunPython.noop, without_lapsed),
    ]
