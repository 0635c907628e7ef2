"""Since when a code is archived: of those that are already, since today."""

from typing import Any

from django.db import migrations, models

AS_OPERATOR = "SELECT set_config('regie.operator', %s, true)"
SINCE_TODAY = "UPDATE tracking_promocode SET archived_on = CURRENT_DATE WHERE is_archived"


def since_today(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('regie.operator', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute(AS_OPERATOR, ["on"])
        cursor.execute(SINCE_TODAY)
        cursor.execute(AS_OPERATOR, [before])


class Migration(migrations.Migration):
    dependencies = [("tracking", "0006_ligatures")]
    operations = [
        migrations.AddField("promocode", "archived_on", models.DateField(null=True)),
        migrations.RunPython(since_today, migrations.RunPython.noop),
    ]
