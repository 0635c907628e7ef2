"""An import says what it needs, and a later one answers it with the same kept file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0002_walls")]
    operations = [
        migrations.AddField("import", "needs", models.JSONField(default=list)),
        migrations.AddField(
            "import",
            "answers",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="connections.import",
            ),
        ),
        migrations.AlterField(
            "import",
            "state",
            models.CharField(
                choices=[
                    ("running", "Running"), ("published", "Published"),
                    ("superseded", "Superseded"), ("asks", "Asks"), ("answered", "Answered"),
                    ("refused", "Refused"), ("failed", "Failed"), ("undone", "Undone"),
                ],
                default="running",
                max_length=12,
            ),
        ),
    ]
