"""Row security behind what is known of people, and the indexes by which news are found."""

from importlib import import_module

from django.db import migrations

tenant = import_module("regie.apps.organisations.migrations.0002_tree_and_walls").tenant
TABLES = """
    identity_membership identity_leftout identity_probable identity_correction identity_solution
    identity_customerrecord identity_policyversion identity_personrequest identity_touchrule
""".split()

NEWS = """
CREATE INDEX tracking_evidence_news ON tracking_evidence (organisation_id, id);
CREATE INDEX tracking_consentline_news ON tracking_consentline (organisation_id, id);
"""

# A version that somebody agreed to is what he agreed to.
UNCHANGED = """
CREATE FUNCTION identity_policy_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public AS $$
BEGIN
    RAISE EXCEPTION 'a published version of the policy never changes';
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON identity_policyversion
    FOR EACH ROW EXECUTE FUNCTION identity_policy_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial"), ("tracking", "0002_walls")]
    operations = [
        migrations.RunSQL("".join(tenant(table) for table in TABLES) + NEWS + UNCHANGED, "")
    ]
