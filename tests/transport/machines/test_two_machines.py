"""Test a camera on another machine, whose clock is another, and a cut of the network."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from two_machines import TwoMachines, why_no_namespaces


@pytest.fixture(params=["namespaces", "loopback"])
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TwoMachines]:
    in_namespaces = request.param == "namespaces"
    if in_namespaces and (reason := why_no_namespaces()):
        pytest.skip(reason)
    with ExitStack() as opened:
        yield TwoMachines(
            tmp_path, "machine_roles.py", "capture", in_namespaces=in_namespaces, opened=opened
        )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_landmarks_come_with_the_show_s_time_and_again_after_a_cut(machines: TwoMachines) -> None:
    machines.until(lambda line: line == "open")
    machines.join()
    first = machines.until(
        lambda line: line["frames"] > 50 and line["picture"] and not line["alarms"]
    )
    # The clocks of the namespaces differ by a day; what is left is how long a frame takes.
    assert -first["trip_ms"] <= first["latency_ms"] < 10_000.0
    machines.cut()
    cut = machines.until(lambda line: line["alarms"])
    assert "machines.studio-b" in cut["alarms"]
    machines.mend()
    again = machines.until(lambda line: line["frames"] > cut["frames"] + 50 and not line["alarms"])
    assert again["latency_ms"] < 10_000.0
