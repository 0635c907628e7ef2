"""Shares of audiences pause while an organisation of theirs is closed, and end on its owner's day."""

from django.db import migrations

# One rule for row security and for Python: the owner, whose zone it is, is hidden from who receives.
LIVE = """
CREATE FUNCTION regie_live_audience_shares()
RETURNS TABLE (share_id bigint, audience_id bigint, recipient_id bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT s.id, s.audience_id, s.recipient_id
    FROM audiences_audienceshare s
    JOIN audiences_audience a ON a.id = s.audience_id
    JOIN organisations_organisation o ON o.id = s.owner_id
    JOIN organisations_organisation r ON r.id = s.recipient_id
    WHERE s.withdrawn_at IS NULL AND NOT a.is_archived
      AND o.closed_at IS NULL AND r.closed_at IS NULL
      AND least(s.expires_on, a.expires_on) >= regie_today(o.time_zone)
      AND (split_part(o.path, '/', 2) = split_part(r.path, '/', 2) OR EXISTS (
          SELECT 1 FROM access_partnership p WHERE p.state = 'active'
            AND ((p.owner_id = o.id AND p.partner_id = r.id)
                 OR (p.owner_id = r.id AND p.partner_id = o.id))))
      AND (regie_is_operator()
           OR ARRAY[s.owner_id, s.recipient_id] && (SELECT regie_visible())::bigint[])
$$;

CREATE OR REPLACE FUNCTION regie_received_audiences() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT live.audience_id), '{}')
    FROM regie_live_audience_shares() live
    WHERE live.recipient_id = ANY ((SELECT regie_visible())::bigint[])
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0003_end_with_partnership")]
    operations = [migrations.RunSQL(LIVE, migrations.RunSQL.noop)]
