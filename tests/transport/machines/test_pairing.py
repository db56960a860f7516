"""Test pairing by a code and by a file: both sides store it, and nobody else gets in."""

from __future__ import annotations

import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zmq

from renderer.errors import DeskError
from renderer.protocol.machines import MachinePart
from renderer.protocol.roles import Role
from renderer.protocol.schema import SCHEMA_VERSION
from renderer.transport.machines import pairing
from renderer.transport.machines.address import HostPort, parse_host_port
from renderer.transport.machines.member import connect
from renderer.transport.machines.pairing import (
    PairingOffer,
    join_by_code,
    make_code,
    parse_code,
    show_code,
)
from renderer.transport.machines.pairing_file import join_by_file, write_pairing
from renderer.transport.machines.store import PairedMachine, PairingStore, make_keys

LOOPBACK = HostPort("127.0.0.1", 0)
WANTED = PairedMachine("studio-b", MachinePart.DESK, Role.CONTROL, "", 0.0)


@pytest.fixture
def here(tmp_path: Path) -> PairingStore:
    return PairingStore(tmp_path / "show")


@pytest.fixture
def there(tmp_path: Path) -> PairingStore:
    return PairingStore(tmp_path / "other")


def during(offer: PairingOffer, join: Callable[[], None]) -> tuple[PairedMachine | None, list[str]]:
    """Return what the offer finds and tells while a machine joins."""
    told: list[str] = []
    found: list[PairedMachine | None] = []
    ended = threading.Event()

    def wait() -> None:
        while not ended.is_set() and (not found or found[-1] is None):
            found.append(offer.wait(0.2, told.append))

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        join()
    finally:
        ended.set()
        thread.join()
    return found[-1] if found else None, told


def test_a_code_pairs_both_machines(here: PairingStore, there: PairingStore) -> None:
    with PairingOffer(here, WANTED, LOOPBACK, 7711) as offer:
        at = HostPort("127.0.0.1", offer.port)
        typed = parse_code(show_code(offer.code).lower())
        paired, _ = during(offer, lambda: join_by_code(there, at, typed, 60.0))
    (show,) = there.shows().values()
    assert paired is not None
    assert here.machines() == {"studio-b": paired}
    assert paired.public == show.keys.public
    assert (show.machine, show.part, show.role) == ("studio-b", MachinePart.DESK, Role.CONTROL)
    assert (show.host, show.port, show.server) == ("127.0.0.1", 7711, here.own_keys().public)


def test_another_code_pairs_nothing(here: PairingStore, there: PairingStore) -> None:
    with PairingOffer(here, WANTED, LOOPBACK, 7711) as offer:
        at = HostPort("127.0.0.1", offer.port)
        with pytest.raises(DeskError, match="does not answer to this code"):
            during(offer, lambda: join_by_code(there, at, make_code(), 0.5))
    assert not here.machines()
    assert not there.shows()


def test_a_machine_of_another_version_is_refused_and_the_code_stays_valid(
    here: PairingStore,
) -> None:
    answers: list[str] = []
    with PairingOffer(here, WANTED, LOOPBACK, 7711) as offer:

        def ask() -> None:
            keys, server = make_keys(), pairing._derive(offer.code)
            with zmq.Context() as context:
                dealer = connect(context, f"tcp://127.0.0.1:{offer.port}", server.public, keys)
                with dealer:
                    assert dealer.poll(60_000, zmq.POLLOUT)
                    dealer.send(msgspec.msgpack.encode({"schema": SCHEMA_VERSION + 1}))
                    assert dealer.poll(60_000)
                    answers.append(msgspec.msgpack.decode(dealer.recv())["refused"])

        paired, told = during(offer, ask)
    assert paired is None
    assert not here.machines()
    for text in (answers[0], told[0]):
        assert f"version {SCHEMA_VERSION + 1}" in text
        assert "the same version" in text


def test_a_refusal_is_told_on_the_machine_that_joins(
    here: PairingStore, there: PairingStore
) -> None:
    class Refusing(PairingOffer):
        def _accept(self, identity: bytes, request: object) -> None:
            self._reply(identity, pairing._Answer(refused="the versions differ"))

    with (
        Refusing(here, WANTED, LOOPBACK, 7711) as offer,
        pytest.raises(DeskError, match="the versions differ"),
    ):
        at = HostPort("127.0.0.1", offer.port)
        during(offer, lambda: join_by_code(there, at, offer.code, 60.0))
    assert not there.shows()


@pytest.mark.parametrize("text", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFG!", "uuuu-uuuu"])
def test_what_is_no_code_is_said_before_anything_is_sent(text: str) -> None:
    with pytest.raises(DeskError, match="code"):
        parse_code(text)


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert parse_code("oil0-oil1") == "01100111"


def test_a_port_in_use_is_told(here: PairingStore) -> None:
    with (
        PairingOffer(here, WANTED, LOOPBACK, 7711) as offer,
        pytest.raises(DeskError, match="cannot be listened on"),
    ):
        PairingOffer(here, WANTED, HostPort("127.0.0.1", offer.port), 7711)


def test_a_file_pairs_both_machines_and_is_gone(
    here: PairingStore, there: PairingStore, tmp_path: Path
) -> None:
    path = tmp_path / "studio-b.pairing"
    paired = write_pairing(here, WANTED, HostPort("10.0.0.1", 7711), path)
    if sys.platform != "win32":  # There, folders of a user are closed to others.
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    show = join_by_file(there, path)
    assert not path.exists()
    assert show.keys.public == paired.public == here.machines()["studio-b"].public
    assert there.shows()[show.name] == show


def test_a_file_of_another_version_is_refused(
    here: PairingStore, there: PairingStore, tmp_path: Path
) -> None:
    path = tmp_path / "studio-b.pairing"
    write_pairing(here, WANTED, HostPort("10.0.0.1", 7711), path)
    older = {**msgspec.json.decode(path.read_bytes()), "schema": SCHEMA_VERSION - 1}
    path.write_bytes(msgspec.json.encode(older))
    with pytest.raises(DeskError, match=f"version {SCHEMA_VERSION - 1} .* {SCHEMA_VERSION}"):
        join_by_file(there, path)
    assert path.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 4096, b'{"schema": "x"}'])
def test_a_file_that_is_none_is_refused(
    there: PairingStore, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "studio-b.pairing"
    path.write_bytes(content)
    with pytest.raises(DeskError, match="is no pairing"):
        join_by_file(there, path)
    with pytest.raises(DeskError, match="cannot be read"):
        join_by_file(there, tmp_path / "none.pairing")


def test_a_revoked_or_damaged_pairing_is_none(here: PairingStore) -> None:
    here.add_machine(WANTED)
    assert here.remove_machine("studio-b")
    assert not here.remove_machine("studio-b")
    assert not here.remove_machine("../own")
    here.add_machine(WANTED)
    (here.folder / "machines" / "studio-b.json").write_bytes(b"{")
    assert not here.machines()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a" * 41, "ä", "-a"])
def test_a_name_that_is_no_file_is_refused(here: PairingStore, name: str) -> None:
    with pytest.raises(DeskError, match="name"):
        here.add_machine(msgspec.structs.replace(WANTED, name=name))


@pytest.mark.parametrize(
    ("word", "host", "port"),
    [("10.0.0.1", "10.0.0.1", 7711), ("10.0.0.1:80", "10.0.0.1", 80),
     ("studio-b", "studio-b", 7711),
     ("[fe80::1]:80", "fe80::1", 80), ("fe80::1", "fe80::1", 7711), ("[::]", "::", 7711)],
)  # fmt: skip
def test_addresses_are_read(word: str, host: str, port: int) -> None:
    assert parse_host_port(word) == HostPort(host, port)
    assert parse_host_port(str(HostPort(host, port))) == HostPort(host, port)


@pytest.mark.parametrize("word", ["", ":", "10.0.0.1:x", "10.0.0.1:70000", "a b", "tcp://x:1"])
def test_what_is_no_address_is_refused(word: str) -> None:
    with pytest.raises(DeskError, match="address"):
        parse_host_port(word)


def test_only_own_addresses_are_numeric() -> None:
    with pytest.raises(DeskError, match="address"):
        parse_host_port("studio-b", numeric=True)
