"""An account that was met twice: which one it became part of, and found by its ID."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assets", "0007_attached")]
    operations = [
        migrations.AddField(
            "asset",
            "merged_into",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assets.asset",
            ),
        ),
        migrations.AddIndex(
            "asset", models.Index(fields=["platform", "external_id"], name="asset_by_number")
        ),
    ]
