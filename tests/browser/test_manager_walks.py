"""The business manager in a real browser: invite somebody who enters, steer, look, everywhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, WALL, accessibility_problems, is_sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("", "set-up/", "organisations/", "people/", "invitations/", "review/", "recovery/",
         "journal/")  # fmt: skip


@pytest.mark.requirement("BM-22", "BM-24", "BM-25", "BM-35")
def test_somebody_is_invited_and_enters_through_the_letter(visit, site) -> None:
    page = visit("Amélie")
    page.get_by_role("link", name="Gestionnaire d’entreprise").first.click()
    number = page.locator(".manager-number code").inner_text()
    assert re.fullmatch(r"[0-9]{12}", number)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".manager-number button[data-copies]").click()
    page.wait_for_function("async n => await navigator.clipboard.readText() === n", arg=number)
    page.get_by_role("link", name="Inviter un administrateur").click()
    expect(page.get_by_label("Rôle")).to_have_value("administrator")
    page.get_by_label("Adresses de courriel professionnelles").fill(
        "newcomer@great-insurance.example"
    )
    page.get_by_role("button", name="Envoyer les invitations").click()
    expect(page.get_by_text("1 invitation est en route")).to_be_visible()
    for _attempt in range(100):
        if site.postbox.to("newcomer@great-insurance.example"):
            break
        page.wait_for_timeout(200)
    page.reload()
    expect(page.get_by_text("Lettre envoyée")).to_be_visible()

    guest = visit("")
    guest.goto(site.postbox.link("newcomer@great-insurance.example"))
    expect(guest.get_by_role("heading", name="Rejoindre Great Insurance")).to_be_visible()
    expect(guest).to_have_url(re.compile("/invitation/$"))  # the token has left the address
    assert accessibility_problems(guest) == []
    guest.get_by_label("Votre nom").fill("Newcomer")
    guest.get_by_label("Mot de passe").fill("une phrase facile à retenir")
    guest.get_by_role("button", name="Accepter et entrer").click()
    expect(guest.get_by_text("Vous êtes maintenant membre de Great Insurance")).to_be_visible()

    page.goto("/manager/people/")
    expect(page.get_by_text("Un seul administrateur")).to_be_hidden()
    row = page.locator("tr", has_text="newcomer@great-insurance.example")
    row.get_by_role("checkbox").check()
    page.get_by_label("Avec les personnes cochées").select_option("remove")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.get_by_role("heading", name="Retirer 1 personne")).to_be_visible()
    expect(page.get_by_text("1 personne perd quelque chose")).to_be_visible()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("1 personne est retirée")).to_be_visible()
    guest.reload()
    expect(guest.get_by_text("Vous n’appartenez encore à aucune organisation")).to_be_visible()
    page.get_by_role("button", name="Reprendre 1 personne").click()
    guest.reload()
    expect(guest.locator(".top .for")).to_contain_text("Great Insurance")


def test_a_branch_is_found_moved_and_taken_back(visit) -> None:
    page = visit("Amélie")
    page.goto("/manager/organisations/")
    page.get_by_role("link", name="Great Insurance Nantes").click()
    page.locator("#move-to").select_option(index=1)
    page.get_by_role("button", name="Voir le déplacement").click()
    expect(page.get_by_text("Personnes qui ne la verront plus")).to_be_visible()
    expect(page.locator("dd", has_text="Bruno")).to_be_visible()
    page.get_by_role("button", name="La déplacer").click()
    expect(page.get_by_text("Great Insurance Nantes est déplacée")).to_be_visible()

    page.get_by_role("button", name="Annuler").first.click()

    expect(page.get_by_text("est comme avant")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "language", "theme"),
    [(PHONE, "en", "dark"), (PHONE, "fr", "light"), (DESK, "fr", "dark"), (WALL, "en", "light")],
    ids=["phone-en-dark", "phone-fr-light", "desk-fr-dark", "wall-en-light"],
)
def test_every_page_of_the_manager_fits_and_is_accessible(visit, size, language, theme) -> None:
    page = visit("Amélie", language=language, theme=theme, size=size)

    for path in PAGES:
        page.goto(f"/manager/{path}")
        page.wait_for_timeout(150)
        is_sound(page)
        for current in page.locator(".console-areas [aria-current]").all():
            expect(current).to_be_in_viewport(ratio=0.99)
