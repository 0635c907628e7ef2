"""Row security behind saved views: those of one's organisations that are shared, and one's own."""

from django.db import migrations

WALLS = """
ALTER TABLE dashboards_savedview ENABLE ROW LEVEL SECURITY;
ALTER TABLE dashboards_savedview FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON dashboards_savedview TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON dashboards_savedview TO regie_app
    USING ((SELECT regie_is_operator())
           OR (organisation_id = ANY ((SELECT regie_visible())::bigint[])
               AND (is_shared OR author_id
                    = nullif(current_setting('regie.user', true), '')::bigint)))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0003_savedview")]
    operations = [migrations.RunSQL(WALLS, "")]
