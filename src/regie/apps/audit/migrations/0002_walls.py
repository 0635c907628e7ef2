"""Row security behind the tables of this app."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
TABLES = "audit_auditline".split()


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [
        migrations.RunSQL("".join(tenant(table) for table in TABLES), ""),
        # Nobody rewrites the journal through the application.
        migrations.RunSQL("REVOKE UPDATE, DELETE ON audit_auditline FROM regie_app", ""),
    ]
