"""The outbox is read by administrators; who posts a mail may see that it lies there."""

from django.db import migrations

WALLS = """
ALTER TABLE notifications_mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_mail FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON notifications_mail TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON notifications_mail FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator())
           OR actor_id = nullif(current_setting('regie.user', true), '')::bigint
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));
CREATE POLICY posts ON notifications_mail FOR INSERT TO regie_app
    WITH CHECK ((SELECT regie_is_operator())
                OR actor_id = nullif(current_setting('regie.user', true), '')::bigint);
CREATE POLICY sends ON notifications_mail FOR UPDATE TO regie_app
    USING ((SELECT regie_is_operator()));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("organisations", "0008_doors_and_walls"),
    ]
    operations = [migrations.RunSQL(WALLS, migrations.RunSQL.noop)]
