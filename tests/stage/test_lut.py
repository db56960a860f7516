"""Test reading looks, and one-sentence errors of invalid files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.errors import StageError
from renderer.stage.lut import Cdl, load_cube

POINTS = "\n".join(f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1))
CUBE = f'# made by hand\nTITLE "Two points"\n\nLUT_3D_SIZE 2\n{POINTS}\n'


def read(folder: Path, text: str | bytes) -> np.ndarray:
    file = folder / "look.cube"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_cube(file).table


def test_red_changes_fastest(tmp_path: Path) -> None:
    table = read(tmp_path, CUBE)
    blue, green, red = np.meshgrid((0, 1), (0, 1), (0, 1), indexing="ij")
    assert np.array_equal(table, np.stack((red, green, blue), axis=-1))


def test_title_and_domain_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "look.cube"
    file.write_text(
        CUBE.replace("LUT_3D_SIZE", "DOMAIN_MIN -1 0 0\nDOMAIN_MAX 1 2 1.5\nLUT_3D_SIZE")
    )
    look = load_cube(file)
    assert (look.name, look.low, look.high) == ("Two points", (-1, 0, 0), (1, 2, 1.5))
    file.write_text(CUBE.replace("LUT_3D_SIZE", "LUT_3D_INPUT_RANGE 0.1 0.9\nLUT_3D_SIZE"))
    assert load_cube(file).low == (0.1,) * 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "LUT_3D_SIZE"),
        (POINTS, "before its values"),
        (CUBE.replace("SIZE 2", "SIZE 3"), "8 lines of values, and LUT_3D_SIZE 3 asks for 27"),
        (CUBE + "0 0 0\n", "line 13 is beyond"),
        (CUBE.replace("SIZE 2", "SIZE 1"), "2 to 129"),
        (CUBE.replace("SIZE 2", "SIZE 999999999999"), "2 to 129"),
        (CUBE.replace("SIZE 2", "SIZE ²"), "2 to 129"),
        (CUBE.replace("1 1 1", "1 1 nan"), "not finite"),
        (CUBE.replace("1 1 1", "1 1 1e30"), "far outside"),
        (CUBE.replace("1 1 1", "1 1"), "not three numbers"),
        (CUBE.replace("LUT_3D_SIZE", "DOMAIN_MAX 0 1 1\nLUT_3D_SIZE"), "domain"),
        (CUBE.replace("LUT_3D_SIZE 2", "LUT_1D_SIZE 8"), "one-dimensional"),
        ("<html>not a look</html>", "no .cube file has"),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(StageError, match=reason):
        read(tmp_path, text)


def test_absent_and_huge_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="cannot be read"):
        load_cube(tmp_path / "absent.cube")
    with pytest.raises(StageError, match="cannot be read"):
        load_cube(tmp_path)
    huge = tmp_path / "huge.cube"
    with huge.open("wb") as file:
        file.truncate(1 << 31)
    with pytest.raises(StageError, match="bytes"):
        load_cube(huge)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cut=st.integers(0, len(CUBE)),
    put=st.one_of(
        st.binary(max_size=12), st.sampled_from([b"inf ", b"\n\n", b"-", b"\x00", b"1e999"])
    ),
)
def test_damaged_files_are_read_or_refused(tmp_path: Path, cut: int, put: bytes) -> None:
    whole = CUBE.encode()
    try:
        table = read(tmp_path, whole[:cut] + put + whole[cut + len(put) :])
    except StageError:
        return
    assert np.isfinite(table).all()


@pytest.mark.parametrize(
    "values",
    [
        {"slope": (-1.0, 1.0, 1.0)},
        {"power": (1.0, 0.0, 1.0)},
        {"offset": (float("nan"), 0.0, 0.0)},
        {"saturation": -0.1},
    ],
)
def test_values_that_no_decision_list_has_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(StageError, match="decision list"):
        Cdl(**values)  # type: ignore[arg-type]
