"""The settings of an organisation: its administrators change them, others read them."""

from __future__ import annotations

from datetime import date

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.audit.models import AuditLine
from regie.apps.organisations import services
from regie.apps.organisations.models import Member, Organisation, Role
from regie.kernel.errors import Forbidden, RegieError
from regie.kernel.fiscal import Calendar
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of

SAID = {
    "name": "Réseau Horizon", "kind": "franchisor", "location": "Nantes", "currency": "EUR",
    "time_zone": "Europe/Paris", "first_month": "2", "year_pattern": "4-5-4",
    "week_starts_on": "6",
}  # fmt: skip


def settings(**said) -> services.Settings:
    usual = {**SAID, "first_month": 2, "week_starts_on": 6}
    return services.Settings(**{**usual, **said})


def test_what_is_kept_is_shown_and_stands_in_the_journal(cast: Cast) -> None:
    answer = signed_in(cast.amelie).post("/settings/", {**SAID, "name": "Horizon & cie"})

    assert answer.status_code == 302
    with operating():
        kept = Organisation.objects.get(pk=cast.network.pk)
        line = AuditLine.objects.get(action="organisations.settings_changed")
    assert (kept.name, kept.calendar) == ("Horizon & cie", Calendar(2, "4-5-4", 6))
    assert line.details["after"]["name"] == "Horizon & cie"
    assert line.details["before"]["name"] == "Réseau Horizon"
    text = text_of(cast.amelie, "/settings/")
    assert "Horizon &amp; cie" in text
    assert "Today is in the fiscal year" in text


def test_the_calendar_goes_down_when_that_is_asked(cast: Cast) -> None:
    client = signed_in(cast.amelie)
    client.post("/settings/", SAID)
    with operating():
        assert Organisation.objects.get(pk=cast.nantes.pk).calendar == Calendar()

    client.post("/settings/", {**SAID, "calendar_below": "on"})

    with operating():
        below = Organisation.objects.get(pk=cast.nantes.pk)
        assert below.calendar == Calendar(2, "4-5-4", 6)
        assert below.name == "Horizon Nantes"
        assert Organisation.objects.get(pk=cast.studio.pk).calendar == Calendar()


def test_whoever_joins_a_network_begins_with_its_calendar(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(first_month=4)
        parent = Organisation.objects.get(pk=cast.network.pk)
        made = services.create_organisation(
            actor=None, name="Horizon Brest", slug="horizon-brest", parent=parent
        )

    assert made.calendar == Calendar(4)


def test_nothing_changed_leaves_no_line(cast: Cast) -> None:
    with acting_as(cast.amelie):
        first = settings(location="horizon", first_month=1, year_pattern="months", week_starts_on=0)
        assert not services.change_settings(
            actor=cast.amelie, organisation=cast.network, settings=first
        )
    with operating():
        assert not AuditLine.objects.filter(action="organisations.settings_changed").exists()


def test_an_employee_reads_and_changes_nothing(cast: Cast) -> None:
    with operating():
        Member.objects.filter(user=cast.amelie).update(role=Role.EMPLOYEE)
        services.add_member(
            actor=None, organisation=cast.network, user=cast.bruno, role=Role.ADMINISTRATOR
        )
    client = signed_in(cast.amelie, "en")

    page = client.get("/settings/").content.decode()
    assert "Only an administrator can change these" in page
    assert '<form class="stack loose"' not in page
    assert client.post("/settings/", SAID).status_code == 403
    with operating():
        assert Organisation.objects.get(pk=cast.network.pk).calendar == Calendar()


def test_an_outsider_changes_her_own_only(cast: Cast) -> None:
    signed_in(cast.diane).post("/settings/", {**SAID, "kind": "freelance"})

    with operating():
        assert Organisation.objects.get(pk=cast.network.pk).calendar == Calendar()
        assert Organisation.objects.get(pk=cast.studio.pk).calendar == Calendar(2, "4-5-4", 6)
    with acting_as(cast.diane), pytest.raises((Forbidden, Organisation.DoesNotExist)):
        services.change_settings(actor=cast.diane, organisation=cast.network, settings=settings())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "   "}, "obligatoire"),
        ({"currency": "ZZZ"}, "n’est pas une devise"),
        ({"time_zone": "Europe/Rouen"}, "n’est pas un fuseau"),
        ({"first_month": "13"}, "choix valide"),
        ({"year_pattern": "4-4-4"}, "choix valide"),
        ({"week_starts_on": "lundi"}, "choix valide"),
        ({"kind": "empire"}, "choix valide"),
    ],
)
def test_nonsense_is_refused_beside_its_field(cast: Cast, said, sentence: str) -> None:
    answer = signed_in(cast.amelie).post("/settings/", {**SAID, **said})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert 'class="error"' in answer.content.decode()


@pytest.mark.parametrize(
    "said",
    [{"name": " "}, {"kind": "x"}, {"currency": "x"}, {"time_zone": "x"}, {"year_pattern": "x"}],
)
def test_the_service_refuses_too(cast: Cast, said) -> None:
    with acting_as(cast.amelie), pytest.raises(RegieError):
        services.change_settings(
            actor=cast.amelie, organisation=cast.network, settings=settings(**said)
        )


@pytest.mark.parametrize(
    ("calendar", "words"),
    [
        (Calendar(), "l’exercice 2026 ("),
        (Calendar(4), "l’exercice 2026–27 ("),
        (Calendar(2, "4-5-4", 6), "l’exercice 2026–27 ("),
    ],
)
def test_a_year_is_called_by_the_years_it_is_in(calendar: Calendar, words: str) -> None:
    from django.utils import translation

    from regie.web.settings_form import calendar_words

    with translation.override("fr"):
        assert words in calendar_words(calendar, date(2026, 11, 22))
