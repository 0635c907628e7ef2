"""What a command costs beside its work."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from regie.cli.main import command
sys.argv[1:] = ["formats"]
assert command() == 0
import duckdb, pyarrow
assert pyarrow.scalar("a").as_py() == "a"
assert duckdb.execute("SELECT ? + 1", [1]).fetchall() == [(2,)]
print("pandas" in sys.modules, file=sys.stderr)
"""


def test_a_command_does_not_load_pandas_for_values_that_are_none_of_its() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (0, "False")
