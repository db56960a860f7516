"""Benchmark of the face solver against labels of real frames: `encore bench faces`."""

from renderer.bench.faces.labels import Label, find_clips, read_labels
from renderer.bench.faces.report import FacesReport
from renderer.bench.faces.run import run_faces_bench

__all__ = ["FacesReport", "Label", "find_clips", "read_labels", "run_faces_bench"]
