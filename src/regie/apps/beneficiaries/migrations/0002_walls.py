"""Row security of beneficiary rules: owners keep them, and who is served reads what serves him.

A rule stands only while whom it serves is in the branch of the account's owner. Rules themselves
name other people's campaigns, so that only administrators of the owner read them.
"""

from importlib import import_module

from django.db import migrations

walls = import_module("regie.apps.access.migrations.0002_walls")
below = walls.below
TABLES = [f"beneficiaries_{name}" for name in ("change", "rule", "label", "assignment")]

KEYS = "".join(
    f"""
ALTER TABLE {table} ADD CONSTRAINT {table}_of_its_owner FOREIGN KEY (asset_id, organisation_id)
    REFERENCES assets_asset (id, organisation_id) ON DELETE CASCADE;
"""
    for table in TABLES
)

SERVED = f"""
-- Whom each standing rule serves, as long as that is in the branch of the account's owner.
CREATE FUNCTION regie_standing_rules()
RETURNS TABLE (rule_id bigint, asset_id bigint, owner_id bigint, owner_path text, serves_id bigint,
               location_id bigint, slug text, place text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT r.id, r.asset_id, o.id, o.path, t.id, r.location_id, t.slug::text,
           coalesce(nullif(l.location, ''), nullif(l.name, ''), t.location)::text
    FROM beneficiaries_rule r
    JOIN organisations_organisation o ON o.id = r.organisation_id
    LEFT JOIN assets_asset l ON l.id = r.location_id AND l.kind = 'location'
    JOIN organisations_organisation t ON t.id = coalesce(r.serves_id, l.organisation_id)
    WHERE r.stands AND {below("t", "o")}
$$;
REVOKE ALL ON FUNCTION regie_standing_rules() FROM PUBLIC;

-- The rules that serve the person of the context: by his place, or by a role on the location
-- itself. What a partner shares of a location shares no account of others.
CREATE FUNCTION regie_rules_serving() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100 SET search_path = public AS $$
    WITH whole AS MATERIALIZED (SELECT unnest(regie_full()) AS id),
    given AS MATERIALIZED (
        SELECT DISTINCT p.asset_id AS id FROM regie_my_paths() p
        WHERE p.share_id IS NULL AND 'figures.view' = ANY (p.assigned)
    )
    SELECT s.rule_id FROM regie_standing_rules() s
    WHERE (s.serves_id IN (SELECT id FROM whole) OR s.location_id IN (SELECT id FROM given))
      AND NOT EXISTS (
          SELECT FROM organisations_organisation r
          WHERE r.policy <> '{{}}' AND position('/' || r.id || '/' IN s.owner_path) > 0
            AND NOT 'figures.view' = ANY (r.policy))
$$;

-- What one may know of the accounts behind the rules that serve these organisations or locations.
CREATE FUNCTION regie_served(organisations bigint[], locations bigint[])
RETURNS TABLE (rule_id bigint, asset_id bigint, owner_id bigint, slug text, place text,
               rules jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT s.rule_id, s.asset_id, s.owner_id, s.slug, s.place, regie_rules(s.owner_path)
    FROM regie_standing_rules() s
    WHERE (s.serves_id = ANY (organisations) OR s.location_id = ANY (locations))
      AND NOT s.owner_id = ANY (organisations)
      AND (regie_is_operator() OR s.rule_id IN (SELECT regie_rules_serving()))
$$;

CREATE FUNCTION regie_serving_accounts(asked bigint[])
RETURNS TABLE (id bigint, organisation_id bigint, organisation text, slug text, platform text,
               external_id text, name text, currency text, location text, time_zone text,
               kind text, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT a.id, o.id, o.name::text, o.slug::text, a.platform::text, a.external_id::text,
           a.name::text, a.currency::text, coalesce(nullif(a.location, ''), o.location)::text,
           a.time_zone::text, a.kind::text, a.status::text
    FROM assets_asset a JOIN organisations_organisation o ON o.id = a.organisation_id
    WHERE a.id = ANY (asked) AND (
        regie_is_operator() OR EXISTS (
            SELECT FROM beneficiaries_rule r
            WHERE r.asset_id = a.id AND r.id IN (SELECT regie_rules_serving())))
$$;
"""

TRIGGERS = f"""
CREATE FUNCTION regie_check_beneficiary() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM organisations_organisation o, organisations_organisation t
        WHERE o.id = NEW.organisation_id AND {below("t", "o")}
          AND t.id = coalesce(NEW.serves_id, (
              SELECT organisation_id FROM assets_asset
              WHERE id = NEW.location_id AND kind = 'location'))) THEN
        RAISE EXCEPTION 'campaigns work for somebody of the branch'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'serves_somebody_of_the_branch';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER check_beneficiary BEFORE INSERT ON beneficiaries_rule
FOR EACH ROW EXECUTE FUNCTION regie_check_beneficiary();

-- A new owner has said nothing yet.
CREATE FUNCTION regie_rules_stay_with_their_owner() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public AS $$
BEGIN
    DELETE FROM beneficiaries_assignment WHERE asset_id = NEW.id;
    DELETE FROM beneficiaries_rule WHERE asset_id = NEW.id;
    DELETE FROM beneficiaries_label WHERE asset_id = NEW.id;
    DELETE FROM beneficiaries_change WHERE asset_id = NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER rules_stay BEFORE UPDATE OF organisation_id ON assets_asset
FOR EACH ROW WHEN (NEW.organisation_id <> OLD.organisation_id)
EXECUTE FUNCTION regie_rules_stay_with_their_owner();
"""

ADMINISTERED = """
CREATE POLICY administers ON {table} TO regie_app
    USING (organisation_id = ANY ((SELECT regie_administered())::bigint[]))
    WITH CHECK (organisation_id = ANY ((SELECT regie_administered())::bigint[]));
"""
SERVES = """
CREATE POLICY serves ON beneficiaries_assignment FOR SELECT TO regie_app
    USING (rule_id IN (SELECT regie_rules_serving()));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0001_initial"),
        ("access", "0009_rows_expected"),
        ("connections", "0007_above"),
    ]
    operations = [
        migrations.RunSQL(
            KEYS
            + SERVED
            + TRIGGERS
            + "".join(
                walls.WALL.format(table=table) + ADMINISTERED.format(table=table)
                for table in TABLES
            )
            + SERVES,
            migrations.RunSQL.noop,
        )
    ]
