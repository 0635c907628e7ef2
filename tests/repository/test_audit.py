"""An audit that could not reach the advisories says so, and goes on to what comes next."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools.audit import ROOT, UNCHECKED


@pytest.mark.slow
def test_an_audit_that_reaches_nobody_says_that_nothing_was_checked(tmp_path: Path) -> None:
    with socket.socket() as held:
        # Bound and not listening: whoever knocks here is refused, and nobody else can take it.
        held.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{held.getsockname()[1]}"
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), closed)
        proxies |= {name.lower(): closed for name in proxies} | {"NO_PROXY": "", "no_proxy": ""}
        npm = {"npm_config_registry": closed, "npm_config_fetch_retries": "0"}
        fresh = {"PIP_CACHE_DIR": str(tmp_path)}  # an answer kept from before would do
        audited = subprocess.run(
            [sys.executable, "tools/audit.py"], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, **proxies, **npm, **fresh},
        )  # fmt: skip

    assert audited.stdout.splitlines() == [
        "The advisories of Python packages could not be reached: nothing was checked.",
        "The advisories of packages of the front end could not be reached: nothing was checked.",
    ]
    assert audited.returncode == UNCHECKED
    assert "Traceback" not in audited.stderr
