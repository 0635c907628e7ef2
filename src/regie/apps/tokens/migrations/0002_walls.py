"""Row security behind tokens: one's own, and those of organisations that one administers."""

from django.db import migrations

WALLS = """
ALTER TABLE tokens_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE tokens_token FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON tokens_token TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON tokens_token TO regie_app
    USING ((SELECT regie_is_operator())
           OR user_id = nullif(current_setting('regie.user', true), '')::bigint
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR user_id = nullif(current_setting('regie.user', true), '')::bigint
                OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));

-- Who a token speaks for, before anybody is known: one lookup by the digest, and the count of the
-- running minute. Nothing for a token that is unknown, revoked, expired, or of a closed account.
CREATE FUNCTION regie_token(given text)
RETURNS TABLE (user_id bigint, organisation_id bigint, scopes text[], calls integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    UPDATE tokens_token t SET
        last_used_at = now(),
        calls = CASE WHEN t.window_at > now() - interval '1 minute' THEN t.calls + 1 ELSE 1 END,
        window_at = CASE WHEN t.window_at > now() - interval '1 minute' THEN t.window_at
                         ELSE now() END
    FROM accounts_user u
    WHERE t.digest = given AND t.revoked_at IS NULL AND t.expires_at > now()
      AND u.id = t.user_id AND u.is_active
    RETURNING t.user_id, t.organisation_id, t.scopes::text[], t.calls
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("tokens", "0001_initial"), ("access", "0002_walls")]
    operations = [migrations.RunSQL(WALLS, "")]
