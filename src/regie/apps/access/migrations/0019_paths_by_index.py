"""Everybody's paths to some assets, each found by an index: as fast for thousands as for one.

The plan of before guessed at a dozen members and joined thousands to themselves. Here each step has
an index of its own, so that no guess makes it slow, just after a long list was brought neither.
"""

from importlib import import_module

from django.db import migrations

walls = import_module("regie.apps.access.migrations.0002_walls")
OPEN = import_module("regie.apps.access.migrations.0004_dated_openness").OPEN
ME, OPEN = walls.ME, OPEN.removesuffix(" AS members_see_all")

# A member counts until his last day; a closed organisation keeps its administrators.
COUNTS = """CASE WHEN m.ends_on IS NULL THEN true
                 ELSE m.ends_on >= regie_today(o.time_zone) END
            AND (o.closed_at IS NULL OR m.role = 'administrator')"""
HOLDS = """CASE WHEN g.ends_on IS NULL THEN true
                ELSE g.ends_on >= regie_today(o.time_zone) END"""
UP = "unnest(string_to_array(trim(both '/' from {of}.path), '/')::bigint[]) AS above(id)"
MEMBER = "m.user_id, m.organisation_id, o.name"
OF_GRANT = """JOIN organisations_member m ON m.id = g.member_id
        JOIN organisations_organisation o ON o.id = m.organisation_id"""

PATHS = f"""
CREATE OR REPLACE FUNCTION regie_paths(asked bigint[])
RETURNS TABLE (asset_id bigint, user_id bigint, person text, email text, organisation_id bigint,
               organisation text, way text, grant_id bigint, share_id bigint, partner_id bigint,
               role text, assigned text[], ceiling text[], rules jsonb, ends_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH operator AS MATERIALIZED (SELECT regie_is_operator() AS is_here),
    administered AS MATERIALIZED (SELECT unnest(regie_administered()) AS id),
    asset AS MATERIALIZED (
        SELECT a.id, o.path,
               CASE WHEN o.id = ANY ((SELECT regie_ruled())::bigint[])
                    THEN regie_rules(o.path) END AS rules,
               EXISTS (SELECT FROM administered WHERE id = a.organisation_id) AS is_mine
        FROM assets_asset a JOIN organisations_organisation o ON o.id = a.organisation_id
        WHERE a.id = ANY (asked)
    ), met AS (
        SELECT asset.id AS asset_id, asset.rules, asset.is_mine, {MEMBER},
               CASE WHEN m.role = 'administrator' THEN 'administrator' ELSE 'member' END AS way,
               NULL::bigint AS grant_id, NULL::bigint AS share_id, NULL::bigint AS partner_id,
               NULL::text AS role,
               CASE WHEN m.role = 'administrator' THEN NULL::text[]
                    ELSE ARRAY['figures.view'] END AS assigned,
               NULL::text[] AS ceiling, m.ends_on
        FROM asset CROSS JOIN LATERAL {UP.format(of="asset")}
        JOIN organisations_organisation o ON o.id = above.id
        JOIN organisations_member m ON m.organisation_id = o.id
        WHERE (m.role = 'administrator' OR {OPEN}) AND {COUNTS}
        UNION ALL
        SELECT asset.id, asset.rules, asset.is_mine, {MEMBER}, 'grant', g.id, NULL, NULL, g.role,
               g.permissions::text[], NULL, coalesce(g.ends_on, m.ends_on)
        FROM asset JOIN access_grant g ON g.asset_id = asset.id
        {OF_GRANT}
        WHERE g.share_id IS NULL AND {HOLDS} AND {COUNTS}
          AND position('/' || o.id || '/' IN asset.path) > 0
        UNION ALL
        SELECT asset.id, asset.rules, asset.is_mine, {MEMBER}, 'share', NULL, s.id, s.partner_id,
               NULL, NULL, s.ceiling::text[], m.ends_on
        FROM asset JOIN access_share s ON s.asset_id = asset.id
        JOIN organisations_organisation p ON p.id = s.partner_id
        CROSS JOIN LATERAL {UP.format(of="p")}
        JOIN organisations_organisation o ON o.id = above.id
        JOIN organisations_member m ON m.organisation_id = o.id
        WHERE NOT s.is_paused AND m.role = 'administrator' AND {COUNTS}
        UNION ALL
        SELECT asset.id, asset.rules, asset.is_mine, {MEMBER}, 'share', g.id, s.id, s.partner_id,
               g.role, g.permissions::text[], s.ceiling::text[], coalesce(g.ends_on, m.ends_on)
        FROM asset JOIN access_share s ON s.asset_id = asset.id
        JOIN access_grant g ON g.share_id = s.id
        JOIN organisations_organisation p ON p.id = s.partner_id
        {OF_GRANT}
        WHERE NOT s.is_paused AND {HOLDS} AND {COUNTS}
          AND position('/' || o.id || '/' IN p.path) > 0
    )
    SELECT met.asset_id, met.user_id, coalesce(nullif(u.name, ''), u.email)::text, u.email::text,
           met.organisation_id, met.name::text, met.way, met.grant_id, met.share_id,
           met.partner_id, met.role, met.assigned, met.ceiling, met.rules, met.ends_on
    FROM met JOIN accounts_user u ON u.id = met.user_id
    WHERE (SELECT is_here FROM operator) OR met.is_mine OR met.user_id = {ME}
       OR met.organisation_id IN (SELECT id FROM administered)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0018_keepers_by_one_door")]
    operations = [migrations.RunSQL(PATHS, migrations.RunSQL.noop)]
