"""Fixture: a show's machine and others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from machine_studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    opened = Studio(tmp_path)
    yield opened
    opened.close()
