"""An import remembers the tables it was read with, so that it can be read again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0003_answers")]
    operations = [
        migrations.AddField("import", "companions", models.JSONField(default=list)),
    ]
