"""Totals of a network for those in its branch: keys to add up, and no row of anybody else's."""

from django.db import migrations

WALLS = """
ALTER TABLE access_opentotals ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_opentotals FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON access_opentotals TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY sees ON access_opentotals FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[])
           OR organisation_id = ANY ((SELECT regie_above())::bigint[]));
CREATE POLICY administers ON access_opentotals TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));

-- The nearest network above (or here) that shows its totals: its name, how many organisations have
-- accounts in it, and their keys, which open nothing by themselves.
CREATE FUNCTION regie_open_network(here bigint)
RETURNS TABLE (organisation_id bigint, name text, currency text, owners bigint, assets bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT top.id, top.name::text, top.currency::text, count(DISTINCT a.organisation_id),
           coalesce(array_agg(a.id) FILTER (WHERE a.id IS NOT NULL), '{}')
    FROM (
        SELECT n.* FROM organisations_organisation o
        JOIN organisations_organisation n ON position('/' || n.id || '/' IN o.path) > 0
        JOIN access_opentotals t ON t.organisation_id = n.id
        WHERE o.id = here AND o.id = ANY (regie_visible())
        ORDER BY length(n.path) DESC LIMIT 1
    ) top
    LEFT JOIN organisations_organisation below
      ON below.path COLLATE "C" >= top.path COLLATE "C"
     AND below.path COLLATE "C" < (top.path || chr(1114111)) COLLATE "C"
    LEFT JOIN assets_asset a ON a.organisation_id = below.id
    GROUP BY top.id, top.name, top.currency
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_open_totals"), ("connections", "0007_above")]
    operations = [migrations.RunSQL(WALLS, migrations.RunSQL.noop)]
