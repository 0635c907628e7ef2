"""The embedded PostgreSQL: where it lives, who keeps it running, and its roles."""
