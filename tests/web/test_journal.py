"""The journal: read by administrators, searched, exported, and rewritten by nobody."""

from __future__ import annotations

import ast
import csv
import io
import re
from enum import Enum
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from psycopg import sql

from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Side
from regie.apps.audit import services as audit
from regie.apps.audit.models import AuditLine
from regie.apps.dashboards import aiming, annotating
from regie.apps.identity.models import Word
from regie.apps.organisations.models import Kind as OrganisationKind
from regie.apps.organisations.models import Member
from regie.apps.tracking.models import Mode
from regie.domain.audiences.terms import Basis
from regie.domain.objectives import Against, Direction, Kind, Level
from regie.web.console.journal_values import value_word
from regie.web.console.journal_words import ACTIONS, AREAS, KEYS, action_word, details_words
from tests import cluster
from tests.cast import Cast
from tests.environment import SOURCE, new_database
from tests.web.test_every_page import signed_in


def test_lines_are_found_by_person_word_and_area(cast: Cast) -> None:
    with operating():
        audit.record(organisation_id=cast.nantes.pk, action="budgets.plan_created",
                     actor_id=cast.chloe.pk, actor="Chloé", name="Rentrée")  # fmt: skip
    client = signed_in(cast.amelie, "en")

    found = client.get("/manager/journal/?text=chloé rentrée").content.decode()
    assert "1 line" in found
    assert "Plan made" in found
    assert "Rentrée" in found
    assert "No line like that" in client.get("/manager/journal/?text=zzz").content.decode()
    assert "No line like that" in client.get("/manager/journal/?until=2020-01-01").content.decode()


def test_the_journal_leaves_as_csv_with_all_its_details(cast: Cast) -> None:
    text = signed_in(cast.bruno).get("/manager/journal.csv").content.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["organisation"] for row in rows} == {
        "Horizon Ouest", "Horizon Nantes", "Horizon Rennes",
    }  # fmt: skip
    assert '"member": "Bruno"' in "".join(row["details"] for row in rows)


def test_only_administrators_read_it_in_the_page_and_in_the_database(cast: Cast) -> None:
    with operating():
        Member.objects.create(organisation=cast.network, user=cast.diane)
    client = signed_in(cast.diane)
    client.post("/organisation/", {"organisation": cast.network.slug})

    assert client.get("/manager/journal/").status_code == 403
    assert client.get("/manager/journal.csv").status_code == 403
    with acting_as(cast.diane):
        audit.record(organisation_id=cast.network.pk, action="dashboards.queried",
                     actor_id=cast.diane.pk, actor="Diane")  # fmt: skip
        of_network = AuditLine.objects.filter(organisation_id=cast.network.pk)
        assert [one.actor for one in of_network] == ["Diane"], "her own lines alone"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditline SET actor = 'Nobody'",
        "DELETE FROM audit_auditline",
        "ALTER TABLE audit_auditline DISABLE ROW LEVEL SECURITY",
        "DROP TABLE audit_auditline",
        "CREATE RULE silent AS ON INSERT TO audit_auditline DO INSTEAD NOTHING",
    ],
)
def test_nobody_rewrites_the_journal(cast: Cast, statement: str) -> None:
    def act() -> None:
        with transaction.atomic(), operating(), connection.cursor() as cursor:
            cursor.execute(statement)

    with operating():
        before = AuditLine.objects.count()
    with pytest.raises(DatabaseError):
        act()
    with operating():
        assert AuditLine.objects.count() == before > 0


@pytest.mark.slow
def test_nobody_empties_the_journal() -> None:
    """In a database as it is installed: tests grant themselves to truncate, to clean up."""
    database = new_database()
    try:
        with psycopg.connect(cluster.access("owner", database).dsn(), autocommit=True) as owner:
            owner.execute(
                sql.SQL("REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM {}").format(
                    sql.Identifier("regie_app")
                )
            )
        with (
            psycopg.connect(cluster.access("app", database).dsn()) as app,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            app.execute("TRUNCATE audit_auditline")
    finally:
        cluster.drop(database)


NOT_ACTS = {"organisations.organisation", "access.manage"}
JOBS = {
    "connections.import_batch", "identity.answer_request", "identity.compare_customers",
    "notifications.deliver",
}  # fmt: skip
OF_EVERY_LINE = {"organisation_id", "action", "actor", "actor_id", "details", "because"}


def test_every_act_is_said_in_words() -> None:
    apps = Path(SOURCE, "regie", "apps")
    names = "|".join(sorted(one.name for one in apps.iterdir() if one.is_dir()))
    codes = set()
    for path in apps.glob("*/*.py"):
        codes |= set(re.findall(rf'"((?:{names})\.[a-z_]+)"', path.read_text(encoding="utf-8")))

    assert len(codes) > 80
    assert codes - set(ACTIONS) - NOT_ACTS - JOBS == set()
    assert {one.partition(".")[0] for one in ACTIONS} <= set(AREAS)


def test_every_detail_has_its_word() -> None:
    """The names under which services say more of what they did, read from their sources."""
    said = set()
    for path in Path(SOURCE, "regie", "apps").glob("*/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name_of(node) in {"record", "_record", "note"}:
                said |= {one.arg for one in node.keywords if one.arg}
            if isinstance(node, ast.FunctionDef) and node.name == "_said":
                dicts = [one for one in ast.walk(node) if isinstance(one, ast.Dict)]
                said |= {
                    key.value for one in dicts for key in one.keys
                    if isinstance(key, ast.Constant)
                }  # fmt: skip
    said |= {*aiming.FIELDS, *annotating.FIELDS}

    assert len(said) > 40
    assert {one for one in said - OF_EVERY_LINE if not one.endswith("_id")} - set(KEYS) == set()


def _name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def test_details_say_no_code() -> None:
    with translation.override("en"):
        said = dict(
            details_words(
                {
                    "account": "Nantes",
                    "platform": "google_ads",
                    "role": "administrator",
                    "on": True,
                    "allowed": ["figures.view"],
                    "asset_id": 7,
                    "code": "SOLDES",
                    "metric": "leads_received",
                    "direction": "at_least",
                    "fact": "leads",
                    "ends_on": "2026-11-30",
                    "period": "2026-11-01..2026-11-30",
                }
            )
        )

    assert said["platform"] == "Google Ads"
    assert said["counted"] == "yes"
    assert said["code"] == "SOLDES"
    assert "figures.view" not in said["allowed"]
    assert "7" not in said.values()
    assert (said["figure"], said["direction"]) == ("Leads received", "At least")
    assert said["of what"] == "Leads received"
    assert said["last day"] == "30 November 2026"
    assert said["period"] == "1–30 Nov 2026"


def test_codes_are_said_under_the_key_that_they_belong_to() -> None:
    with translation.override("fr"):
        said = dict(
            details_words(
                {
                    "because": "access.partnership_ended",
                    "mode": "consented",
                    "which": "imported",
                    "word": "cut",
                    "what": "merged",
                    "side": "owner",
                    "basis": "consent",
                    "unit": "channel",
                    "kind": "order",
                    "scopes": ["figures:read"],
                    "metrics": ["orders"],
                    "said": ["currency"],
                    "after": {"model": "linear", "first_month": 7, "kind": "region"},
                    "against": "year",
                    "growth": "0.1",
                    "click_rate": "0.005",
                    "target": "12500.5",
                    "query": "?split=campaign",
                }
            )
        )

    assert said["parce que"] == "Partenariat terminé"
    assert (
        said["après"]
        == "modèle Linéaire, l’exercice commence en juillet, type Une région d’un réseau"
    )
    assert said["croissance"] == "10\u00a0%"
    assert said["taux de clic"] == "0,5\u00a0%"
    assert said["cible"] == "12\u202f500,50"
    assert "?split" not in str(said)
    told = " ".join(said.values())
    assert not re.search(r"[a-z]+[_:][a-z]+|consented|imported|merged|owner|channel|order", told)


def test_a_reason_that_somebody_wrote_stays_as_it_is() -> None:
    with translation.override("en"):
        assert dict(details_words({"because": "cut 7"})) == {"because": "cut 7"}


@pytest.mark.parametrize(
    ("key", "codes"),
    [("mode", Mode), ("side", Side), ("word", Word), ("level", Level), ("direction", Direction),
     ("against", Against), ("kind", Kind), ("kind", OrganisationKind), ("basis", Basis)],
)  # fmt: skip
def test_every_code_has_its_words(key: str, codes: type[Enum]) -> None:
    assert [one.value for one in codes if not value_word(key, one.value)] == []


def test_an_action_without_words_still_reads_like_one() -> None:
    assert action_word("future_room.thing_done") == "Thing done"


def test_counts_are_written_as_figures_are() -> None:
    with translation.override("fr"):
        assert re.fullmatch(r"99\s662", value_word("events", 99662))
    with translation.override("en"):
        assert value_word("identifiers", 6622) == "6,622"
