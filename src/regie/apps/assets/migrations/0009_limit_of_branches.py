"""A manager holds at most 1,000 ad accounts when branches move, too, or lose their number.

What moves without a number of its own brings its accounts to the nearest manager above it. Who
changes the tree does so alone; those who link wait meanwhile, and then count in the tree as it is.
"""

from django.db import migrations

TREE_LOCK = """
CREATE FUNCTION regie_change_tree() RETURNS void LANGUAGE sql VOLATILE
SET search_path = public AS $$ SELECT pg_advisory_xact_lock(7015, 0) $$;

CREATE FUNCTION regie_tree_changes() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_change_tree();
    PERFORM set_config('regie.counted', '/', true);  -- what was counted before counts no more
    RETURN NEW;
END $$;
-- Before organisation_path in the alphabet: the path above is read once nobody else moves it.
CREATE TRIGGER organisation_one_by_one BEFORE UPDATE OF parent_id, manager_number
ON organisations_organisation FOR EACH ROW
WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id
      OR OLD.manager_number IS DISTINCT FROM NEW.manager_number)
EXECUTE FUNCTION regie_tree_changes();
"""

# As in 0004, and looks above once for each organisation rather than for each account.
COUNT = """
CREATE OR REPLACE FUNCTION regie_ad_accounts(manager bigint) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    WITH counted AS MATERIALIZED (
        SELECT o.id FROM organisations_organisation top
        JOIN organisations_organisation o
          ON o.path COLLATE "C" >= top.path COLLATE "C"
         AND o.path COLLATE "C" < (top.path || chr(1114111)) COLLATE "C"
        WHERE top.id = manager AND NOT EXISTS (
            SELECT FROM unnest(string_to_array(
                trim(both '/' from substr(o.path, length(top.path))), '/')::bigint[]) step(id)
            JOIN organisations_organisation nearer ON nearer.id = step.id
            WHERE nearer.manager_number IS NOT NULL))
    SELECT count(*) FROM counted c JOIN assets_asset a ON a.organisation_id = c.id
    WHERE a.kind = 'ad_account' AND a.status = 'linked'
$$;
"""

BRANCHES = """
CREATE FUNCTION regie_limit_branches() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE
    manager bigint := regie_manager_of(NEW.id);
    counted text := coalesce(current_setting('regie.counted', true), '/');
    held bigint;
BEGIN
    -- A merger of many counts once. Nothing comes to a manager from what counts for itself, or
    -- brings none.
    IF manager IS NULL OR manager = NEW.id OR position('/' || manager || '/' IN counted) > 0
       OR regie_ad_accounts(NEW.id) = 0 THEN
        RETURN NULL;
    END IF;
    held := regie_ad_accounts(manager);
    IF held > 1000 THEN
        RAISE EXCEPTION 'a manager holds at most 1000 ad accounts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'at_most_1000_ad_accounts',
                  DETAIL = held::text;
    END IF;
    PERFORM set_config('regie.counted', counted || manager || '/', true);
    RETURN NULL;
END $$;
-- At the end of what is done: a merger takes several steps.
CREATE CONSTRAINT TRIGGER at_most_1000_ad_accounts_of_branches
AFTER UPDATE OF parent_id, manager_number ON organisations_organisation
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id
      OR (OLD.manager_number IS NOT NULL AND NEW.manager_number IS NULL))
EXECUTE FUNCTION regie_limit_branches();
"""

ACCOUNTS = """
CREATE OR REPLACE FUNCTION regie_limit_ad_accounts() RETURNS trigger LANGUAGE plpgsql
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
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    -- The tree stands still from here to the end; who moves a branch counts what came in.
    PERFORM pg_advisory_xact_lock_shared(7015, 0);
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0008_same_account"),
        ("organisations", "0013_seal_of_those_taken_out"),
    ]
    operations = [migrations.RunSQL(TREE_LOCK + COUNT + BRANCHES + ACCOUNTS, migrations.RunSQL.noop)]
