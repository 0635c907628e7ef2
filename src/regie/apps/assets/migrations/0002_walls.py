"""Row security behind the tables of this app."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
TABLES = "assets_asset".split()


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [migrations.RunSQL("".join(tenant(table) for table in TABLES), "")]
