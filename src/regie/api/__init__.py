"""The API: the same services and selectors as the pages, for programs with a token."""
