"""For whom the campaigns and ad groups of a shared account work, day by day."""
