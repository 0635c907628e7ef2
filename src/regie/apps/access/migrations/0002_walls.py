"""Row security of assets and of what hangs on them: the database works out for itself who sees what.

The Python engine reads the same rows and works the same out in its own way; a property test holds
the two together. Functions of the owner read past the policies, so that policies never call
themselves; each is evaluated once for a statement. What they give to a person is what concerns
him: his own paths, and those of others to assets that he administers.
"""

from django.db import migrations

ME = "nullif(current_setting('regie.user', true), '')::bigint"
BELOW = """{below}.path COLLATE "C" >= {above}.path COLLATE "C"
         AND {below}.path COLLATE "C" < ({above}.path || chr(1114111)) COLLATE "C\""""


def below(lower: str, upper: str) -> str:
    return BELOW.format(below=lower, above=upper)


# A key that says its owner too can't reach another tenant's row.
KEYS = """
ALTER TABLE organisations_member
    ADD CONSTRAINT member_with_its_place UNIQUE (id, organisation_id, user_id);
ALTER TABLE access_share
    ADD CONSTRAINT share_of_its_partnership FOREIGN KEY (partnership_id, owner_id, partner_id)
        REFERENCES access_partnership (id, owner_id, partner_id) ON DELETE CASCADE,
    ADD CONSTRAINT share_of_its_owner FOREIGN KEY (asset_id, owner_id)
        REFERENCES assets_asset (id, organisation_id) ON DELETE CASCADE;
ALTER TABLE access_grant
    ADD CONSTRAINT grant_to_its_member FOREIGN KEY (member_id, organisation_id, user_id)
        REFERENCES organisations_member (id, organisation_id, user_id)
        ON DELETE CASCADE ON UPDATE CASCADE,
    ADD CONSTRAINT grant_of_its_owner FOREIGN KEY (asset_id, owner_id)
        REFERENCES assets_asset (id, organisation_id) ON DELETE CASCADE ON UPDATE CASCADE,
    ADD CONSTRAINT grant_of_its_share FOREIGN KEY (share_id, asset_id, owner_id)
        REFERENCES access_share (id, asset_id, owner_id) ON DELETE CASCADE;
CREATE INDEX grant_of_asset ON access_grant (asset_id);
CREATE INDEX organisation_with_policy ON organisations_organisation (id) WHERE policy <> '{}';
"""

# What members see by their place alone, and what organisations above rule out.
PLACES = f"""
CREATE FUNCTION regie_full() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT o.id), '{{}}')
    FROM regie_places() mine
    JOIN organisations_organisation o ON {below("o", "mine")}
    WHERE mine.sees_below
$$;

CREATE FUNCTION regie_rules(line text) RETURNS jsonb LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT jsonb_agg(r.policy ORDER BY r.id) FROM organisations_organisation r
    WHERE r.policy <> '{{}}' AND position('/' || r.id || '/' IN line) > 0
$$;
REVOKE ALL ON FUNCTION regie_rules(text) FROM PUBLIC;
"""

# The paths of the person of the current context to single assets.
GIVEN = f"""
CREATE FUNCTION regie_my_paths()
RETURNS TABLE (asset_id bigint, owner_id bigint, through_id bigint, partner_id bigint,
               grant_id bigint, share_id bigint, assigned text[], ceiling text[], owner_path text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH mine AS MATERIALIZED (SELECT * FROM regie_places())
    SELECT g.asset_id, g.owner_id, g.organisation_id, NULL::bigint, g.id, NULL::bigint,
           g.permissions::text[], NULL::text[], o.path
    FROM access_grant g
    JOIN mine ON mine.organisation_id = g.organisation_id
    JOIN organisations_organisation o ON o.id = g.owner_id AND {below("o", "mine")}
    JOIN organisations_organisation here ON here.id = g.organisation_id
    WHERE g.user_id = {ME} AND g.share_id IS NULL
      AND CASE WHEN g.ends_on IS NULL THEN true
               ELSE g.ends_on >= regie_today(here.time_zone) END
    UNION ALL
    SELECT s.asset_id, s.owner_id, mine.organisation_id, s.partner_id, NULL, s.id,
           NULL, s.ceiling::text[], o.path
    FROM mine
    JOIN organisations_organisation p ON {below("p", "mine")}
    JOIN access_share s ON s.partner_id = p.id AND NOT s.is_paused
    JOIN organisations_organisation o ON o.id = s.owner_id
    WHERE mine.role = 'administrator'
    UNION ALL
    SELECT g.asset_id, g.owner_id, g.organisation_id, s.partner_id, g.id, s.id,
           g.permissions::text[], s.ceiling::text[], o.path
    FROM access_grant g
    JOIN mine ON mine.organisation_id = g.organisation_id
    JOIN access_share s ON s.id = g.share_id AND NOT s.is_paused
    JOIN organisations_organisation p ON p.id = s.partner_id AND {below("p", "mine")}
    JOIN organisations_organisation o ON o.id = s.owner_id
    JOIN organisations_organisation here ON here.id = g.organisation_id
    WHERE g.user_id = {ME}
      AND CASE WHEN g.ends_on IS NULL THEN true
               ELSE g.ends_on >= regie_today(here.time_zone) END
$$;

-- The assets that a path opens; with ``wanted``, those on which it gives that permission.
CREATE FUNCTION regie_given(wanted text) RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    WITH ruled AS MATERIALIZED (
        SELECT '/' || id || '/' AS step, policy::text[] AS policy
        FROM organisations_organisation WHERE policy <> '{{}}'
    ), rules AS MATERIALIZED (SELECT count(*) > 0 AS are_there FROM ruled)
    SELECT coalesce(array_agg(DISTINCT p.asset_id), '{{}}')
    FROM regie_my_paths() p, rules
    WHERE CASE
        WHEN NOT rules.are_there AND wanted IS NULL THEN
            coalesce(p.assigned && p.ceiling, true)
        WHEN wanted IS NOT NULL THEN
            (p.assigned IS NULL OR wanted = ANY (p.assigned))
            AND (p.ceiling IS NULL OR wanted = ANY (p.ceiling))
            AND NOT EXISTS (SELECT FROM ruled WHERE position(ruled.step IN p.owner_path) > 0
                            AND NOT wanted = ANY (ruled.policy))
        ELSE EXISTS (
            SELECT FROM unnest(coalesce(p.assigned, p.ceiling)) code
            WHERE (p.ceiling IS NULL OR code = ANY (p.ceiling))
              AND NOT EXISTS (SELECT FROM ruled WHERE position(ruled.step IN p.owner_path) > 0
                              AND NOT code = ANY (ruled.policy)))
        END
$$;

-- The paths as the engine in Python wants them: alike ones together.
CREATE FUNCTION regie_paths_of_mine(asked bigint[])
RETURNS TABLE (assigned text[], ceiling text[], rules jsonb, assets bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH met AS (
        SELECT p.assigned, p.ceiling, p.owner_path, array_agg(DISTINCT p.asset_id) AS assets
        FROM regie_my_paths() p
        WHERE coalesce(p.partner_id, p.owner_id) = ANY (asked) OR p.through_id = ANY (asked)
        GROUP BY p.assigned, p.ceiling, p.owner_path
    )
    SELECT assigned, ceiling, regie_rules(owner_path), assets FROM met
$$;

-- Organisations of ``asked`` of which all is seen, and the rules that hold there.
CREATE FUNCTION regie_read_whole(asked bigint[])
RETURNS TABLE (organisation_id bigint, rules jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT o.id, regie_rules(o.path) FROM organisations_organisation o
    WHERE o.id = ANY (asked) AND o.id = ANY (regie_full())
$$;
"""

# Everybody's paths to some assets: for those who administer them, and each person's own.
PATHS = f"""
CREATE FUNCTION regie_paths(asked bigint[])
RETURNS TABLE (asset_id bigint, user_id bigint, person text, email text, organisation_id bigint,
               organisation text, way text, grant_id bigint, share_id bigint, partner_id bigint,
               role text, assigned text[], ceiling text[], rules jsonb, ends_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH operator AS MATERIALIZED (SELECT regie_is_operator() AS is_here),
    administered AS MATERIALIZED (SELECT unnest(regie_administered()) AS id),
    asset AS MATERIALIZED (
        SELECT a.id, a.organisation_id AS owner_id, o.path, regie_rules(o.path) AS rules,
               EXISTS (SELECT FROM administered WHERE id = a.organisation_id) AS is_mine
        FROM assets_asset a JOIN organisations_organisation o ON o.id = a.organisation_id
        WHERE a.id = ANY (asked)
    ), member AS MATERIALIZED (
        SELECT m.id, m.user_id, m.role, m.ends_on, o.id AS organisation_id, o.path,
               o.members_see_all, o.time_zone, o.name
        FROM organisations_member m JOIN organisations_organisation o ON o.id = m.organisation_id
        WHERE CASE WHEN m.ends_on IS NULL THEN true
                   ELSE m.ends_on >= regie_today(o.time_zone) END
          AND (o.closed_at IS NULL OR m.role = 'administrator')
          AND EXISTS (
              SELECT FROM asset WHERE position('/' || o.id || '/' IN asset.path) > 0
              UNION ALL
              SELECT FROM access_share s JOIN organisations_organisation p ON p.id = s.partner_id
              WHERE s.asset_id = ANY (asked) AND position('/' || o.id || '/' IN p.path) > 0)
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
        FROM asset JOIN access_grant g ON g.asset_id = asset.id AND g.share_id IS NULL
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
        FROM asset JOIN access_grant g ON g.asset_id = asset.id
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

CREATE FUNCTION regie_held(asset bigint) RETURNS text[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT code), '{{}}')
    FROM regie_my_paths() p,
         unnest(coalesce(p.assigned, p.ceiling)) code
    WHERE p.asset_id = asset AND (p.ceiling IS NULL OR code = ANY (p.ceiling))
      AND NOT EXISTS (
          SELECT FROM organisations_organisation r
          WHERE r.policy <> '{{}}' AND position('/' || r.id || '/' IN p.owner_path) > 0
            AND NOT code = ANY (r.policy))
$$;
"""

# What one may know of organisations that are not one's own: those one works with.
NEIGHBOURS = f"""
CREATE FUNCTION regie_neighbours()
RETURNS TABLE (id bigint, name text, slug text, kind text, location text, time_zone text,
               currency text, manager_number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT o.id, o.name::text, o.slug::text, o.kind::text, o.location::text, o.time_zone::text,
           o.currency::text, o.manager_number::text
    FROM organisations_organisation o
    WHERE regie_is_operator() OR o.id IN (
        SELECT p.owner_id FROM regie_my_paths() p
        UNION
        SELECT p.partner_id FROM access_partnership p
        WHERE p.owner_id = ANY (regie_administered())
        UNION
        SELECT p.owner_id FROM access_partnership p
        WHERE p.partner_id = ANY (regie_administered())
    )
$$;

-- A manager by its number, all twelve digits of it: how partners name one another.
CREATE FUNCTION regie_manager(number text) RETURNS TABLE (id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT o.id, o.name::text FROM organisations_organisation o
    WHERE o.manager_number = number AND o.closed_at IS NULL
      AND (regie_is_operator() OR cardinality(regie_administered()) > 0)
$$;

-- Both journals tell what concerns both: a line for the other side of a partnership.
CREATE FUNCTION regie_tell_the_other_side(
    partnership bigint, told text, by_id bigint, by text, about jsonb
) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    INSERT INTO audit_auditline (at, organisation_id, actor_id, actor, action, details)
    SELECT clock_timestamp(), other.id, by_id, by, told, about
    FROM access_partnership p
    CROSS JOIN LATERAL (VALUES (p.owner_id, p.partner_id), (p.partner_id, p.owner_id))
        AS other (id, mine)
    WHERE p.id = partnership AND NOT other.id = ANY (regie_administered())
      AND (other.mine = ANY (regie_administered()) OR regie_is_operator())
      AND told LIKE 'access.%' AND by_id IS NOT DISTINCT FROM {ME}
$$;
"""

TRIGGERS = """
-- A partnership is proposed by one side and accepted by the other; both are managers.
CREATE FUNCTION regie_check_partnership() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    proposer bigint; answerer bigint; mine bigint[] := regie_administered();
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.owner_id, NEW.partner_id, NEW.proposed_by)
       IS DISTINCT FROM (OLD.owner_id, OLD.partner_id, OLD.proposed_by) THEN
        RAISE EXCEPTION 'the sides of a partnership do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sides_stay';
    END IF;
    IF NEW.state <> 'ended' AND EXISTS (
        SELECT FROM organisations_organisation o
        WHERE o.id IN (NEW.owner_id, NEW.partner_id) AND o.manager_number IS NULL) THEN
        RAISE EXCEPTION 'both sides of a partnership are managers'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'both_sides_are_managers';
    END IF;
    IF regie_is_operator() OR session_user = 'regie_owner' THEN
        RETURN NEW;
    END IF;
    proposer := CASE NEW.proposed_by WHEN 'owner' THEN NEW.owner_id ELSE NEW.partner_id END;
    answerer := CASE NEW.proposed_by WHEN 'owner' THEN NEW.partner_id ELSE NEW.owner_id END;
    IF TG_OP = 'INSERT' AND NOT (NEW.state = 'proposed' AND proposer = ANY (mine)) THEN
        RAISE EXCEPTION 'a partnership begins as a proposal of one''s own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'begins_as_a_proposal';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND NOT (
        NEW.state = 'ended' AND OLD.state <> 'ended'
        OR NEW.state = 'active' AND OLD.state = 'proposed' AND answerer = ANY (mine)) THEN
        RAISE EXCEPTION 'a partnership is accepted by the other side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_by_the_other_side';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_partnership BEFORE INSERT OR UPDATE ON access_partnership
FOR EACH ROW EXECUTE FUNCTION regie_check_partnership();

CREATE FUNCTION regie_partnership_ends() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    DELETE FROM access_share WHERE partnership_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER partnership_ends AFTER UPDATE OF state ON access_partnership
FOR EACH ROW WHEN (NEW.state = 'ended') EXECUTE FUNCTION regie_partnership_ends();

CREATE FUNCTION regie_check_share() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM access_partnership p
                   WHERE p.id = NEW.partnership_id AND p.state = 'active') THEN
        RAISE EXCEPTION 'only an active partnership shares'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'only_an_active_partnership_shares';
    END IF;
    NEW.is_paused := EXISTS (
        SELECT FROM organisations_organisation o
        WHERE o.id IN (NEW.owner_id, NEW.partner_id) AND o.closed_at IS NOT NULL);
    RETURN NEW;
END $$;
CREATE TRIGGER check_share BEFORE INSERT OR UPDATE ON access_share
FOR EACH ROW EXECUTE FUNCTION regie_check_share();

CREATE FUNCTION regie_organisation_closes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE access_share SET is_paused = is_paused WHERE NEW.id IN (owner_id, partner_id);
    RETURN NULL;
END $$;
CREATE TRIGGER shares_pause AFTER UPDATE OF closed_at ON organisations_organisation
FOR EACH ROW WHEN (NEW.closed_at IS DISTINCT FROM OLD.closed_at)
EXECUTE FUNCTION regie_organisation_closes();

-- A new owner has shared nothing yet.
CREATE FUNCTION regie_asset_changes_hands() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    DELETE FROM access_share WHERE asset_id = NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER changes_hands BEFORE UPDATE OF organisation_id ON assets_asset
FOR EACH ROW WHEN (NEW.organisation_id <> OLD.organisation_id)
EXECUTE FUNCTION regie_asset_changes_hands();

CREATE FUNCTION regie_check_grant() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    place text := (SELECT path FROM organisations_organisation WHERE id = NEW.organisation_id);
    target text;
BEGIN
    IF NEW.share_id IS NULL THEN
        SELECT path INTO target FROM organisations_organisation WHERE id = NEW.owner_id;
    ELSE
        SELECT p.path INTO target FROM access_share s
        JOIN organisations_organisation p ON p.id = s.partner_id
        WHERE s.id = NEW.share_id
          AND (TG_OP = 'UPDATE' AND NEW.permissions = OLD.permissions
               OR NEW.permissions::text[] <@ s.ceiling::text[]);
        IF target IS NULL THEN
            RAISE EXCEPTION 'a role stays under the ceiling of its share'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'under_the_ceiling';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' AND position(place IN target) <> 1 THEN
        RAISE EXCEPTION 'the asset is not of the branch of the member'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'asset_of_the_branch';
    END IF;
    IF NEW.custom_role_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM access_customrole r WHERE r.id = NEW.custom_role_id
        AND position('/' || r.organisation_id || '/' IN place) > 0) THEN
        RAISE EXCEPTION 'a role of another organisation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'role_of_the_line';
    END IF;
    IF NOT regie_is_operator() AND session_user <> 'regie_owner'
       AND NOT NEW.organisation_id = ANY (regie_administered())
       AND NOT NEW.permissions::text[] <@ regie_held(NEW.asset_id)
       AND (TG_OP = 'INSERT' OR NEW.permissions <> OLD.permissions) THEN
        RAISE EXCEPTION 'nobody gives more than he holds'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_than_held';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_grant BEFORE INSERT OR UPDATE ON access_grant
FOR EACH ROW EXECUTE FUNCTION regie_check_grant();
"""

WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON {table} TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY operator ON {table} TO regie_app
    USING ((SELECT regie_is_operator())) WITH CHECK ((SELECT regie_is_operator()));
"""
TABLES = "access_customrole access_partnership access_share access_grant".split()

WALLS = f"""
CREATE POLICY sees ON access_customrole FOR SELECT TO regie_app
    USING (organisation_id = ANY ((SELECT regie_visible())::bigint[])
           OR organisation_id = ANY ((SELECT regie_above())::bigint[]));
CREATE POLICY administers ON access_customrole TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK (organisation_id = ANY ((SELECT regie_administered())::bigint[]));

CREATE POLICY administers ON access_partnership TO regie_app
    USING (owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR partner_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK (owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR partner_id = ANY ((SELECT regie_administered())::bigint[]));

CREATE POLICY sees ON access_share FOR SELECT TO regie_app
    USING (owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR partner_id = ANY ((SELECT regie_administered())::bigint[])
           OR (asset_id = ANY ((SELECT regie_given('access.manage'))::bigint[])
               AND partner_id = ANY ((SELECT regie_visible())::bigint[])));
CREATE POLICY administers ON access_share TO regie_app
    USING (owner_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK (owner_id = ANY ((SELECT regie_administered())::bigint[]));

CREATE POLICY sees ON access_grant FOR SELECT TO regie_app
    USING (user_id = {ME}
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[])
           OR owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR (asset_id = ANY ((SELECT regie_given('access.manage'))::bigint[])
               AND organisation_id = ANY ((SELECT regie_visible())::bigint[])));
CREATE POLICY gives ON access_grant FOR INSERT TO regie_app
    WITH CHECK (organisation_id = ANY ((SELECT regie_administered())::bigint[])
                OR (asset_id = ANY ((SELECT regie_given('access.manage'))::bigint[])
                    AND organisation_id = ANY ((SELECT regie_visible())::bigint[])));
CREATE POLICY changes ON access_grant FOR UPDATE TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[])
                OR (asset_id = ANY ((SELECT regie_given('access.manage'))::bigint[])
                    AND organisation_id = ANY ((SELECT regie_visible())::bigint[])))
    WITH CHECK (organisation_id = ANY ((SELECT regie_administered())::bigint[])
                OR (asset_id = ANY ((SELECT regie_given('access.manage'))::bigint[])
                    AND organisation_id = ANY ((SELECT regie_visible())::bigint[])));
CREATE POLICY takes ON access_grant FOR DELETE TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[])
           OR owner_id = ANY ((SELECT regie_administered())::bigint[])
           OR (asset_id = ANY ((SELECT regie_given('access.manage'))::bigint[])
               AND organisation_id = ANY ((SELECT regie_visible())::bigint[])));

DROP POLICY scope ON assets_asset;
CREATE POLICY operator ON assets_asset TO regie_app
    USING ((SELECT regie_is_operator())) WITH CHECK ((SELECT regie_is_operator()));
CREATE POLICY sees ON assets_asset FOR SELECT TO regie_app
    USING (organisation_id = ANY ((SELECT regie_full())::bigint[])
           OR id = ANY ((SELECT regie_given(NULL))::bigint[]));
CREATE POLICY writes ON assets_asset FOR INSERT TO regie_app
    WITH CHECK (organisation_id = ANY ((SELECT regie_full())::bigint[]));
CREATE POLICY changes ON assets_asset FOR UPDATE TO regie_app
    USING (organisation_id = ANY ((SELECT regie_full())::bigint[]))
    WITH CHECK (organisation_id = ANY ((SELECT regie_full())::bigint[]));
CREATE POLICY removes ON assets_asset FOR DELETE TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("assets", "0004_limit"),
        ("audit", "0002_walls"),
        ("connections", "0007_above"),
        ("organisations", "0005_rules_of_managers"),
    ]
    operations = [
        migrations.RunSQL(
            KEYS
            + PLACES
            + GIVEN
            + PATHS
            + NEIGHBOURS
            + TRIGGERS
            + "".join(WALL.format(table=table) for table in TABLES)
            + WALLS,
            migrations.RunSQL.noop,
        )
    ]
