"""How long an import takes, and a way to stop it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0005_mapping")]
    operations = [
        migrations.AddField("import", "started_at", models.DateTimeField(null=True)),
        migrations.AddField("import", "stop_asked", models.BooleanField(default=False)),
        migrations.AddField("import", "bytes", models.BigIntegerField(default=0)),
        migrations.AlterField(
            "import",
            "state",
            models.CharField(
                choices=[
                    ("running", "Running"), ("published", "Published"),
                    ("superseded", "Superseded"), ("asks", "Asks"), ("answered", "Answered"),
                    ("refused", "Refused"), ("stopped", "Stopped"), ("failed", "Failed"),
                    ("undone", "Undone"),
                ],
                default="running",
                max_length=12,
            ),
        ),
    ]
