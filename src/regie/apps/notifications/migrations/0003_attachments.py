"""Files that go with mails, seen by whoever sees the mail; the worker removes them once sent."""

import django.db.models.deletion
from django.db import migrations, models

WALLS = """
ALTER TABLE notifications_attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_attachment FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON notifications_attachment TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON notifications_attachment FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator())
           OR EXISTS (SELECT FROM notifications_mail m WHERE m.id = mail_id));
CREATE POLICY posts ON notifications_attachment FOR INSERT TO regie_app
    WITH CHECK ((SELECT regie_is_operator())
                OR EXISTS (SELECT FROM notifications_mail m
                           WHERE m.id = mail_id AND m.state = 'queued'
                             AND m.actor_id = nullif(current_setting('regie.user', true),
                                                     '')::bigint));
CREATE POLICY sends ON notifications_attachment FOR DELETE TO regie_app
    USING ((SELECT regie_is_operator()));
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_walls")]
    operations = [
        migrations.AddField(
            "mail",
            "reply_to",
            models.EmailField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.CreateModel(
            "Attachment",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=80)),
                ("sealed_content", models.TextField()),
                ("mail", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE,
                                           related_name="attachments",
                                           to="notifications.mail")),
            ],
        ),
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
