"""The ``regie`` command: the same questions and the same answers as the pages.

Exit status: 0 done, 2 wrong use, 3 some lines or files were refused. With ``--json`` (or
``--format json``) nothing but JSON goes to standard output.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import gc
import importlib
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

from regie.kernel.errors import Forbidden, NotFound, Refused, RegieError, WrongUse

COMMANDS = (
    "import", "imports", "query", "metrics", "attribute", "attribution", "allocate", "market",
    "codes", "formats", "demo", "serve", "token", "manager", "person", "erase-person",
    "match-people", "worker", "collect", "doctor", "beneficiaries", "sources",
)  # fmt: skip
_MODULES = {
    "import": "import_", "manager": "business", "erase-person": "erase_person",
    "match-people": "match_people",
}  # fmt: skip
DONE, FAILED, WRONG_USE, SOME_REFUSED = 0, 1, 2, 3
FULL = "The disk is full; what was written is not whole. Make room, then run the command again."
LOST = "The database went away; nothing is half done. Run the same command again."


class Without:
    """Keeps out libraries that Arrow and DuckDB load, where they are installed, and do without."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name in self._names:
            raise ModuleNotFoundError("This command does without", name=name)


def command() -> int:
    """``main`` in a process of its own, which loads and tidies up no more than it must."""
    gc.set_threshold(100_000)  # few looks through what is there
    atexit.register(gc.freeze)  # what is left goes with the process
    # No command makes a frame, and an import counts nothing that the engine does not.
    sys.meta_path.insert(0, Without("pandas", *(["numpy"] if sys.argv[1:2] == ["import"] else [])))
    return main()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="regie", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Only the command that is asked for is loaded: the others cost time and are not needed.
    wanted = [name for name in COMMANDS if name in given[:1]] or list(COMMANDS)
    for name in wanted:
        module = importlib.import_module(f"regie.cli.{_MODULES.get(name, name)}")
        module.add_to(commands)
    options = parser.parse_args(_joined(given))
    try:
        status = int(options.run(options))
        sys.stdout.flush()  # here, where who reads no further can be told from what went wrong
        return status
    except (WrongUse, Refused, NotFound, Forbidden) as error:
        print(f"regie: {error}", file=sys.stderr)
        return WRONG_USE
    except RegieError as error:
        print(f"regie: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _cannot_write(error)
    except Exception as error:
        if not _lost_the_database(error):
            raise
        print(f"regie: {LOST} ({str(error).strip()[:200]})", file=sys.stderr)
        return FAILED


def _cannot_write(error: OSError) -> int:
    """Nobody reads any further, or there is no room left; raises what is neither."""
    is_unread = isinstance(error, BrokenPipeError)
    if not is_unread and error.errno != errno.ENOSPC:
        raise error
    # What still waits to be written would fail again as the process ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if is_unread:
        return DONE
    print(f"regie: {FULL}", file=sys.stderr)
    return FAILED


def _joined(given: Sequence[str]) -> list[str]:
    """``--order -spend`` as one word: what begins with a dash would be taken for an option."""
    words = list(given)
    for place, word in enumerate(words[:-1]):
        if word == "--order" and re.fullmatch("-[a-z_]+", words[place + 1]):
            words[place : place + 2] = [f"--order={words[place + 1]}"]
            break
    return words


def _lost_the_database(error: Exception) -> bool:
    """Whether PostgreSQL went away; looked up by name, as loading its client costs time."""
    modules = ("psycopg", "django.db.utils")
    kinds = [getattr(sys.modules.get(name), "OperationalError", None) for name in modules]
    return isinstance(error, tuple(kind for kind in kinds if kind is not None))


if __name__ == "__main__":
    sys.exit(command())
