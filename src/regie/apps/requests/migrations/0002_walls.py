"""Row security behind requests, and the route that the database finds for each of them.

Asking tells the one who asks nothing about the owner: the route is written by a definer function
and seen by the owner's side alone. A page request goes to its super admins, and to nobody else.
"""

from django.db import migrations

ROUTES = """
CREATE FUNCTION regie_route_request() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE owned record;
BEGIN
    SELECT a.id, a.organisation_id, a.kind INTO owned
    FROM assets_asset a
    WHERE a.platform = NEW.platform AND a.external_id = NEW.external_id AND a.status = 'linked'
      AND a.organisation_id <> NEW.organisation_id
    ORDER BY a.id LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF owned.kind = 'page' AND NOT EXISTS (
        SELECT FROM access_grant g
        WHERE g.asset_id = owned.id AND g.role = 'ADMINISTRATOR' AND g.share_id IS NULL
    ) THEN
        RAISE EXCEPTION 'no super admin' USING ERRCODE = 'RG001';
    END IF;
    INSERT INTO requests_route (request_id, asset_id, owner_id, family)
    VALUES (NEW.id, owned.id, owned.organisation_id, owned.kind);
    RETURN NULL;
END $$;
CREATE TRIGGER regie_route_request AFTER INSERT ON requests_accessrequest
FOR EACH ROW EXECUTE FUNCTION regie_route_request();

CREATE FUNCTION regie_asked_of_me() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(r.request_id), '{}') FROM requests_route r
    WHERE CASE WHEN r.family = 'page' THEN EXISTS (
        SELECT FROM access_grant g
        WHERE g.asset_id = r.asset_id AND g.role = 'ADMINISTRATOR' AND g.share_id IS NULL
          AND g.user_id = nullif(current_setting('regie.user', true), '')::bigint
    ) ELSE r.owner_id = ANY (regie_administered())
           OR 'access.manage' = ANY (regie_held(r.asset_id)) END
$$;
"""
WALLS = """
ALTER TABLE requests_accessrequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE requests_accessrequest FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON requests_accessrequest TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON requests_accessrequest TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));
CREATE POLICY asked_of_me ON requests_accessrequest FOR SELECT TO regie_app
    USING (id = ANY ((SELECT regie_asked_of_me())::bigint[]));
CREATE POLICY i_answer ON requests_accessrequest FOR UPDATE TO regie_app
    USING (id = ANY ((SELECT regie_asked_of_me())::bigint[]))
    WITH CHECK (id = ANY ((SELECT regie_asked_of_me())::bigint[]));

ALTER TABLE requests_route ENABLE ROW LEVEL SECURITY;
ALTER TABLE requests_route FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON requests_route TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON requests_route FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator())
           OR request_id = ANY ((SELECT regie_asked_of_me())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial"), ("access", "0002_walls")]
    operations = [migrations.RunSQL(ROUTES + WALLS, "")]
