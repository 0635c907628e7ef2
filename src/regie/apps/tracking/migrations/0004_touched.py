"""Which identifiers have news: written by triggers beside the evidence, consumed by who solves."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant

# Rows are only ever added and taken away: nobody waits for anybody.
TOUCH = """
CREATE FUNCTION tracking_touch_pair() RETURNS trigger LANGUAGE plpgsql
SET search_path = public AS $$
BEGIN
    INSERT INTO tracking_touched (organisation_id, key)
    SELECT organisation_id, one_id FROM news UNION SELECT organisation_id, other_id FROM news;
    RETURN NULL;
END $$;
CREATE FUNCTION tracking_touch_device() RETURNS trigger LANGUAGE plpgsql
SET search_path = public AS $$
BEGIN
    INSERT INTO tracking_touched (organisation_id, key)
    SELECT DISTINCT organisation_id, device_id FROM news WHERE device_id IS NOT NULL;
    RETURN NULL;
END $$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER {word}_{event} AFTER {event} ON {table} REFERENCING {said} TABLE AS news "
    f"FOR EACH STATEMENT EXECUTE FUNCTION tracking_{word}();\n"
    for table, word in (
        ("tracking_evidence", "touch_pair"), ("tracking_consentline", "touch_device"),
    )
    for event, said in (("insert", "NEW"), ("delete", "OLD"))
)  # fmt: skip

# Everybody is looked at once more, then only who has news.
EVERYBODY = """
INSERT INTO tracking_touched (organisation_id, key)
SELECT organisation_id, one_id FROM tracking_evidence
UNION SELECT organisation_id, other_id FROM tracking_evidence;
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0003_sourcechoice")]
    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("key", models.BigIntegerField()),
                ("organisation", models.ForeignKey(
                    db_constraint=False, on_delete=django.db.models.deletion.CASCADE,
                    related_name="+", to="organisations.organisation")),
            ],
        ),
        migrations.RunSQL(tenant("tracking_touched") + TOUCH + TRIGGERS + EVERYBODY, ""),
    ]
