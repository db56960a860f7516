"""Fixtures and checks for every test."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from renderer.capture.trackers.models import fetch_models, models_folder
from renderer.errors import SetupError

# Tests are not a package; shared helpers are modules in this folder.
sys.path.append(str(Path(__file__).parent))

from difference_table import pytest_terminal_summary as pytest_terminal_summary
from leftovers import look, wait_for_leftovers

# A division by zero or a NaN that is produced is a fault. Underflow to zero is fine.
np.seterr(all="raise", under="ignore")
# In processes started by tests NumPy warns instead; this makes the warning an exception.
os.environ["PYTHONWARNINGS"] = "error::RuntimeWarning"


@pytest.fixture(scope="session", autouse=True)
def logs() -> Iterator[Path]:
    """Yield a folder for log files of the commands and processes that tests start."""
    with tempfile.TemporaryDirectory(prefix="encore-logs-", ignore_cleanup_errors=True) as folder:
        before = os.environ.get("ENCORE_LOGS")
        os.environ["ENCORE_LOGS"] = folder
        yield Path(folder)
        if before is None:
            del os.environ["ENCORE_LOGS"]
        else:
            os.environ["ENCORE_LOGS"] = before


@pytest.fixture(scope="session", autouse=True)
def user_data() -> Iterator[Path]:
    """Yield a folder for what the program keeps of a user, such as records of shows."""
    with tempfile.TemporaryDirectory(prefix="encore-data-") as folder:
        before = os.environ.get("ENCORE_DATA")
        os.environ["ENCORE_DATA"] = folder
        yield Path(folder)
        if before is None:
            del os.environ["ENCORE_DATA"]
        else:
            os.environ["ENCORE_DATA"] = before


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fail a test that leaves threads, child processes, sockets or shared memory behind."""
    before = look()
    yield
    left = wait_for_leftovers(before)
    assert not left, f"the test left behind: {'; '.join(left)}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real videos, avatars and songs beside a checkout; skip if missing."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def models() -> Path:
    """Return the folder of the tracking models."""
    folder = models_folder()
    try:
        fetch_models(folder, lambda line: None)
    except SetupError as error:
        pytest.skip(f"no tracking models: {error}")
    return folder


@pytest.fixture(scope="session")
def dancer(shared_data: Path) -> Path:
    """Return a video of a dancer, full body, facing the camera, arms down for two seconds."""
    return shared_data / "video" / "dancer.avi"
