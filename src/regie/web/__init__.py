"""The pages: a view translates a request, makes one call below, and translates the answer."""
