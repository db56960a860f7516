"""Test that limits are judged on clips that they were not chosen on."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.bench.faces.labels import WORDS, Label
from renderer.capture.records import Observation
from renderer.motion.face import lids
from renderer.training import face_limits
from renderer.training.face_limits import LIMITS, Limit, hold_out, replace_limits


def test_other_values_hold_within_the_context_alone() -> None:
    own = {limit: limit.own for limit in LIMITS}
    with pytest.raises(ZeroDivisionError), replace_limits({LIMITS[0]: 0.5}):
        assert lids._SHARES == 0.5
        raise ZeroDivisionError
    assert {limit: limit.own for limit in LIMITS} == own


def test_the_solver_s_own_values_are_among_the_candidates() -> None:
    for limit in LIMITS:
        assert limit.own in limit.values, limit


def test_a_clip_is_judged_with_the_value_that_the_others_prefer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit = Limit(lids, "_BLINK_SPAN", (0.3, 0.38), ("shut",))
    words = dict.fromkeys(WORDS, "") | {"eye_left": "closed", "mouth_open": "0"}
    words |= {"brow_left": "neutral", "brow_right": "neutral", "mouth_shape": "neutral"}
    labels = [Label(clip, 0, words | {"eye_right": "open"}, frozenset()) for clip in "ab"]
    frame = Observation(0, 0, (64, 48), scores=np.zeros(len(ARKIT), np.float32))
    clips = {"a": [frame], "b": [frame, frame]}

    def solve(frames: list[Observation]) -> face_limits.Shown:
        """Return eyes that are right in a at one value, and in b at the other."""
        right = (lids._BLINK_SPAN == 0.3) == (len(frames) == 1)
        shapes = np.zeros((len(frames), len(ARKIT)))
        shapes[:, ARKIT_INDEX["eyeBlinkRight" if right else "eyeBlinkLeft"]] = 1.0
        return face_limits.Shown(shapes, np.zeros((len(frames), 2)))

    monkeypatch.setattr(face_limits, "solve_faces", solve)
    table = hold_out(labels, clips, [limit], lambda _: None)
    row = next(line for line in table.splitlines() if "_BLINK_SPAN" in line)
    # a is judged with what b prefers and the reverse, so both are wrong.
    assert row.split()[-4:] == ["0.50", "0.00", "0.38,", "0.3"]
