"""One rule for those who answer for an account, whatever happens: ``regie_keep_keeper``.

A linked ad account has a billing admin: somebody of the owner's line who is there for good. Where
none is left, at the end of a transaction, the nearest administrator follows. Where the line has no
administrator yet, the first one who joins follows then. A page is shared, and can be asked for,
only while it has a super admin who can answer today.
"""

from django.db import migrations

RULE = """
-- Who keeps an asset: effective today or, ``for_good``, with no last day. Read by definers only:
-- planned within their own statements, so that many assets are looked at in one.
CREATE FUNCTION regie_keepers(asset bigint, for_good boolean) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT g.user_id FROM access_grant g
    JOIN assets_asset a ON a.id = g.asset_id
    JOIN organisations_organisation o ON o.id = a.organisation_id
    JOIN organisations_member m ON m.id = g.member_id
    JOIN organisations_organisation here ON here.id = m.organisation_id
    JOIN accounts_user u ON u.id = g.user_id AND u.is_active
    WHERE g.asset_id = asset AND g.share_id IS NULL
      AND g.role = CASE a.kind WHEN 'ad_account' THEN 'ACCOUNT_BILLING_ADMIN'
                               WHEN 'page' THEN 'ADMINISTRATOR' END
      AND position('/' || here.id || '/' IN o.path) > 0
      AND (here.closed_at IS NULL OR m.role = 'administrator')
      AND CASE WHEN g.ends_on IS NULL AND m.ends_on IS NULL THEN true
               WHEN for_good THEN false
               ELSE least(g.ends_on, m.ends_on) >= regie_today(here.time_zone) END
$$;
REVOKE ALL ON FUNCTION regie_keepers(bigint, boolean) FROM PUBLIC;

-- By index alone: its plan is made once, and may be made while the tables are still empty.
CREATE FUNCTION regie_keep_keeper(asset bigint) RETURNS void LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public SET enable_seqscan = off AS $$
DECLARE
    heir record;
    before text := coalesce(current_setting('regie.operator', true), '');
BEGIN
    SELECT m.id, m.organisation_id, m.user_id, coalesce(nullif(u.name, ''), u.email) AS person,
           a.organisation_id AS owner_id, split_part(o.path, '/', 2)::bigint AS top
    INTO heir
    FROM assets_asset a
    JOIN organisations_organisation o ON o.id = a.organisation_id
    LEFT JOIN (organisations_organisation line
               JOIN organisations_member m ON m.organisation_id = line.id
                    AND m.role = 'administrator' AND m.ends_on IS NULL
               JOIN accounts_user u ON u.id = m.user_id AND u.is_active)
           ON line.id = ANY (string_to_array(trim(BOTH '/' FROM o.path), '/')::bigint[])
    WHERE a.id = asset AND a.kind = 'ad_account' AND a.status = 'linked'
    ORDER BY length(line.path) DESC NULLS LAST, m.id LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Two who leave at once pass here one by one, and the second sees that the first is gone.
    PERFORM pg_advisory_xact_lock(7006, (heir.top % 2147483647)::integer);
    IF heir.id IS NULL OR EXISTS (SELECT FROM regie_keepers(asset, true)) THEN
        RETURN;
    END IF;
    -- Nobody gives this role: it follows from the rule, whoever has just left.
    PERFORM set_config('regie.operator', 'on', true);
    DELETE FROM access_grant WHERE asset_id = asset AND member_id = heir.id
        AND role = 'ACCOUNT_BILLING_ADMIN' AND share_id IS NULL;
    INSERT INTO access_grant (asset_id, owner_id, organisation_id, member_id, user_id, role,
                              permissions, granted_by, granted_at)
    VALUES (asset, heir.owner_id, heir.organisation_id, heir.id, heir.user_id,
            'ACCOUNT_BILLING_ADMIN',
            '{access.manage,account.edit,ads.edit,billing.edit,billing.view,campaigns.create,campaigns.edit,figures.view,notifications.receive,receipts.print}',
            '', now());
    PERFORM set_config('regie.operator', before, true);
    INSERT INTO audit_auditline (at, organisation_id, actor, action, details)
    VALUES (clock_timestamp(), heir.owner_id, '', 'access.billing_admin_followed',
            jsonb_build_object('asset_id', asset, 'person', heir.person,
                               'person_id', heir.user_id));
END $$;
REVOKE ALL ON FUNCTION regie_keep_keeper(bigint) FROM PUBLIC;

-- All that a branch lacks: for whoever begins to administer it.
CREATE FUNCTION regie_keep_keepers_below(organisation bigint) RETURNS void LANGUAGE plpgsql
VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_keep_keeper(a.id)
    FROM organisations_organisation top
    JOIN organisations_organisation o
      ON o.path COLLATE "C" >= top.path COLLATE "C"
     AND o.path COLLATE "C" < (top.path || chr(1114111)) COLLATE "C"
    JOIN assets_asset a ON a.organisation_id = o.id
    WHERE top.id = organisation AND a.kind = 'ad_account' AND a.status = 'linked'
      AND NOT EXISTS (SELECT FROM regie_keepers(a.id, true));
END $$;
REVOKE ALL ON FUNCTION regie_keep_keepers_below(bigint) FROM PUBLIC;
"""

# Whatever can take the last one away, or bring an account without one: looked at when it commits.
WAYS = """
CREATE OR REPLACE FUNCTION regie_keeper_leaves() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_keep_keeper(OLD.asset_id);
    RETURN NULL;
END $$;

CREATE FUNCTION regie_account_comes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_keep_keeper(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeper_comes AFTER INSERT OR UPDATE OF kind, status, organisation_id
ON assets_asset DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.kind = 'ad_account' AND NEW.status = 'linked')
EXECUTE FUNCTION regie_account_comes();

DROP TRIGGER keeper_ends ON organisations_member;
CREATE OR REPLACE FUNCTION regie_keeper_ends() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NEW.role = 'administrator' AND NEW.ends_on IS NULL THEN
        PERFORM regie_keep_keepers_below(NEW.organisation_id);
    END IF;
    PERFORM regie_keep_keeper(g.asset_id) FROM access_grant g
    WHERE g.member_id = NEW.id AND g.role = 'ACCOUNT_BILLING_ADMIN' AND g.share_id IS NULL;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeper_ends AFTER INSERT OR UPDATE OF role, ends_on, organisation_id
ON organisations_member DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION regie_keeper_ends();

CREATE FUNCTION regie_keeper_is_stopped() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NEW.is_active THEN
        PERFORM regie_keep_keepers_below(m.organisation_id) FROM organisations_member m
        WHERE m.user_id = NEW.id AND m.role = 'administrator';
    ELSE
        PERFORM regie_keep_keeper(g.asset_id) FROM access_grant g
        WHERE g.user_id = NEW.id AND g.role = 'ACCOUNT_BILLING_ADMIN' AND g.share_id IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeper_is_stopped AFTER UPDATE OF is_active ON accounts_user
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active)
EXECUTE FUNCTION regie_keeper_is_stopped();

-- Of a branch that moves or closes: its own accounts, and those that its people keep elsewhere.
CREATE FUNCTION regie_keepers_move() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_keep_keeper(a.id) FROM assets_asset a
    WHERE a.organisation_id = NEW.id AND a.kind = 'ad_account' AND a.status = 'linked'
      AND NOT EXISTS (SELECT FROM regie_keepers(a.id, true));
    PERFORM regie_keep_keeper(g.asset_id) FROM access_grant g
    WHERE g.organisation_id = NEW.id AND g.role = 'ACCOUNT_BILLING_ADMIN' AND g.share_id IS NULL
      AND NOT EXISTS (SELECT FROM regie_keepers(g.asset_id, true));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keepers_move AFTER UPDATE ON organisations_organisation
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.path IS DISTINCT FROM NEW.path OR OLD.closed_at IS DISTINCT FROM NEW.closed_at)
EXECUTE FUNCTION regie_keepers_move();
"""

PAGES = """
CREATE FUNCTION regie_page_has_keeper() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF EXISTS (SELECT FROM assets_asset a WHERE a.id = NEW.asset_id AND a.kind = 'page')
       AND NOT EXISTS (SELECT FROM regie_keepers(NEW.asset_id, false)) THEN
        RAISE EXCEPTION 'no super admin'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'page_with_super_admin';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER page_has_keeper AFTER INSERT ON access_share
FOR EACH ROW EXECUTE FUNCTION regie_page_has_keeper();

CREATE OR REPLACE FUNCTION regie_route_request() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE owned record;
BEGIN
    SELECT a.id, a.organisation_id, a.kind INTO owned
    FROM assets_asset a
    WHERE a.platform = NEW.platform AND a.external_id = NEW.external_id AND a.status = 'linked'
      AND a.organisation_id <> NEW.organisation_id
    ORDER BY a.id LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF owned.kind = 'page' AND NOT EXISTS (SELECT FROM regie_keepers(owned.id, false)) THEN
        RAISE EXCEPTION 'no super admin' USING ERRCODE = 'RG001';
    END IF;
    INSERT INTO requests_route (request_id, asset_id, owner_id, family)
    VALUES (NEW.id, owned.id, owned.organisation_id, owned.kind);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION regie_asked_of_me() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(r.request_id), '{}') FROM requests_route r
    WHERE CASE WHEN r.family = 'page'
        THEN nullif(current_setting('regie.user', true), '')::bigint
             IN (SELECT regie_keepers(r.asset_id, false))
        ELSE r.owner_id = ANY (regie_administered())
             OR 'access.manage' = ANY (regie_held(r.asset_id)) END
$$;
"""

# Accounts that were left without one before there was this rule.
NOW = """
SELECT regie_keep_keepers_below(id) FROM organisations_organisation WHERE parent_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0015_found_by_trigrams"),
        ("organisations", "0013_seal_of_those_taken_out"),
        ("requests", "0002_walls"),
        ("audit", "__first__"),
    ]
    operations = [
        migrations.RunSQL(part, migrations.RunSQL.noop) for part in (RULE, WAYS, PAGES, NOW)
    ]
