"""Which source of visits counts, from a version on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0008_walls_of_imports")]
    operations = [
        migrations.AddField("warehouseversion", "counting", models.JSONField(null=True)),
    ]
