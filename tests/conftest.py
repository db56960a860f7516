"""What every test may ask for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

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
