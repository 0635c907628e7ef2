"""Shares of audiences end with the partnership that carried them: a new one begins with none."""

from django.db import migrations, models

# One rule for what is said beforehand and for what is done: the shares between both sides, either
# way, that neither another partnership nor a common tree carries.
RULE = """
CREATE FUNCTION regie_audience_shares_between(one bigint, other bigint, besides bigint)
RETURNS TABLE (share_id bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT s.id
    FROM audiences_audienceshare s
    JOIN organisations_organisation o ON o.id = s.owner_id
    JOIN organisations_organisation r ON r.id = s.recipient_id
    WHERE s.withdrawn_at IS NULL
      AND (s.owner_id, s.recipient_id) IN ((one, other), (other, one))
      AND split_part(o.path, '/', 2) <> split_part(r.path, '/', 2)
      AND NOT EXISTS (
          SELECT FROM access_partnership p WHERE p.state = 'active' AND p.id <> besides
            AND (p.owner_id, p.partner_id) IN ((one, other), (other, one)))
$$;
REVOKE ALL ON FUNCTION regie_audience_shares_between(bigint, bigint, bigint) FROM PUBLIC;

-- What hangs upon a partnership alone, for those who administer one of its sides.
CREATE FUNCTION regie_audience_shares_through(partnership bigint)
RETURNS TABLE (share_id bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT met.share_id
    FROM access_partnership p
    CROSS JOIN LATERAL regie_audience_shares_between(p.owner_id, p.partner_id, p.id) met
    WHERE p.id = partnership AND p.state = 'active'
      AND (regie_is_operator()
           OR ARRAY[p.owner_id, p.partner_id] && (SELECT regie_administered())::bigint[])
$$;

CREATE FUNCTION regie_audiences_end() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    actor_number bigint := nullif(current_setting('regie.user', true), '')::bigint;
    actor_name text := coalesce((SELECT coalesce(nullif(u.name, ''), u.email) FROM accounts_user u
                         WHERE u.id = actor_number), 'local operator');
BEGIN
    WITH ended AS (
        UPDATE audiences_audienceshare s
        SET withdrawn_at = clock_timestamp(), withdrawn_by = actor_name,
            withdrawn_because = 'access.partnership_ended'
        FROM regie_audience_shares_between(OLD.owner_id, OLD.partner_id, OLD.id) met
        WHERE s.id = met.share_id
        RETURNING s.id, s.owner_id, s.audience_id, s.recipient_name
    ), stopped AS (
        DELETE FROM audiences_audienceuse u USING ended WHERE u.share_id = ended.id
    )
    INSERT INTO audit_auditline (at, organisation_id, actor_id, actor, action, details)
    SELECT clock_timestamp(), ended.owner_id, actor_number, actor_name, 'audiences.withdrawn',
           jsonb_build_object('audience', a.name, 'recipient', ended.recipient_name,
                              'because', 'access.partnership_ended')
    FROM ended JOIN audiences_audience a ON a.id = ended.audience_id;
    RETURN NULL;
END $$;
CREATE TRIGGER audiences_end AFTER UPDATE OF state ON access_partnership
FOR EACH ROW WHEN (NEW.state = 'ended') EXECUTE FUNCTION regie_audiences_end();
CREATE TRIGGER audiences_end_with_it AFTER DELETE ON access_partnership
FOR EACH ROW EXECUTE FUNCTION regie_audiences_end();
"""

# What a partnership carried that has ended since: it must not live again with the next one.
ENDED_BEFORE = """
WITH ended AS (
    UPDATE audiences_audienceshare s
    SET withdrawn_at = p.ended_at, withdrawn_because = 'access.partnership_ended'
    FROM access_partnership p, organisations_organisation o, organisations_organisation r
    WHERE s.withdrawn_at IS NULL AND o.id = s.owner_id AND r.id = s.recipient_id
      AND split_part(o.path, '/', 2) <> split_part(r.path, '/', 2)
      AND p.state = 'ended' AND p.ended_at >= s.shared_at
      AND (p.owner_id, p.partner_id) IN ((o.id, r.id), (r.id, o.id))
      AND NOT EXISTS (
          SELECT FROM access_partnership still
          WHERE still.id <> p.id AND still.accepted_at <= p.ended_at
            AND (still.ended_at IS NULL OR still.ended_at > p.ended_at)
            AND (still.owner_id, still.partner_id) IN ((o.id, r.id), (r.id, o.id)))
    RETURNING s.id
)
DELETE FROM audiences_audienceuse u USING ended WHERE u.share_id = ended.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audiences", "0002_walls"),
        ("access", "0018_keepers_by_one_door"),
        ("audit", "0003_readers"),
    ]
    operations = [
        migrations.AddField(
            model_name="audienceshare",
            name="withdrawn_because",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.RunSQL(RULE, migrations.RunSQL.noop),
        migrations.RunSQL(ENDED_BEFORE, migrations.RunSQL.noop),
    ]
