"""Which source of visits counts for which site, and the wall before it."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0002_walls"), ("assets", "0001_initial"), ("organisations", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="SourceChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("which", models.CharField(max_length=8, choices=[
                    ("measured", "Measured"), ("imported", "Imported"), ("both", "Both")])),
                ("starts_on", models.DateField()),
                ("said_by", models.CharField(max_length=200)),
                ("said_at", models.DateTimeField(auto_now_add=True)),
                ("taken_back_by", models.CharField(blank=True, max_length=200)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("imported", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT,
                                               related_name="+", to="assets.asset")),
                ("organisation", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT,
                                                   related_name="+",
                                                   to="organisations.organisation")),
                ("site", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT,
                                           related_name="+", to="tracking.site")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("which", "both"), ("site__isnull", False),
                                           _connector="OR"),
                        name="a_choice_between_two_names_both",
                    ),
                    models.UniqueConstraint(
                        fields=("imported", "starts_on"),
                        condition=models.Q(("taken_back_at__isnull", True)),
                        name="one_live_choice_a_day",
                    ),
                ],
            },
        ),
        migrations.RunSQL(tenant("tracking_sourcechoice"), ""),
    ]
