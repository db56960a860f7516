"""Compare small solids with trimesh's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import trimesh

from renderer.graphics.drawables.solids import make_box, make_prism


def join(corners: npt.NDArray[np.float64]) -> trimesh.Trimesh:
    mesh = trimesh.Trimesh(corners.reshape(-1, 3), np.arange(3 * len(corners)).reshape(-1, 3))
    mesh.merge_vertices()
    return mesh


@pytest.mark.parametrize(
    ("corners", "other"),
    [
        (
            make_box((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),
            trimesh.creation.box(bounds=((3.5, 4.0, 4.5), (4.5, 6.0, 7.5))),
        ),
        (
            make_prism((-0.15, 0.35), 0.5, 10),
            trimesh.creation.cylinder(0.5, sections=10, segment=((0, 0, -0.15), (0, 0, 0.35))),
        ),
    ],
    ids=["box", "prism"],
)
def test_a_solid_is_closed_faces_outwards_and_is_that_of_trimesh(
    corners: npt.NDArray[np.float64], other: trimesh.Trimesh
) -> None:
    mesh = join(corners)
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(other.volume)
    assert len(mesh.faces) == len(other.faces)
    np.testing.assert_allclose(mesh.bounds, other.bounds, atol=1e-12)
    assert mesh.area == pytest.approx(other.area)
