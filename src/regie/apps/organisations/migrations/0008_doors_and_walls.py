"""Walls around the new tables, and the two doors by which one becomes a member.

Who accepts an invitation, or opens a sealed recovery, is not yet in: functions of the owner do
exactly this for the person of the current context, given the digest of a secret that only the
right people hold. They answer nothing about a secret that is unknown, spent or too old.
"""

from django.db import migrations

PLACES = """
CREATE OR REPLACE FUNCTION regie_places()
RETURNS TABLE (organisation_id bigint, path text, role text, sees_below boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT mine.id, mine.path, m.role,
           m.role = 'administrator' OR (mine.members_see_all
               AND CASE WHEN mine.assigned_only_from IS NULL THEN true
                        ELSE mine.assigned_only_from > regie_today(mine.time_zone) END)
    FROM organisations_member m
    JOIN organisations_organisation mine ON mine.id = m.organisation_id
    WHERE m.user_id = nullif(current_setting('regie.user', true), '')::bigint
      AND CASE WHEN m.ends_on IS NULL THEN true
               ELSE m.ends_on >= regie_today(mine.time_zone) END
      AND (mine.closed_at IS NULL OR m.role = 'administrator')
$$;
"""

WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON {table} TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY administers ON {table} TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));
"""
TABLES = ("invitation", "seal", "review", "treechange")
KEPT = "REVOKE UPDATE, DELETE ON organisations_review FROM regie_app;"

INVITATION = """
CREATE FUNCTION regie_invitation(digest text)
RETURNS TABLE (organisation_id bigint, organisation text, email text, role text, ends_on date,
               inviter text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT o.id, o.name, i.email, i.role, i.ends_on, i.inviter, i.expires_at
    FROM organisations_invitation i
    JOIN organisations_organisation o ON o.id = i.organisation_id
    WHERE i.token_hash = digest AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
      AND i.expires_at > now() AND o.closed_at IS NULL
      AND (i.ends_on IS NULL OR i.ends_on >= regie_today(o.time_zone))
$$;

CREATE FUNCTION regie_accept_invitation(digest text) RETURNS bigint LANGUAGE plpgsql
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
    INSERT INTO organisations_member (organisation_id, user_id, role, ends_on, joined_at)
    VALUES (offered.organisation_id, person, offered.role, offered.ends_on, now())
    ON CONFLICT (organisation_id, user_id)
    DO UPDATE SET role = EXCLUDED.role, ends_on = EXCLUDED.ends_on;
    RETURN offered.organisation_id;
END $$;
"""

SEAL = """
CREATE FUNCTION regie_break_seal(digest text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    person bigint := nullif(current_setting('regie.user', true), '')::bigint;
    broken organisations_seal;
BEGIN
    SELECT s.* INTO broken FROM organisations_seal s
    JOIN organisations_organisation o ON o.id = s.organisation_id AND o.closed_at IS NULL
    WHERE s.secret_hash = digest FOR UPDATE OF s;
    IF NOT FOUND OR person IS NULL OR broken.used_at IS NOT NULL
       OR broken.replaced_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    UPDATE organisations_seal
    SET used_at = now(), used_by = (SELECT left(email, 200) FROM accounts_user WHERE id = person)
    WHERE id = broken.id;
    INSERT INTO organisations_member (organisation_id, user_id, role, joined_at)
    VALUES (broken.organisation_id, person, 'administrator', now())
    ON CONFLICT (organisation_id, user_id) DO UPDATE SET role = 'administrator', ends_on = NULL;
    RETURN broken.organisation_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_records")]
    operations = [
        migrations.RunSQL(
            PLACES
            + "".join(WALL.format(table=f"organisations_{name}") for name in TABLES)
            + KEPT
            + INVITATION
            + SEAL,
            migrations.RunSQL.noop,
        )
    ]
