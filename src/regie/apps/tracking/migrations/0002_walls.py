"""Row security behind what is tracked, the announcement of changes, and what never changes.

The collector reads links and sites as the operator; the journal of what it published is of the
whole installation and is the operator's alone.
"""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
TABLES = """
    tracking_site tracking_link tracking_promocode tracking_redemption tracking_identifier
    tracking_evidence tracking_consentline tracking_leadsource
""".split()

OPERATOR = """
ALTER TABLE tracking_journalread ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracking_journalread FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON tracking_journalread TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON tracking_journalread TO regie_app
    USING ((SELECT regie_is_operator())) WITH CHECK ((SELECT regie_is_operator()));
"""

# The time is the database's own, taken when the row is written: the collector asks for what is
# newer than what it has read.
ANNOUNCED = """
CREATE FUNCTION tracking_announce() RETURNS trigger LANGUAGE plpgsql
SET search_path = public AS $$
BEGIN
    NEW.changed_at := clock_timestamp();
    PERFORM pg_notify('regie_tracking', '');
    RETURN NEW;
END $$;
CREATE TRIGGER announce BEFORE INSERT OR UPDATE ON tracking_link
    FOR EACH ROW EXECUTE FUNCTION tracking_announce();
CREATE TRIGGER announce BEFORE INSERT OR UPDATE ON tracking_site
    FOR EACH ROW EXECUTE FUNCTION tracking_announce();
"""

UNCHANGED = """
CREATE FUNCTION tracking_source_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public AS $$
BEGIN
    RAISE EXCEPTION 'the first and last touch of a lead never change';
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON tracking_leadsource
    FOR EACH ROW EXECUTE FUNCTION tracking_source_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("tracking", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [
        migrations.RunSQL(
            "".join(tenant(table) for table in TABLES) + OPERATOR + ANNOUNCED + UNCHANGED, ""
        )
    ]
