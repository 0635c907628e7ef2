"""Row security behind events: one's own branch, and what those above let reach below.

An event that reaches down is read below and written above only: hence two policies.
"""

from django.db import migrations

WALLS = """
ALTER TABLE dashboards_annotation ENABLE ROW LEVEL SECURITY;
ALTER TABLE dashboards_annotation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON dashboards_annotation TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON dashboards_annotation TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
CREATE POLICY reaches ON dashboards_annotation FOR SELECT TO regie_app
    USING (reaches_below AND removed_at IS NULL
           AND organisation_id = ANY ((SELECT regie_above())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0005_annotation"), ("connections", "0007_above")]
    operations = [migrations.RunSQL(WALLS, "")]
