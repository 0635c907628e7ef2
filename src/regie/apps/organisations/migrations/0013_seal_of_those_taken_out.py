"""Who comes back by a recovery code is in again, even if he was taken out the day before."""

from django.db import migrations

SEAL = """
CREATE OR REPLACE FUNCTION regie_break_seal(digest text) RETURNS bigint LANGUAGE plpgsql
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
    ON CONFLICT (organisation_id, user_id)
    DO UPDATE SET role = 'administrator', ends_on = NULL, removed_at = NULL;
    RETURN broken.organisation_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0012_coming_back")]
    operations = [migrations.RunSQL(SEAL, migrations.RunSQL.noop)]
