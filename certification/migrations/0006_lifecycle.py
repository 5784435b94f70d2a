import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


_STANDING = Q(state__in=("in_force", "suspended"))


class Migration(migrations.Migration):
    """More moves of a certificate, and a revocation as one kind of proposal among others."""

    dependencies = [
        ("certification", "0005_issued_certificates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("revocation", "certification_revocation_two_people"),
        migrations.RemoveConstraint("revocation", "certification_revocation_one_open"),
        migrations.RenameModel("Revocation", "Proposal"),
        migrations.AlterField(
            "proposal",
            "certificate",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="certification.certificate",
            ),
        ),
        migrations.AddField(
            "proposal",
            "kind",
            models.CharField(
                choices=[
                    ("suspend", "suspension"),
                    ("reinstate", "reinstatement"),
                    ("revoke", "revocation"),
                    ("surrender", "surrender"),
                    ("vary", "variation"),
                    ("transfer", "transfer"),
                ],
                default="revoke",
                max_length=9,
                verbose_name="kind",
            ),
            preserve_default=False,
        ),
        migrations.AddField("proposal", "urgent", models.BooleanField(default=False, verbose_name="urgent")),
        migrations.AddField(
            "proposal", "changes", models.JSONField(default=dict, verbose_name="what becomes different")
        ),
        migrations.AddField(
            "proposal",
            "effective_at",
            models.DateTimeField(blank=True, null=True, verbose_name="took effect"),
        ),
        migrations.AddField(
            "proposal",
            "lapses_at",
            models.DateTimeField(blank=True, null=True, verbose_name="lapses unless confirmed"),
        ),
        migrations.RemoveConstraint("certificate", "certification_certificate_in_force_has_document"),
        migrations.RemoveConstraint("certificate", "certification_certificate_one_in_force_venue"),
        migrations.RemoveConstraint("certificate", "certification_certificate_one_in_force_event"),
        migrations.RemoveConstraint("certificate", "certification_certificate_one_in_force_project"),
        migrations.AddField(
            "certificate",
            "basis",
            models.CharField(
                choices=[
                    ("decision", "a decision on a plan"),
                    ("variation", "a variation"),
                    ("transfer", "a transfer to a new holder"),
                ],
                default="decision",
                max_length=9,
                verbose_name="issued on",
            ),
        ),
        migrations.AddField(
            "certificate",
            "created_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "certificate",
            "decision",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="certification.decision",
            ),
        ),
        migrations.AlterField(
            "certificate",
            "plan",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="certification.plan",
            ),
        ),
        migrations.AlterField(
            "certificate",
            "state",
            models.CharField(
                choices=[
                    ("being_issued", "being issued"),
                    ("in_force", "in force"),
                    ("expired", "expired"),
                    ("revoked", "revoked"),
                    ("superseded", "superseded"),
                    ("suspended", "suspended"),
                    ("surrendered", "surrendered"),
                ],
                default="being_issued",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            "certificate",
            models.CheckConstraint(
                condition=~_STANDING | (Q(issued_at__isnull=False) & ~Q(pdf_sha256="") & ~Q(number="")),
                name="certification_certificate_in_force_has_document",
            ),
        ),
        migrations.AddConstraint(
            "certificate",
            models.UniqueConstraint(
                fields=["decision"],
                condition=Q(basis="decision"),
                name="certification_certificate_one_for_decision",
            ),
        ),
        *(
            migrations.AddConstraint(
                "certificate",
                models.UniqueConstraint(
                    fields=[kind], condition=_STANDING, name=f"certification_certificate_one_in_force_{kind}"
                ),
            )
            for kind in ("venue", "event", "project")
        ),
        migrations.AddIndex(
            "proposal",
            models.Index(
                fields=["lapses_at", "id"],
                name="certification_proposal_lapsing",
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True, lapses_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="certification_proposal_two_people",
            ),
        ),
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="certification_proposal_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            "proposal",
            models.CheckConstraint(
                condition=Q(effective_at__isnull=True)
                | Q(confirmed_at__isnull=False)
                | Q(kind="suspend", urgent=True, lapses_at__isnull=False)
                | Q(kind="surrender"),
                name="certification_proposal_effect_takes_two",
            ),
        ),
        migrations.AddConstraint(
            "proposal",
            models.UniqueConstraint(
                fields=["certificate", "kind"],
                condition=Q(confirmed_at__isnull=True, dropped_at__isnull=True) & ~Q(kind="surrender"),
                name="certification_proposal_one_open",
            ),
        ),
    ]
