"""From an objective to a budget and back: the reverse funnel, its assumptions and what came of it.

Everything is computed in exact fractions and rounded once, where it is shown.
"""
