"""An audience is shared inside one tree or with a partner, also while the partnership is ended.

Whoever ends a partnership waits for a share that is being written, and ends it too; whoever shares
waits for the end, and is refused.
"""

from django.db import migrations

CHECK = """
CREATE FUNCTION regie_check_audience_share() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM FROM access_partnership p
    WHERE p.state = 'active'
      AND (p.owner_id, p.partner_id) IN ((NEW.owner_id, NEW.recipient_id),
                                         (NEW.recipient_id, NEW.owner_id))
    FOR SHARE;
    IF NOT FOUND AND NOT EXISTS (
        SELECT FROM organisations_organisation o, organisations_organisation r
        WHERE o.id = NEW.owner_id AND r.id = NEW.recipient_id
          AND split_part(o.path, '/', 2) = split_part(r.path, '/', 2))
    THEN
        RAISE EXCEPTION 'an audience is shared inside one tree or with a partner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audience_within_reach';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_audience_share BEFORE INSERT ON audiences_audienceshare
FOR EACH ROW EXECUTE FUNCTION regie_check_audience_share();
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0005_uses_end_with_the_owner")]
    operations = [migrations.RunSQL(CHECK, migrations.RunSQL.noop)]
