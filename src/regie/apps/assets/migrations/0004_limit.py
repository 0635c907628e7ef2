"""A manager holds at most 1,000 ad accounts, whoever links them and however many at once.

Accounts count for the nearest organisation above (or here) that has a manager number.
"""

from django.db import migrations

LIMIT = """
CREATE FUNCTION regie_manager_of(organisation bigint) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT above.id FROM organisations_organisation o
    JOIN organisations_organisation above
      ON above.id = ANY (string_to_array(trim(both '/' from o.path), '/')::bigint[])
    WHERE o.id = organisation
    ORDER BY above.manager_number IS NULL, CASE WHEN above.manager_number IS NULL
             THEN length(above.path) ELSE -length(above.path) END
    LIMIT 1
$$;

CREATE FUNCTION regie_ad_accounts(manager bigint) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT count(*) FROM organisations_organisation top
    JOIN organisations_organisation o
      ON o.path COLLATE "C" >= top.path COLLATE "C"
     AND o.path COLLATE "C" < (top.path || chr(1114111)) COLLATE "C"
    JOIN assets_asset a ON a.organisation_id = o.id
    WHERE top.id = manager AND a.kind = 'ad_account' AND a.status = 'linked'
      AND NOT EXISTS (
          SELECT FROM organisations_organisation nearer
          WHERE nearer.manager_number IS NOT NULL AND nearer.id <> top.id
            AND length(nearer.path) > length(top.path)
            AND position('/' || nearer.id || '/' IN o.path) > 0)
$$;

CREATE FUNCTION regie_limit_ad_accounts() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    manager bigint;
    touched bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT n.organisation_id) INTO touched FROM now_there n
        WHERE n.kind = 'ad_account' AND n.status = 'linked';
    ELSE
        SELECT array_agg(DISTINCT n.organisation_id) INTO touched
        FROM now_there n JOIN before_that b ON b.id = n.id
        WHERE n.kind = 'ad_account' AND n.status = 'linked'
          AND (b.kind, b.status, b.organisation_id) IS DISTINCT FROM
              (n.kind, n.status, n.organisation_id);
    END IF;
    -- Always in the same order: two who link for several managers never wait for one another.
    FOR manager IN SELECT DISTINCT regie_manager_of(id) FROM unnest(touched) id ORDER BY 1 LOOP
        -- Those who link at once pass here one by one, and each counts what was committed.
        PERFORM pg_advisory_xact_lock(7005, (manager % 2147483647)::integer);
        IF regie_ad_accounts(manager) > 1000 THEN
            RAISE EXCEPTION 'a manager holds at most 1000 ad accounts'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'at_most_1000_ad_accounts';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER at_most_1000_ad_accounts AFTER INSERT ON assets_asset
REFERENCING NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION regie_limit_ad_accounts();
CREATE TRIGGER at_most_1000_ad_accounts_later AFTER UPDATE ON assets_asset
REFERENCING OLD TABLE AS before_that NEW TABLE AS now_there
FOR EACH STATEMENT EXECUTE FUNCTION regie_limit_ad_accounts();
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0003_kinds")]
    operations = [migrations.RunSQL(LIMIT, "")]
