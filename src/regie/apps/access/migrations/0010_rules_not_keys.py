"""What a person reaches, worked out from rules before rows: whole branches and partnerships first.

Who administers a large network reaches tens of thousands of accounts through shares. Nothing asks
share by share any more what a rule says of all of them: an organisation without a policy above it
lets everything through, and an index of the shares at work answers for the rest.
"""

from importlib import import_module

from django.db import migrations

walls = import_module("regie.apps.access.migrations.0002_walls")
ME, below = walls.ME, walls.below

INDEXES = """
ALTER TABLE access_share ADD CONSTRAINT ceiling_leaves_something CHECK (cardinality(ceiling) > 0);
-- For the walls, and for figures: both are answered from the index alone.
CREATE INDEX share_at_work ON access_share (partner_id) INCLUDE (asset_id, owner_id)
    WHERE NOT is_paused;
CREATE INDEX share_that_opens_figures ON access_share (partnership_id)
    INCLUDE (asset_id, owner_id, partner_id)
    WHERE NOT is_paused AND 'figures.view' = ANY (ceiling);
"""

# Organisations at or below one that rules something out; few have such a policy at all.
RULED = f"""
CREATE FUNCTION regie_ruled() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT o.id), '{{}}')
    FROM organisations_organisation r
    JOIN organisations_organisation o ON {below("o", "r")}
    WHERE r.policy <> '{{}}'
$$;
REVOKE ALL ON FUNCTION regie_ruled() FROM PUBLIC;
"""

GIVEN = f"""
-- The roles that were given to the person of the current context, as far as they hold today.
CREATE FUNCTION regie_my_roles()
RETURNS TABLE (asset_id bigint, owner_id bigint, through_id bigint, partner_id bigint,
               grant_id bigint, share_id bigint, assigned text[], ceiling text[], owner_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 50 AS $$
    WITH mine AS MATERIALIZED (SELECT * FROM regie_places())
    SELECT g.asset_id, g.owner_id, g.organisation_id, s.partner_id, g.id, s.id,
           g.permissions::text[], s.ceiling::text[], o.path
    FROM access_grant g
    JOIN mine ON mine.organisation_id = g.organisation_id
    JOIN organisations_organisation o ON o.id = g.owner_id
    JOIN organisations_organisation here ON here.id = g.organisation_id
    LEFT JOIN access_share s ON s.id = g.share_id AND NOT s.is_paused
    LEFT JOIN organisations_organisation p ON p.id = s.partner_id
    WHERE g.user_id = {ME}
      AND CASE WHEN g.share_id IS NULL THEN {below("o", "mine")} ELSE {below("p", "mine")} END
      AND CASE WHEN g.ends_on IS NULL THEN true
               ELSE g.ends_on >= regie_today(here.time_zone) END
$$;

-- The assets that a path opens; with ``wanted``, those on which it gives that permission.
CREATE OR REPLACE FUNCTION regie_given(wanted text) RETURNS bigint[] LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    led bigint[] := regie_administered();
    ruled bigint[] := regie_ruled();
    shared bigint[];
    others bigint[];
BEGIN
    -- Every ceiling leaves something, and no rule takes it away again.
    IF wanted IS NULL THEN
        SELECT array_agg(s.asset_id) INTO shared FROM access_share s
        WHERE s.partner_id = ANY (led) AND NOT s.is_paused AND NOT s.owner_id = ANY (ruled);
    ELSE
        SELECT array_agg(s.asset_id) INTO shared FROM access_share s
        WHERE s.partner_id = ANY (led) AND NOT s.is_paused AND NOT s.owner_id = ANY (ruled)
          AND wanted = ANY (s.ceiling::text[]);
    END IF;
    SELECT array_agg(DISTINCT p.asset_id) INTO others
    FROM (
        SELECT r.asset_id, r.assigned, r.ceiling, r.owner_path FROM regie_my_roles() r
        UNION ALL
        SELECT s.asset_id, NULL, s.ceiling::text[], o.path
        FROM access_share s JOIN organisations_organisation o ON o.id = s.owner_id
        WHERE cardinality(ruled) > 0 AND s.partner_id = ANY (led) AND NOT s.is_paused
          AND s.owner_id = ANY (ruled)
    ) p
    WHERE EXISTS (
        SELECT FROM unnest(coalesce(p.assigned, p.ceiling)) code
        WHERE (wanted IS NULL OR code = wanted)
          AND (p.ceiling IS NULL OR code = ANY (p.ceiling))
          AND NOT EXISTS (
              SELECT FROM organisations_organisation r
              WHERE r.policy <> '{{}}' AND position('/' || r.id || '/' IN p.owner_path) > 0
                AND NOT code = ANY (r.policy)));
    RETURN coalesce(shared, '{{}}') || coalesce(others, '{{}}');
END $$;

CREATE OR REPLACE FUNCTION regie_held(asset bigint) RETURNS text[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT code), '{{}}')
    FROM (
        SELECT r.assigned, r.ceiling, r.owner_path FROM regie_my_roles() r
        WHERE r.asset_id = asset
        UNION ALL
        SELECT NULL, s.ceiling::text[], o.path
        FROM access_share s JOIN organisations_organisation o ON o.id = s.owner_id
        WHERE s.asset_id = asset AND NOT s.is_paused
          AND s.partner_id = ANY ((SELECT regie_administered())::bigint[])
    ) p, unnest(coalesce(p.assigned, p.ceiling)) code
    WHERE (p.ceiling IS NULL OR code = ANY (p.ceiling))
      AND NOT EXISTS (
          SELECT FROM organisations_organisation r
          WHERE r.policy <> '{{}}' AND position('/' || r.id || '/' IN p.owner_path) > 0
            AND NOT code = ANY (r.policy))
$$;
"""

# What the engine in Python works with: groups of paths and the rules above them, never a row each.
REACH = f"""
-- The roles of the person, alike ones together.
CREATE FUNCTION regie_roles_of_mine(asked bigint[])
RETURNS TABLE (assigned text[], ceiling text[], rules jsonb, assets bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 10 AS $$
    WITH met AS (
        SELECT p.assigned, p.ceiling, p.owner_path, array_agg(DISTINCT p.asset_id) AS assets
        FROM regie_my_roles() p
        WHERE coalesce(p.partner_id, p.owner_id) = ANY (asked) OR p.through_id = ANY (asked)
        GROUP BY p.assigned, p.ceiling, p.owner_path
    )
    SELECT assigned, ceiling, regie_rules(owner_path), assets FROM met
$$;

-- Partnerships by which an organisation that the person administers receives anything.
CREATE FUNCTION regie_partnerships_of_mine(asked bigint[])
RETURNS TABLE (partnership_id bigint, owner_id bigint, rules jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 20 AS $$
    SELECT p.id, p.owner_id, CASE WHEN o.id = ANY ((SELECT regie_ruled())::bigint[])
                      THEN regie_rules(o.path) END
    FROM access_partnership p
    JOIN organisations_organisation o ON o.id = p.owner_id
    WHERE p.state = 'active' AND p.partner_id IN (
        SELECT lower.id FROM regie_places() mine
        JOIN organisations_organisation lower ON {below("lower", "mine")}
        WHERE mine.role = 'administrator'
          AND (lower.id = ANY (asked) OR mine.organisation_id = ANY (asked)))
$$;

CREATE OR REPLACE FUNCTION regie_read_whole(asked bigint[])
RETURNS TABLE (organisation_id bigint, rules jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 20 AS $$
    SELECT o.id, CASE WHEN o.id = ANY ((SELECT regie_ruled())::bigint[])
                      THEN regie_rules(o.path) END
    FROM organisations_organisation o
    WHERE o.id = ANY (asked) AND o.id = ANY ((SELECT regie_full())::bigint[])
$$;
"""

# The wall in front of the figures: by branch and by partnership as well, so that a network's tens of
# thousands of keys are read from two indexes, and not held against a list one by one.
KEYS = f"""
CREATE FUNCTION regie_ruled_out(wanted text) RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT o.id), '{{}}')
    FROM organisations_organisation r
    JOIN organisations_organisation o ON {below("o", "r")}
    WHERE r.policy <> '{{}}' AND NOT wanted = ANY (r.policy)
$$;
REVOKE ALL ON FUNCTION regie_ruled_out(text) FROM PUBLIC;

-- The keys of accounts whose figures the context reads, of those asked for in three ways: as
-- eight bytes each. Whoever asks for all there are gets his own.
CREATE FUNCTION regie_keys(organisations bigint[], partnerships bigint[], assets bigint[])
RETURNS bytea LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    silent bigint[];
    met bytea;
BEGIN
    IF NOT regie_is_operator() THEN
        silent := regie_ruled_out('figures.view');
        organisations := ARRAY(
            SELECT unnest(organisations) INTERSECT SELECT unnest(regie_full())
            EXCEPT SELECT unnest(silent));
        partnerships := ARRAY(
            SELECT p.id FROM access_partnership p
            WHERE p.id = ANY (partnerships) AND p.partner_id = ANY (regie_administered())
              AND NOT p.owner_id = ANY (silent));
        IF cardinality(assets) > 0 THEN
            assets := ARRAY(
                SELECT unnest(assets) INTERSECT SELECT unnest(regie_given('figures.view')));
        END IF;
    END IF;
    SELECT string_agg(int8send(key), '') INTO met FROM (
        SELECT a.id AS key FROM assets_asset a WHERE a.organisation_id = ANY (organisations)
        UNION ALL
        SELECT s.asset_id FROM access_share s
        WHERE s.partnership_id = ANY (partnerships) AND NOT s.is_paused
          AND 'figures.view' = ANY (s.ceiling)
        UNION ALL
        SELECT a.id FROM assets_asset a WHERE a.id = ANY (assets)
    ) keys;
    RETURN coalesce(met, '');
END $$;
"""

# Whom one works with follows from partnerships and one's own roles, and not from every share.
NEIGHBOURS = """
CREATE OR REPLACE FUNCTION regie_neighbours()
RETURNS TABLE (id bigint, name text, slug text, kind text, location text, time_zone text,
               currency text, manager_number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public ROWS 10 AS $$
    SELECT o.id, o.name::text, o.slug::text, o.kind::text, o.location::text, o.time_zone::text,
           o.currency::text, o.manager_number::text
    FROM organisations_organisation o
    WHERE regie_is_operator() OR o.id IN (
        SELECT r.owner_id FROM regie_my_roles() r
        UNION
        SELECT p.partner_id FROM access_partnership p
        WHERE p.owner_id = ANY ((SELECT regie_administered())::bigint[])
        UNION
        SELECT p.owner_id FROM access_partnership p
        WHERE p.partner_id = ANY ((SELECT regie_administered())::bigint[])
    )
$$;
"""

# These were filters already, beside a hashed list of single assets: now a row is looked up once in
# each list, however many organisations are in it, and not compared with all of them. The inner
# SELECT keeps the planner from calling these functions only to guess how many rows they give.
HASHED = f"""
ALTER POLICY sees ON assets_asset
    USING (organisation_id IN (SELECT unnest((SELECT regie_full())))
           OR id IN (SELECT unnest((SELECT regie_given(NULL)))));
ALTER POLICY sees ON access_share
    USING (partner_id IN (SELECT unnest((SELECT regie_administered())))
           OR owner_id IN (SELECT unnest((SELECT regie_administered())))
           OR (asset_id IN (SELECT unnest((SELECT regie_given('access.manage'))))
               AND partner_id IN (SELECT unnest((SELECT regie_visible())))));
ALTER POLICY sees ON access_grant
    USING (user_id = {ME}
           OR organisation_id IN (SELECT unnest((SELECT regie_administered())))
           OR owner_id IN (SELECT unnest((SELECT regie_administered())))
           OR (asset_id IN (SELECT unnest((SELECT regie_given('access.manage'))))
               AND organisation_id IN (SELECT unnest((SELECT regie_visible())))));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_rows_expected"),
        ("organisations", "0008_doors_and_walls"),
        ("requests", "0002_walls"),
    ]
    operations = [
        migrations.RunSQL(
            INDEXES
            + RULED
            + GIVEN
            + REACH
            + KEYS
            + NEIGHBOURS
            + HASHED
            + "DROP FUNCTION regie_paths_of_mine(bigint[]);",
            migrations.RunSQL.noop,
        )
    ]
