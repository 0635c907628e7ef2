"""Who is given thousands of single assets pays for each row once, and not for each of the others.

A list in an array is searched from its beginning for every row; a subquery is hashed.
"""

from django.db import migrations

HASHED = """
ALTER POLICY sees ON assets_asset
    USING (organisation_id = ANY ((SELECT regie_full())::bigint[])
           OR id IN (SELECT unnest(regie_given(NULL))));
ALTER POLICY sees ON access_share
    USING (owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR partner_id = ANY ((SELECT regie_administered())::bigint[])
           OR (asset_id IN (SELECT unnest(regie_given('access.manage')))
               AND partner_id = ANY ((SELECT regie_visible())::bigint[])));
ALTER POLICY sees ON access_grant
    USING (user_id = nullif(current_setting('regie.user', true), '')::bigint
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[])
           OR owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR (asset_id IN (SELECT unnest(regie_given('access.manage')))
               AND organisation_id = ANY ((SELECT regie_visible())::bigint[])));
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_open_totals_walls")]
    operations = [migrations.RunSQL(HASHED, migrations.RunSQL.noop)]
