"""The journal is read by administrators, everybody reads his own lines, and nobody rewrites one."""

from django.db import migrations

READERS = """
DROP POLICY scope ON audit_auditline;
CREATE POLICY scope ON audit_auditline FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator())
           OR actor_id = nullif(current_setting('regie.user', true), '')::bigint
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));
CREATE POLICY tells ON audit_auditline FOR INSERT TO regie_app
    WITH CHECK ((SELECT regie_is_operator())
                OR actor_id = nullif(current_setting('regie.user', true), '')::bigint
                OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
-- To truncate was never granted; tests grant it to themselves.
REVOKE UPDATE, DELETE, REFERENCES, TRIGGER ON audit_auditline FROM regie_app;
CREATE INDEX audit_line_of_actor ON audit_auditline (actor_id, at DESC);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_walls"),
        ("organisations", "0005_rules_of_managers"),
    ]
    operations = [migrations.RunSQL(READERS, migrations.RunSQL.noop)]
