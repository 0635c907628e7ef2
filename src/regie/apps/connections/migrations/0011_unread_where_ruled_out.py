"""Where an organisation allows nobody to see figures, nobody reads what its files told either."""

from django.db import migrations

TABLES = "connections_import connections_accountanswer connections_currencyrate".split()

READ_WHOLE = """
CREATE FUNCTION regie_figures_whole() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT unnest(regie_full()) AS id
        EXCEPT SELECT unnest(regie_ruled_out('figures.view'))) read
$$;
"""
WALL = """
ALTER POLICY scope ON {table}
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_figures_whole())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_figures_whole())::bigint[]));
"""


class Migration(migrations.Migration):
    dependencies = [("connections", "0010_withdrawn"), ("access", "0010_rules_not_keys")]
    operations = [
        migrations.RunSQL(READ_WHOLE + "".join(WALL.format(table=one) for one in TABLES), "")
    ]
