from __future__ import annotations

import base64
import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.urlsafe_b64encode(bytes([251]) * 32).decode()


def test_a_value_may_come_from_a_file_without_its_newline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    monkeypatch.setenv("WARDMARK_PROBE", "from the environment")
    monkeypatch.setenv("WARDMARK_PROBE_FILE", str(secret))

    assert env.text("WARDMARK_PROBE") == "from the file"


@pytest.mark.parametrize("value", ["", "  ", None])
def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is not None:
        monkeypatch.setenv("WARDMARK_EMPTY", value)

    assert env.text("WARDMARK_EMPTY", "the default") == "the default"


@pytest.mark.parametrize(
    ("word", "default", "expected"),
    [
        ("yes", False, True),
        ("TRUE", False, True),
        ("1", False, True),
        ("off", True, False),
        ("0", True, False),
        ("", True, True),
        ("", False, False),
    ],
)
def test_flags(monkeypatch: pytest.MonkeyPatch, word: str, default: bool, expected: bool) -> None:
    monkeypatch.setenv("WARDMARK_FLAG", word)

    assert env.flag("WARDMARK_FLAG", default=default) is expected


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDMARK_FLAG", "ja")

    with pytest.raises(ImproperlyConfigured, match="WARDMARK_FLAG must be yes or no, not 'ja'"):
        env.flag("WARDMARK_FLAG")


@pytest.mark.parametrize("word", ["-1", "1.5", "many"])
def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("WARDMARK_NUMBER", word)

    with pytest.raises(ImproperlyConfigured, match="WARDMARK_NUMBER must be a whole number"):
        env.number("WARDMARK_NUMBER", 3)


def test_lists_drop_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDMARK_LIST", " a.example, ,b.example,")

    assert env.words("WARDMARK_LIST") == ["a.example", "b.example"]


def test_a_key_ring_keeps_its_order_and_takes_both_alphabets() -> None:
    ring = env.key_ring(f"new:{OTHER}, old:{KEY}")

    assert list(ring.items()) == [("new", bytes([251]) * 32), ("old", bytes(range(32)))]


@pytest.mark.parametrize(
    "value",
    [
        KEY,
        f":{KEY}",
        "k1:",
        "k1:not base64",
        f"k1:{base64.b64encode(b'short').decode()}",
        f"k1:{KEY},k1:{OTHER}",
        f"k 1:{KEY}",
    ],
    ids=["no id", "empty id", "no key", "not base64", "too short", "same id twice", "blank in the id"],
)
def test_a_bad_key_ring_is_refused_without_being_quoted(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="FILE_KEYS: key number") as caught:
        env.key_ring(value)

    assert KEY not in str(caught.value)
    assert "not base64" not in str(caught.value)


def test_a_new_ring_is_one_that_is_accepted() -> None:
    assert [len(key) for key in env.key_ring(env.new_key_ring()).values()] == [32]


def test_a_kept_secret_is_made_once_by_whoever_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    start = threading.Barrier(8)
    found: list[str] = []

    def ask(number: int) -> None:
        start.wait()
        found.append(env.kept_secret(path, lambda: f"made by {number}"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_directory_open_to_others_is_closed(tmp_path: Path) -> None:
    directory = tmp_path / "open"
    directory.mkdir(mode=0o755)

    env.private_directory(directory)

    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_sqlite_in_the_data_directory_is_the_default(tmp_path: Path) -> None:
    config = env.database("", data_dir=tmp_path)

    assert config["NAME"] == str(tmp_path / "wardmark.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]


def test_a_postgresql_url_may_name_a_socket(tmp_path: Path) -> None:
    config = env.database("postgresql://me:word@/wardmark?host=/var/run/pg", data_dir=tmp_path)

    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert config["NAME"] == "wardmark"
    assert config["OPTIONS"] == {"host": "/var/run/pg", "connect_timeout": 5}
    assert config["CONN_HEALTH_CHECKS"] is True
