"""Row security behind the tables of this app."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
TABLES = "dashboards_objective".split()


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [migrations.RunSQL("".join(tenant(table) for table in TABLES), "")]
