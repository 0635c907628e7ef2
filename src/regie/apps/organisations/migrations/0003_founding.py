"""Who has just signed up founds an organisation, through one narrow door in the wall.

The policies let nobody write an organisation without a parent that is his own: a new root has
none. The door is a function of the owner that does exactly this and nothing else: it creates one
root, and makes the person of the current context its administrator. It takes no person and no
parent as a parameter, so it can neither act for another nor enter a tree that exists; without a
person it refuses. The alternative, to act as the operator for the length of the request, would
open every row of everybody to whatever runs there.

The organisation that a new installation begins with is taken over rather than left empty beside
the first one, as long as nobody belongs to it and nothing but its creation stands in its journal.
"""

from django.db import migrations

FOUND = """
CREATE FUNCTION regie_found_organisation(
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
            (name, slug, kind, path, time_zone, currency, location)
        VALUES (wanted_name, free_slug, wanted_kind, '', wanted_zone, wanted_currency, '')
        RETURNING id INTO founded;
    ELSE
        UPDATE organisations_organisation SET name = wanted_name, slug = free_slug,
            kind = wanted_kind, time_zone = wanted_zone, currency = wanted_currency
        WHERE id = founded;
    END IF;
    INSERT INTO organisations_member (organisation_id, user_id, role)
    VALUES (founded, person, 'administrator');
    RETURN founded;
END $$;
REVOKE ALL ON FUNCTION regie_found_organisation(text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION regie_found_organisation(text, text, text, text, text) TO regie_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_tree_and_walls"),
        ("audit", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            FOUND,
            "DROP FUNCTION regie_found_organisation(text, text, text, text, text)",
        )
    ]
