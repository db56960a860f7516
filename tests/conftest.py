"""What every test may ask for."""

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

# Tests are no package; what these share is a module beside them.
sys.path.append(str(Path(__file__).parent))

from difference_table import pytest_terminal_summary as pytest_terminal_summary
from leftovers import look, wait_for_leftovers

# A division by zero or a NaN that is made is a fault. What underflows becomes zero, as it should.
np.seterr(all="raise", under="ignore")
# In the processes that tests start, NumPy warns of the same; this makes the warning an exception.
os.environ["PYTHONWARNINGS"] = "error::RuntimeWarning"


@pytest.fixture(scope="session", autouse=True)
def logs() -> Iterator[Path]:
    """A folder for log files of the commands and processes that tests start."""
    with tempfile.TemporaryDirectory(prefix="encore-logs-") as folder:
        before = os.environ.get("ENCORE_LOGS")
        os.environ["ENCORE_LOGS"] = folder
        yield Path(folder)
        if before is None:
            del os.environ["ENCORE_LOGS"]
        else:
            os.environ["ENCORE_LOGS"] = before


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fail a test that leaves threads, child processes, sockets or shared memory behind."""
    before = look()
    yield
    left = wait_for_leftovers(before)
    assert not left, f"the test left behind: {'; '.join(left)}"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real video, avatars and songs that lie beside a developer's checkout, never in it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the tracking models."""
    folder = models_folder()
    try:
        fetch_models(folder, lambda line: None)
    except SetupError as error:
        pytest.skip(f"no tracking models: {error}")
    return folder


@pytest.fixture(scope="session")
def dancer(shared_data: Path) -> Path:
    """A dancer from head to foot, facing the camera, arms hanging, for the first two seconds."""
    return shared_data / "video" / "dancer.avi"
