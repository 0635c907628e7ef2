"""Orders that come in files name codes: each use counts once, whatever becomes of the file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.connections import services as connections
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services
from regie.apps.tracking.models import PromoCode, Redemption, Site
from regie.cli.main import main
from regie.kernel.i18n import Sentence
from regie.warehouse.home import lake
from tests.api.test_api import call, token_of
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import DAY, NOON, asked, earned, order
from tests.cast import Cast, ask, bring, total
from tests.today import today
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

HEADER = "order_id,ordered_at,currency,revenue,promo_code,status"
TWO = ("F-1,2026-06-10T12:00:00+02:00,EUR,80, salon 25 ,", "F-2,2026-06-11T12:00:00+02:00,EUR,20,,")


@pytest.fixture
def shop(cast: Cast) -> Site:
    forget_journals()
    registered(cast, cast.nantes, "SALON25")
    return a_site(cast.nantes, cast.chloe)


def registered(
    cast: Cast, organisation: Organisation, code: str, source: str = "flyer", **more: object
) -> None:
    with operating():
        services.create_codes(
            actor=cast.amelie, organisation=organisation,
            wanted=services.WantedCode(code, code, source, "coupon", "soldes", **more),  # type: ignore[arg-type]
        )  # fmt: skip


@pytest.fixture
def files(tmp_path: Path):
    def written(*lines: str, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((HEADER, *lines)) + "\n")
        return path

    return written


def settled(organisation: Organisation, path: Path, **options: str) -> int:
    record = bring(organisation, path, **options)[0]
    services.settle_files()
    return int(record.pk)


def lately(files, *codes: str) -> Path:
    day = today() - timedelta(days=1)
    return files(*(f"F-{n},{day}T12:00:00+02:00,EUR,50,{one}," for n, one in enumerate(codes)))


def kept() -> list[tuple[str, bool]]:
    with operating():
        return list(Redemption.objects.order_by("at").values_list("order_id", "is_accepted"))


def test_a_use_counts_once_though_the_file_comes_again_and_no_longer_once_it_is_undone(
    shop: Site, cast: Cast, files
) -> None:
    path = files(*TWO)
    first = settled(cast.nantes, path)
    assert total(cast.chloe, "redemptions") == 1

    settled(cast.nantes, path)
    assert total(cast.chloe, "redemptions") == 1
    # The same days told again, with one more order: what they said before is replaced.
    again = settled(
        cast.nantes,
        files(*TWO, "F-3,2026-06-11T12:00:00+02:00,EUR,50,SALON-25,", name="again.csv"),
    )
    assert total(cast.chloe, "redemptions") == 2
    assert total(cast.diane, "redemptions") is None
    for number in (again, first):
        with operating():
            connections.undo_import(actor=None, import_id=number)
        services.settle_files()

    assert total(cast.chloe, "redemptions") is None


def test_nothing_is_written_where_nothing_changed(shop: Site, cast: Cast, files) -> None:
    settled(cast.nantes, files(*TWO))

    assert not services.settle_files()


@pytest.mark.parametrize("first", ["file", "webhook"])
def test_an_order_that_a_server_told_of_too_uses_its_code_once(
    shop: Site, cast: Cast, files, first: str
) -> None:
    registered(cast, cast.nantes, "UNIQUE1", is_single_use=True)
    path = files('F-1,2026-06-10T12:00:00+02:00,EUR,80,"salon25, unique1",')
    told = order("F-1", NOON, 80, code="SALON 25"), order("F-9", NOON, 5, code="UNIQUE1")

    if first == "file":
        settled(cast.nantes, path)
        publish(shop, *told)
    else:
        publish(shop, *told)
        bring(cast.nantes, path)
    services.settle_files()

    assert total(cast.chloe, "redemptions") == 2
    accepted = {order for order, is_accepted in kept() if is_accepted}
    # Who presents a single-use code first has used it up; the other is told so.
    assert ("F-1" if first == "file" else "F-9") in accepted
    assert len([one for one in kept() if not one[1]]) == 1


def test_a_single_use_code_used_twice_in_files_is_told(shop: Site, cast: Cast, files) -> None:
    registered(cast, cast.nantes, "UNIQUE1", is_single_use=True)
    number = settled(cast.nantes, files(
        "F-1,2026-06-10T12:00:00+02:00,EUR,80,unique-1,",
        "F-2,2026-06-11T12:00:00+02:00,EUR,80,UNIQUE 1,",
    ))  # fmt: skip

    assert kept() == [("F-1", True), ("F-2", False)]
    with operating():
        reason = Sentence.from_json(Redemption.objects.get(order_id="F-2").reason)
    assert "used already" in str(reason)
    assert total(cast.chloe, "redemptions") == 1
    with operating():
        connections.undo_import(actor=None, import_id=number)
    services.settle_files()
    with acting_as(cast.chloe):
        assert services.redeem(
            actor=cast.chloe, organisation=cast.nantes, typed="UNIQUE1"
        ).is_accepted


def test_a_code_that_is_registered_later_finds_its_orders(shop: Site, cast: Cast, files) -> None:
    settled(cast.nantes, files("F-1,2026-06-10T12:00:00+02:00,EUR,80,AMELIE10; other,"))
    assert total(cast.chloe, "redemptions") is None

    registered(cast, cast.network, "amelie 10", "amelie-voyage")
    services.settle_files()

    found = ask(cast.amelie, "redemptions", ["campaign"]).rows
    assert [(one["campaign_label"], one["redemptions"]) for one in found] == [("soldes", 1)]
    assert total(cast.chloe, "redemptions") == 1


def test_cancelled_orders_and_days_out_of_a_code_use_nothing(shop: Site, cast: Cast, files) -> None:
    registered(cast, cast.nantes, "ETE", ends_on=NOON.date())
    settled(cast.nantes, files(
        "F-1,2026-06-10T12:00:00+02:00,EUR,80,SALON25,cancelled",
        "F-2,2026-06-11T12:00:00+02:00,EUR,80,ETE,",
        "F-3,2026-06-10T12:00:00+02:00,EUR,80,ete,",
    ))  # fmt: skip

    assert total(cast.chloe, "redemptions") == 1


def test_an_archived_code_is_used_by_no_order_of_a_later_day(shop: Site, cast: Cast, files) -> None:
    with operating():
        code = PromoCode.objects.get(code="SALON25")
        services.archive_code(actor=cast.chloe, code_id=code.pk, archived=True)
    settled(cast.nantes, files("F-1,2026-06-10T12:00:00+02:00,EUR,80,SALON25,",
                               "F-2,2026-06-11T12:00:00+02:00,EUR,80,salon25,"))  # fmt: skip
    assert total(cast.chloe, "redemptions") == 2  # it was archived today, long after

    with operating():
        PromoCode.objects.filter(pk=code.pk).update(archived_on=NOON.date())
    services.settle_files()
    assert total(cast.chloe, "redemptions") == 1

    with operating():
        services.archive_code(actor=cast.chloe, code_id=code.pk, archived=False)
    services.settle_files()
    assert total(cast.chloe, "redemptions") == 2


def test_the_code_earns_the_order_of_the_file(shop: Site, cast: Cast, files) -> None:
    registered(cast, cast.network, "AMELIE10", "amelie-voyage")
    settled(cast.nantes, files("F-1,2026-06-10T12:00:00+02:00,EUR,80,amelie10,",
                               "F-2,2026-06-11T12:00:00+02:00,EUR,20,,"))  # fmt: skip

    found = asked(cast.chloe, unit="source")

    assert earned(found, what="value") == {"amelie-voyage / coupon": 80.0}
    assert earned(asked(cast.chloe, unit="campaign")) == {"soldes": 1.0}
    assert asked(cast.chloe, kind="redemption").rests.conversions == 1
    assert asked(cast.diane).rests.conversions == 0


@pytest.mark.parametrize("intervals", [False, True], ids=["kept", "in full"])
def test_a_measured_order_earns_by_the_code_that_only_its_file_names(
    shop: Site, cast: Cast, files, *, intervals: bool
) -> None:
    login = {"login": "c-7"}
    publish(
        shop, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p=login), order("F-1", NOON, 80, **login),
    )  # fmt: skip
    settled(cast.nantes, files(*TWO))

    found = asked(cast.chloe, unit="source", intervals=intervals)

    assert found.rests.conversions == 1
    assert earned(found) == {"flyer / coupon": 0.5, "instagram / social": 0.5}
    used = asked(cast.chloe, kind="redemption", unit="source", intervals=intervals)
    assert used.rests.conversions == 1
    assert earned(used)["instagram / social"] > 0


ORDERS = "id,created_at,currency,total_price,financial_status,customer_id,test,cancelled_at"
USES = "index,order_id,amount,code,type"


def test_the_codes_of_orders_may_come_in_a_table_of_their_own(
    shop: Site, cast: Cast, tmp_path: Path
) -> None:
    orders, codes = tmp_path / "order.csv", tmp_path / "order_discount_code.csv"
    day = today() - timedelta(days=1)
    orders.write_text(f"{ORDERS}\n" + "".join(
        f"{number},{day} 10:00:00,EUR,50.00,paid,7,false,\n" for number in (71, 72, 73)
    ))  # fmt: skip
    used = ("71,11.0,salon25", "71,5.0,GIFT", "72,5.0,Salon 25", "73,5.0,eve@mail.example")
    codes.write_text("\n".join((USES, *(f"1,{one},percentage" for one in used))) + "\n")

    bring(cast.nantes, orders, codes, account="shop")
    services.settle_files()

    assert total(cast.chloe, "redemptions") == 2
    assert total(cast.chloe, "orders") == 3
    page = signed_in(cast.chloe, "en").get("/codes/").content.decode()
    assert "GIFT" in page
    assert "eve@" not in page


def test_every_door_says_the_same_of_codes_and_lists_those_that_nobody_registered(
    shop: Site, cast: Cast, files, capsys: pytest.CaptureFixture[str]
) -> None:
    settled(cast.nantes, lately(files, "SALON25", "rentree", "RENTREE"))
    chloe = signed_in(cast.chloe, "en")

    page, table = chloe.get("/codes/").content.decode(), chloe.get("/codes/table.csv")
    assert main(["codes", "--organisation", cast.nantes.slug]) == 0
    told = capsys.readouterr().out

    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows == list(csv.DictReader(io.StringIO(told)))
    assert [(one["code"], one["is_registered"], one["uses"], one["last_used"]) for one in rows] == [
        ("SALON25", "true", "1", f"{today() - DAY}"), ("RENTREE", "false", "2", f"{today() - DAY}"),
    ]  # fmt: skip
    assert "/codes/new/?code=RENTREE" in page
    assert 'value="RENTREE"' in chloe.get("/codes/new/?code=RENTREE").content.decode()
    assert "order in a file" in page
    assert "RENTREE" not in signed_in(cast.diane, "en").get("/codes/").content.decode()


def test_a_program_reads_the_codes_of_its_token(shop: Site, cast: Cast, files) -> None:
    settled(cast.nantes, lately(files, "salon25"))

    found = call(token_of(cast.chloe, cast.nantes, frozenset({"figures:read"})), "/codes")

    assert [(one["code"], one["uses"], one["refused"]) for one in found.json()] == [
        ("SALON25", 1, 0)
    ]


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,"
    "Discount Amount,Created at,Lineitem quantity,Lineitem name,Billing Name,Cancelled at,Id"
)


def test_shopifys_own_export_uses_its_codes_and_keeps_nobodys_name(
    shop: Site, cast: Cast, tmp_path: Path
) -> None:
    path, at = tmp_path / "orders_export_1.csv", f"{today() - DAY} 09:50:26 +0200"
    path.write_text("\n".join((
        SHOPIFY,
        f"#1001,eve@mail.example,paid,{at},EUR,90,0,0,90.00,Salon25,10,{at},1,Chair,Eve Martin,,71",
        f"#1001,eve@mail.example,,,,,,,,,,{at},2,Table,,,",
        f"#1002,ada@mail.example,paid,{at},EUR,50,0,0,50.00,,0,{at},1,Chair,Ada Roux,,72",
        f"#1003,bea@mail.example,paid,{at},EUR,50,0,0,50.00,SALON25,0,{at},1,Chair,Bea,{at},73",
    )) + "\n")  # fmt: skip

    (record,) = bring(cast.nantes, path, account="shop")
    services.settle_files()

    assert (record.format, record.rows_imported, record.rows_refused) == ("shopify_orders", 2, 0)
    assert total(cast.chloe, "orders") == 2
    assert total(cast.chloe, "revenue") == {"EUR": 140}
    assert total(cast.chloe, "redemptions") == 1
    written = b"".join(one.read_bytes() for one in lake().root.rglob("*.parquet"))
    assert written
    assert b"Martin" not in written
    assert b"eve@" not in written


WOOCOMMERCE = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,"
    "Coupon(s),Net Sales,Attribution"
)


def test_woocommerces_report_uses_each_of_its_coupons(
    shop: Site, cast: Cast, tmp_path: Path
) -> None:
    registered(cast, cast.nantes, "ETE")
    path, at = tmp_path / "orders.csv", f"{today() - DAY} 09:50:26"
    path.write_text("\n".join((
        WOOCOMMERCE,
        f'{at},801,€90.00,completed,Eve Martin,new,1× Chair,1,"salon25, ete",90,Direct',
        f"{at},802,€50.00,processing,Ada Roux,returning,1× Chair,1,,50,Direct",
        f"{at},803,€50.00,cancelled,Bea,new,1× Chair,1,salon25,50,Direct",
        f"{at},804,€50.00,pending,Cleo,new,1× Chair,1,salon25,50,Direct",
        f"{at},801,€-20.00,completed,Eve Martin,new,1× Chair,1,,-20,Direct",
    )) + "\n")  # fmt: skip

    (record,) = bring(cast.nantes, path, account="shop", currency="EUR")
    services.settle_files()

    counted = (record.format, record.rows_imported, record.rows_refused)
    assert counted == ("woocommerce_orders", 2, 1)
    assert total(cast.chloe, "revenue") == {"EUR": 140}
    assert total(cast.chloe, "redemptions") == 2


def test_an_import_that_is_undone_on_its_page_takes_its_uses_along_at_once(
    shop: Site, cast: Cast, files
) -> None:
    number = settled(cast.nantes, files(*TWO))
    assert total(cast.chloe, "redemptions") == 1

    assert signed_in(cast.chloe).post(f"/imports/{number}/undo/").status_code == 302

    assert total(cast.chloe, "redemptions") is None
