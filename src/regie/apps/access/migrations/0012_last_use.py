"""A role remembers the day on which it was last used, at most one write a day."""

from importlib import import_module

from django.db import migrations

ME = import_module("regie.apps.access.migrations.0002_walls").ME

USE = f"""
-- Of the person of the context only, and only today: nobody can make a role look used. A row that
-- somebody else is about to change is left to the next question.
CREATE FUNCTION regie_note_use(assets bigint[], permission text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    UPDATE access_grant g SET last_used_on = met.today
    FROM (
        SELECT mine.id, regie_today(o.time_zone) AS today
        FROM access_grant mine
        JOIN organisations_organisation o ON o.id = mine.organisation_id
        WHERE mine.user_id = {ME} AND mine.asset_id = ANY (assets)
          AND (permission IS NULL OR permission = ANY (mine.permissions))
          AND mine.last_used_on IS DISTINCT FROM regie_today(o.time_zone)
          AND (mine.ends_on IS NULL OR mine.ends_on >= regie_today(o.time_zone))
        ORDER BY mine.id FOR UPDATE OF mine SKIP LOCKED
    ) met
    WHERE g.id = met.id
$$;

-- What a role is, is checked where that changes; the day of its use is none of it.
DROP TRIGGER check_grant ON access_grant;
CREATE TRIGGER check_grant
BEFORE INSERT OR UPDATE OF asset_id, owner_id, organisation_id, member_id, user_id, share_id, role,
    custom_role_id, permissions
ON access_grant FOR EACH ROW EXECUTE FUNCTION regie_check_grant();
DROP TRIGGER keeper_leaves ON access_grant;
CREATE CONSTRAINT TRIGGER keeper_leaves
AFTER DELETE OR UPDATE OF asset_id, member_id, share_id, role, ends_on ON access_grant
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.role = 'ACCOUNT_BILLING_ADMIN' AND OLD.share_id IS NULL)
EXECUTE FUNCTION regie_keeper_leaves();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0011_paths_of_one")]
    operations = [migrations.RunSQL(USE, migrations.RunSQL.noop)]
