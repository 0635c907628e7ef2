"""Accounts of which an import no longer counts: taken back by their owner, or counted elsewhere."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connections", "0009_counting")]
    operations = [
        migrations.AddField(
            "import",
            "withdrawn",
            django.contrib.postgres.fields.ArrayField(
                models.BigIntegerField(), default=list, db_default=[], size=None
            ),
        ),
    ]
