"""A code printed with “Œ” is the one that is typed with “OE”: those there are compared so too."""

from typing import Any

from django.db import migrations

from regie.domain.traffic.codes import LETTERS, fold

AS_OPERATOR = "SELECT set_config('regie.operator', %s, true)"
CONCERNED = "SELECT id, organisation_id, code, folded FROM tracking_promocode WHERE code ~* %s"
# Of two codes of one organisation that now are one, the other keeps it.
FOLD = """
UPDATE tracking_promocode SET folded = %(folded)s WHERE id = %(id)s AND NOT EXISTS (
    SELECT FROM tracking_promocode
    WHERE organisation_id = %(organisation)s AND folded = %(folded)s AND id <> %(id)s)
"""


def refold(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('regie.operator', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute(AS_OPERATOR, ["on"])
        cursor.execute(CONCERNED, [f"[{''.join(map(chr, LETTERS))}]"])
        for number, organisation, code, folded in cursor.fetchall():
            if fold(code) != folded:
                said = {"id": number, "organisation": organisation, "folded": fold(code)}
                cursor.execute(FOLD, said)
        cursor.execute(AS_OPERATOR, [before])


class Migration(migrations.Migration):
    dependencies = [("tracking", "0005_what_counts")]
    operations = [migrations.RunPython(refold, migrations.RunPython.noop)]
