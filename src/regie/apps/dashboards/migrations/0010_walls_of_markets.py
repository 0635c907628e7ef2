"""Row security behind the sizes of markets."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0009_marketsize"), ("organisations", "0002_tree_and_walls")]
    operations = [migrations.RunSQL(tenant("dashboards_marketsize"), "")]
