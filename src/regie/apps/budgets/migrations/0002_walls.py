"""Row security behind plans: those of one's organisations that are shared, and one's own.

An author who left the organisation no longer sees its plans; a plan is written only where one
belongs.
"""

from django.db import migrations

WALLS = """
ALTER TABLE budgets_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE budgets_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON budgets_plan TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON budgets_plan TO regie_app
    USING ((SELECT regie_is_operator())
           OR (organisation_id = ANY ((SELECT regie_visible())::bigint[])
               AND (is_shared OR author_id
                    = nullif(current_setting('regie.user', true), '')::bigint)))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [migrations.RunSQL(WALLS, "")]
