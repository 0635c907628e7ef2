"""What the head office brought in holds for those who are still in, and for nobody else."""

from django.db import migrations

ABOVE = """
CREATE OR REPLACE FUNCTION regie_above() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT above.id::bigint), '{}')
    FROM regie_places() mine
    CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from mine.path), '/')) above(id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("connections", "0006_stopping"),
        ("organisations", "0005_rules_of_managers"),
    ]
    operations = [migrations.RunSQL(ABOVE, migrations.RunSQL.noop)]
