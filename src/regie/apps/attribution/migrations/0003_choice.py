"""What model an organisation has chosen, behind row security."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant


class Migration(migrations.Migration):
    dependencies = [("attribution", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("model", models.CharField(max_length=40)),
                ("lookback", models.CharField(max_length=12)),
                ("organisation", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="organisations.organisation")),
            ],
        ),
        migrations.RunSQL(tenant("attribution_choice"), ""),
    ]  # fmt: skip
