"""Who is who: campaigns met by name and later by id, and the campaigns that sales speak of.

Statements only; the reading views run them, once per snapshot and scope, when first needed.
"""

from __future__ import annotations

KINDS = ("campaign", "ad_group", "ad", "keyword")

# What people write as the source of a visit, for the platforms whose campaigns they run.
SOURCES = {
    "google_ads": ("google", "google ads", "adwords"),
    "meta_ads": ("meta", "facebook", "fb", "instagram", "ig"),
    "linkedin_ads": ("linkedin", "linkedin ads"),
    "tiktok_ads": ("tiktok", "tiktok ads"),
    "microsoft_ads": ("bing", "microsoft"),
    "amazon_ads": ("amazon", "amazon ads"),
}


def advertising_platform(media: str, source: str, otherwise: str) -> str:
    """The platform on which a visit was bought, as its source says; ``otherwise`` for others.

    Who was paid for a post is its creator, on whatever network; ``channel`` says so.
    """
    cases = " ".join(
        f"WHEN {media} = 'paid' AND lower({source}) IN {words} THEN '{platform}'"
        for platform, words in SOURCES.items()
    )
    return f"CASE WHEN channel = 'Influencers' THEN 'creators' {cases} ELSE {otherwise} END"


def same_entities(entities: str) -> str:
    """(asset_key, kind, named, id): a name of an account that exactly one of its ids ever had."""
    return (
        "SELECT asset_key, kind, 'name:' || name AS named, any_value(entity_id) AS id "
        f"FROM {entities} WHERE name IS NOT NULL AND NOT starts_with(entity_id, 'name:') "
        "GROUP BY asset_key, kind, name HAVING count(DISTINCT entity_id) = 1"
    )


def with_ids(kinds: list[str], same: str) -> tuple[dict[str, str], str]:
    """Column expressions and joins that give rows without ids those of their names.

    ``kinds`` are the entities that the rows have and that ``same`` knows something of.
    """
    columns, joins = {}, []
    for kind in kinds:
        column = f"{kind}_id"
        columns[column] = f"coalesce(same_{kind}.id, f.{column})"
        joins.append(
            f" LEFT JOIN {same} same_{kind} ON same_{kind}.kind = '{kind}' "
            f"AND same_{kind}.asset_key = f.asset_key AND same_{kind}.named = f.{column}"
        )
    return columns, "".join(joins)


def campaigns_of(events: str, entities: str, same: str) -> str:
    """(organisation_id, campaign, source, id, owner): the ad campaign that events name.

    A name means the same in the form that tags have (“Soldes d’été” is soldes-d-ete); one that is
    written alike goes before, then one's own organisation's campaigns, then those of the platform
    that the source speaks of. Where two remain, the events keep a campaign of their own.
    """
    return (
        "WITH asked AS (SELECT DISTINCT organisation_id, campaign, coalesce(source, '') AS source "
        f"FROM {events} WHERE campaign IS NOT NULL), "
        "known AS (SELECT DISTINCT e.organisation_id, e.platform, e.asset_key AS owner, "
        f"coalesce(s.id, e.entity_id) AS id, e.name FROM {entities} e LEFT JOIN {same} s "
        "ON s.kind = e.kind AND s.asset_key = e.asset_key AND s.named = e.entity_id "
        "WHERE e.kind = 'campaign'), "
        "written AS (SELECT organisation_id, platform, owner, id, lower(trim(name)) AS text "
        "FROM known UNION SELECT organisation_id, platform, owner, id, lower(id) FROM known), "
        "close AS (SELECT a.*, w.id, w.owner, "
        "4 * (w.text <> lower(trim(a.campaign)))::INTEGER + "
        f"2 * (w.organisation_id <> a.organisation_id)::INTEGER + ({_elsewhere()})::INTEGER "
        f"AS distance FROM asked a JOIN written w ON {_form('w.text')} = {_form('a.campaign')}), "
        "met AS (SELECT organisation_id, campaign, source, any_value(id) AS id, "
        "any_value(owner) AS owner FROM (FROM close QUALIFY distance = min(distance) OVER "
        "(PARTITION BY organisation_id, campaign, source)) GROUP BY ALL "
        "HAVING count(DISTINCT (owner, id)) = 1) "
        "SELECT a.organisation_id, a.campaign, a.source, "
        "coalesce(m.id, 'name:' || a.campaign) AS id, m.owner "
        "FROM asked a LEFT JOIN met m USING (organisation_id, campaign, source)"
    )


def met(events: str, meeting: str) -> str:
    """``events`` with the ad campaign that they name, where ``meeting`` is from `campaigns_of`."""
    return (
        "SELECT f.* REPLACE (m.owner AS owner_key), m.id AS campaign_id "
        f"FROM {events} f LEFT JOIN {meeting} m ON m.organisation_id = f.organisation_id "
        "AND m.campaign = f.campaign AND m.source = coalesce(f.source, '')"
    )


def ads_of(events: str, entities: str, same: str) -> str:
    """(owner_key, campaign_id, content, ad_id, ad_group_id): the ad that events name.

    It is one of the campaign that they met, or one of its account whose campaign nobody told; its
    name or its number, as tags are written. Where two ads remain, they may still be of one group.
    """
    return (
        "WITH asked AS (SELECT DISTINCT owner_key, campaign_id, content "
        f"FROM {events} WHERE owner_key IS NOT NULL AND coalesce(content, '') <> ''), "
        "known AS (SELECT DISTINCT e.asset_key AS owner, e.kind, "
        "coalesce(s.id, e.entity_id) AS id, coalesce(p.id, e.parent_id) AS parent, e.name "
        f"FROM {entities} e "
        f"LEFT JOIN {same} s ON s.kind = e.kind AND s.asset_key = e.asset_key "
        "AND s.named = e.entity_id "
        f"LEFT JOIN {same} p ON p.asset_key = e.asset_key AND p.named = e.parent_id "
        "AND p.kind = CASE e.kind WHEN 'ad' THEN 'ad_group' ELSE 'campaign' END "
        "WHERE e.kind IN ('ad_group', 'ad')), "
        "above AS (SELECT owner, kind, id, CASE WHEN count(DISTINCT parent) = 1 "
        "THEN any_value(parent) END AS parent FROM known GROUP BY ALL), "
        "written AS (SELECT owner, id, lower(trim(name)) AS text FROM known WHERE kind = 'ad' "
        "UNION SELECT owner, id, lower(id) FROM known WHERE kind = 'ad'), "
        "close AS (SELECT a.*, w.id, nullif(ad.parent, a.campaign_id) AS ad_group_id, "
        "2 * (g.parent IS NULL AND ad.parent IS DISTINCT FROM a.campaign_id)::INTEGER "
        "+ (w.text <> lower(trim(a.content)))::INTEGER AS distance "
        "FROM asked a JOIN written w ON w.owner = a.owner_key "
        f"AND {_form('w.text')} = {_form('a.content')} "
        "JOIN above ad ON ad.kind = 'ad' AND ad.owner = w.owner AND ad.id = w.id "
        "LEFT JOIN above g ON g.kind = 'ad_group' AND g.owner = ad.owner AND g.id = ad.parent "
        "WHERE g.parent IS NULL OR g.parent = a.campaign_id) "
        "SELECT owner_key, campaign_id, content, "
        "CASE WHEN count(DISTINCT id) = 1 THEN any_value(id) END AS ad_id, "
        "CASE WHEN count(DISTINCT ad_group_id) = 1 AND count(ad_group_id) = count(*) "
        "THEN any_value(ad_group_id) END AS ad_group_id "
        "FROM (FROM close QUALIFY distance = min(distance) OVER "
        "(PARTITION BY owner_key, campaign_id, content)) GROUP BY ALL"
    )


def meet(events: str, entities: str, same: str, *, ads: bool) -> str:
    """``events`` with the ad campaign that they name; with ``ads``, which need ``content``, with
    their ad and ad group too."""
    found = met(events, f"({campaigns_of(events, entities, same)})")
    if not ads:
        return found
    return (
        f"WITH met_campaigns AS ({found}) SELECT f.*, m.ad_id, m.ad_group_id FROM met_campaigns f "
        f"LEFT JOIN ({ads_of('met_campaigns', entities, same)}) m "
        "USING (owner_key, campaign_id, content)"
    )


def _form(text: str) -> str:
    """``text`` as tags are written, see ``domain.traffic.links``; what has no such form stays."""
    plain = f"lower(trim({text}))"
    hyphens = f"regexp_replace(strip_accents({plain}), '[^a-z0-9._-]+', '-', 'g')"
    return (
        f"coalesce(nullif(trim(regexp_replace({hyphens}, '-{{2,}}', '-', 'g'), '-'), ''), {plain})"
    )


def _elsewhere() -> str:
    """Whether the source speaks of another platform than the campaign's."""
    cases = " ".join(
        f"WHEN lower(a.source) IN {words} THEN w.platform <> '{platform}'"
        for platform, words in SOURCES.items()
    )
    return f"CASE {cases} ELSE false END"
