"""Accounts that hold a rare word are looked up, and not looked for in every row.

Under row security an index may serve only operators that can't tell of rows they pass by, and none
that looks into a text is one of them. So a function of the owner asks the index, and gives what the
context sees: by the same two lists as the policy of the table.
"""

from django.db import migrations

TRIGRAMS = """
CREATE FUNCTION regie_trigrams(said text) RETURNS text[] LANGUAGE sql
IMMUTABLE PARALLEL SAFE COST 1000
RETURN (SELECT array_agg(DISTINCT substr(upper(said), n, 3))
        FROM generate_series(1, length(said) - 2) n);
CREATE INDEX asset_by_trigrams ON assets_asset USING gin (
    regie_trigrams(name || ' ' || called || ' ' || external_id || ' ' || location));

-- Those of the context's assets that can hold all ``words``, whatever they are; NULL where they are
-- more than ``most``, where so many are expected that walking through the list is quicker, or where
-- no word is long enough. Without seq scans, for a row that is not indexed costs much.
CREATE FUNCTION regie_assets_with(words text[], most integer) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public SET enable_seqscan = off AS $$
DECLARE
    wanted text[] := ARRAY(SELECT DISTINCT t FROM unnest(words) w, unnest(regie_trigrams(w)) t);
    holding text := 'SELECT id, organisation_id FROM assets_asset WHERE regie_trigrams('
        'name || '' '' || called || '' '' || external_id || '' '' || location) @> $1';
    plan json;
    met bigint[];
BEGIN
    IF cardinality(wanted) = 0 THEN
        RETURN NULL;
    END IF;
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || holding INTO plan USING wanted;
    IF (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float > most THEN
        RETURN NULL;
    END IF;
    EXECUTE 'WITH held AS MATERIALIZED (' || holding || ')
    SELECT array_agg(id) FROM (
        SELECT id FROM held
        WHERE (SELECT regie_is_operator())
           OR organisation_id IN (SELECT unnest((SELECT regie_full())))
           OR id IN (SELECT unnest((SELECT regie_given(NULL))))
        LIMIT $2 + 1
    ) seen' INTO met USING wanted, most;
    RETURN CASE WHEN coalesce(cardinality(met), 0) <= most THEN coalesce(met, '{}') END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0014_promises"), ("assets", "0006_found_by_index")]
    operations = [migrations.RunSQL(TRIGRAMS, migrations.RunSQL.noop)]
