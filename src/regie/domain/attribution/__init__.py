"""Attribution: which touchpoints earned a conversion, by several models side by side.

Events become journeys (`log`, `ordering`, `journeys`), journeys become credits (`models`).
Everything works on whole columns: units are codes, times are ticks, a path is a slice.
"""
