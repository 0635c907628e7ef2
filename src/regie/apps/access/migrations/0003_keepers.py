"""An ad account always has a billing admin: where the last one leaves, an administrator follows."""

from django.db import migrations

KEEPERS = """
CREATE FUNCTION regie_keeper_leaves() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE heir record;
BEGIN
    IF NOT EXISTS (SELECT FROM assets_asset a WHERE a.id = OLD.asset_id
                   AND a.status = 'linked' AND a.kind = 'ad_account')
       OR EXISTS (SELECT FROM access_grant g JOIN organisations_member m ON m.id = g.member_id
                  WHERE g.asset_id = OLD.asset_id AND g.role = 'ACCOUNT_BILLING_ADMIN'
                    AND g.share_id IS NULL AND g.ends_on IS NULL AND m.ends_on IS NULL) THEN
        RETURN NULL;
    END IF;
    SELECT m.id, m.organisation_id, m.user_id, coalesce(nullif(u.name, ''), u.email) AS person,
           a.organisation_id AS owner_id
    INTO heir
    FROM assets_asset a
    JOIN organisations_organisation o ON o.id = a.organisation_id
    JOIN organisations_organisation line ON position('/' || line.id || '/' IN o.path) > 0
    JOIN organisations_member m ON m.organisation_id = line.id AND m.role = 'administrator'
    JOIN accounts_user u ON u.id = m.user_id AND u.is_active
    WHERE a.id = OLD.asset_id
    ORDER BY length(line.path) DESC, m.id LIMIT 1;
    IF FOUND THEN
        DELETE FROM access_grant WHERE asset_id = OLD.asset_id AND member_id = heir.id
            AND role = 'ACCOUNT_BILLING_ADMIN' AND share_id IS NULL;
        INSERT INTO access_grant (asset_id, owner_id, organisation_id, member_id, user_id, role,
                                  permissions, granted_by, granted_at)
        VALUES (OLD.asset_id, heir.owner_id, heir.organisation_id, heir.id, heir.user_id,
                'ACCOUNT_BILLING_ADMIN', OLD.permissions, '', now());
        INSERT INTO audit_auditline (at, organisation_id, actor, action, details)
        VALUES (clock_timestamp(), heir.owner_id, '', 'access.billing_admin_followed',
                jsonb_build_object('asset_id', OLD.asset_id, 'person', heir.person,
                                   'person_id', heir.user_id));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeper_leaves AFTER DELETE OR UPDATE ON access_grant
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.role = 'ACCOUNT_BILLING_ADMIN' AND OLD.share_id IS NULL)
EXECUTE FUNCTION regie_keeper_leaves();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_walls")]
    operations = [migrations.RunSQL(KEEPERS, migrations.RunSQL.noop)]
