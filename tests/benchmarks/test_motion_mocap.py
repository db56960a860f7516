"""Measure solved limbs against captured dance, as observed by a simulated detector.

`pytest tests/benchmarks/test_motion_mocap.py -s` prints the figures of `encore bench motion` for
two of CMU's dances.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from avatars.maths.vectors import normalise
from renderer.bench.motion.follow import LIMB_BONES
from renderer.bench.motion.measures import angles, limb_errors
from renderer.bench.motion.mocap import mocap_performance
from renderer.bench.motion.track import solve
from renderer.motion.core.skeleton import SEGMENTS

ENDS = np.array([SEGMENTS[bone] for bone in LIMB_BONES])


@pytest.mark.parametrize("take", ["60_01_scaled", "61_05_scaled"])
def test_solved_limbs_are_truer_and_calmer_than_what_was_seen(shared_data: Path, take: str) -> None:
    dance = mocap_performance(shared_data / "mocap" / f"{take}.bvh.xz")
    assert dance.truth is not None
    track, costs = solve(dance.observations)
    seen = np.array([o.pose_world * (1.0, -1.0, -1.0) for o in dance.observations])
    raw = normalise(seen[:, ENDS[:, 1]] - seen[:, ENDS[:, 0]])

    after = limb_errors(track, dance.truth, np.ones(len(raw), np.bool_))
    before = angles(raw, dance.truth.limbs)
    # Jitter: the angle between consecutive directions in excess of the dancer's own.
    moves = [np.median(angles(d[1:], d[:-1])) for d in (raw, track.limbs, dance.truth.limbs)]
    out = [f"\n{take}: solve {np.median(costs):.2f} ms; degrees from truth, seen → solved"]
    for k, bone in enumerate(LIMB_BONES):
        out.append(f"  {bone:14}{np.median(before[:, k]):6.1f} → {np.median(after[:, k]):5.1f}")
    out.append("  a frame's turn, seen {:.1f}, solved {:.1f}, true {:.1f}".format(*moves))
    sys.stdout.write("\n".join(out) + "\n")
    assert np.median(after) < np.median(before)
    assert moves[1] < moves[0]
