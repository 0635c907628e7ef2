"""Who changed an objective last, so that its page can say it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0010_walls_of_markets")]
    operations = [
        migrations.AddField("objective", "changed_by_id", models.BigIntegerField(null=True)),
    ]
