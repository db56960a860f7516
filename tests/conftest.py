"""What every test may ask for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from renderer.capture.trackers.models import fetch_models, models_folder
from renderer.errors import SetupError

# Tests are no package; what these share is a module beside them.
sys.path.append(str(Path(__file__).parent))

from difference_table import pytest_terminal_summary as pytest_terminal_summary


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
