"""Paths know the day from which members see only what they were given."""

from importlib import import_module

from django.db import migrations

PATHS = import_module("regie.apps.access.migrations.0002_walls").PATHS
OPEN = """o.members_see_all AND CASE WHEN o.assigned_only_from IS NULL THEN true
                   ELSE o.assigned_only_from > regie_today(o.time_zone) END AS members_see_all"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_keepers"), ("organisations", "0008_doors_and_walls")]
    operations = [
        migrations.RunSQL(
            PATHS.split("CREATE FUNCTION regie_held")[0]
            .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
            .replace("o.members_see_all, o.time_zone", f"{OPEN}, o.time_zone"),
            migrations.RunSQL.noop,
        )
    ]
