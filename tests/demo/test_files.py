"""The files say what the truth beside them says, whoever reads them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.demo.generate import DemoFile, Manifest, generate
from regie.demo.network import organisations
from tests.demo.conftest import UNTIL, Written
from tests.demo.reread import READERS, Totals

pytestmark = pytest.mark.slow  # the whole network is generated first


def _reread(file: DemoFile) -> Totals:
    return {key: value for key, value in READERS[file.platform](file.path).items() if value}


def _told(network: Written, file: DemoFile) -> Totals:
    sums = network.truth["files"][file.path.relative_to(network.folder).as_posix()]
    return {
        (metric, currency): Decimal(value)
        for metric, values in sums.items()
        for currency, value in values.items()
        if Decimal(value)
    }


def test_an_independent_reading_of_every_file_finds_the_truth(network: Written) -> None:
    wrong = {
        file.path.name: (_reread(file), _told(network, file))
        for file in network.manifest.files
        if _reread(file) != _told(network, file)
    }

    assert wrong == {}


def test_the_months_of_the_truth_add_up_to_its_files(network: Written) -> None:
    by_file: Totals = {}
    for file in network.manifest.files:
        for key, value in _told(network, file).items():
            by_file[key] = by_file.get(key, Decimal()) + value
    by_month: Totals = {}
    for platforms in network.truth["organisations"].values():
        for months in platforms.values():
            for sums in months.values():
                for metric, values in sums.items():
                    for currency, value in values.items():
                        key = metric, currency
                        by_month[key] = by_month.get(key, Decimal()) + Decimal(value)

    assert {key: value for key, value in by_month.items() if value} == by_file


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(
    network: Written, tmp_path: Path
) -> None:
    again = generate(tmp_path / "again", seed=1, until=UNTIL)
    other = generate(tmp_path / "other", seed=2, until=UNTIL)

    assert _differing(network.manifest, again) == []
    assert network.manifest.truth.read_bytes() == again.truth.read_bytes(), "the truth moved"
    assert network.manifest.plan.read_bytes() == again.plan.read_bytes(), "the plan moved"
    assert len(_differing(network.manifest, other)) == len(network.manifest.files)


def _differing(one: Manifest, other: Manifest) -> list[str]:
    """Names of the files that differ: whole files would be far too long to compare on screen."""
    return [
        f"{a.organisation}/{a.path.name}"
        for a, b in zip(one.files, other.files, strict=True)
        if (a.path.name, a.options) != (b.path.name, b.options)
        or a.path.read_bytes() != b.path.read_bytes()
    ]


def test_every_organisation_but_none_other_has_files(network: Written) -> None:
    owners = {file.organisation for file in network.manifest.files}

    assert owners == {organisation.slug for organisation in organisations()}
    assert all(
        file.path.parent == network.folder / file.organisation for file in network.manifest.files
    )


def test_every_platform_of_the_demo_is_there_in_both_languages(network: Written) -> None:
    platforms = {file.platform for file in network.manifest.files}
    names = {file.path.name.split("_")[0] for file in network.manifest.files}

    assert platforms == set(READERS)
    assert {"campaign", "rapport"} <= names


def test_files_that_hide_their_account_come_with_its_id(network: Written) -> None:
    hidden = {"google_ads", "meta_ads", "tiktok_ads", "amazon_ads", "ga4", "matomo"}

    assert [
        file.path.name
        for file in network.manifest.files
        if file.platform in hidden and not file.options.get("account")
    ] == []


def test_no_file_is_larger_than_a_few_megabytes(network: Written) -> None:
    assert max(file.path.stat().st_size for file in network.manifest.files) < 3_000_000
