"""The same question to pandas and ChannelAttribution; run by an interpreter of its own.

Usage: python peer_attribution.py EVENTS.parquet
"""

from __future__ import annotations

import sys

import ChannelAttribution
import pandas as pd

WINDOW = pd.Timedelta(days=30)


def paths_of(path: str) -> pd.DataFrame:
    """Distinct paths with their conversions, value and nulls, by the same rules as ours."""
    log = pd.read_parquet(path).sort_values(["customer_id", "ts"], kind="stable")
    log["sold"] = log["channel"].isna()
    # A journey ends with its conversion: count the conversions before each row.
    before = log.groupby("customer_id", sort=False)["sold"].cumsum() - log["sold"]
    log["journey"] = before
    keys = ["customer_id", "journey"]
    sales = log.loc[log["sold"], [*keys, "ts", "value"]]
    touches = log.loc[~log["sold"], [*keys, "ts", "channel"]]
    joined = touches.merge(sales, on=keys, how="left", suffixes=("", "_sale"))
    joined = joined[joined["ts_sale"].isna() | (joined["ts_sale"] - joined["ts"] <= WINDOW)]
    joined["channel"] = joined["channel"].astype(str)
    journeys = joined.groupby(keys, sort=False).agg(
        path=("channel", " > ".join), value=("value", "first"), sold=("ts_sale", "first")
    )
    journeys["conversions"] = journeys["sold"].notna().astype(int)
    journeys["nulls"] = 1 - journeys["conversions"]
    journeys["value"] = journeys["value"].fillna(0.0)
    sums = journeys.groupby("path", sort=False)[["conversions", "value", "nulls"]].sum()
    return sums.reset_index()


def main() -> None:
    paths = paths_of(sys.argv[1])
    rules = ChannelAttribution.heuristic_models(
        paths, "path", "conversions", var_value="value", flg_pro=False
    )
    markov = ChannelAttribution.markov_model(
        paths, "path", "conversions", var_value="value", var_null="nulls", flg_pro=False,
        verbose=False,
    )  # fmt: skip
    sys.stdout.write(f"{len(paths)} paths, {len(rules)} channels, {len(markov)} tables\n")


if __name__ == "__main__":
    main()
