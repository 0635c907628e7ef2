"""The report page: the address says all of its state, so that back, bookmarks and links work."""
