"""Erasure leaves nothing: every file and every table is searched for the person afterwards."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.audiences import services as audiences
from regie.apps.audit.models import AuditLine
from regie.apps.connections import services as connections
from regie.apps.connections.models import Import
from regie.apps.identity import selectors, services
from regie.apps.identity.models import PersonRequest
from regie.apps.tracking.models import Identifier
from regie.kernel.errors import Forbidden, Refused
from regie.postgres.home import regie_home
from tests.api.test_api import call, token_of
from tests.cast import Cast, bring, total
from tests.identity.visits import Shop, forget_files, open_shop
from tests.today import today, yesterday
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

EMAIL, LOGIN, CUSTOMER, COOKIE, CLICK = (
    "kestrel@client.example", "kestrel-42", "K-7", "0f6e1c52-cookie-of-kestrel", "Cj0KCQ-Kestrel",
)  # fmt: skip
DIGEST = hashlib.sha256(EMAIL.encode()).hexdigest()
FORMS = [
    one for text in (EMAIL, LOGIN, COOKIE, CLICK)
    for one in (text, *(hashlib.new(kind, text.encode()).hexdigest()
                        for kind in ("md5", "sha1", "sha256")))
]  # fmt: skip


@pytest.fixture
def known(shop: Shop, cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> Shop:
    """Kestrel visited, signed in, ordered, is in a list, and stands in files that came."""
    forget_files()
    shop.heard("consent", device=COOKIE, consent={"granted": True, "text": "v1"})
    shop.heard("page_view", device=COOKIE, url=f"https://boutique.example/?gclid={CLICK}")
    shop.heard("identify", device=COOKIE, login=LOGIN, email_sha256=DIGEST)
    shop.heard("lead", device=COOKIE, form="contact", email=EMAIL)
    shop.heard("order", login=LOGIN, customer=CUSTOMER, order_id="W-1", value=50, currency="EUR")
    shop.heard("identify", device="another", login="heron")
    shop.known()
    heading = "order_id,ordered_at,revenue,currency,customer,status"
    lines = [
        f"{number},{yesterday()},{revenue},EUR,{customer},ok"
        for number, revenue, customer in (
            ("T-1", "10.00", CUSTOMER), ("T-2", "20.00", "K-70"), ("T-3", "oops", EMAIL),
            ("T-7", "5.00", EMAIL),
        )
    ]  # fmt: skip
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    (record,) = bring(cast.nantes, path)
    assert (record.state, record.rows_refused) == ("published", 1)
    people = tmp_path / "people.csv"
    people.write_text(f"email\n{EMAIL}\nnoe@client.example\n", encoding="utf-8")
    with acting_as(cast.chloe):
        audience = audiences.create_audience(
            actor=cast.chloe,
            organisation=cast.nantes,
            said=audiences.Described("Clients", "customers", "consent", "Relance",
                                     today() + timedelta(days=90)),
        )  # fmt: skip
        audiences.load_members(
            actor=cast.chloe, audience_id=audience, country="FR", replace=False, path=people
        )
    return shop


def test_a_person_is_told_all_that_is_held_of_him(known: Shop, cast: Cast) -> None:
    with acting_as(cast.chloe):
        held = services.tell_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

    kinds = {one["kind"]: one["value"] for one in held["identifiers"]}
    assert kinds == {
        "login": LOGIN, "customer": CUSTOMER, "email_sha256": DIGEST, "device": COOKIE,
        "gclid": CLICK,
    }  # fmt: skip
    assert [one["kind"] for one in held["events"]] == [
        "consent", "page_view", "identify", "lead", "order",
    ]  # fmt: skip
    assert {row["order_id"] for row in held["facts"]} >= {"T-1", "T-7"}
    assert "T-2" not in str(held)
    assert held["audiences"] == [{"name": "Clients", "purpose": "Relance", "sent_to": []}]
    assert held["consents"][0]["version"] == "v1"
    assert "heron" not in services.as_json(held)
    lines = services.as_csv(held).splitlines()
    assert lines[0] == "table,row,name,value"
    assert f"identifiers,1,value,{LOGIN}" in lines


def test_erasure_leaves_nothing_and_changes_no_figure(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    before = _figures(cast)
    assert where_written(FORMS)
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

    done = report(cast, number)
    assert where_written(FORMS) == []
    assert done.left == ()
    assert done.percent == 100
    assert done.found["identifiers"] == 5
    assert done.found["members"] == 1
    assert done.found["facts_orders"] >= 2
    assert done.found["journal_records"] >= 4
    assert done.found["kept_inputs"] == 1
    assert _figures(cast) == before
    with operating():
        assert not Identifier.objects.filter(value__in=[LOGIN, CUSTOMER, COOKIE]).exists()
        assert Identifier.objects.filter(value__in=["heron", "another"]).count() == 2
    # A customer number is short: only where a customer stands.
    assert _customers() == {"K-70"}
    connections.rebuild()
    assert _figures(cast) == before
    assert _customers() == {"K-70"}
    assert where_written(FORMS) == []


def test_who_is_everywhere_at_once_is_gone_from_everywhere(
    known: Shop, cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """In a file of customers, the name of a file, a code that was typed at the till."""
    customers = tmp_path / "customers.csv"
    customers.write_text(f"customer,first_name,email\n{CUSTOMER},Kestrel,{EMAIL}\n",
                         encoding="utf-8")  # fmt: skip
    named = tmp_path / f"{EMAIL}.csv"
    named.write_text(f"order_id,ordered_at,revenue,currency,customer\nN-1,{yesterday()},3,EUR,"
                     f"{CUSTOMER}\n", encoding="utf-8")  # fmt: skip
    with operating():
        services.load_customers(actor=None, organisation=cast.nantes, path=customers)
    bring(cast.nantes, named)
    known.heard("redemption", code=EMAIL, shop="Nantes", order_id="T-1")
    known.known()
    assert any(line.startswith("connections_import:") for line in where_written([EMAIL]))
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

    assert where_written(FORMS) == []
    assert report(cast, number).found["redemptions"] == 1


def test_files_that_nobody_reads_any_more_go_too(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """What a kill has left, once it cannot be under way any more; until then it is told."""
    orders = next((regie_home() / "lake" / "orders").rglob("*.parquet"))
    with_him = [path for path in (regie_home() / "lake").rglob("*.parquet")
                if EMAIL.encode() in _content(path)]  # fmt: skip
    young, old = orders.with_name("young.parquet"), orders.with_name("old.parquet")
    for copy in (young, old):
        shutil.copyfile(with_him[0], copy)
    raw = regie_home() / "raw" / "ab"
    raw.mkdir(parents=True)
    (raw / "abc").write_text(f"customer\n{EMAIL}\n")
    for path in (old, raw / "abc"):
        os.utime(path, (1, 1))
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

    done = report(cast, number)
    assert [(one.where, one.count) for one in done.left] == [("files", 1)]
    assert [line.partition(":")[0] for line in where_written([EMAIL])] == ["young.parquet"]


def test_the_request_is_noted_and_names_nobody(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=LOGIN)
    with operating():
        (request,) = PersonRequest.objects.all()
        line = AuditLine.objects.get(action="identity.erasure")
    assert (request.kind, request.left, request.done_by) == ("erasure", [], str(cast.chloe))
    assert line.details["found"] > 0
    assert not any(name in str(line.details) for name in (EMAIL, LOGIN, CUSTOMER, DIGEST))


def test_what_another_organisation_holds_stays(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    other = open_shop(cast.diane, cast.studio)
    other.heard("identify", device="cookie-at-diane", login=LOGIN)
    other.known()
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)
    with operating():
        assert Identifier.objects.filter(organisation=cast.studio, value="cookie-at-diane").exists()


def test_who_is_outside_asks_for_nobody(known: Shop, cast: Cast) -> None:
    for act in (services.tell_person, services.erase_person):
        with acting_as(cast.diane), pytest.raises(Forbidden):
            act(actor=cast.diane, organisation=cast.nantes, text=EMAIL)
    with acting_as(cast.diane):
        held = services.tell_person(actor=cast.diane, organisation=cast.studio, text=EMAIL)
    assert not {"identifiers", "facts"} & held.keys()


def test_programs_ask_the_same_with_the_right_for_it(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    blind = token_of(cast.chloe, cast.nantes, frozenset({"figures:read"}))
    seeing = token_of(cast.chloe, cast.nantes, frozenset({"privacy:write"}))
    outside = token_of(cast.diane, cast.studio, frozenset({"privacy:write"}))
    asked = {"who": EMAIL}
    assert call(blind, "/persons/show", "post", asked).status_code == 403
    assert "identifiers" not in call(outside, "/persons/show", "post", asked).json()
    assert len(call(seeing, "/persons/show", "post", asked).json()["identifiers"]) == 5
    assert call(seeing, "/persons/show", "post", {"who": "\x00\x00"}).status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        answer = call(seeing, "/persons/erase", "post", asked)
        assert answer.status_code == 202
        number = answer.json()["id"]
        assert answer.json()["state"] == "running"
        assert call(seeing, "/persons/erase", "post", asked).json()["id"] == number
        assert services.carry_out(number)
    done = call(seeing, f"/persons/requests/{number}").json()
    assert (done["request"], done["state"], done["left"]) == ("erasure", "done", {})
    assert done["found"]["identifiers"] == 5
    assert call(outside, f"/persons/requests/{number}").status_code == 404
    assert call(blind, f"/persons/requests/{number}").status_code == 403
    assert where_written([EMAIL]) == []


def test_a_wrong_address_is_corrected_wherever_it_is(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    right = "kestrel.home@client.example"
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        number = services.correct_person(
            actor=cast.chloe, organisation=cast.nantes, wrong=EMAIL, right=right
        )
        held = services.tell_person(actor=cast.chloe, organisation=cast.nantes, text=right)

    assert report(cast, number).left == ()
    assert where_written([EMAIL, DIGEST]) == []
    kinds = {one["kind"]: one["value"] for one in held["identifiers"]}
    assert kinds["email_sha256"] == hashlib.sha256(right.encode()).hexdigest()
    assert kinds["login"] == LOGIN
    assert [one["name"] for one in held["audiences"]] == ["Clients"]
    assert right in _customers()


def test_the_same_holds_for_workbooks_archives_and_compressed_files(tmp_path: Path) -> None:
    import openpyxl

    from regie.apps.connections.forgetting import mended_bytes
    from regie.domain.privacy.names import names_of

    names = names_of([EMAIL, CUSTOMER])
    book = openpyxl.Workbook()
    book.active.append(["order_id", "customer", "clicks"])
    book.active.append(["A", CUSTOMER, CUSTOMER])
    book.active.append(["B", EMAIL, 3])
    made = io.BytesIO()
    book.save(made)
    inside = openpyxl.load_workbook(io.BytesIO(mended_bytes(made.getvalue(), names)))
    assert [[cell.value or None for cell in row] for row in inside.active] == [
        ["order_id", "customer", "clicks"], ["A", None, CUSTOMER], ["B", None, 3],
    ]  # fmt: skip

    text = f"order_id;customer;clicks\n1;{CUSTOMER};7\n2;{EMAIL.upper()};7\n".encode("utf-16")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("orders.csv", text)
    mended = mended_bytes(gzip.compress(archive.getvalue()), names)
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(mended))) as source:
        told = source.read("orders.csv").decode("utf-16")
    assert told == "order_id;customer;clicks\n1;;7\n2;;7\n"


def test_an_old_workbook_is_written_again_as_a_new_one(
    known: Shop, cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Its name stands in a cell that no fact took, and in one of a fact."""
    import openpyxl
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Commandes")
    for row, cells in enumerate([
        ["order_id", "ordered_at", "revenue", "currency", "customer", "remarque"],
        ["X-1", "2026-09-01", 12.5, "EUR", CUSTOMER, ""],
        ["X-2", "2026-09-02", 7, "EUR", "K-70", f"écrire à {EMAIL}"],
    ]):  # fmt: skip
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    path = tmp_path / "commandes.xls"
    book.save(str(path))
    bring(cast.nantes, path)
    before = _figures(cast)
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

    done = report(cast, number)
    assert done.found["kept_inputs"] == 2
    assert done.removed == {}
    assert where_written([EMAIL]) == []
    with acting_as(cast.chloe):
        kept = Import.objects.get(file_name="commandes.xls").raw_path
    content = io.BytesIO((regie_home() / "raw" / kept).read_bytes())
    cells = list(openpyxl.load_workbook(content)["Commandes"].values)
    assert cells[1] == ("X-1", "2026-09-01", "12.5", "EUR", None, None)
    assert cells[2][-2:] == ("K-70", "écrire à ")
    connections.rebuild()
    assert _figures(cast) == before
    assert _customers() == {"K-70"}


def test_a_file_that_cannot_be_written_again_is_removed_and_told(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """As when its kept input was damaged after its rows were taken."""
    with acting_as(cast.chloe):
        record = Import.objects.get(file_name="orders.csv")
    (regie_home() / "raw" / record.raw_path).write_bytes(b"\xd0\xcf\x11\xe0 damaged")
    with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
        number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

    assert report(cast, number).removed == {record.pk: "orders.csv"}
    assert not (regie_home() / "raw" / record.raw_path).exists()
    page = signed_in(cast.chloe, "en").get(f"/privacy/requests/{number}/").content.decode()
    assert "Files that were removed" in page
    assert f"/imports/{record.pk}/" in page


def test_a_right_name_that_holds_the_wrong_one_is_refused(known: Shop, cast: Cast) -> None:
    with acting_as(cast.chloe), pytest.raises(Refused):
        services.ask_correction(
            actor=cast.chloe, organisation=cast.nantes, wrong=EMAIL, right=f"Kestrel <{EMAIL}>"
        )
    with acting_as(cast.chloe), pytest.raises(Refused):
        services.ask_correction(
            actor=cast.chloe, organisation=cast.nantes, wrong=EMAIL, right="Kestrel"
        )
    assert PersonRequest.objects.count() == 0


def report(cast: Cast, number: int) -> selectors.Asked:
    with acting_as(cast.chloe):
        return selectors.request_of([cast.nantes.pk], number)


def _figures(cast: Cast) -> dict[str, Any]:
    return {
        name: total(cast.chloe, name) for name in ("visits", "orders", "revenue", "leads_received")
    }


def _customers() -> set[str]:
    """Customers of imported orders, as every stored version of the facts holds them."""
    found: set[str] = set()
    for path in (regie_home() / "lake").rglob("orders/**/*.parquet"):
        table = pyarrow.parquet.read_table(path)
        rows = table.filter(pyarrow.compute.field("import_id") > 0)
        found |= set(rows["customer"].to_pylist())
    return found - {None}


def where_written(names: list[str]) -> list[str]:
    """Every table, column of bytes included, and every file that holds one of ``names``."""
    found = []
    with operating(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for name in names:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" x WHERE position(%s IN lower(x::text)) > 0',
                    [name.lower()],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}: {name}")
    for path in (one for one in regie_home().rglob("*") if one.is_file()):
        content = _content(path).lower()
        found += [f"{path.name}: {name}" for name in names if name.lower().encode() in content]
    return found


def _content(path: Path) -> bytes:
    if path.suffix == ".parquet":
        return str(pyarrow.parquet.read_table(path).to_pylist()).encode()
    return path.read_bytes()
