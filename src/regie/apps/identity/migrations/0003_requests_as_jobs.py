"""Requests of persons are worked on in the background: how far each has come, and for whom."""

from django.db import migrations, models

ASKED_WHEN_DONE = """
SELECT set_config('regie.operator', 'on', true);
UPDATE identity_personrequest SET asked_at = done_at;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_walls")]
    operations = [
        migrations.AddField("personrequest", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("personrequest", "asking", models.JSONField(default=dict)),
        migrations.AddField("personrequest", "step", models.CharField(blank=True, max_length=20)),
        migrations.AddField(
            "personrequest", "percent", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField("personrequest", "tries", models.PositiveIntegerField(default=0)),
        migrations.AddField("personrequest", "leaving", models.JSONField(default=list)),
        migrations.AddField("personrequest", "removed", models.JSONField(default=list)),
        migrations.AlterField("personrequest", "done_at", models.DateTimeField(null=True)),
        migrations.RunSQL(ASKED_WHEN_DONE, ""),
        migrations.AlterField("personrequest", "asked_at", models.DateTimeField()),
        migrations.AddConstraint(
            "personrequest",
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(asking={}),
                name="a_request_done_names_nobody",
            ),
        ),
    ]
