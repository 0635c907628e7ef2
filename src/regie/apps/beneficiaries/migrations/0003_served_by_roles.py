"""Whom rules serve is asked of one's roles alone, and not of every share beside them."""

from django.db import migrations

SERVING = """
CREATE OR REPLACE FUNCTION regie_rules_serving() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = public AS $$
    WITH whole AS MATERIALIZED (SELECT unnest(regie_full()) AS id),
    given AS MATERIALIZED (
        SELECT DISTINCT r.asset_id AS id FROM regie_my_roles() r
        WHERE r.share_id IS NULL AND 'figures.view' = ANY (r.assigned)
    )
    SELECT s.rule_id FROM regie_standing_rules() s
    WHERE (s.serves_id IN (SELECT id FROM whole) OR s.location_id IN (SELECT id FROM given))
      AND NOT EXISTS (
          SELECT FROM organisations_organisation r
          WHERE r.policy <> '{}' AND position('/' || r.id || '/' IN s.owner_path) > 0
            AND NOT 'figures.view' = ANY (r.policy))
$$;
DROP FUNCTION regie_my_paths();
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0002_walls"), ("access", "0010_rules_not_keys")]
    operations = [migrations.RunSQL(SERVING, migrations.RunSQL.noop)]
