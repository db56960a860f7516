"""Test that an observation survives its encoding."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.capture.process.messages import (
    Control,
    EndOfStream,
    SourceInfo,
    SourceLosses,
    pack,
    unpack,
)
from renderer.capture.process.wire import decode, encode
from renderer.capture.records import USUAL_FOCAL, Hand, Observation
from renderer.errors import CaptureError

SHAPES = {
    "face": (478, 3),
    "scores": (52,),
    "head": (4, 4),
    "pose": (33, 3),
    "pose_world": (33, 3),
    "visibility": (33,),
    "colours": (84, 3),
}


def observation(seen: dict[str, bool], t_seen_ns: int, index: int) -> Observation:
    random = np.random.default_rng(index)

    def array(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32)

    values: dict[str, object] = {n: array(*s) for n, s in SHAPES.items() if seen[n]}
    for side in ("left_hand", "right_hand"):
        if seen[side]:
            values[side] = Hand(array(21, 3), array(21, 3), float(random.random()))
    return Observation(
        t_seen_ns, index, (1920, 1080), performer=index % 4, focal=1.0 + random.random(), **values
    )  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries({n: st.booleans() for n in (*SHAPES, "left_hand", "right_hand")}),
    st.integers(0, 2**63 - 1),
    st.integers(0, 2**31),
)
def test_an_observation_comes_back_as_it_was(
    seen: dict[str, bool], t_seen_ns: int, index: int
) -> None:
    sent = observation(seen, t_seen_ns, index)
    (got,) = unpack(pack((sent,)))
    assert isinstance(got, Observation)
    for field in fields(Observation):
        before, after = getattr(sent, field.name), getattr(got, field.name)
        if isinstance(before, np.ndarray):
            assert after.dtype == np.float32
            assert np.array_equal(before, after)
            with pytest.raises(ValueError, match="read-only"):
                after[...] = 0
        elif isinstance(before, Hand):
            assert np.array_equal(before.image, after.image)
            assert np.array_equal(before.world, after.world)
            assert before.score == after.score
        else:
            assert before == after


def test_an_observation_from_before_colours_and_lenses_is_read() -> None:
    """The record ends where colours begin; the lens comes after them."""
    seen = observation(dict.fromkeys((*SHAPES, "left_hand", "right_hand"), True), 5, 3)
    data = encode(seen)[: -84 * 3 * 4 - 8]
    old = decode(data)
    assert old.colours is None
    assert old.focal == USUAL_FOCAL
    assert old.performer == seen.performer
    assert encode(old)[: len(data)] == encode(replace(seen, colours=None))[: len(data)]


@pytest.mark.parametrize("change", [-1, 1])
def test_an_observation_of_another_length_is_refused(change: int) -> None:
    data = encode(Observation(1, 2, (3, 4)))
    with pytest.raises(CaptureError, match="bytes instead of"):
        decode(data[:change] if change < 0 else data + b"\0")


@pytest.mark.parametrize(
    "message",
    [
        SourceInfo("dancer.avi", (518, 496), 25.0, None, (518, 496)),
        SourceLosses("its end is missing", "its timestamps leap", "Performer 1 changed"),
        EndOfStream("dancer.avi has ended", last_duration_ns=40_000_000),
    ],
)
def test_the_rest_comes_back_as_it_was(message: Control) -> None:
    assert unpack(pack(message)) == message
