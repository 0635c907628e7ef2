"""Links, codes and sites on their pages: made, counted, and hidden from whoever is outside."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from regie.apps.access.context import acting_as, operating
from regie.apps.tracking import services
from regie.apps.tracking.models import Link, PromoCode, Redemption, Site
from regie.ingestion.collected.journal import Record
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from tests.attribution.heard import BROWSERS, a_site, write_journal
from tests.attribution.test_pages import words
from tests.cast import Cast
from tests.web.test_every_page import signed_in

SAID = {"name": "Affiche d’été", "destination": "https://boutique.example/ete", "medium": "qr",
        "source": "affiche-nantes", "campaign": "Soldes d’été"}  # fmt: skip


@pytest.fixture
def link(cast: Cast) -> Link:
    answer = signed_in(cast.chloe).post("/links/new/", {**SAID, "code": "Ete-26"})
    assert answer.status_code == 302
    with operating():
        return Link.objects.get()


def test_a_link_is_made_with_tags_of_the_convention(cast: Cast, link: Link) -> None:
    assert link.target == (
        "https://boutique.example/ete?utm_source=affiche-nantes&utm_medium=qr"
        "&utm_campaign=soldes-d-ete&rg=Ete-26"
    )
    text = signed_in(cast.chloe).get(f"/links/{link.pk}/").content.decode()
    assert "Hors ligne" in text
    assert "/r/Ete-26" in text
    assert "Affiche d’été" in signed_in(cast.amelie).get("/links/").content.decode()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"source": "facebook", "medium": "cpc"}, "serait classé dans Réseaux sociaux payants"),
        ({"destination": "javascript:alert(1)"}, "n’est pas une adresse"),
        ({"destination": "https://x.example/?utm_source=other"}, "dit utm_source=other"),
        ({"code": "ete 26"}, "ne peut pas figurer"),
        ({"code": "ETE26"}, "est pris, ou ressemble trop"),
    ],
)
def test_what_contradicts_itself_is_refused_beside_its_field(
    cast: Cast, link: Link, changed: dict[str, str], why: str
) -> None:
    answer = signed_in(cast.chloe).post("/links/new/", {**SAID, **changed})

    assert answer.status_code == 400
    assert why in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("source", "夏"), ("source", "℀" * 90), ("campaign", "…"), ("content", "🎉"),
     ("destination", "https://boutique.example/" + "é" * 1000)],
)  # fmt: skip
def test_what_cannot_stand_in_an_address_is_refused_beside_its_own_field(
    cast: Cast, field: str, value: str
) -> None:
    answer = signed_in(cast.chloe).post("/links/new/", {**SAID, field: value})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]


def test_a_changed_link_keeps_its_code(cast: Cast, link: Link) -> None:
    answer = signed_in(cast.chloe).post(
        f"/links/{link.pk}/change/",
        {**SAID, "destination": "https://boutique.example/hiver", "expires_on": "2027-01-31"},
    )
    assert answer.status_code == 302
    with operating():
        link.refresh_from_db()
    assert (link.code, link.destination) == ("Ete-26", "https://boutique.example/hiver")
    assert link.expires_at is not None
    assert link.expires_at > clock.now() + timedelta(days=1)


RULES = ["BE https://boutique.example/be", "tablette FR https://boutique.example/fr",
         "desktop https://boutique.example/grand"]  # fmt: skip


def test_countries_and_devices_go_elsewhere_and_stay_when_the_link_changes(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    said = {**SAID, "code": "pays", "ios": "horizon://promo", "elsewhere": "\n".join(RULES)}
    assert client.post("/links/new/", said).status_code == 302
    with operating():
        link = Link.objects.get()
        Link.objects.update(term="mot")
    form = client.get(f"/links/{link.pk}/change/").context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(f"/links/{link.pk}/change/", {**again, "name": "B"}).status_code == 302
    with operating():
        link.refresh_from_db()

    assert [(one["device"], one["country"], one["given"]) for one in link.rules] == [
        # A line of both would never be reached behind the iPhones of everywhere.
        ("tablet", "FR", "https://boutique.example/fr"),
        ("ios", "", "horizon://promo"), ("", "BE", "https://boutique.example/be"),
        ("desktop", "", "https://boutique.example/grand"),
    ]  # fmt: skip
    assert (link.name, link.term) == ("B", "mot")
    assert "Tablette · FR" in client.get(f"/links/{link.pk}/").content.decode()
    for line, why in (("Belgique https://x.example", "n’est pas un pays"),
                      ("BE nowhere", "n’est pas une adresse")):  # fmt: skip
        refused = client.post(f"/links/{link.pk}/change/", {**again, "elsewhere": line})
        assert (refused.status_code, why in refused.content.decode()) == (400, True)


def test_many_links_are_made_from_a_table_and_bad_lines_come_back(cast: Cast) -> None:
    table = (
        "name;destination;source;medium;campaign;code\n"
        "A;https://a.example/;facebook;paid_social;hiver;aa1\n"
        "B;nowhere;facebook;paid_social;hiver;\n"
        "C;https://c.example/;facebook;email;hiver;\n"
        "D;https://d.example/;lettre;email;hiver;AA-l\n"
        f"E;https://e.example/{'é' * 400};lettre;email;hiver;\n"
        f"F;https://f.example/;{'œ' * 60};email;hiver;\n"
        f"G;https://g.example/;lettre;email;{'a' * 151};\n"
        "H;https://h.example/;lettre;email;--;\n"
    )
    file = SimpleUploadedFile("links.csv", table.encode("cp1252"))
    answer = signed_in(cast.chloe).post("/links/bulk/", {"table": file})
    text = answer.content.decode()

    with operating():
        assert list(Link.objects.values_list("code", flat=True)) == ["aa1"]
    for line, column, reason in (
        (3, "destination", "n’est pas une adresse"), (4, "medium", "serait classé"),
        (5, "code", "est pris"), (6, "destination", "dépasse 2000 caractères"),
        (7, "source", "dépasse 100 caractères"), (8, "campaign", "dépasse 150 caractères"),
        (9, "campaign", "Rien de «"),
    ):  # fmt: skip
        assert reason in text
        assert f'<td class="number">{line}</td><td>{column}</td>' in text


@pytest.mark.parametrize(
    ("page", "line"),
    [("/links/bulk/", "A;https://a.example/;crm;email;hiver\n"), ("/codes/bulk/", "A;;;;\n")],
)
def test_of_a_list_that_is_too_long_nothing_is_made(
    cast: Cast, page: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("linking", "coding"):
        monkeypatch.setattr(f"regie.apps.tracking.{module}.MOST_LINES", 2)
    file = SimpleUploadedFile(
        "many.csv", b"name;destination;source;medium;campaign\n" + 3 * line.encode()
    )

    answer = signed_in(cast.chloe).post(page, {"table": file})

    assert answer.status_code == 400
    assert "au plus 2 lignes" in answer.content.decode()
    with operating():
        assert not Link.objects.exists()
        assert not PromoCode.objects.exists()


def test_many_codes_are_made_from_a_list_and_bad_lines_come_back(cast: Cast) -> None:
    table = (
        "name;code;campaign;once;starts;ends\n"
        "Salon;SALON25;salon;;2026-09-01;2026-12-31\n"
        "Salon;salon 25;salon;;;\n"
        "Fidèles;;;oui;;\n"
        "Fidèles;FIDELE;;;2026-12-31;2026-01-01\n"
        "Fidèles;FIDELE;;;demain;\n"
        f"Long;{'A' * 65};;;;\n"
        f"Long;LONG;{'a' * 151};;;\n"
    )
    file = SimpleUploadedFile("codes.csv", table.encode())
    text = signed_in(cast.chloe).post("/codes/bulk/", {"table": file}).content.decode()

    with operating():
        made = {one.name: one for one in PromoCode.objects.all()}
    assert (made["Salon"].code, made["Salon"].is_single_use) == ("SALON25", False)
    assert str(made["Salon"].ends_on) == "2026-12-31"
    assert (len(made), made["Fidèles"].is_single_use) == (2, True)
    for line, column in ((3, "code"), (5, "ends"), (6, "starts"), (7, "code"), (8, "campaign")):
        assert f'<td class="number">{line}</td><td>{column}</td>' in text


def test_the_printed_code_is_a_picture_of_the_short_address(cast: Cast, link: Link) -> None:
    client = signed_in(cast.chloe)
    svg = client.get(f"/links/{link.pk}/code.svg")
    png = client.get(f"/links/{link.pk}/code.png")

    drawn = ElementTree.parse(io.BytesIO(svg.content)).getroot()  # noqa: S314 - our own drawing
    assert drawn.tag.endswith("svg")
    # A millimetre a square, and drawn at any other size without being cut off.
    squares = drawn.get("viewBox", "").split()[2]
    assert (drawn.get("width"), drawn.get("height")) == (f"{squares}mm", f"{squares}mm")
    assert b"style" not in svg.content
    assert png.content.startswith(b"\x89PNG")


def test_an_outsider_finds_no_link_no_code_no_site(cast: Cast, link: Link) -> None:
    with operating():
        site = services.create_site(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=services.WantedSite("Boutique secrète", ["boutique.example"]),
        )  # fmt: skip
        (code,) = services.create_codes(
            actor=cast.chloe, organisation=cast.nantes, wanted=services.WantedCode("Salon", "SALON")
        )
    diane = signed_in(cast.diane)
    for path in (f"/links/{link.pk}/", f"/links/{link.pk}/change/", f"/links/{link.pk}/code.svg",
                 f"/sites/{site}/"):  # fmt: skip
        hidden, absent = diane.get(path), diane.get(path.replace(str(link.pk), "987654"))
        assert hidden.status_code == 404
        assert absent.status_code in {404, hidden.status_code}
    for path in (f"/links/{link.pk}/archive/", f"/sites/{site}/token/", f"/codes/{code}/archive/"):
        assert diane.post(path, {"archived": "1"}).status_code == 404
    for path in ("/links/", "/codes/", "/sites/"):
        text = diane.get(path).content.decode()
        assert "Affiche" not in text
        assert "SALON" not in text
        assert "Boutique secr" not in text


def test_a_sister_agency_makes_no_link_for_another(cast: Cast) -> None:
    with acting_as(cast.diane), pytest.raises(Forbidden):
        services.create_link(
            actor=cast.diane, organisation=cast.nantes,
            wanted=services.Wanted("X", "https://x.example/", "a", "email", "c"),
        )  # fmt: skip


@pytest.mark.requirement("MEAS-10")
def test_the_till_takes_a_code_once_and_says_why_not_twice(cast: Cast) -> None:
    chloe = signed_in(cast.chloe)
    chloe.post(
        "/codes/new/", {"name": "Bon", "code": "BON-10", "count": "1", "is_single_use": "on"}
    )
    said = {"typed": "bon 10", "location": "Nantes", "order_id": "T-1"}
    first = chloe.post("/codes/redeem/", said, follow=True).content.decode()
    second = chloe.post("/codes/redeem/", said, follow=True).content.decode()

    assert "Le code est accepté." in first
    assert "a déjà été utilisé" in second
    with operating():
        taken = list(Redemption.objects.order_by("pk").values_list("is_accepted", flat=True))
    assert taken == [True, False]


def test_a_thousand_codes_are_made_at_once_and_all_differ(cast: Cast) -> None:
    signed_in(cast.chloe).post("/codes/new/", {"name": "Lot", "count": "300"})
    with operating():
        assert PromoCode.objects.filter(is_single_use=True).count() == 300


@pytest.mark.requirement("MEAS-10")
def test_what_the_till_took_becomes_a_figure(cast: Cast) -> None:
    from tests.cast import total

    chloe = signed_in(cast.chloe)
    chloe.post("/codes/new/", {"name": "Salon", "code": "SALON25", "count": "1"})
    chloe.post("/codes/redeem/", {"typed": "salon 25", "location": "Nantes"})
    services.publish_events()
    services.publish_events()

    assert total(cast.chloe, "redemptions") == 1
    assert total(cast.diane, "redemptions") is None


@pytest.mark.requirement("MEAS-S7")
def test_forty_printed_codes_are_told_by_shop_however_they_were_typed(cast: Cast) -> None:
    from tests.cast import ask

    chloe = signed_in(cast.chloe, "en")
    chloe.post("/codes/new/", {"name": "Salon", "code": "SALON25", "count": "1", "source": "salon",
                               "campaign": "salon"})  # fmt: skip
    chloe.post("/codes/new/", {"name": "Bon", "code": "BON-10", "count": "1",
                               "is_single_use": "on"})  # fmt: skip
    typed = ["SALON25", "salon25 ", "Salon 25", "SALON-25"]
    for number in range(40):
        shop = "Nantes" if number < 27 else "Rennes"
        chloe.post("/codes/redeem/", {"typed": typed[number % 4], "location": shop})
    chloe.post("/codes/redeem/", {"typed": "bon10", "location": "Rennes"})
    again = words(chloe.post("/codes/redeem/", {"typed": "BON 10", "location": "Nantes"},
                             follow=True))  # fmt: skip
    services.publish_events()
    services.publish_events()

    answer = ask(cast.chloe, "redemptions", ["channel", "campaign", "location"])
    found = {(row["channel"], row["campaign"], row["location"]): row["redemptions"]
             for row in answer.rows}  # fmt: skip
    assert found[("Offline", "name:salon", "Nantes")] == 27
    assert found[("Offline", "name:salon", "Rennes")] == 13
    assert answer.totals["redemptions"] == 41
    assert "has been used already" in again
    assert "has been used already" in words(chloe.get("/codes/"))


def test_a_shop_takes_the_codes_of_its_network_and_counts_them_itself(cast: Cast) -> None:
    from tests.cast import total

    amelie, chloe = signed_in(cast.amelie, "en"), signed_in(cast.chloe, "en")
    amelie.post("/codes/new/", {"name": "Salon", "code": "SALON25", "count": "1"})
    amelie.post("/codes/new/", {"name": "Bon", "code": "BON-10", "count": "1",
                                "is_single_use": "on"})  # fmt: skip
    shown = words(chloe.get("/codes/"))
    said = {"location": "Nantes", "order_id": "T-1"}

    taken = words(chloe.post("/codes/redeem/", {**said, "typed": " salon 25"}, follow=True))
    once = words(chloe.post("/codes/redeem/", {**said, "typed": "bon 10"}, follow=True))
    again = words(chloe.post("/codes/redeem/", {**said, "typed": "bon-10"}, follow=True))
    stranger = words(signed_in(cast.diane, "en").post(
        "/codes/redeem/", {**said, "typed": "salon25"}, follow=True
    ))  # fmt: skip
    services.publish_events()
    services.publish_events()

    # The list of the network's codes stays with the network.
    assert "At the till" in shown
    assert "SALON25" not in shown
    assert "The code is accepted." in taken
    assert "The code is accepted." in once
    assert "has been used already" in again
    assert "There is no code" in stranger
    assert "At the till" not in words(signed_in(cast.diane, "en").get("/codes/"))
    assert total(cast.chloe, "redemptions") == 2
    assert total(cast.amelie, "redemptions") == 2
    with operating():
        assert set(Redemption.objects.filter(is_accepted=True).values_list(
            "organisation_id", "code__organisation_id"
        )) == {(cast.nantes.pk, cast.network.pk)}  # fmt: skip
    assert "SALON25" in words(amelie.get("/codes/"))


def test_a_site_is_set_up_and_its_token_is_shown_once(cast: Cast) -> None:
    chloe = signed_in(cast.chloe)
    chloe.post("/sites/new/", {"name": "Boutique", "hosts": "www.boutique.example, b.example",
                               "mode": "consented", "internal": "10.0.0.0/8"})  # fmt: skip
    with operating():
        site = Site.objects.get()
    made = chloe.post(f"/sites/{site.pk}/token/").content.decode()
    again = chloe.get(f"/sites/{site.pk}/").content.decode()

    assert site.hosts == ["boutique.example", "b.example"]
    assert site.key in again
    with operating():
        site.refresh_from_db()
    assert site.token_digest not in made + again
    assert "Le nouveau jeton" in made
    assert "Le nouveau jeton" not in again


@pytest.mark.parametrize("name", ["links", "links-new", "links-bulk", "links-audit", "codes",
                                  "codes-new", "sites", "sites-new"])  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_empty_pages_teach(cast: Cast, name: str, language: str) -> None:
    answer = signed_in(cast.chloe, language).get(reverse(name))

    assert answer.status_code == 200


def test_what_is_set_aside_is_told_with_its_reason_where_it_happened(
    cast: Cast, link: Link
) -> None:
    site = a_site(cast.nantes, cast.chloe)
    at = int(clock.now().timestamp() * 1e6)

    def seen(name: str, agent: str, flags: str = "", referrer: str = "") -> Record:
        said = {"url": "https://boutique.example/?rg=ete-26", "referrer": referrer}
        return Record(name, "page_view", at, cast.nantes.pk, site.pk, "", referrer, agent,
                      "203.0.113.0", name, flags=flags, sent=json.dumps(said).encode())  # fmt: skip

    write_journal(
        Record("click", "click", at, cast.nantes.pk, link.pk, "", "", "ExampleBot/1.0",
               "203.0.113.0", "k"),
        seen("bot", "ExampleBot/1.0"), seen("person", BROWSERS["phone"]),
        seen("own-1", BROWSERS["phone"], "i"), seen("own-2", BROWSERS["phone"], "i"),
        seen("spam", BROWSERS["phone"], "", "https://semalt.com/x"),
    )  # fmt: skip
    services.publish_events()

    of_site = words(signed_in(cast.chloe, "en").get(f"/sites/{site.pk}/"))
    of_link = words(signed_in(cast.chloe, "en").get(f"/links/{link.pk}/"))

    assert "1 visit in 30 days; 0.0% of it with consent." in of_site
    assert "A program, not a person 1 From your own network 2 Sent by a site" in of_site
    # What the program did on the site is not a click.
    assert "A program, not a person 1" in of_link
    assert "From your own network" not in of_link
