"""A plan for one person's paths and another for everybody's: no plan is good for both.

After a few calls PostgreSQL plans a function once for all its callers. Of a range whose ends it does
not know it then expects next to nobody, and joins five thousand people to themselves.
"""

from importlib import import_module

from django.db import migrations

written = import_module("regie.apps.access.migrations.0011_paths_of_one")
DROP, PATHS = written.PATHS.split("CREATE FUNCTION", 1)
OF_ONE = "CREATE FUNCTION" + PATHS
OF_ALL = OF_ONE.replace("regie_paths(asked bigint[], one bigint)", "regie_paths(asked bigint[])")
for row in ("m", "g"):
    both = written.ONE.format(row=row)
    OF_ONE = OF_ONE.replace(both, f"{row}.user_id = one")
    OF_ALL = OF_ALL.replace(both, "true")


class Migration(migrations.Migration):
    dependencies = [("access", "0012_last_use")]
    operations = [
        migrations.RunSQL(
            "DROP FUNCTION regie_paths(bigint[], bigint);" + OF_ONE + OF_ALL,
            migrations.RunSQL.noop,
        )
    ]
