"""The roles give exactly what the published matrices say, row by row."""

from __future__ import annotations

import pytest

from regie.domain.permissions.catalog import families, family, known, role
from regie.domain.permissions.definitions import VIEW
from regie.domain.permissions.managers import MANAGER_ROLES
from regie.kernel.errors import WrongUse

AD_ACCOUNT = """
figures.view           x x x x x
campaigns.create       x x x . .
campaigns.edit         x x x . .
ads.edit               x x x x .
access.manage          x x . . .
account.edit           x x . . .
notifications.receive  x x x x x
billing.view           x x x x x
billing.edit           x . . . .
receipts.print         x x . . .
"""
ROLES = ["ACCOUNT_BILLING_ADMIN", "ACCOUNT_MANAGER", "CAMPAIGN_MANAGER", "CREATIVE_MANAGER",
         "VIEWER"]  # fmt: skip


@pytest.mark.requirement("BM-20")
@pytest.mark.parametrize("line", AD_ACCOUNT.strip().splitlines(), ids=lambda line: line.split()[0])
def test_an_ad_account_role_gives_what_the_matrix_says(line: str) -> None:
    permission, *marks = line.split()

    holders = [permission in role("ad_account", code).permissions for code in ROLES]

    assert holders == [mark == "x" for mark in marks]


def test_the_matrix_of_ad_accounts_has_no_other_line() -> None:
    lines = {line.split()[0] for line in AD_ACCOUNT.strip().splitlines()}

    assert family("ad_account").all == lines
    assert [one.code for one in family("ad_account").roles] == ROLES


@pytest.mark.requirement("BM-19")
def test_page_roles_hold_what_the_one_below_holds_and_more() -> None:
    sizes = {
        code: role("page", code).permissions
        for code in ("ADMINISTRATOR", "CONTENT_ADMIN", "CURATOR", "ANALYST")
    }

    assert sizes["ANALYST"] == {VIEW}
    assert sizes["CURATOR"] == {VIEW, "page.recommend"}
    assert sizes["ANALYST"] < sizes["CURATOR"] < sizes["CONTENT_ADMIN"] < sizes["ADMINISTRATOR"]
    assert len(sizes["CONTENT_ADMIN"]) == 17
    assert sizes["ADMINISTRATOR"] - sizes["CONTENT_ADMIN"] == {
        "access.manage", "page.edit", "page.create_showcase", "page.deactivate",
        "page.approve_apps", "page.admin_suggestions",
    }  # fmt: skip
    assert "Retired" in role("page", "CURATOR").note


@pytest.mark.requirement("BM-19", "BM-21")
def test_paid_media_roles_stand_beside_page_roles() -> None:
    forms = role("page", "LEAD_GEN_FORMS_MANAGER").permissions
    curator = role("page", "CURATOR").permissions

    assert not forms <= curator
    assert not curator <= forms
    assert not forms <= role("page", "ADMINISTRATOR").permissions


@pytest.mark.requirement("BM-18", "BM-36", "BM-47")
def test_only_administrators_add_partners_share_audiences_and_invite() -> None:
    held = {one.code: one.permissions for one in MANAGER_ROLES}

    for permission in ("partners.manage", "audiences.share", "people.invite"):
        assert [code for code in held if permission in held[code]] == ["administrator"]


@pytest.mark.parametrize("name", sorted(families()))
def test_every_family_opens_figures_by_the_same_permission(name: str) -> None:
    found = family(name)

    assert VIEW in found.all
    assert found.approving in found.all
    assert not found.keeper or role(name, found.keeper).permissions
    for one in found.roles:
        assert one.permissions
        assert one.permissions <= found.all


def test_a_strange_code_is_refused_by_its_name() -> None:
    with pytest.raises(WrongUse, match="EMPEROR"):
        role("ad_account", "EMPEROR")
    with pytest.raises(WrongUse, match=r"page\.edit"):
        known("ad_account", [VIEW, "page.edit"])
