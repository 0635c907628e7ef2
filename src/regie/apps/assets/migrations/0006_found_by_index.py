"""Keys of an organisation from an index alone, and lists in the order of their names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assets", "0005_called")]
    operations = [
        migrations.AddIndex(
            "asset", models.Index(fields=["organisation", "id"], name="asset_of_organisation")
        ),
        migrations.AddIndex(
            "asset",
            models.Index(fields=["kind", "name", "external_id", "id"], name="asset_by_name"),
        ),
    ]
