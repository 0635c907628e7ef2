"""Looks for known vulnerabilities in what we depend on: Python packages, then the front end's.

Exit code: 0 when nothing was found, 1 when something was, 3 when the advisories of either
could not be reached, so that "nothing was checked" never passes for "nothing was found".
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.node import ROOT, find_node

CLEAN, FOUND, UNCHECKED = 0, 1, 3
FILES = ("requirements/base.txt", "requirements/test.txt")


def main() -> int:
    outcomes = {python_packages(), front_end()}
    return next((one for one in (FOUND, UNCHECKED) if one in outcomes), CLEAN)


def python_packages() -> int:
    files = [option for name in FILES for option in ("--requirement", name)]
    strict = ["--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off"]
    audited = _run(
        [str(Path(sys.executable).with_name("pip-audit")), *files, *strict, "-f", "json"]
    )
    try:
        packages = json.loads(audited.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _unchecked("Python packages", audited.stderr)
    found = [
        f"{one['name']} {one['version']}: {known['id']}, mended in {_versions(known)}"
        for one in packages
        for known in one.get("vulns", ())
    ]
    return _told("Python packages", found)


def front_end() -> int:
    node = find_node()
    command = [*node.npm, "audit", "--prefix", "frontend", "--omit=dev", "--json"]
    audited = _run(command, node.environment())
    try:
        packages = json.loads(audited.stdout)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return _unchecked("packages of the front end", audited.stderr)
    found = [f"{name} {one['range']}: {one['severity']}" for name, one in packages.items()]
    return _told("packages of the front end", found)


def _run(
    command: list[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def _versions(known: dict[str, list[str]]) -> str:
    return ", ".join(known["fix_versions"]) or "no version yet"


def _told(what: str, found: list[str]) -> int:
    print("\n".join([f"Known vulnerabilities in {what}: {len(found)}.", *found]), flush=True)
    return FOUND if found else CLEAN


def _unchecked(what: str, reason: str) -> int:
    """Whatever kept the answer away; its last line is given, for it may not be the network."""
    print(f"The advisories of {what} could not be reached: nothing was checked.", flush=True)
    if reason.strip():
        print(f"  {reason.strip().splitlines()[-1][:300]}", file=sys.stderr, flush=True)
    return UNCHECKED


if __name__ == "__main__":
    raise SystemExit(main())
