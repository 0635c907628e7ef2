"""What an organisation inherits from those above it, which its own people may not read in full.

Where it stands, which addresses are those of its people, from when on a second factor is needed:
these come from the whole line above. The functions answer for an organisation that the current
context sees, and for no other.
"""

from django.db import migrations

LINES = """
CREATE FUNCTION regie_line(organisation bigint)
RETURNS TABLE (id bigint, name text, kind text, path text, email_domains text[],
               requires_two_factor boolean, two_factor_from date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT above.id, above.name, above.kind, above.path, above.email_domains::text[],
           above.requires_two_factor, above.two_factor_from
    FROM organisations_organisation here
    JOIN organisations_organisation above
      ON above.id = ANY (string_to_array(trim(both '/' from here.path), '/')::bigint[])
    WHERE here.id = organisation
      AND (regie_is_operator() OR here.id = ANY ((SELECT regie_visible())::bigint[]))
    ORDER BY above.path COLLATE "C"
$$;

CREATE FUNCTION regie_administrators(organisation bigint) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT count(DISTINCT m.user_id)::integer FROM regie_line(organisation) above
    JOIN organisations_member m ON m.organisation_id = above.id AND m.role = 'administrator'
    JOIN accounts_user u ON u.id = m.user_id AND u.is_active
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0009_random_secrets")]
    operations = [migrations.RunSQL(LINES, migrations.RunSQL.noop)]
