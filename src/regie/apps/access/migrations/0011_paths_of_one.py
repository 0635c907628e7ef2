"""Everybody's paths to some assets, or one person's: members are looked up, never all read."""

from importlib import import_module

from django.db import migrations

ME = import_module("regie.apps.access.migrations.0002_walls").ME
OPEN = import_module("regie.apps.access.migrations.0004_dated_openness").OPEN

# A range and no equality, so that one plan serves a person and everybody.
ONE = "{row}.user_id BETWEEN coalesce(one, 0) AND coalesce(one, 9223372036854775807)"

PATHS = f"""
DROP FUNCTION regie_paths(bigint[]);
CREATE FUNCTION regie_paths(asked bigint[], one bigint)
RETURNS TABLE (asset_id bigint, user_id bigint, person text, email text, organisation_id bigint,
               organisation text, way text, grant_id bigint, share_id bigint, partner_id bigint,
               role text, assigned text[], ceiling text[], rules jsonb, ends_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH operator AS MATERIALIZED (SELECT regie_is_operator() AS is_here),
    administered AS MATERIALIZED (SELECT unnest(regie_administered()) AS id),
    asset AS MATERIALIZED (
        SELECT a.id, a.organisation_id AS owner_id, o.path,
               CASE WHEN o.id = ANY ((SELECT regie_ruled())::bigint[])
                    THEN regie_rules(o.path) END AS rules,
               EXISTS (SELECT FROM administered WHERE id = a.organisation_id) AS is_mine
        FROM assets_asset a JOIN organisations_organisation o ON o.id = a.organisation_id
        WHERE a.id = ANY (asked)
    ), line AS MATERIALIZED (
        -- Organisations whose members a path may come from.
        SELECT DISTINCT above.id::bigint AS id
        FROM (
            SELECT path FROM asset
            UNION
            SELECT p.path FROM access_share s
            JOIN organisations_organisation p ON p.id = s.partner_id
            WHERE s.asset_id = ANY (asked)
        ) lower
        CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from lower.path), '/')) above(id)
    ), member AS MATERIALIZED (
        SELECT m.id, m.user_id, m.role, m.ends_on, o.id AS organisation_id, o.path,
               {OPEN}, o.time_zone, o.name
        FROM line
        JOIN organisations_organisation o ON o.id = line.id
        JOIN organisations_member m ON m.organisation_id = o.id
        WHERE {ONE.format(row="m")}
          AND CASE WHEN m.ends_on IS NULL THEN true
                   ELSE m.ends_on >= regie_today(o.time_zone) END
          AND (o.closed_at IS NULL OR m.role = 'administrator')
    ), met AS (
        SELECT asset.id AS asset_id, m.id AS member_id, 'administrator' AS way,
               NULL::bigint AS grant_id, NULL::bigint AS share_id, NULL::bigint AS partner_id,
               NULL::text AS role, NULL::text[] AS assigned, NULL::text[] AS ceiling,
               NULL::date AS ends_on
        FROM asset JOIN member m ON position('/' || m.organisation_id || '/' IN asset.path) > 0
        WHERE m.role = 'administrator'
        UNION ALL
        SELECT asset.id, m.id, 'member', NULL, NULL, NULL, NULL, ARRAY['figures.view'], NULL, NULL
        FROM asset JOIN member m ON position('/' || m.organisation_id || '/' IN asset.path) > 0
        WHERE m.role <> 'administrator' AND m.members_see_all
        UNION ALL
        SELECT asset.id, m.id, 'grant', g.id, NULL, NULL, g.role, g.permissions::text[], NULL,
               g.ends_on
        FROM asset
        JOIN access_grant g ON g.asset_id = asset.id AND g.share_id IS NULL
             AND {ONE.format(row="g")}
        JOIN member m ON m.id = g.member_id
             AND position('/' || m.organisation_id || '/' IN asset.path) > 0
        WHERE CASE WHEN g.ends_on IS NULL THEN true
                   ELSE g.ends_on >= regie_today(m.time_zone) END
        UNION ALL
        SELECT asset.id, m.id, 'share', NULL, s.id, s.partner_id, NULL, NULL, s.ceiling::text[],
               NULL
        FROM asset JOIN access_share s ON s.asset_id = asset.id AND NOT s.is_paused
        JOIN organisations_organisation p ON p.id = s.partner_id
        JOIN member m ON position('/' || m.organisation_id || '/' IN p.path) > 0
        WHERE m.role = 'administrator'
        UNION ALL
        SELECT asset.id, m.id, 'share', g.id, s.id, s.partner_id, g.role, g.permissions::text[],
               s.ceiling::text[], g.ends_on
        FROM asset
        JOIN access_grant g ON g.asset_id = asset.id AND {ONE.format(row="g")}
        JOIN access_share s ON s.id = g.share_id AND NOT s.is_paused
        JOIN organisations_organisation p ON p.id = s.partner_id
        JOIN member m ON m.id = g.member_id
             AND position('/' || m.organisation_id || '/' IN p.path) > 0
        WHERE CASE WHEN g.ends_on IS NULL THEN true
                   ELSE g.ends_on >= regie_today(m.time_zone) END
    )
    SELECT met.asset_id, m.user_id, coalesce(nullif(u.name, ''), u.email)::text, u.email::text,
           m.organisation_id, m.name::text, met.way, met.grant_id, met.share_id, met.partner_id,
           met.role, met.assigned, met.ceiling, asset.rules, coalesce(met.ends_on, m.ends_on)
    FROM met JOIN member m ON m.id = met.member_id JOIN asset ON asset.id = met.asset_id
    JOIN accounts_user u ON u.id = m.user_id
    WHERE (SELECT is_here FROM operator) OR asset.is_mine OR m.user_id = {ME}
       OR EXISTS (SELECT FROM administered WHERE id = m.organisation_id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0010_rules_not_keys"), ("organisations", "0008_doors_and_walls")]
    operations = [migrations.RunSQL(PATHS, migrations.RunSQL.noop)]
