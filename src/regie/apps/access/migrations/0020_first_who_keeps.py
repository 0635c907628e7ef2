"""A thousand people who become administrators together look for accounts without a keeper once.

Where somebody administers for good, nothing below is without one: only the first has to look.
An heir who held the role until a day is given it for good by one statement, whenever that runs.
"""

from django.db import migrations

HEIR = """
-- By index alone: its plan is made once, and may be made while the tables are still empty.
CREATE OR REPLACE FUNCTION regie_keep_keeper(asset bigint) RETURNS void LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public SET enable_seqscan = off AS $$
DECLARE
    heir record;
    before text := coalesce(current_setting('regie.operator', true), '');
BEGIN
    IF NOT EXISTS (SELECT FROM assets_asset
                   WHERE id = asset AND kind = 'ad_account' AND status = 'linked') THEN
        RETURN;
    END IF;
    -- Two who leave at once pass here one by one, and the second sees that the first is gone.
    -- Everybody passes by the same door: of two who keep accounts of two trees, each would else
    -- wait for the tree that the other has locked.
    PERFORM pg_advisory_xact_lock(7006, 0);
    SELECT m.id, m.organisation_id, m.user_id, coalesce(nullif(u.name, ''), u.email) AS person,
           a.organisation_id AS owner_id
    INTO heir
    FROM assets_asset a
    JOIN organisations_organisation o ON o.id = a.organisation_id
    LEFT JOIN (organisations_organisation line
               JOIN organisations_member m ON m.organisation_id = line.id
                    AND m.role = 'administrator' AND m.ends_on IS NULL
               JOIN accounts_user u ON u.id = m.user_id AND u.is_active)
           ON line.id = ANY (string_to_array(trim(BOTH '/' FROM o.path), '/')::bigint[])
    WHERE a.id = asset
    ORDER BY length(line.path) DESC NULLS LAST, m.id LIMIT 1;
    IF heir.id IS NULL OR EXISTS (SELECT FROM regie_keepers(asset, true)) THEN
        RETURN;
    END IF;
    -- Nobody gives this role: it follows from the rule, whoever has just left.
    PERFORM set_config('regie.operator', 'on', true);
    -- Who held it until a day holds it for good: in one statement, as what is deleted would send
    -- another heir looking before this one is there.
    INSERT INTO access_grant (asset_id, owner_id, organisation_id, member_id, user_id, role,
                              permissions, granted_by, granted_at)
    VALUES (asset, heir.owner_id, heir.organisation_id, heir.id, heir.user_id,
            'ACCOUNT_BILLING_ADMIN',
            '{access.manage,account.edit,ads.edit,billing.edit,billing.view,campaigns.create,campaigns.edit,figures.view,notifications.receive,receipts.print}',
            '', now())
    ON CONFLICT ON CONSTRAINT a_role_is_given_once DO UPDATE SET
        permissions = EXCLUDED.permissions, granted_by_id = NULL, granted_by = '',
        granted_at = EXCLUDED.granted_at, ends_on = NULL;
    PERFORM set_config('regie.operator', before, true);
    INSERT INTO audit_auditline (at, organisation_id, actor, action, details)
    VALUES (clock_timestamp(), heir.owner_id, '', 'access.billing_admin_followed',
            jsonb_build_object('asset_id', asset, 'person', heir.person,
                               'person_id', heir.user_id));
END $$;
"""

ENDS = """
CREATE OR REPLACE FUNCTION regie_keeper_ends() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NEW.role = 'administrator' AND NEW.ends_on IS NULL AND NEW.id = (
        SELECT min(m.id) FROM organisations_member m
        JOIN accounts_user u ON u.id = m.user_id AND u.is_active
        WHERE m.organisation_id = NEW.organisation_id
          AND m.role = 'administrator' AND m.ends_on IS NULL
    ) THEN
        PERFORM regie_keep_keepers_below(NEW.organisation_id);
    END IF;
    PERFORM regie_keep_keeper(g.asset_id) FROM access_grant g
    WHERE g.member_id = NEW.id AND g.role = 'ACCOUNT_BILLING_ADMIN' AND g.share_id IS NULL;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0019_paths_by_index")]
    operations = [migrations.RunSQL(part, migrations.RunSQL.noop) for part in (HEIR, ENDS)]
