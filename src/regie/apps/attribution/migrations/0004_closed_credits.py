"""What each model gave for a month when it was closed, behind row security."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant


class Migration(migrations.Migration):
    dependencies = [("attribution", "0003_choice")]
    operations = [
        migrations.CreateModel(
            name="ClosedCredits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("given", models.JSONField()),
                ("organisation", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="organisations.organisation")),
            ],
            options={
                "constraints": [models.UniqueConstraint(
                    fields=["organisation", "month"], name="credits_of_a_month_close_once")],
            },
        ),
        migrations.RunSQL(tenant("attribution_closedcredits"), ""),
    ]  # fmt: skip
