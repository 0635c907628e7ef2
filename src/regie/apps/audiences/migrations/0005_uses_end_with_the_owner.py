"""An account that changes hands leaves the audiences behind that its former owner put on it."""

from django.db import migrations

ENDS = """
CREATE FUNCTION regie_uses_end_with_their_owner() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    DELETE FROM audiences_audienceuse WHERE asset_id = NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER uses_end BEFORE UPDATE OF organisation_id ON assets_asset
FOR EACH ROW WHEN (NEW.organisation_id <> OLD.organisation_id)
EXECUTE FUNCTION regie_uses_end_with_their_owner();
DELETE FROM audiences_audienceuse u USING assets_asset a
WHERE a.id = u.asset_id AND a.organisation_id <> u.organisation_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audiences", "0004_pause_and_zone"),
        ("assets", "0009_limit_of_branches"),
    ]
    operations = [migrations.RunSQL(ENDS, migrations.RunSQL.noop)]
