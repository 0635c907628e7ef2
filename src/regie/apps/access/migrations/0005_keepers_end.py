"""A billing admin whose membership ends leaves the account to an administrator at once."""

from django.db import migrations

ENDS = """
CREATE FUNCTION regie_keeper_ends() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    -- Touching the role is enough: the rule that follows looks whether somebody is left.
    UPDATE access_grant SET role = role
    WHERE member_id = NEW.id AND role = 'ACCOUNT_BILLING_ADMIN' AND share_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER keeper_ends AFTER UPDATE OF ends_on ON organisations_member
FOR EACH ROW WHEN (NEW.ends_on IS NOT NULL AND OLD.ends_on IS NULL)
EXECUTE FUNCTION regie_keeper_ends();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_dated_openness")]
    operations = [migrations.RunSQL(ENDS, migrations.RunSQL.noop)]
