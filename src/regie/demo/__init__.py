"""The demo network "Great Insurance": its people, its figures and the files its people export.

Everything is invented by our own code from a seed number; ``generate`` writes it to a folder.
"""
