from django.db import migrations, models

# Accounts that imports created before there were kinds.
KINDS = """
UPDATE assets_asset SET kind = CASE
    WHEN platform IN ('linkedin_pages', 'facebook_pages', 'instagram', 'youtube') THEN 'page'
    WHEN platform = 'google_business_profile' THEN 'location'
    WHEN platform LIKE '%\\_ads' THEN 'ad_account'
    ELSE 'source' END;
"""
STATES = [
    ("found", "Found by an import"),
    ("linked", "Linked"),
    ("detached", "Detached"),
    ("deleted", "Deleted"),
]


class Migration(migrations.Migration):
    dependencies = [("assets", "0002_walls"), ("organisations", "0005_rules_of_managers")]
    operations = [
        migrations.AddField(
            "asset", "kind", models.CharField(max_length=20, default="source", db_default="source")
        ),
        migrations.AddField(
            "asset",
            "status",
            models.CharField(max_length=8, choices=STATES, default="found", db_default="found"),
        ),
        migrations.AddField("asset", "linked_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "asset",
            models.Index(fields=["organisation", "kind", "status"], name="asset_by_kind"),
        ),
        migrations.AddConstraint(
            "asset",
            models.UniqueConstraint(fields=["id", "organisation"], name="asset_with_its_owner"),
        ),
        migrations.RunSQL(KINDS, ""),
    ]
