"""Who is in, who sees what and who administers, as the database knows it; never without a head.

A membership counts until the end of its last day in the organisation's own time zone, and while
the organisation is open (its administrators still see a closed one, to open it again). People
see the branch below them where they administer it, or where it lets its members see all of it.
Only administrators write the tree and its people; the narrow doors are functions of the owner.
"""

from django.db import migrations

NUMBER = """
CREATE FUNCTION regie_new_manager_number() RETURNS text LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public AS $$
DECLARE proposed text;
BEGIN
    LOOP  -- never begins with a zero: spreadsheets would eat it
        proposed := (100000000000 + floor(random() * 900000000000)::bigint)::text;
        EXIT WHEN NOT EXISTS (
            SELECT FROM organisations_organisation WHERE manager_number = proposed);
    END LOOP;
    RETURN proposed;
END $$;
UPDATE organisations_organisation SET manager_number = regie_new_manager_number()
WHERE parent_id IS NULL;
"""

PLACES = """
CREATE FUNCTION regie_today(zone text) RETURNS date LANGUAGE plpgsql STABLE
SET search_path = public AS $$
BEGIN
    RETURN (now() AT TIME ZONE zone)::date;
EXCEPTION WHEN invalid_parameter_value THEN RETURN (now() AT TIME ZONE 'UTC')::date;
END $$;

CREATE FUNCTION regie_places()
RETURNS TABLE (organisation_id bigint, path text, role text, sees_below boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT mine.id, mine.path, m.role, m.role = 'administrator' OR mine.members_see_all
    FROM organisations_member m
    JOIN organisations_organisation mine ON mine.id = m.organisation_id
    WHERE m.user_id = nullif(current_setting('regie.user', true), '')::bigint
      AND CASE WHEN m.ends_on IS NULL THEN true
               ELSE m.ends_on >= regie_today(mine.time_zone) END
      AND (mine.closed_at IS NULL OR m.role = 'administrator')
$$;

CREATE OR REPLACE FUNCTION regie_visible() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT seen.id), '{}') FROM (
        SELECT organisation_id AS id FROM regie_places()
        UNION ALL
        SELECT below.id FROM regie_places() mine
        JOIN organisations_organisation below
          ON below.path COLLATE "C" >= mine.path COLLATE "C"
         AND below.path COLLATE "C" < (mine.path || chr(1114111)) COLLATE "C"
        WHERE mine.sees_below
    ) seen
$$;

CREATE FUNCTION regie_administered() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public AS $$
    SELECT coalesce(array_agg(DISTINCT below.id), '{}')
    FROM regie_places() mine
    JOIN organisations_organisation below
      ON below.path COLLATE "C" >= mine.path COLLATE "C"
     AND below.path COLLATE "C" < (mine.path || chr(1114111)) COLLATE "C"
    WHERE mine.role = 'administrator'
$$;

CREATE FUNCTION regie_note_activity(organisation bigint) RETURNS void LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = public AS $$
    UPDATE organisations_member m SET last_active_on = regie_today(mine.time_zone)
    FROM organisations_organisation mine, organisations_organisation asked
    WHERE mine.id = m.organisation_id AND asked.id = organisation
      AND position('/' || mine.id || '/' IN asked.path) > 0
      AND m.user_id = nullif(current_setting('regie.user', true), '')::bigint
      AND m.last_active_on IS DISTINCT FROM regie_today(mine.time_zone)
$$;
"""

# An administrator has no end date, so that time alone never leaves an organisation without one.
HEAD = """
CREATE FUNCTION regie_has_administrator(organisation bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT FROM organisations_organisation o
        JOIN organisations_member m
          ON m.organisation_id = ANY (string_to_array(trim(both '/' from o.path), '/')::bigint[])
        JOIN accounts_user u ON u.id = m.user_id AND u.is_active
        WHERE o.id = organisation AND m.role = 'administrator')
$$;

CREATE FUNCTION regie_keep_an_administrator(organisation bigint) RETURNS void LANGUAGE plpgsql
VOLATILE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    -- Two people who remove one another at the same time wait for one another here.
    PERFORM 1 FROM organisations_organisation WHERE id = organisation FOR UPDATE;
    IF FOUND AND NOT regie_has_administrator(organisation) THEN
        RAISE EXCEPTION 'an organisation keeps an administrator'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'keeps_an_administrator';
    END IF;
END $$;

CREATE FUNCTION regie_member_leaves() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_keep_an_administrator(OLD.organisation_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeps_an_administrator
AFTER DELETE OR UPDATE OF role, organisation_id, user_id ON organisations_member
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'administrator')
EXECUTE FUNCTION regie_member_leaves();

CREATE FUNCTION regie_person_is_stopped() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM regie_keep_an_administrator(m.organisation_id) FROM organisations_member m
    WHERE m.user_id = NEW.id AND m.role = 'administrator';
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeps_an_administrator AFTER UPDATE OF is_active ON accounts_user
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
EXECUTE FUNCTION regie_person_is_stopped();

CREATE FUNCTION regie_branch_leaves() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    -- Not for a tree that the operator builds before anybody is in it.
    IF regie_has_administrator(OLD.parent_id) THEN
        PERFORM regie_keep_an_administrator(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER keeps_an_administrator
AFTER UPDATE OF parent_id ON organisations_organisation
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)
EXECUTE FUNCTION regie_branch_leaves();
"""

WALLS = """
DROP POLICY scope ON organisations_organisation;
CREATE POLICY scope ON organisations_organisation FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator()) OR id = ANY ((SELECT regie_visible())::bigint[])
           OR parent_id = ANY ((SELECT regie_administered())::bigint[]));
CREATE POLICY founds ON organisations_organisation FOR INSERT TO regie_app
    WITH CHECK ((SELECT regie_is_operator())
                OR parent_id = ANY ((SELECT regie_administered())::bigint[]));
CREATE POLICY changes ON organisations_organisation FOR UPDATE TO regie_app
    USING ((SELECT regie_is_operator()) OR id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR id = ANY ((SELECT regie_administered())::bigint[]));
CREATE POLICY removes ON organisations_organisation FOR DELETE TO regie_app
    USING ((SELECT regie_is_operator()) OR id = ANY ((SELECT regie_administered())::bigint[]));

DROP POLICY scope ON organisations_member;
CREATE POLICY scope ON organisations_member FOR SELECT TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_visible())::bigint[]));
CREATE POLICY administers ON organisations_member TO regie_app
    USING ((SELECT regie_is_operator())
           OR organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK ((SELECT regie_is_operator())
                OR organisation_id = ANY ((SELECT regie_administered())::bigint[]));
"""

FOUND = """
CREATE OR REPLACE FUNCTION regie_found_organisation(
    wanted_name text, wanted_slug text, wanted_kind text, wanted_currency text, wanted_zone text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    person bigint := nullif(current_setting('regie.user', true), '')::bigint;
    founded bigint;
    free_slug text := wanted_slug;
BEGIN
    IF person IS NULL THEN
        RAISE EXCEPTION 'nobody is here to found an organisation';
    END IF;
    IF EXISTS (SELECT FROM organisations_organisation WHERE slug = free_slug) THEN
        free_slug := left(wanted_slug, 70) || '-' || substr(md5(random()::text), 1, 6);
    END IF;
    SELECT o.id INTO founded FROM organisations_organisation o
    WHERE o.slug = 'default' AND o.parent_id IS NULL
      AND NOT EXISTS (SELECT FROM organisations_member m WHERE m.organisation_id = o.id)
      AND NOT EXISTS (SELECT FROM audit_auditline a WHERE a.organisation_id = o.id
                      AND a.action <> 'organisations.created')
    FOR UPDATE;
    IF founded IS NULL THEN
        INSERT INTO organisations_organisation
            (name, slug, kind, path, time_zone, currency, location, manager_number)
        VALUES (wanted_name, free_slug, wanted_kind, '', wanted_zone, wanted_currency, '',
                regie_new_manager_number())
        RETURNING id INTO founded;
    ELSE
        UPDATE organisations_organisation SET name = wanted_name, slug = free_slug,
            kind = wanted_kind, time_zone = wanted_zone, currency = wanted_currency,
            manager_number = coalesce(manager_number, regie_new_manager_number())
        WHERE id = founded;
    END IF;
    INSERT INTO organisations_member (organisation_id, user_id, role, joined_at)
    VALUES (founded, person, 'administrator', now());
    RETURN founded;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0004_managers"),
        ("accounts", "0001_initial"),
    ]
    operations = [migrations.RunSQL(NUMBER + PLACES + HEAD + WALLS + FOUND, migrations.RunSQL.noop)]
