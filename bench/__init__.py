"""Measures Régie against the bare engine, in ratios taken in one run: ``make bench``."""
