"""Test a standby on a machine in another network, with another clock, and a cut between them."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import av
import numpy as np
import pytest
from engine_roles import HEIGHT, RATE
from two_machines import TwoMachines, why_no_namespaces


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_its_pictures_have_the_show_s_time_until_the_network_is_cut(tmp_path: Path) -> None:
    # Where namespaces cannot be made, it is a process on loopback, and is stopped.
    in_namespaces = not why_no_namespaces()
    with ExitStack() as opened:
        machines = TwoMachines(
            tmp_path, "standby_roles.py", "standby", in_namespaces=in_namespaces, opened=opened
        )
        machines.until(lambda line: line == "open")
        machines.join()
        machines.until(lambda line: "drawn" in line["said"])
        machines.cut()
        cut = machines.until(lambda line: line["is_over"])
        assert "machine spare" in cut["fate"]
        machines.mend()
        machines.show.terminate()
        machines.show.wait(60.0)
    with av.open(str(tmp_path / "show.mp4")) as file:
        frames = [(one.time, one.to_ndarray()[:HEIGHT].mean()) for one in file.decode(video=0)]
    times, light = np.array(frames).T
    # The clocks of the namespaces differ by a day.
    assert np.diff(times).min() > 0
    assert np.diff(times).max() < 1.6 / RATE, "no tick is without a frame"
    assert times[-1] < 120.0
    assert light[: RATE // 2].max() < 30
    assert (light > 200).sum() > RATE // 2, "the other machine's pictures"
