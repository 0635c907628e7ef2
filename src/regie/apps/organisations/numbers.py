"""The manager number: twelve digits by which partners name an organisation."""

from django.db import connection


def new_manager_number() -> str:
    """One that nobody has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_new_manager_number()")
        ((number,),) = cursor.fetchall()
    return str(number)
