"""Test the credentials of recordings: intact, changed, stripped, another's."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import encypher_c2pa
import pytest

from renderer.errors import RightsError
from renderer.paths import CLIP
from renderer.rights.clause import Verdict
from renderer.rights.declaration import Declaration
from renderer.rights.provenance.certificate import (
    CHAIN_FILE,
    FOLDER,
    KEY_FILE,
    load_certificate,
    make_chain,
)
from renderer.rights.provenance.credentials import (
    MARK_ALGORITHM,
    Signature,
    read_credentials,
    sign_file,
)
from renderer.rights.show_records import make_record
from renderer.rights.verify import describe_credentials

NOW = datetime.now(UTC)
RECORD = make_record(
    "E1B2C",
    Declaration("Mai", show="First Light"),
    (Verdict("Idol", "Mai", (), None, "ab" * 32, "cd" * 32),),
)


@pytest.fixture(scope="module")
def chain() -> object:
    return make_chain(NOW)


@pytest.fixture
def signed(tmp_path: Path, chain: object) -> Path:
    path = tmp_path / "show.mp4"
    shutil.copy(CLIP, path)
    sign_file(path, RECORD, chain)  # type: ignore[arg-type]
    return path


def test_a_signed_recording_is_intact_and_still_plays(signed: Path, chain: object) -> None:
    found = read_credentials(signed, chain.root)  # type: ignore[attr-defined]
    assert found.signature is Signature.TRUSTED
    assert (found.issuer, found.maker, found.show) == ("Encore crew", "Encore", "E1B2C")
    assert "Signed and intact" in describe_credentials(found)[0]
    with av.open(str(signed)) as video:
        assert next(video.decode(video=0)).width == 960
    # A certificate that nobody here knows: unchanged, but by whom?
    assert read_credentials(signed, make_chain(NOW).root).signature is Signature.INTACT
    assert [path.name for path in signed.parent.iterdir()] == ["show.mp4"]


def test_an_independent_verifier_agrees(
    signed: Path, chain: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCYPHER_C2PA_TELEMETRY", "off")
    root = chain.root.decode()  # type: ignore[attr-defined]

    def verify() -> dict[str, object]:
        report = encypher_c2pa.verify(
            str(signed), trust_pem=root, no_default_trust=True, telemetry=False, online=False
        )
        return dict(report)

    report = verify()
    assert (report["integrity"], report["hard_binding"]) == ("valid", "match")
    assert report["validation_state"] == "Trusted"
    data = bytearray(signed.read_bytes())
    data[-1000] ^= 1
    signed.write_bytes(data)
    assert verify()["validation_state"] == "Invalid"


def test_the_credentials_name_the_mark(signed: Path) -> None:
    data = signed.read_bytes()
    for part in (b"c2pa.soft-binding", b"c2pa.watermarked.bound", MARK_ALGORITHM.encode()):
        assert part in data


def test_no_performer_is_named_in_the_file(signed: Path) -> None:
    assert b"Mai" not in signed.read_bytes()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_one_changed_byte_is_noticed(signed: Path, share: float) -> None:
    data = bytearray(signed.read_bytes())
    data[int(len(data) * share)] ^= 1
    signed.write_bytes(data)
    found = read_credentials(signed)
    assert found.signature is Signature.CHANGED
    assert "changed" in describe_credentials(found)[0]


def test_a_copy_without_credentials_has_none(tmp_path: Path) -> None:
    assert read_credentials(CLIP).signature is Signature.NONE
    text = tmp_path / "notes.txt"
    text.write_text("nothing")
    assert read_credentials(text).signature is Signature.NONE
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    assert read_credentials(broken).signature in (Signature.NONE, Signature.CHANGED)


def test_a_file_that_cannot_be_signed_is_kept(tmp_path: Path, chain: object) -> None:
    path = tmp_path / "show.mp4"
    path.write_bytes(b"no video")
    with pytest.raises(RightsError, match="kept without a signature"):
        sign_file(path, RECORD, chain)  # type: ignore[arg-type]
    assert path.read_bytes() == b"no video"
    assert [one.name for one in tmp_path.iterdir()] == ["show.mp4"]
    with pytest.raises(RightsError, match="no kind"):
        sign_file(tmp_path / "show.txt", RECORD, chain)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path))
    return tmp_path / FOLDER


def test_a_certificate_is_made_once_and_renewed_when_it_ends(folder: Path) -> None:
    first = load_certificate(NOW)
    assert load_certificate(NOW) == first
    assert (folder / KEY_FILE).stat().st_mode & 0o77 == 0
    later = load_certificate(NOW + timedelta(days=366))
    assert later.until > first.until


def test_a_damaged_certificate_is_told(folder: Path) -> None:
    load_certificate(NOW)
    (folder / KEY_FILE).write_bytes(make_chain(NOW).key)
    with pytest.raises(RightsError, match="another key"):
        load_certificate(NOW)
    (folder / KEY_FILE).unlink()
    with pytest.raises(RightsError, match="without its key"):
        load_certificate(NOW)
    (folder / KEY_FILE).write_text("nothing")
    (folder / CHAIN_FILE).write_text("nothing")
    with pytest.raises(RightsError, match="damaged"):
        load_certificate(NOW)


@pytest.mark.parametrize(
    ("name", "integrity"), [("E-sig-CA.jpg", False), ("XCA.jpg", False), ("video1.mp4", True)]
)
def test_both_verifiers_agree_about_files_of_others(
    shared_data: Path, name: str, integrity: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shared_data / "c2pa" / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the shared test data")
    monkeypatch.setenv("ENCYPHER_C2PA_TELEMETRY", "off")
    ours = read_credentials(path).signature
    theirs = dict(encypher_c2pa.verify(str(path), telemetry=False, online=False))
    assert (ours in (Signature.INTACT, Signature.TRUSTED)) is integrity
    assert (theirs["validation_state"] in ("Valid", "Trusted")) is integrity, theirs


def test_files_of_others_are_told_apart(shared_data: Path) -> None:
    folder = shared_data / "c2pa"
    assert read_credentials(folder / "E-sig-CA.jpg").signature is Signature.CHANGED
    assert read_credentials(folder / "video1.mp4").signature in (
        Signature.INTACT,
        Signature.TRUSTED,
    )
