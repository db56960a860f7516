"""Test that a file which shows a real person is not shown without that person's consent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from renderer.desk.messages import translate
from renderer.desk.words import install_translator
from renderer.errors import RendererError, RightsError
from renderer.protocol.alarms import Alarms, Severity
from renderer.rights.consent import issue_consent, read_consent, withdraw_consent
from renderer.rights.declaration import Capture
from renderer.rights.footage.check import FootageCheck
from renderer.rights.footage.people import shows_person
from renderer.show.direction.sources import FileSource
from tests.rights.documents import CONSENT, MAI

NOW = datetime.now(UTC)
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "video" / "real"
AGREED = replace(
    CONSENT, picture_shown=True, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1)
)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"a video")
    return path


def check(found: bool = True) -> FootageCheck:
    return FootageCheck("First Light", lambda _: found)


def sign(path: Path, **changes: object) -> str:
    text = issue_consent(replace(AGREED, **changes), MAI)
    path.write_text(text)
    return text


def test_a_file_without_people_needs_nobodys_consent(clip: Path) -> None:
    footage = check(found=False)
    footage.require(clip)
    assert footage.refusal(clip) == ""


def test_a_file_with_a_person_needs_a_consent_beside_it(clip: Path) -> None:
    footage = check()
    with pytest.raises(RightsError, match=r"clip\.mp4.*no consent lies beside it.*clip\.consent"):
        footage.require(clip)
    sign(clip.with_suffix(".consent"))
    footage.require(clip)
    assert footage.refusal(clip) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"picture_shown": False}, "own picture"),
        ({"captures": (Capture.FACE,)}, "face and body"),
        ({"shows": ("Another",)}, "is for Another"),
        ({"until": NOW - timedelta(hours=1)}, "holds from"),
    ],
)
def test_a_consent_that_does_not_cover_it_refuses_it(
    clip: Path, changes: dict[str, object], said: str
) -> None:
    sign(clip.with_suffix(".consent"), **changes)
    with pytest.raises(RightsError, match=said):
        check().require(clip)


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_a_refusal_is_said_in_the_operators_language(clip: Path, language: str) -> None:
    footage = check()
    try:
        install_translator(lambda text: text, language)
        for changes in (None, {"picture_shown": False}, {"shows": ("Another",)}):
            if changes is not None:
                sign(clip.with_suffix(".consent"), **changes)
            with pytest.raises(RightsError) as refused:
                footage.require(clip)
            said = translate(str(refused.value))
            assert "clip" in said
            assert not {"shows", "person", "whose", "File", "let", "sign"} & set(said.split())
    finally:
        install_translator(None)


def test_everybody_in_it_has_to_agree(clip: Path) -> None:
    sign(clip.with_name("clip.mai.consent"))
    sign(clip.with_name("clip.ann.consent"), performer="Ann", picture_shown=False)
    with pytest.raises(RightsError, match="Ann, whose consent does not allow"):
        check().require(clip)
    sign(clip.with_name("clip.ann.consent"), performer="Ann")
    check().require(clip)


def test_a_damaged_consent_refuses_it(clip: Path) -> None:
    path = clip.with_suffix(".consent")
    text = sign(path)
    path.write_text(text[:-3] + "AAA")
    with pytest.raises(RightsError):
        check().require(clip)


class Picture:
    """A file's picture, opened."""

    fault: RendererError | None = None

    def frame_at(self, _seconds: float) -> np.ndarray:
        return np.zeros((2, 2, 3), np.uint8)

    def close(self) -> None: ...


def test_a_withdrawal_takes_it_off_air_with_an_alarm(clip: Path) -> None:
    path, alarms, footage = clip.with_suffix(".consent"), Alarms(), check()
    text = sign(path)
    footage.require(clip)
    source = FileSource(Picture(), lambda: footage.refusal(clip))  # type: ignore[arg-type]
    footage.refresh(alarms)
    assert source.picture_at(0.0, 0) is not None and not alarms.active
    consent = read_consent(text, str(path))
    path.with_suffix(".withdrawal").write_text(withdraw_consent(consent, MAI, NOW, erase=False))
    footage.refresh(alarms, NOW + timedelta(seconds=1))
    assert source.picture_at(1.0, 0) is None
    assert "was withdrawn" in source.fault()
    (alarm,) = alarms.active
    assert alarm.severity is Severity.CRITICAL and "clip.mp4" in alarm.text


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data")
def test_a_real_face_is_found_and_a_drawn_picture_is_not(tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.png"
    Image.new("RGB", (320, 180), (80, 20, 120)).save(drawn)
    assert not shows_person(drawn, tmp_path / "cache")
    assert shows_person(REAL / "face_talk.mp4", tmp_path / "cache")
    # The answer is kept.
    assert shows_person(REAL / "face_talk.mp4", tmp_path / "cache")


def test_what_is_no_picture_is_refused(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(RendererError):
        shows_person(clip, tmp_path / "cache")
    with pytest.raises(RightsError, match="cannot be read"):
        shows_person(tmp_path / "none.mp4", tmp_path / "cache")
