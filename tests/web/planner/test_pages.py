"""The planner's pages: both directions, refusals, sharing, and the plan beside the facts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from regie.apps.access.context import acting_as
from regie.apps.budgets import selectors
from tests.cast import Cast, bring
from tests.today import today

DELIVERY = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"
START = date(2026, 9, 1)
NARROW = "\u202f"
HARD = "\xa0"

COURSE = {
    "name": "Contrats d’hiver", "direction": "goal", "goal": "1 000", "budget": "",
    "click_rate": "2 %", "conversion_rate": "2 %", "cpm": "2", "currency": "EUR",
    "lag_days": "0", "window_days": "30", "starts_on": "2026-09-01", "ends_on": "2026-09-10",
    "campaign": "", "act": "save",
}  # fmt: skip


def signed_in(person: Any, language: str = "fr") -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def text_of(answer: Any) -> str:
    """The text of a page with plain spaces, so that tests can be read."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    text = text.replace(NARROW, " ").replace(HARD, " ").replace("&nbsp;", " ")
    return re.sub(r"\s+", " ", text).replace("&#x27;", "'")


def saved_by(client: Client, **changes: str) -> int:
    answer = client.post("/planner/new/", {**COURSE, **changes})
    assert answer.status_code == 302, text_of(answer)
    return int(answer["Location"].strip("/").split("/")[-1])


@pytest.fixture
def september(cast: Cast, tmp_path: Path) -> Cast:
    """Nantes spent 6,000 on 2,000,000 impressions and 50,000 clicks, and sold 800 times."""
    rows = [f"Marque,201,{START + timedelta(days=back)},EUR,600.00,200000,5000,80.00,0.00"
            for back in range(10)]  # fmt: skip
    delivery = tmp_path / "google.csv"
    delivery.write_text("\n".join(["Campaign report", '"All time"', DELIVERY, *rows]) + "\n")
    lines = [f"C-{n},{START + timedelta(days=n % 10)},50.00,EUR,paid search" for n in range(800)]
    orders = tmp_path / "orders.csv"
    orders.write_text("\n".join(["order_id,ordered_at,revenue,currency,channel", *lines]) + "\n")
    bring(cast.nantes, delivery, account="123-456-7890")
    bring(cast.nantes, orders)
    return cast


@pytest.mark.requirement("PLAN-2")
@pytest.mark.requirement("PLAN-3")
@pytest.mark.requirement("PLAN-4")
def test_the_example_of_the_course_is_planned_and_kept(cast: Cast) -> None:
    client = signed_in(cast.chloe)

    plan_id = saved_by(client)
    text = text_of(client.get(f"/planner/{plan_id}/"))

    assert "50 000 visites, 2 500 000 impressions et 5 000,00 €" in text
    assert "5,00 €" in text
    assert "0,10 €" in text
    with acting_as(cast.chloe):
        card = selectors.plan_card(plan_id, actor=cast.chloe)
    assert card.plan.amount == 1000
    assert "Contrats d’hiver" in text_of(client.get("/planner/"))


@pytest.mark.requirement("PLAN-5")
def test_the_inverse_mode_tells_the_sales_of_a_budget(cast: Cast) -> None:
    typed = {**COURSE, "direction": "budget", "goal": "", "budget": "5 000 EUR"}

    text = text_of(signed_in(cast.chloe).post("/planner/preview/", typed))

    assert "2 500 000 impressions" in text
    assert re.search(r"Ventes 1 000\b", text)


def test_a_preview_needs_no_name_and_keeps_nothing(cast: Cast) -> None:
    client = signed_in(cast.chloe)

    text = text_of(client.post("/planner/preview/", {**COURSE, "name": ""}))

    assert "5 000,00 €" in text
    assert "Aucun plan" in text_of(client.get("/planner/"))


def test_a_form_without_scripts_reckons_without_saving(cast: Cast) -> None:
    client = signed_in(cast.chloe)

    answer = client.post("/planner/new/", {**COURSE, "name": "", "act": "reckon"})

    assert answer.status_code == 200
    assert "5 000,00 €" in text_of(answer)
    assert "Aucun plan" in text_of(client.get("/planner/"))


@pytest.mark.requirement("PLAN-9")
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("conversion_rate", "0 %", "Un taux est supérieur à 0 %"),
        ("conversion_rate", "", "Ce champ est vide"),
        ("click_rate", "150 %", "Un taux est supérieur à 0 %"),
        ("cpm", "-2", "Ce montant doit être supérieur à zéro"),
        ("goal", "beaucoup", "« beaucoup » n’est pas un nombre"),
        ("goal", "", "Ce champ est vide"),
        ("name", " ", "Un plan a besoin d’un nom"),
        ("currency", "XXXX", ""),
        ("direction", "sideways", ""),
        ("lag_days", "60", "Les ventes ne peuvent pas arriver après"),
        ("ends_on", "2026-08-01", "finit avant de commencer"),
        ("ends_on", "", "Donnez les deux jours"),
        ("ends_on", "9999-12-31", "trop loin"),
        ("click_rate", "NaN", "n’est pas un nombre"),
        ("goal", "99999999999999999999", "trop grand"),
    ],
)
def test_each_field_refuses_nonsense_in_french(
    cast: Cast, field: str, typed: str, sentence: str
) -> None:
    client = signed_in(cast.chloe)

    answer = client.post("/planner/new/", {**COURSE, field: typed})

    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert "NaN €" not in text_of(answer)
    assert "Aucun plan" in text_of(client.get("/planner/"))


@pytest.mark.requirement("MEAS-23")
@pytest.mark.requirement("PLAN-5")
def test_what_if_sells_more_for_the_same_or_the_same_for_less(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    plan_id = saved_by(client)

    text = text_of(client.get(f"/planner/{plan_id}/what-if/?conversion_rate=25"))

    assert re.search(r"Ventes 1 000 1 250", text)
    assert re.search(r"Budget 5 000,00 € 4 000,00 €", text)
    assert "4,00 €" in text
    whole = text_of(client.get(f"/planner/{plan_id}/?conversion_rate=25"))
    assert re.search(r"Ventes 1 000 1 250", whole), "without scripts too"


@pytest.mark.parametrize("nonsense", ["-100", "1e999", "NaN", "x", "99999", ""])
def test_a_slider_out_of_reach_stays_on_its_track(cast: Cast, nonsense: str) -> None:
    client = signed_in(cast.chloe)
    plan_id = saved_by(client)

    answer = client.get(f"/planner/{plan_id}/what-if/?click_rate={nonsense}&cpm={nonsense}")

    assert answer.status_code == 200
    assert "NaN" not in text_of(answer)


def test_the_plan_is_laid_beside_what_happened(september: Cast) -> None:
    client = signed_in(september.chloe)
    plan_id = saved_by(client)

    text = text_of(client.get(f"/planner/{plan_id}/"))

    assert "Une vente a coûté 2,50 € de plus que prévu : 7,50 € au lieu de 5,00 €" in text
    assert "les impressions ont été plus chères que prévu (+2,52 €)" in text
    for effect in ("+2,52 €", "−1,42 €", "+1,40 €", "+2,50 €"):
        assert effect in text


@pytest.mark.requirement("PLAN-8")
def test_sales_are_looked_for_as_late_as_the_plan_says(september: Cast) -> None:
    client = signed_in(september.chloe)
    plan_id = saved_by(client, lag_days="5")

    text = text_of(client.get(f"/planner/{plan_id}/"))

    # Sold from the 6th to the 15th: the last five days of the sales, 400 of them.
    assert "7,50 €" not in text
    assert "15,00 € au lieu de 5,00 €" in text
    assert "5 jours après la dépense" in text


def test_a_period_without_figures_says_what_to_do(september: Cast) -> None:
    client = signed_in(september.chloe)
    plan_id = saved_by(client)

    text = text_of(client.get(f"/planner/{plan_id}/?from=2025-01-01&to=2025-01-31"))

    assert "Rien n’a été dépensé ni affiché sur cette période" in text
    wrong = client.get(f"/planner/{plan_id}/?from=2026-02-30&to=9999-12-31")
    assert wrong.status_code == 200
    far = client.get(f"/planner/{plan_id}/?from=2026-02-01&to=9999-12-31")
    assert "trop loin" in text_of(far)


@pytest.mark.requirement("MEAS-16")
@pytest.mark.requirement("PLAN-9")
def test_optimism_is_flagged_against_the_course(cast: Cast) -> None:
    client = signed_in(cast.chloe)

    text = text_of(client.post("/planner/preview/", {**COURSE, "click_rate": "3 %"}))

    assert "Optimiste" in text
    assert "Taux de clic : 3 % est plus optimiste que 2 %" in text
    assert "Indicateurs de performance B2B" in text
    assert "21 nov. 2026" in text


def test_a_new_plan_starts_from_ones_own_figures(cast: Cast, tmp_path: Path) -> None:
    yesterday = today() - timedelta(days=2)
    path = tmp_path / "google.csv"
    row = f"Marque,201,{yesterday},EUR,30.00,10000,150,0.00,0.00"
    path.write_text("\n".join(["Campaign report", '"All time"', DELIVERY, row]) + "\n")
    bring(cast.nantes, path, account="123-456-7890")

    page = signed_in(cast.chloe).get("/planner/new/")

    assert 'name="click_rate" value="1,5"' in page.content.decode()
    assert 'name="cpm" value="3"' in page.content.decode()
    assert "vos propres chiffres, 150 clics pour 10 000 impressions" in text_of(page)


def test_a_shared_plan_is_read_and_copied_by_others(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    plan_id = saved_by(client)
    assert signed_in(cast.bruno).get(f"/planner/{plan_id}/").status_code == 404

    client.post(f"/planner/{plan_id}/share/", {"shared": "yes"})

    assert signed_in(cast.bruno).get(f"/planner/{plan_id}/").status_code == 200
    copy = signed_in(cast.bruno).get(f"/planner/new/?copy={plan_id}")
    assert "Contrats d’hiver (copie)" in copy.content.decode()
    client.post(f"/planner/{plan_id}/share/", {"shared": "no"})
    assert signed_in(cast.bruno).get(f"/planner/{plan_id}/").status_code == 404


def test_an_outsider_finds_no_plan_at_any_address(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    plan_id = saved_by(client)
    client.post(f"/planner/{plan_id}/share/", {"shared": "yes"})
    diane = signed_in(cast.diane)

    for path in ("", "what-if/"):
        assert diane.get(f"/planner/{plan_id}/{path}").status_code == 404
    for path in ("", "share/", "archive/"):
        assert diane.post(f"/planner/{plan_id}/{path}", COURSE).status_code == 404
    assert diane.get(f"/planner/new/?copy={plan_id}").status_code == 404
    assert "Contrats" not in text_of(diane.get("/planner/"))


def test_a_plan_is_changed_archived_and_restored(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    plan_id = saved_by(client)

    client.post(f"/planner/{plan_id}/", {**COURSE, "cpm": "4"})
    assert "10 000,00 €" in text_of(client.get(f"/planner/{plan_id}/"))
    wrong = client.post(f"/planner/{plan_id}/", {**COURSE, "cpm": "0"})
    assert wrong.status_code == 400
    assert "10 000,00 €" in text_of(client.get("/planner/"))
    client.post(f"/planner/{plan_id}/archive/", {"archived": "yes"})
    assert "Archivé" in text_of(client.get("/planner/"))
    client.post(f"/planner/{plan_id}/archive/", {"archived": "no"})
    assert "Archivé" not in text_of(client.get("/planner/"))


@pytest.mark.requirement("MEAS-15")
@pytest.mark.requirement("MEAS-17")
def test_a_post_is_reckoned_of_views_and_of_steps(cast: Cast) -> None:
    client = signed_in(cast.chloe)

    text = text_of(client.get("/planner/post/"))

    assert re.search(r"Partages Au-dessus de la moyenne 100 1 000 vues × 10 % 10 % 10,00 %", text)
    assert re.search(r"Clics 30 1 000 vues × 3 % 3 % 30,00 %", text)
    assert re.search(r"Achats 5 1 000 vues × 0,5 % 0,5 % 16,67 %", text)
    assert "Pour 5 achats, il faut 1 000 affichages" in text
    assert (
        "Affichages : 5 ÷ 0,5 %, arrondi vers le haut. Coût : affichages ÷ 1 000 × 2,00 €." in text
    )
    assert client.get("/planner/post/?share_rate=0").status_code == 400
    wrong = client.get("/planner/post/?organic_conversion_rate=9")
    assert "Plus de personnes achèteraient qu’il n’en cliquerait" in text_of(wrong)


def test_the_pages_are_english_in_english(cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    plan_id = saved_by(client, goal="1,000")

    text = text_of(client.get(f"/planner/{plan_id}/"))

    assert "To sell 1,000, plan on 50,000 visits, 2,500,000 impressions and €5,000.00" in text


def test_money_in_another_currency_is_never_taken_for_the_plans_own(september: Cast) -> None:
    client = signed_in(september.chloe)
    plan_id = saved_by(client, currency="CHF")

    text = text_of(client.get(f"/planner/{plan_id}/"))

    assert "7,50" not in text
    assert "n’est pas connu dans la devise du plan" in text
    assert "Apportez les taux de change" in text


def test_a_plan_of_one_campaign_is_compared_with_that_campaign_alone(
    september: Cast, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    row = f"Générique,202,{START},EUR,9000.00,100,10,0.00,0.00"
    other.write_text("\n".join(["Campaign report", '"All time"', DELIVERY, row]) + "\n")
    bring(september.nantes, other, account="555-456-7890")
    orders = tmp_path / "named.csv"
    lines = [f"N-{n},{START},50.00,EUR,paid search,Marque" for n in range(600)]
    header = "order_id,ordered_at,revenue,currency,channel,campaign"
    orders.write_text("\n".join([header, *lines]) + "\n")
    bring(september.nantes, orders, account="second shop")
    client = signed_in(september.chloe)
    plan_id = saved_by(client, campaign="Marque")

    text = text_of(client.get(f"/planner/{plan_id}/"))

    # 6,000 euros for the 600 orders that name it; other campaigns and orders stay out.
    assert "10,00 € au lieu de 5,00 €" in text
    assert "« Marque »" in text


def test_volumes_of_days_that_are_not_over_are_not_judged(september: Cast) -> None:
    client = signed_in(september.chloe, "en")
    plan_id = saved_by(client, ends_on=f"{today() + timedelta(days=3)}")

    text = text_of(client.get(f"/planner/{plan_id}/"))

    assert "These days are not over: volumes so far are not judged yet." in text
    assert re.search(r"Sales 1,000 800 – ", text)
