"""Finds a Chromium for the browser tests: the system's, else the one an npm package ships.

Prints its path, or one line that says how to get one. Only tests need a browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.front import digest_of, install
from tools.node import Node, find_node

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "frontend" / "browser"
INSTALLED = ROOT / ".tools" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW_TO_GET_ONE = (
    "No Chromium for the browser tests: install Chromium or Chrome, name one with "
    "REGIE_CHROMIUM=/path/to/it, or run `make test` where the npm index can be reached."
)

# The packed browser looks for its libraries and fonts in fixed folders of another system.
START = """\
#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
FONTCONFIG_FILE="$here/fonts.conf"
export LD_LIBRARY_PATH FONTCONFIG_FILE
exec "$here/chromium" "$@"
"""
# Without a font no text is laid out at all, and a page looks empty to a test.
FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/font-cache</cachedir>
</fontconfig>
"""
UNPACK = """\
const { createReadStream, createWriteStream } = require("node:fs");
const { createBrotliDecompress } = require("node:zlib");
const [source, target] = process.argv.slice(1);
require("node:stream").pipeline(
  createReadStream(source), createBrotliDecompress(), createWriteStream(target),
  (error) => { if (error) throw error; },
);
"""


def find_browser() -> Path | None:
    """A Chromium that starts, without installing anything."""
    named = os.environ.get("REGIE_CHROMIUM")
    if named:
        return Path(named)
    for name in NAMES:
        path = shutil.which(name)
        if path and _starts(Path(path)):
            return Path(path)
    packed = INSTALLED / "start"
    return packed if _is_current() and packed.exists() else None


def install_browser() -> Path | None:
    """Unpack the Chromium of the npm package into ``.tools``; None where it cannot run."""
    node = find_node()
    install(node, folder=_package_folder())
    # Unpacked aside, then renamed: an interruption never leaves half a browser in place.
    unpacking = INSTALLED.with_name(f"chromium-{os.getpid()}")
    shutil.rmtree(unpacking, ignore_errors=True)
    unpacking.mkdir(parents=True)
    try:
        _unpack(node, unpacking)
        shutil.rmtree(INSTALLED, ignore_errors=True)
        unpacking.rename(INSTALLED)
    finally:
        shutil.rmtree(unpacking, ignore_errors=True)
    start = INSTALLED / "start"
    return start if _starts(start) else None


def _package_folder() -> Path:
    """A copy of the pins in ``.tools``: what is installed never lies beside the sources."""
    folder = ROOT / ".tools" / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(PACKAGE / name, folder / name)
    return folder


def _unpack(node: Node, folder: Path) -> None:
    packed = ROOT / ".tools" / "browser" / "node_modules" / "@sparticuz" / "chromium" / "bin"
    for source in sorted(packed.glob("*.br")):
        target = folder / source.stem
        node.run(["-e", UNPACK, str(source), str(target)], folder=folder)
        if target.suffix == ".tar":
            with tarfile.open(target) as archive:
                # Python 3.11.3 and before know no filter; the digest in the lock vouches anyway.
                safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
                archive.extractall(folder, **safely)  # type: ignore[arg-type]  # noqa: S202
            target.unlink()
    (folder / "chromium").chmod(0o755)
    (folder / "fonts.conf").write_text(FONTS.format(folder=INSTALLED), encoding="utf-8")
    (folder / "start").write_text(START, encoding="utf-8")
    (folder / "start").chmod(0o755)
    (folder / ".digest").write_text(_digest(), encoding="utf-8")


def _digest() -> str:
    return digest_of([PACKAGE / "package-lock.json", Path(__file__)])


def _is_current() -> bool:
    stamp = INSTALLED / ".digest"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _digest()


def _starts(browser: Path) -> bool:
    """Some systems have a `chromium` that only says how to install one."""
    try:
        answer = subprocess.run([str(browser), "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def main() -> int:
    required = os.environ.get("REGIE_REQUIRE_BROWSER") == "1"
    browser = find_browser()
    if browser is None:
        print("No Chromium here: installing the one of the npm index", flush=True)
        try:
            browser = install_browser()
        except (OSError, tarfile.TarError, subprocess.CalledProcessError, SystemExit) as error:
            print(f"It could not be installed ({error}).")
    print(f"Browser for the tests: {browser}" if browser else HOW_TO_GET_ONE)
    return 1 if browser is None and required else 0


if __name__ == "__main__":
    sys.exit(main())
