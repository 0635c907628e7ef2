"""Row security behind audiences: the owner's, and what is shared with one's organisations."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
OWNED = "audiences_audiencemember audiences_withdrawal audiences_audienceexport".split()

# A share lives inside one tree, or as long as the partnership: its end ends every access.
# Definer functions read shares as their owner, so that policies do not call one another.
WALLS = """
CREATE FUNCTION regie_received_audiences() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT s.audience_id), '{}')
    FROM audiences_audienceshare s
    JOIN audiences_audience a ON a.id = s.audience_id
    JOIN organisations_organisation o ON o.id = s.owner_id
    JOIN organisations_organisation r ON r.id = s.recipient_id
    WHERE s.recipient_id = ANY ((SELECT regie_visible())::bigint[])
      AND s.withdrawn_at IS NULL AND NOT a.is_archived
      AND least(s.expires_on, a.expires_on) >= current_date
      AND (split_part(o.path, '/', 2) = split_part(r.path, '/', 2) OR EXISTS (
          SELECT 1 FROM access_partnership p WHERE p.state = 'active'
            AND ((p.owner_id = o.id AND p.partner_id = r.id)
                 OR (p.owner_id = r.id AND p.partner_id = o.id))))
$$;

ALTER TABLE audiences_audience ENABLE ROW LEVEL SECURITY;
ALTER TABLE audiences_audience FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audiences_audience TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON audiences_audience TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
CREATE POLICY received ON audiences_audience FOR SELECT TO regie_app
    USING (id = ANY ((SELECT regie_received_audiences())::bigint[]));

ALTER TABLE audiences_audienceshare ENABLE ROW LEVEL SECURITY;
ALTER TABLE audiences_audienceshare FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audiences_audienceshare TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON audiences_audienceshare TO regie_app
    USING ((SELECT regie_is_operator()) OR owner_id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR owner_id = ANY ((SELECT regie_visible())::bigint[]));
CREATE POLICY received ON audiences_audienceshare FOR SELECT TO regie_app
    USING (recipient_id = ANY ((SELECT regie_visible())::bigint[]));
ALTER TABLE audiences_audienceshare ADD CONSTRAINT share_of_its_owner
    FOREIGN KEY (audience_id, owner_id) REFERENCES audiences_audience (id, organisation_id);

ALTER TABLE audiences_audienceuse ENABLE ROW LEVEL SECURITY;
ALTER TABLE audiences_audienceuse FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audiences_audienceuse TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON audiences_audienceuse TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[])
           OR owner_id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR (organisation_id = ANY ((SELECT regie_visible())::bigint[])
                    AND (owner_id = ANY ((SELECT regie_visible())::bigint[])
                         OR audience_id = ANY ((SELECT regie_received_audiences())::bigint[]))));
ALTER TABLE audiences_audienceuse ADD CONSTRAINT use_of_its_owner
    FOREIGN KEY (audience_id, owner_id) REFERENCES audiences_audience (id, organisation_id);
ALTER TABLE audiences_audiencemember ADD CONSTRAINT member_of_its_owner
    FOREIGN KEY (audience_id, organisation_id) REFERENCES audiences_audience (id, organisation_id);
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0001_initial"), ("access", "0002_walls")]
    operations = [migrations.RunSQL(WALLS + "".join(tenant(table) for table in OWNED), "")]
