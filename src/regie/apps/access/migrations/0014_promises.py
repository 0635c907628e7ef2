"""Roles that come with an invitation: seen and written by who administers the asset's owner."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

walls = import_module("regie.apps.access.migrations.0002_walls")

WALLS = """
ALTER TABLE access_promise ADD CONSTRAINT access_promise_of_its_owner
    FOREIGN KEY (asset_id, organisation_id) REFERENCES assets_asset (id, organisation_id)
    ON DELETE CASCADE ON UPDATE CASCADE;
CREATE POLICY administers ON access_promise TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK (organisation_id = ANY ((SELECT regie_administered())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_plan_for_each"),
        ("assets", "0004_limit"),
        ("organisations", "0013_seal_of_those_taken_out"),
    ]
    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("role", models.CharField(max_length=60)),
                ("promised_by_id", models.BigIntegerField()),
                ("promised_at", models.DateTimeField(auto_now_add=True)),
                ("kept_at", models.DateTimeField(null=True)),
                ("asset", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="assets.asset")),
                ("invitation", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="organisations.invitation")),
                ("organisation", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="organisations.organisation")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invitation", "asset"), name="one_promise_of_each_asset"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            walls.WALL.format(table="access_promise") + WALLS, migrations.RunSQL.noop
        ),
    ]
