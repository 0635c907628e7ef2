"""Tables that a person described, each behind the wall of its organisation.

What the head office described holds for everyone below it, as its currency rates do: whoever
sends the same table there need not describe it again. Reading is all that is opened to them.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
ABOVE = """
CREATE POLICY above ON connections_mapping FOR SELECT TO regie_app
    USING (organisation_id = ANY ((SELECT regie_above())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0004_companions"),
        ("organisations", "0002_tree_and_walls"),
    ]
    operations = [
        migrations.CreateModel(
            name="Mapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("description", models.JSONField()),
                ("actor", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisations.organisation")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "name"), name="one_mapping_per_name")],
            },
        ),
        migrations.RunSQL(tenant("connections_mapping") + ABOVE, ""),
    ]
