"""News of identifiers are rows now, so the marks of how far they were read go; two derived tables
lean on their identifiers alone."""

from django.db import migrations, models
from django.db.models import CASCADE

TRIGGERS = "DROP INDEX tracking_consentline_news;\nDROP INDEX tracking_evidence_news;\n" + "".join(
    f"CREATE TRIGGER touch_pair_{event} AFTER {event} ON identity_probable "
    f"REFERENCING {said} TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION tracking_touch_pair();\n"
    for event, said in (("insert", "NEW"), ("delete", "OLD"))
)


def owner(*, db_index: bool) -> models.ForeignKey:
    return models.ForeignKey(
        "organisations.organisation", db_constraint=False, db_index=db_index, on_delete=CASCADE,
        related_name="+",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_requests_as_jobs"), ("tracking", "0004_touched")]
    operations = [
        migrations.RemoveField("solution", "evidence_until"),
        migrations.RemoveField("solution", "consent_until"),
        migrations.AlterField("membership", "organisation", owner(db_index=False)),
        migrations.AlterField("leftout", "organisation", owner(db_index=True)),
        migrations.RunSQL(TRIGGERS, ""),
    ]
