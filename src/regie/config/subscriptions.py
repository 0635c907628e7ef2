"""Who listens to which event: all of it, on this page."""
