"""Test that documents and keys that cannot be used are refused before air, in one sentence."""

from __future__ import annotations

import sys
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from renderer.errors import RendererError, RightsError
from renderer.output.spec import parse_recording
from renderer.paths import IDOL
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.rights.credentials.keys import load_key
from renderer.rights.declaration import Declaration
from renderer.rights.provenance.certificate import CHAIN_FILE, FOLDER, KEY_FILE, make_chain
from renderer.rights.sealed.key import load_receiving_key
from renderer.rights.show_records import keep_record
from renderer.show.plan import ShowPlan
from renderer.show.rights.gate import require_certificate
from renderer.show.rights.signing import sign_recordings
from tests.rights.test_provenance import RECORD


def is_sentence(fault: RendererError) -> bool:
    """Return whether a fault names thing, fault and remedy in one line."""
    return all((fault.thing, fault.fault, fault.remedy)) and "\n" not in str(fault)


@pytest.fixture
def locked_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the system's keyring, which is locked."""
    errors = types.ModuleType("keyring.errors")

    class KeyringError(Exception):
        pass

    errors.KeyringError = KeyringError  # type: ignore[attr-defined]
    keyring = types.ModuleType("keyring")

    def refuse(*_: str) -> None:
        raise KeyringError

    for name in ("get_password", "set_password", "delete_password"):
        setattr(keyring, name, refuse)
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)


@pytest.mark.parametrize("load", [load_key, load_receiving_key])
def test_a_locked_keyring_is_told(locked_keyring: None, load: object) -> None:
    with pytest.raises(RightsError, match="keyring is locked") as fault:
        load("keyring:label")  # type: ignore[operator]
    assert is_sentence(fault.value)


@pytest.fixture
def ended_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a certificate of an authority there that ended yesterday."""
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path))
    ended = make_chain(datetime.now(UTC) - timedelta(days=366))
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / CHAIN_FILE).write_bytes(ended.chain)
    (folder / KEY_FILE).write_bytes(ended.key)
    # Not one that this program made, which it would renew.
    monkeypatch.setattr("renderer.rights.provenance.certificate.ORGANISATION", "Another")


def _plan(*recordings: str) -> ShowPlan:
    found = tuple(parse_recording(one) for one in recordings)
    return ShowPlan(("camera:0",), (IDOL,), None, Declaration("Mai"), recordings=found)


def test_a_certificate_that_ended_stops_a_show_that_would_be_signed(
    ended_certificate: None,
) -> None:
    with pytest.raises(RightsError, match=r"ended on .*renewed") as fault:
        require_certificate(_plan("show.mp4"))
    assert is_sentence(fault.value)
    require_certificate(_plan())


def test_a_certificate_that_ends_during_a_show_costs_no_recording(
    ended_certificate: None, tmp_path: Path
) -> None:
    recording = tmp_path / "show.mp4"
    recording.write_bytes(b"recorded")
    keep_record(RECORD)
    status = OutputStatus("recording", "mp4", str(recording), OutputState.ENDED)
    (fault,) = sign_recordings([status], int(RECORD.code, 16))
    assert "not signed" in fault and "ended on" in fault
    assert recording.read_bytes() == b"recorded"
