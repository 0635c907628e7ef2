"""Row security behind the tables of this app."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
TABLES = "connections_import connections_accountanswer connections_currencyrate".split()


# A rate that the head office brought in holds for everyone below it.
ABOVE = """
CREATE FUNCTION regie_above() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT above.id::bigint), '{}')
    FROM organisations_member m
    JOIN organisations_organisation mine ON mine.id = m.organisation_id
    CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from mine.path), '/')) above(id)
    WHERE m.user_id = nullif(current_setting('regie.user', true), '')::bigint
$$;
CREATE POLICY above ON connections_currencyrate FOR SELECT TO regie_app
    USING (organisation_id = ANY ((SELECT regie_above())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("connections", "0001_initial"), ("organisations", "0002_tree_and_walls")]
    operations = [migrations.RunSQL("".join(tenant(table) for table in TABLES) + ABOVE, "")]
