"""Roles on assets of organisations that are read whole open nothing more: they are left out.

Since each account keeps a billing administrator, whoever administers a network holds hundreds.
"""

from __future__ import annotations

from django.db import migrations

ROLES = """
-- The roles of the person that can open more than what is read whole, alike ones together.
CREATE OR REPLACE FUNCTION regie_roles_of_mine(asked bigint[])
RETURNS TABLE (assigned text[], ceiling text[], rules jsonb, assets bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 10 AS $$
    WITH whole AS MATERIALIZED (
        SELECT unnest(regie_full()) AS id INTERSECT SELECT unnest(asked)
    ), met AS (
        SELECT p.assigned, p.ceiling, p.owner_path, array_agg(DISTINCT p.asset_id) AS assets
        FROM regie_my_roles() p
        WHERE (coalesce(p.partner_id, p.owner_id) = ANY (asked) OR p.through_id = ANY (asked))
          AND (p.ceiling IS NOT NULL OR p.owner_id NOT IN (SELECT id FROM whole))
        GROUP BY p.assigned, p.ceiling, p.owner_path
    )
    SELECT assigned, ceiling, regie_rules(owner_path), assets FROM met
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0016_one_rule_of_keepers")]
    operations = [migrations.RunSQL(ROLES, migrations.RunSQL.noop)]
