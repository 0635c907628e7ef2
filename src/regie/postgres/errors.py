"""What can go wrong with the database server, in sentences."""

from __future__ import annotations

from regie.kernel.errors import RegieError


class PostgresError(RegieError):
    """The embedded PostgreSQL cannot be placed, started or reached."""

    code = "postgres"


class DatabaseAddressError(RegieError):
    """``DATABASE_URL`` or ``DATABASE_OWNER_URL`` is missing or cannot be read."""

    code = "database_url"


class RoleTooStrong(RegieError):
    """The role would read through row security; nothing may run under it."""

    code = "role_too_strong"
