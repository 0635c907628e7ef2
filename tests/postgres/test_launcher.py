"""The embedded server comes when asked, survives kill -9, and leaves with its last user."""

from __future__ import annotations

import os
import signal
import stat
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.waiting import until

from .conftest import Home

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_five_starters_get_one_server(home: Home) -> None:
    users = [home.user() for _ in range(5)]
    hosts = {user.answer() for user in users}
    assert len(hosts) == 1
    until(lambda: len(home.keepers()) == 1)
    # A process that the server has just forked bears its name for a moment.
    until(lambda: sum("bin/postgres" in line for line in home.everything()) == 1)


@pytest.mark.slow
def test_nothing_is_left_after_the_last_user_was_killed(home: Home) -> None:
    first, second = home.user(), home.user()
    first.answer()
    second.answer()
    before = home.postmaster()
    first.kill()
    with home.connect() as connection:
        connection.execute("SELECT 1")
    assert home.postmaster() == before
    second.kill()
    until(lambda: not home.everything())
    assert not home.cluster.pid_file.exists()


def test_a_killed_keeper_is_replaced_and_nothing_committed_is_lost(home: Home) -> None:
    home.user().answer()
    with home.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS figure")
    [keeper] = home.keepers()
    os.kill(keeper, signal.SIGKILL)
    until(lambda: home.keepers() not in ([], [keeper]))
    with home.connect() as connection:
        assert connection.execute("SELECT figure FROM kept").fetchone() == (1,)


def test_a_killed_server_is_started_again_by_its_keeper(home: Home) -> None:
    home.user().answer()
    with home.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS figure")
    keepers, server = home.keepers(), home.postmaster()
    os.kill(server, signal.SIGKILL)
    until(lambda: home.postmaster() not in (0, server))
    with home.connect() as connection:
        assert connection.execute("SELECT figure FROM kept").fetchone() == (1,)
    assert home.keepers() == keepers


@pytest.mark.slow
def test_a_backend_busy_when_the_server_is_killed_does_not_keep_it_from_returning(
    home: Home,
) -> None:
    home.user().answer()
    server = home.postmaster()
    with closing(home.connect()) as busy:
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000) AS x")
        os.kill(server, signal.SIGKILL)
        until(lambda: home.postmaster() not in (0, server))
    with home.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.slow
def test_keeper_and_server_killed_together_come_back(home: Home) -> None:
    user = home.user()
    user.answer()
    server = home.postmaster()
    for pid in (*home.keepers(), server):
        os.kill(pid, signal.SIGKILL)
    until(lambda: home.postmaster() not in (0, server))
    user.order("ensure")
    with home.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.slow
def test_a_keeper_killed_while_it_creates_the_cluster_leaves_no_half_of_one(home: Home) -> None:
    user = home.user()
    drafts = until(lambda: list((home.path / "pg").glob("initdb-*")))
    os.kill(home.keepers()[0], signal.SIGKILL)
    user.answer()
    with home.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not any(draft.exists() for draft in drafts)


@pytest.mark.slow
def test_a_pid_file_that_names_a_stranger_does_not_block_the_start(home: Home) -> None:
    user = home.user()
    user.answer()
    kept = home.cluster.pid_file.read_text().split("\n")
    user.kill()
    until(lambda: not home.everything())
    home.cluster.pid_file.write_text("\n".join([str(os.getpid()), *kept[1:]]))
    home.user().answer()
    assert home.postmaster() != os.getpid()


@pytest.mark.slow
def test_a_process_may_give_the_server_up_and_ask_for_it_again(home: Home) -> None:
    user = home.user()
    host = user.answer()
    assert user.order("release") == "released"
    until(lambda: not home.everything())
    assert user.order("ensure") == host


def test_the_secret_is_private_and_no_one_enters_without_it(home: Home) -> None:
    host = home.user().answer()
    assert stat.S_IMODE(home.cluster.secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.cluster.data.stat().st_mode) == 0o700
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=host, user="postgres", dbname="postgres", password="guessed")
    with home.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


@pytest.mark.slow
def test_what_is_in_rows_does_not_reach_its_log(home: Home) -> None:
    home.user().answer()
    with home.connect() as connection:
        connection.execute("CREATE TABLE reader (mail text PRIMARY KEY)")
        connection.execute("INSERT INTO reader VALUES ('chloe@horizon.example')")
        for again in ("'chloe@horizon.example'", "'chloe@horizon.example' || 1 / 0"):
            with pytest.raises(psycopg.Error):
                connection.execute(f"INSERT INTO reader VALUES ({again})")
    said = home.cluster.log.read_text(encoding="utf-8")
    assert "duplicate key" in said
    assert "chloe" not in said


def test_a_home_with_a_very_long_path_gets_a_short_socket(home: Home) -> None:
    home.path = home.path / ("é" * 60)
    host = home.user().answer()
    assert not host.startswith(str(home.path))
    with home.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    folder = Path(host)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.slow
@as_root
def test_a_home_that_only_root_may_enter_has_its_cluster_elsewhere(home: Home) -> None:
    home.path.parent.chmod(0o700)
    user = home.user()
    user.answer()
    place = home.cluster.folder
    assert not place.is_relative_to(home.path)
    with home.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS figure")
    user.kill()
    until(lambda: not home.everything())
    home.path = home.path.rename(home.path.with_name("moved"))
    home.user().answer()
    with home.connect() as connection:
        assert connection.execute("SELECT figure FROM kept").fetchone() == (1,)
    assert home.cluster.folder == place


@pytest.mark.slow
@as_root
def test_a_copied_home_does_not_share_the_database_of_the_first(home: Home) -> None:
    home.path.parent.chmod(0o700)
    home.user().answer()
    copy = Home(home.path.with_name("copy"), [])
    (copy.path / "pg").mkdir(parents=True)
    (copy.path / "pg" / "elsewhere").write_text(str(home.cluster.folder))
    assert "is a copy of" in copy.user().process.communicate()[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs the signal at a parent's death")
def test_twenty_kills_in_a_row_lose_nothing(home: Home) -> None:
    user = home.user()
    user.answer()
    with home.connect() as connection:
        connection.execute("CREATE TABLE kept (figure int)")
    for number in range(20):
        with home.connect() as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        before = home.postmaster()
        victims = [before, home.keeper()]
        os.kill(victims[number % 2], signal.SIGKILL)
        until(lambda old=before: home.postmaster() not in (0, old))
        user.order("ensure")
    with home.connect() as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (20,)
