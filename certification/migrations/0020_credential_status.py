import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certification", "0009_material_changes")]

    operations = [
        migrations.CreateModel(
            name="CredentialStatus",
            fields=[
                ("index", models.BigAutoField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="given")),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credential_status",
                        to="certification.certificate",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("pdf_sha256", ""), _negated=True),
                fields=["pdf_sha256"],
                name="certification_cert_pdf",
            ),
        ),
    ]
