"""What accounts are called on a page, when neither their files nor people gave them a name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.utils.translation import override

from regie.ui.platforms import account_name


@dataclass(frozen=True)
class Account:
    platform: str
    label: str
    kind: str = "source"


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (Account("own", "Own"), "Vos propres fichiers"),
        (Account("other", "Other"), "Autres médias"),
        (Account("regie", "links"), "Liens suivis"),
        (Account("regie", "Site de Nantes"), "Site de Nantes"),
        (Account("matomo", "1"), "Matomo 1"),
        (Account("linkedin_ads", "500000001", "ad_account"), "500000001"),
        (Account("google_ads", "Nantes", "ad_account"), "Nantes"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.platform}-{one.label}",
)
def test_an_account_has_a_name_that_a_reader_knows(account: Account, name: str) -> None:
    with override("fr"):
        assert account_name(account) == name
