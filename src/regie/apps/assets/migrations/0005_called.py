from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assets", "0004_limit")]
    operations = [
        migrations.AddField(
            "asset",
            "called",
            models.CharField(max_length=200, blank=True, default="", db_default=""),
        ),
    ]
