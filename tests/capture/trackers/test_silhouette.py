"""Test a body model without its mask: less work, bit-identical bodies."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import flatbuffers
import numpy as np
import pytest

from renderer.capture.sources.open import open_source
from renderer.capture.trackers.library import schema
from renderer.capture.trackers.mediapipe import PoseTask
from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.silhouette import remove_silhouette
from renderer.errors import CaptureError

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "performance.mp4"
NETWORK = "pose_landmarks_detector.tflite"


def graph_of(task: bytes) -> schema.SubGraphT:
    with zipfile.ZipFile(io.BytesIO(task)) as file:
        network = file.read(NETWORK)
    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0)).subgraphs[0]


def test_bodies_are_the_same_to_the_bit(models: Path) -> None:
    full = load_model("pose", models)
    source = open_source(str(DEMO))
    with PoseTask(full) as stock, PoseTask(remove_silhouette(full)) as slim:
        for frame, _ in zip(source.frames(), range(12), strict=False):
            t_ms = frame.t_seen_ns // 10**6
            one, other = stock.find(frame.pixels, t_ms), slim.find(frame.pixels, t_ms)
            assert one is not None
            assert other is not None
            for name in ("points", "world", "visibility"):
                assert np.array_equal(getattr(one, name), getattr(other, name)), name
    source.close()


def test_only_what_led_to_the_mask_is_gone(models: Path) -> None:
    full = graph_of(load_model("pose", models))
    slim = graph_of(remove_silhouette(load_model("pose", models)))
    assert len(slim.outputs) == len(full.outputs) == 5
    made = {int(tensor) for operator in slim.operators for tensor in operator.outputs}
    kept = [int(tensor) for number, tensor in enumerate(full.outputs) if number != 2]
    assert made.issuperset(kept)
    assert int(full.outputs[2]) not in made
    # Every remaining output is used.
    used = {int(tensor) for operator in slim.operators for tensor in operator.inputs}
    assert made <= used | {int(tensor) for tensor in slim.outputs}


def test_another_network_is_refused_in_a_sentence() -> None:
    model = schema.ModelT()
    graph = schema.SubGraphT()
    graph.outputs, graph.inputs, graph.tensors, graph.operators = [], [], [], []
    model.subgraphs, model.operatorCodes, model.buffers = [graph], [], []
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    task = io.BytesIO()
    with zipfile.ZipFile(task, "w") as file:
        file.writestr(NETWORK, bytes(builder.Output()))
    with pytest.raises(CaptureError, match="0 outputs"):
        remove_silhouette(task.getvalue())
