"""Rules open what came by their campaigns or to their locations, of all accounts of their owner."""

from importlib import import_module

from django.db import migrations, models

walls = import_module("regie.apps.access.migrations.0002_walls")
below = walls.below

# An assignment is of an account of whoever wrote its rule, whichever account the rule is of.
KEYS = """
ALTER TABLE beneficiaries_rule ADD CONSTRAINT rule_of_its_owner UNIQUE (id, organisation_id);
ALTER TABLE beneficiaries_assignment ADD CONSTRAINT assigned_by_its_owner
    FOREIGN KEY (rule_id, organisation_id) REFERENCES beneficiaries_rule (id, organisation_id)
    ON DELETE CASCADE;
CREATE INDEX assignment_of_owner ON beneficiaries_assignment (organisation_id, level);
"""

SERVED = f"""
DROP FUNCTION regie_served(bigint[], bigint[]);
DROP FUNCTION regie_standing_rules();

-- Whom each standing rule serves, as long as that is in the branch of the account's owner.
CREATE FUNCTION regie_standing_rules()
RETURNS TABLE (rule_id bigint, asset_id bigint, owner_id bigint, owner_path text, serves_id bigint,
               location_id bigint, slug text, place text, beneficiary text, named text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT r.id, r.asset_id, o.id, o.path, t.id, r.location_id, t.slug::text,
           coalesce(nullif(l.location, ''), nullif(l.name, ''), t.location)::text,
           CASE WHEN l.id IS NULL THEN t.slug::text
                ELSE 'location:' || coalesce(nullif(l.external_id, ''), l.id::text) END,
           CASE WHEN l.id IS NULL THEN t.name::text
                ELSE coalesce(nullif(l.name, ''), regexp_replace(l.external_id, '^name:', ''))
           END
    FROM beneficiaries_rule r
    JOIN organisations_organisation o ON o.id = r.organisation_id
    LEFT JOIN assets_asset l ON l.id = r.location_id AND l.kind = 'location'
    JOIN organisations_organisation t ON t.id = coalesce(r.serves_id, l.organisation_id)
    WHERE r.stands AND {below("t", "o")}
$$;
REVOKE ALL ON FUNCTION regie_standing_rules() FROM PUBLIC;

CREATE FUNCTION regie_served(organisations bigint[], locations bigint[])
RETURNS TABLE (rule_id bigint, asset_id bigint, owner_id bigint, slug text, place text,
               beneficiary text, named text, rules jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT s.rule_id, s.asset_id, s.owner_id, s.slug, s.place, s.beneficiary, s.named,
           regie_rules(s.owner_path)
    FROM regie_standing_rules() s
    WHERE (s.serves_id = ANY (organisations) OR s.location_id = ANY (locations))
      AND NOT s.owner_id = ANY (organisations)
      AND (regie_is_operator() OR s.rule_id IN (SELECT regie_rules_serving()))
$$;

CREATE OR REPLACE FUNCTION regie_serving_accounts(asked bigint[])
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
            SELECT FROM beneficiaries_assignment g
            WHERE g.asset_id = a.id AND g.rule_id IN (SELECT regie_rules_serving())))
$$;

-- For whom accounts work that the context reads whole.
CREATE FUNCTION regie_reads_whole(asked bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT a.id FROM assets_asset a
    WHERE a.id = ANY (asked) AND (
        regie_is_operator()
        OR a.organisation_id IN (
            SELECT unnest((SELECT regie_full()))
            EXCEPT SELECT unnest((SELECT regie_ruled_out('figures.view'))))
        OR a.id IN (SELECT unnest((SELECT regie_given('figures.view')))))
$$;
CREATE FUNCTION regie_beneficiaries(asked bigint[])
RETURNS TABLE (asset_id bigint, level text, entity text, starts_on date, ends_on date,
               source text, location text, beneficiary text, named text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT g.asset_id, g.level::text, g.entity::text, g.starts_on, g.ends_on, g.source, g.location,
           s.beneficiary, s.named
    FROM beneficiaries_assignment g
    JOIN regie_standing_rules() s ON s.rule_id = g.rule_id
    WHERE g.asset_id IN (SELECT regie_reads_whole(asked))
$$;

-- Accounts of owners below whom there is nobody: they can work for nobody else.
CREATE FUNCTION regie_own_beneficiaries(asked bigint[])
RETURNS TABLE (asset_id bigint, beneficiary text, named text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT a.id, o.slug::text, o.name::text
    FROM assets_asset a JOIN organisations_organisation o ON o.id = a.organisation_id
    WHERE a.id IN (SELECT regie_reads_whole(asked))
      AND NOT EXISTS (SELECT FROM organisations_organisation c WHERE c.parent_id = o.id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0003_served_by_roles"),
        ("access", "0013_plan_for_each"),
    ]
    operations = [
        migrations.AddField(
            model_name="assignment", name="source", field=models.TextField(null=True)
        ),
        migrations.AddField(
            model_name="assignment", name="location", field=models.TextField(null=True)
        ),
        migrations.RunSQL(KEYS + SERVED, migrations.RunSQL.noop),
    ]
