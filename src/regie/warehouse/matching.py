"""People who are probably one, by Splink (Fellegi and Sunter's model) in the engine.

Records come as one Arrow table: ``key`` (int64, unique) and any of the columns of ``COLUMNS`` as
text, cleaned before. Columns that are absent or empty throughout are left out of the model.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

NAMES: Final = ("first_name", "last_name")
EXACT: Final = ("phone", "email")
COLUMNS: Final = (
    *NAMES, "birth_date", "street", "street_number", "address_line_2", "city", "postcode",
    "region", *EXACT,
)  # fmt: skip
# What tells people apart: one of these at least is needed.
TELLING: Final = ("birth_date", "email", "phone", "postcode", "street")
# Two records are compared when one of these groups of columns is equal.
BLOCKS: Final = (
    ("birth_date",), ("phone",), ("email",), ("first_name", "last_name"),
    ("first_name", "postcode"), ("last_name", "postcode"), ("last_name", "city"),
    ("street", "postcode"), ("street", "city"), ("street", "street_number"),
    ("postcode", "street_number"), ("city", "street_number", "region"), ("address_line_2", "city"),
    ("first_name_start", "last_name_start", "region"),
    ("last_name_start", "street_start"), ("first_name_start", "street_start"),
)  # fmt: skip
# Groups that hold for nearly no two strangers: they estimate how many pairs match at all.
SURE: Final = (
    ("first_name", "last_name", "birth_date"), ("last_name", "birth_date", "postcode"),
    ("first_name", "birth_date", "postcode"), ("street", "street_number", "birth_date"),
    ("email",), ("phone", "last_name"),
)  # fmt: skip
LEAST_RECORDS: Final = 50
SEED: Final = 1


@dataclass(frozen=True)
class Matches:
    """``pairs``: ``left, right`` (keys, left < right) and ``probability``.

    ``expected_precision`` is the mean probability of the pairs kept: the share of them that the
    model itself holds for true. ``None`` where no pair was kept.
    """

    pairs: pa.Table
    expected_precision: float | None


def probable_matches(records: pa.Table, *, least: float = 0.95) -> Matches:
    """Pairs of records that are one person with at least ``least``.

    Raises ``ValueError`` when there are too few records to learn from, or nothing to compare.
    """
    present = _present(records)
    if records.num_rows < LEAST_RECORDS:
        raise ValueError(
            f"{records.num_rows} records are too few to learn from: {LEAST_RECORDS} are needed"
        )
    if not set(present).intersection(TELLING):
        raise ValueError(
            "names alone do not tell people apart: "
            "give a birth date, an e-mail, a phone or an address"
        )
    found = _predict(records.select(["key", *present]), present, least)
    pairs = pa.table(
        {
            "left": pc.min_element_wise(found["key_l"], found["key_r"]),
            "right": pc.max_element_wise(found["key_l"], found["key_r"]),
            "probability": found["match_probability"],
        }
    ).sort_by([("left", "ascending"), ("right", "ascending")])
    mean = pc.mean(pairs["probability"]).as_py()
    return Matches(pairs, mean)


def _present(records: pa.Table) -> list[str]:
    return [
        name for name in COLUMNS
        if name in records.column_names and records[name].null_count < records.num_rows
    ]  # fmt: skip


def _predict(records: pa.Table, present: list[str], least: float) -> pa.Table:
    # Splink takes over a second to import: only jobs pay for it.
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    starts: list[str] = [name for name in ("first_name", "last_name", "street") if name in present]
    have = {*present, *(f"{name}_start" for name in starts)}
    blocks: list[Any] = [block_on(*block) for block in BLOCKS if have.issuperset(block)]
    sure: list[Any] = [block_on(*block) for block in SURE if have.issuperset(block)]
    with duckdb.connect() as engine:
        engine.register("given", records)
        engine.execute(f"CREATE TABLE records AS {_prepared(present, starts)}")
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="key",
            comparisons=_comparisons(present),
            blocking_rules_to_generate_predictions=blocks,
            retain_matching_columns=False,
        )
        linker = Linker(DuckDBAPI(engine).register("records"), settings, log_level="ERROR")
        if sure:
            linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
        for block in _training_blocks(have):
            # A level that never occurs runs towards nothing, which Splink refuses: its first
            # guess then stands for that group, and the other groups still teach.
            with suppress(ValueError):
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
        found: Any = linker.inference.predict(threshold_match_probability=least)
        table: pa.Table = found.as_pyarrow_table()
        return table


def _prepared(present: list[str], starts: list[str]) -> str:
    """Letters and digits alone: blanks, points and capitals tell nobody apart."""
    kept = [
        name if name == "email" else
        f"nullif(regexp_replace(lower(strip_accents({name})), '[^a-z0-9]', '', 'g'), '') AS {name}"
        for name in present
    ]  # fmt: skip
    begun = [f"{name}[:3] AS {name}_start" for name in starts]
    inner = f"SELECT key, {', '.join(kept)} FROM given"
    return f"SELECT {', '.join(['*', *begun])} FROM ({inner})"


def _training_blocks(have: set[str]) -> list[tuple[str, ...]]:
    """Two groups without a column in common, so that every comparison is learnt once."""
    wanted = [
        ("birth_date",), ("first_name", "last_name"), ("email",), ("phone",),
        ("postcode", "street_number"), ("street",),
    ]  # fmt: skip
    return [block for block in wanted if have.issuperset(block)][:3]


def _comparisons(present: list[str]) -> list[Any]:
    import splink.comparison_library as compare

    made: list[Any] = []
    if set(NAMES) <= set(present):
        made.append(compare.ForenameSurnameComparison(*NAMES))
    else:
        made += [compare.NameComparison(name) for name in NAMES if name in present]
    for name in present:
        if name in NAMES:
            continue
        if name == "email":
            made.append(compare.EmailComparison(name))
        elif name in ("region", "phone"):
            made.append(compare.ExactMatch(name))
        elif name in ("birth_date", "postcode", "street_number"):
            made.append(compare.DamerauLevenshteinAtThresholds(name, [1, 2]))
        else:
            made.append(
                compare.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(
                    term_frequency_adjustments=True
                )
            )
    return made
