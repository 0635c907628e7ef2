"""Who comes back by an invitation begins anew: nothing of what he had before opens again."""

from django.db import migrations

ACCEPT = """
CREATE OR REPLACE FUNCTION regie_accept_invitation(digest text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    person bigint := nullif(current_setting('regie.user', true), '')::bigint;
    offered organisations_invitation;
BEGIN
    SELECT i.* INTO offered FROM organisations_invitation i
    JOIN accounts_user u ON u.id = person AND lower(u.email) = lower(i.email) AND u.is_active
    WHERE i.token_hash = digest AND EXISTS (SELECT FROM regie_invitation(digest))
    FOR UPDATE OF i;
    -- Whoever waited for the row looks again: a link works once.
    IF NOT FOUND OR offered.accepted_at IS NOT NULL OR offered.withdrawn_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    UPDATE organisations_invitation SET accepted_at = now(), accepted_by = person
    WHERE id = offered.id;
    DELETE FROM organisations_member m USING organisations_organisation o
    WHERE o.id = m.organisation_id AND m.organisation_id = offered.organisation_id
      AND m.user_id = person AND m.ends_on < regie_today(o.time_zone);
    INSERT INTO organisations_member (organisation_id, user_id, role, ends_on, joined_at)
    VALUES (offered.organisation_id, person, offered.role, offered.ends_on, now())
    ON CONFLICT (organisation_id, user_id)
    DO UPDATE SET role = EXCLUDED.role, ends_on = EXCLUDED.ends_on, removed_at = NULL;
    RETURN offered.organisation_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0011_taken_out")]
    operations = [migrations.RunSQL(ACCEPT, migrations.RunSQL.noop)]
