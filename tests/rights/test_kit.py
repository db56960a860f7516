"""Test that a fan kit opens unchanged, for its fan, in its time and within its limits alone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from avatars import load_avatar
from renderer.errors import RightsError
from renderer.paths import IDOL
from renderer.rights.consent import issue_consent, read_consent, withdraw_consent
from renderer.rights.credentials.keys import SigningKey
from renderer.rights.kit.check import Clip, check_avatar, check_clip, check_kit
from renderer.rights.kit.fan_licence import FanLicence, FanTerms, PartName
from renderer.rights.kit.limits import Limits
from renderer.rights.kit.package import open_kit, read_kit_licence, write_kit
from renderer.rights.kit.record import kit_number, make_kit_record
from renderer.rights.licence import Licence, new_urn
from renderer.rights.sealed.key import make_receiving_key
from renderer.rights.status.registry import (
    StatusRegistry,
    add_entries,
    keep_registry,
    set_status,
)
from renderer.rights.status.store import StatusStore
from renderer.rights.takes.use import TakeUse, find_consent, require_use
from tests.rights.documents import CONSENT, HASH, LABEL, MAI, NOW, STRANGER, licence, trust

FAN = make_receiving_key()
PARTS: dict[PartName, bytes] = {
    "avatar": b"an avatar" * 40,
    "licence": b"a licence",
    "motion": b"a motion",
    "set": b"a set",
    "song": b"a song",
}
LIMITS = Limits(("full", "bust"), 3, 10.0, 720)
FAN_TERMS = FanTerms("Summer", "Idol", HASH, FAN.did, LIMITS, NOW, NOW + timedelta(days=30))


@pytest.fixture
def registry(tmp_path: Path) -> tuple[StatusRegistry, Path]:
    return StatusRegistry(1, ""), tmp_path / "label.registry"


def _make(
    registry: tuple[StatusRegistry, Path],
    key: SigningKey = LABEL,
    now: datetime = NOW,
    **changes: Any,
) -> bytes:
    urn = new_urn()
    entries = add_entries(*registry, urn)
    keep_registry(*registry, key, now)
    terms = msgspec.structs.replace(FAN_TERMS, **changes)
    return write_kit(terms, PARTS, key, "Label Ltd", urn, entries)


def _read(data: bytes, registry: tuple[StatusRegistry, Path]) -> FanLicence:
    return read_kit_licence(data, trust(), str(registry[1].with_name("fans.kit")))


def _check(
    made: FanLicence,
    folder: Path,
    now: datetime = NOW,
    grant: Licence | None = None,
    seen: datetime | None = None,
) -> list[str]:
    store = StatusStore(folder / "status", timedelta(days=7))
    given = grant or licence(fan_clips=True, until=None)
    return check_kit(made, given, store, trust(), now, seen)


def test_the_fan_opens_it(registry: tuple[StatusRegistry, Path]) -> None:
    data = _make(registry)
    kit = open_kit(data, FAN, trust(), "fans.kit")
    assert kit.parts == PARTS
    assert PARTS["avatar"] not in data
    for other in (None, make_receiving_key()):
        with pytest.raises(RightsError, match="is for the fan"):
            open_kit(data, other, trust(), "fans.kit")


def test_a_kit_for_everybody_needs_no_key(registry: tuple[StatusRegistry, Path]) -> None:
    assert open_kit(_make(registry, fan=""), None, trust(), "fans.kit").parts == PARTS


def test_a_stranger_s_kit_is_refused(registry: tuple[StatusRegistry, Path]) -> None:
    with pytest.raises(RightsError, match="not on the trust list"):
        open_kit(_make(registry, STRANGER), FAN, trust(), "fans.kit")


def test_one_changed_bit_anywhere_is_refused(registry: tuple[StatusRegistry, Path]) -> None:
    data, chosen = _make(registry), random.Random(1)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << chosen.randrange(8)
        with pytest.raises(RightsError):
            open_kit(bytes(changed), FAN, trust(), "fans.kit")
    for changed_size in (data[:-1], data + b"x", data[:11], b""):
        with pytest.raises(RightsError):
            open_kit(changed_size, FAN, trust(), "fans.kit")


def test_a_part_of_another_kit_is_refused(registry: tuple[StatusRegistry, Path]) -> None:
    one, other = _make(registry, fan=""), _make(registry, fan="", kit="Winter")
    size = sum(map(len, PARTS.values()))
    # The bodies are equal, so that only a licence makes the difference.
    assert open_kit(one[:-size] + other[-size:], None, trust(), "it").licence.terms.kit == "Summer"
    swapped = one[:-size] + bytes(reversed(other[-size:]))
    with pytest.raises(RightsError, match="changed after"):
        open_kit(swapped, None, trust(), "it")


def test_it_is_valid_in_its_time_alone(registry: tuple[StatusRegistry, Path]) -> None:
    folder = registry[1].parent
    made = _read(_make(registry, now=NOW + timedelta(days=29)), registry)
    with pytest.raises(RightsError, match=r"ended on .*ask Label Ltd for a new kit"):
        _check(made, folder, NOW + timedelta(days=30))
    with pytest.raises(RightsError, match="is valid from"):
        _check(made, folder, NOW - timedelta(seconds=1))
    with pytest.raises(RightsError, match="set the clock"):
        _check(made, folder, seen=NOW + timedelta(days=2))


def test_a_revoked_kit_is_refused(registry: tuple[StatusRegistry, Path]) -> None:
    made = _read(_make(registry), registry)
    assert _check(made, registry[1].parent) == []
    set_status(*registry, made.id, "suspended")
    keep_registry(*registry, LABEL, NOW)
    with pytest.raises(RightsError, match="suspended"):
        _check(made, registry[1].parent)
    set_status(*registry, made.id, "revoked")
    keep_registry(*registry, LABEL, NOW)
    with pytest.raises(RightsError, match="was revoked"):
        _check(made, registry[1].parent)


def test_without_a_list_it_holds_for_two_weeks(registry: tuple[StatusRegistry, Path]) -> None:
    folder, made = registry[1].parent, _read(_make(registry), registry)
    _check(made, folder)
    for path in folder.glob("label.*"):
        path.unlink()
    (note,) = _check(made, folder, NOW + timedelta(days=10))
    assert "holds until" in note
    with pytest.raises(RightsError, match="not known"):
        _check(made, folder, NOW + timedelta(days=15))


def test_a_kit_without_any_list_is_refused(registry: tuple[StatusRegistry, Path]) -> None:
    made = _read(_make(registry), registry)
    for path in registry[1].parent.glob("label.*"):
        path.unlink()
    with pytest.raises(RightsError, match="not known"):
        _check(made, registry[1].parent)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"fan_clips": False}, "prohibits clips by fans"),
        ({"fan_clips": True, "sha256": "cd" * 32}, "licence of another avatar"),
        ({"fan_clips": True, "until": NOW}, "does not hold today"),
    ],
)
def test_the_avatar_s_licence_must_allow_it(
    registry: tuple[StatusRegistry, Path], changes: dict[str, Any], fault: str
) -> None:
    made = _read(_make(registry), registry)
    with pytest.raises(RightsError, match=fault):
        _check(made, registry[1].parent, grant=licence(**{"until": None, **changes}))


@pytest.mark.parametrize(
    ("clip", "fault"),
    [
        (Clip(["wide"], 5.0, 720), "does not allow the shot wide"),
        (Clip(["full"] * 4, 5.0, 720), "4 shots"),
        (Clip(["full"], 10.1, 720), "10.1 s"),
        (Clip(["full"], 0.0, 720), "0 s"),
        (Clip(["full"], 5.0, 721), "721 lines"),
        (Clip([], 5.0, 720), "0 shots"),
    ],
)
def test_limits_hold(registry: tuple[StatusRegistry, Path], clip: Clip, fault: str) -> None:
    made = _read(_make(registry), registry)
    check_clip(made, Clip(["full", "bust", "full"], 10.0, 720))
    with pytest.raises(RightsError, match=fault):
        check_clip(made, clip)


@pytest.mark.parametrize(
    "changes",
    [
        {"kit": " "},
        {"sha256": "x"},
        {"until": NOW},
        {"limits": Limits((), 1, 1.0, 100)},
        {"limits": Limits(("full",), 0, 1.0, 100)},
        {"limits": Limits(("full",), 1, float("inf"), 100)},
        {"limits": Limits(("full",), 1, 1.0, 9999)},
        {"label": "two\nlines"},
        {"bpm": 0.0},
        {"fan": "did:key:zNobody"},
    ],
)
def test_unusable_terms_are_not_signed(
    registry: tuple[StatusRegistry, Path], changes: dict[str, Any]
) -> None:
    with pytest.raises(RightsError):
        _make(registry, **changes)


def test_a_kit_that_cannot_be_revoked_is_not_made() -> None:
    with pytest.raises(RightsError, match="cannot be revoked"):
        write_kit(FAN_TERMS, PARTS, LABEL, "Label Ltd", new_urn(), ())


def test_only_who_may_hand_over_the_avatar_makes_its_kit(
    registry: tuple[StatusRegistry, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCORE_DATA", str(registry[1].parent / "data"))
    idol = load_avatar(IDOL)
    made = _read(_make(registry, sha256=idol.sha256), registry)
    grant = licence(sha256=idol.sha256, fan_clips=True)
    check_avatar(made, grant, idol, trust(), lambda _: ())
    other = licence(STRANGER, sha256=idol.sha256, fan_clips=True)
    closed = replace(idol, meta=replace(idol.meta, redistribution=False))
    with pytest.raises(RightsError, match="allowRedistribution"):
        check_avatar(made, other, closed, trust())
    with pytest.raises(RightsError, match="another avatar"):
        check_avatar(made, grant, replace(idol, sha256=HASH), trust())
    with pytest.raises(RightsError, match="skin shows a face as a photograph does"):
        check_avatar(made, grant, idol, trust(), lambda _: ("skin",))
    named = licence(sha256=idol.sha256, fan_clips=True, depicts="Mai")
    check_avatar(made, named, idol, trust(), lambda _: ("skin",))


def test_each_kit_has_a_record_of_its_own(registry: tuple[StatusRegistry, Path]) -> None:
    one, other = (_read(_make(registry), registry) for _ in range(2))
    record = make_kit_record(one)
    assert record.show == "Fan clip: Summer"
    assert record.avatars[0].licence == one.sha256
    assert record.usage == "personalNonProfit"
    assert kit_number(one) != kit_number(other)


def test_a_consent_must_cover_the_use() -> None:
    terms = msgspec.structs.replace(CONSENT, reuse_takes=True)
    text = issue_consent(terms, MAI)
    given = read_consent(text, "mai.consent")
    assert find_consent([given], " mai ", "take") is given
    require_use(given, TakeUse.REUSE, NOW, NOW, "take")
    for use, recorded, now, fault in (
        (TakeUse.TRAINING, NOW, NOW, "training = true"),
        (TakeUse.REUSE, NOW - timedelta(days=31), NOW, "retention_days"),
        (TakeUse.REUSE, NOW, terms.until, "does not hold today"),
    ):
        with pytest.raises(RightsError, match=fault):
            require_use(given, use, recorded, now, "take")
    withdrawal = withdraw_consent(given, MAI, NOW, erase=False)
    withdrawn = read_consent(text, "mai.consent", (withdrawal,))
    with pytest.raises(RightsError, match="withdrew"):
        require_use(withdrawn, TakeUse.REUSE, NOW, NOW, "take")
    for name in ("Bo", ""):
        with pytest.raises(RightsError, match="no consent"):
            find_consent([given], name, "take")
