"""Views translate a request, make one call below, and translate the answer."""
