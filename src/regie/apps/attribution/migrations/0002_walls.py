"""Row security behind closed months."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant


class Migration(migrations.Migration):
    dependencies = [("attribution", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [migrations.RunSQL(tenant("attribution_closedmonth"), "")]
