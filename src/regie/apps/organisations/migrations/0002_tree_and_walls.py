"""The tree keeps its own paths, and row security stands behind every tenant table."""

from django.db import migrations

PATHS = """
CREATE FUNCTION organisation_path() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
DECLARE above text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id
       AND NEW.path = OLD.path THEN RETURN NEW; END IF;
    IF NEW.parent_id IS NULL THEN above := '/';
    ELSE SELECT path INTO above FROM organisations_organisation WHERE id = NEW.parent_id;
    END IF;
    IF position('/' || NEW.id || '/' IN above) > 0 THEN
        RAISE EXCEPTION 'an organisation cannot be below itself';
    END IF;
    NEW.path := above || NEW.id || '/';
    RETURN NEW;
END $$;
CREATE TRIGGER organisation_path BEFORE INSERT OR UPDATE ON organisations_organisation
FOR EACH ROW EXECUTE FUNCTION organisation_path();

CREATE FUNCTION organisation_branch_moves() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NEW.path <> OLD.path THEN
        UPDATE organisations_organisation SET path = '' WHERE parent_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER organisation_branch_moves AFTER UPDATE ON organisations_organisation
FOR EACH ROW EXECUTE FUNCTION organisation_branch_moves();
"""

# A person sees the organisations he belongs to and those below them. The functions read the tree
# as their owner, so the policies on the tree do not call themselves.
VISIBLE = """
CREATE FUNCTION regie_is_operator() RETURNS boolean LANGUAGE sql STABLE
SET search_path = public AS
$$ SELECT coalesce(current_setting('regie.operator', true), '') = 'on' $$;

CREATE FUNCTION regie_visible() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT below.id), '{}')
    FROM organisations_member m
    JOIN organisations_organisation mine ON mine.id = m.organisation_id
    JOIN organisations_organisation below
      ON below.path >= mine.path AND below.path < mine.path || chr(1114111)
    WHERE m.user_id = nullif(current_setting('regie.user', true), '')::bigint
$$;
"""

ORGANISATION = """
ALTER TABLE organisations_organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations_organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON organisations_organisation TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON organisations_organisation TO regie_app
    USING ((SELECT regie_is_operator()) OR id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator()) OR parent_id = ANY ((SELECT regie_visible())::bigint[])
                OR id = ANY ((SELECT regie_visible())::bigint[]));
"""

TENANT = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON {table} TO regie_owner USING (true) WITH CHECK (true);
CREATE POLICY scope ON {table} TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
"""


def tenant(table: str) -> str:
    """The policies of a table whose rows belong to ``organisation_id``."""
    return TENANT.format(table=table)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [
        migrations.RunSQL(PATHS + VISIBLE + ORGANISATION + tenant("organisations_member"), "")
    ]
