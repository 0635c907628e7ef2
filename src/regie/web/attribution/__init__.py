"""Who earned it: what the pages of attribution say, and their addresses."""
