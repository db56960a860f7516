"""Recordings that the tests of the learned models share."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.bench.priors.recordings import Recording, own_recordings


@pytest.fixture(scope="session")
def own() -> list[Recording]:
    """The project's own choreography."""
    return own_recordings()


@pytest.fixture(scope="session")
def short(own: list[Recording]) -> Recording:
    """Four seconds of it."""
    dance = own[0]
    return Recording(
        dance.name,
        dance.person,
        np.ascontiguousarray(dance.rotations[300:420]),
        np.ascontiguousarray(dance.root[300:420]),
        dance.sha256,
    )
