"""Which ad accounts speak in the name of a page, and the wall around that."""

import django.db.models.deletion
from django.db import migrations, models

WALLS = """
ALTER TABLE assets_pageaccount
    ADD CONSTRAINT page_of_its_owner FOREIGN KEY (page_id, organisation_id)
        REFERENCES assets_asset (id, organisation_id),
    ADD CONSTRAINT account_of_its_owner FOREIGN KEY (account_id, organisation_id)
        REFERENCES assets_asset (id, organisation_id);
ALTER TABLE assets_pageaccount ENABLE ROW LEVEL SECURITY;
ALTER TABLE assets_pageaccount FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON assets_pageaccount TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY operator ON assets_pageaccount TO regie_app
    USING ((SELECT regie_is_operator())) WITH CHECK ((SELECT regie_is_operator()));
-- Who sees the page and the account, sees that they belong together.
CREATE POLICY sees ON assets_pageaccount FOR SELECT TO regie_app
    USING (organisation_id = ANY ((SELECT regie_full())::bigint[])
           OR (page_id = ANY ((SELECT regie_given(NULL))::bigint[])
               AND account_id = ANY ((SELECT regie_given(NULL))::bigint[])));
CREATE POLICY administers ON assets_pageaccount TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK (organisation_id = ANY ((SELECT regie_administered())::bigint[]));

-- What is let go, or changes hands, speaks for nothing any more.
CREATE FUNCTION regie_asset_parts() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    DELETE FROM assets_pageaccount WHERE NEW.id IN (page_id, account_id);
    RETURN NEW;
END $$;
CREATE TRIGGER parts BEFORE UPDATE OF organisation_id, status ON assets_asset
FOR EACH ROW WHEN (NEW.organisation_id <> OLD.organisation_id
                   OR (OLD.status = 'linked' AND NEW.status <> 'linked'))
EXECUTE FUNCTION regie_asset_parts();
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0006_found_by_index"), ("access", "0013_plan_for_each")]
    operations = [
        migrations.CreateModel(
            "PageAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("attached_by", models.CharField(max_length=200)),
                ("attached_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        to="assets.asset",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        to="assets.asset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("page", "account"), name="attached_once")
                ]
            },
        ),
        migrations.RunSQL(WALLS, migrations.RunSQL.noop),
    ]
