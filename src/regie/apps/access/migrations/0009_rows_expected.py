"""What the planner should expect of these functions: a person has a few places, not a thousand.

Without it every path is looked for by reading all shares. Whoever replaces one of these functions
says its rows again, for replacing takes them away.
"""

from django.db import migrations

ROWS = """
ALTER FUNCTION regie_places() ROWS 2;
ALTER FUNCTION regie_my_paths() ROWS 200;
ALTER FUNCTION regie_paths_of_mine(bigint[]) ROWS 10;
ALTER FUNCTION regie_read_whole(bigint[]) ROWS 20;
ALTER FUNCTION regie_neighbours() ROWS 10;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_many_single_assets"),
        ("organisations", "0008_doors_and_walls"),
    ]
    operations = [migrations.RunSQL(ROWS, migrations.RunSQL.noop)]
