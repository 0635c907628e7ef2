"""Kinds of assets: one file declares one, and how each platform writes its ids."""
