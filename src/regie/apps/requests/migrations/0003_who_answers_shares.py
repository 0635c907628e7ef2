"""Who answers a request may be no administrator, and then sees neither partnerships nor shares.

Accepting shares what was asked for, through the partnership that stands; where there is none the
function says so. A ceiling that is there already is raised by the asked permissions, never lowered.
"""

from django.db import migrations

SHARES = """
CREATE FUNCTION regie_share_asked(asked bigint, role text[], account text, by text)
RETURNS TABLE (share bigint, partnership bigint, was text[], stands text[]) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE of record;
BEGIN
    SELECT r.asset_id, r.owner_id, q.organisation_id AS partner_id, p.id AS partnership_id
    INTO of
    FROM requests_route r
    JOIN requests_accessrequest q ON q.id = r.request_id AND q.state = 'pending'
    JOIN access_partnership p ON p.owner_id = r.owner_id AND p.partner_id = q.organisation_id
        AND p.state = 'active'
    WHERE r.request_id = asked
      AND (regie_is_operator() OR r.request_id = ANY (regie_asked_of_me()));
    IF NOT FOUND THEN RETURN; END IF;
    SELECT s.ceiling::text[] INTO was FROM access_share s
    WHERE s.partnership_id = of.partnership_id AND s.asset_id = of.asset_id FOR UPDATE;
    partnership := of.partnership_id;
    INSERT INTO access_share (partnership_id, asset_id, owner_id, partner_id, ceiling, is_paused,
                              shared_at, shared_by)
    VALUES (of.partnership_id, of.asset_id, of.owner_id, of.partner_id, role, false,
            now(), by)
    ON CONFLICT (partnership_id, asset_id) DO UPDATE SET ceiling = (
        SELECT array_agg(DISTINCT one ORDER BY one)
        FROM unnest(access_share.ceiling::text[] || excluded.ceiling::text[]) one)
    RETURNING id, ceiling::text[] INTO share, stands;
    -- The partner reads of it in his own journal.
    INSERT INTO audit_auditline (at, organisation_id, actor_id, actor, action, details)
    SELECT clock_timestamp(), of.partner_id,
           nullif(current_setting('regie.user', true), '')::bigint, by,
           CASE WHEN was IS NULL THEN 'access.shared' ELSE 'access.ceiling_set' END,
           jsonb_build_object('asset_id', of.asset_id, 'account', account, 'ceiling', stands,
                              'partnership_id', of.partnership_id)
    WHERE was IS DISTINCT FROM stands AND NOT of.partner_id = ANY (regie_administered());
    RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION regie_share_asked(bigint, text[], text, text) FROM public;
GRANT EXECUTE ON FUNCTION regie_share_asked(bigint, text[], text, text) TO regie_app;
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0002_walls"), ("access", "0013_plan_for_each")]
    operations = [
        migrations.RunSQL(SHARES, "DROP FUNCTION regie_share_asked(bigint, text[], text, text)"),
    ]
