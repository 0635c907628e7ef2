"""What an import tells is figures: it is for those who see all of the organisation's assets."""

from django.db import migrations

TABLES = (
    "connections_import connections_accountanswer connections_currencyrate connections_mapping"
).split()

WALL = """
DROP POLICY scope ON {table};
CREATE POLICY scope ON {table} TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_full())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_full())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("connections", "0007_above"), ("access", "0002_walls")]
    operations = [
        migrations.RunSQL("".join(WALL.format(table=table) for table in TABLES), "")
    ]
