"""Remove the unused segmentation mask from the pose model.

The pose landmark network has five outputs. One is a segmentation mask of a quarter of a megapixel
with convolution layers of its own: a third of the network's run time, even if the mask is
discarded. No other output depends on these layers, so they can be removed and the other outputs
stay bit-identical.

The files on disk stay unchanged, so that their hashes hold (models.py); only the bytes in memory
are edited.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

import flatbuffers

from renderer.capture.trackers.library import schema
from renderer.errors import CaptureError

_NETWORK: Final = "pose_landmarks_detector.tflite"
_IDENTIFIER: Final = b"TFL3"
_OUTPUTS: Final = 5
_PRESENCE, _MASK = 1, 2
"""Indices of the outputs for the presence of a body, a scalar, and for its mask."""


def remove_silhouette(model: bytes) -> bytes:
    """Return a pose landmarker's task file without the layers of the segmentation mask.

    The landmarker reads outputs by index, so the mask's index is redirected to the presence scalar.
    The resulting model must not be used with segmentation masks enabled.

    Args:
        model: the task file, a zip of networks.

    Raises:
        CaptureError: the network does not have the expected outputs.
    """
    slim = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(model)) as full, zipfile.ZipFile(slim, "w") as file:
        for entry in full.infolist():
            network = full.read(entry)
            file.writestr(entry, _prune(network) if entry.filename == _NETWORK else network)
    return slim.getvalue()


def _prune(network: bytes) -> bytes:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(network, 0))
    graph = model.subgraphs[0]
    outputs = list(graph.outputs)
    if len(outputs) != _OUTPUTS or len(graph.tensors[outputs[_MASK]].shape) != 4:
        raise CaptureError(
            "the body's tracking model",
            f"has {len(outputs)} outputs, and no mask where one was expected",
            "fetch the models of the manifest again: python -m renderer.capture.trackers.models",
        )
    outputs[_MASK] = outputs[_PRESENCE]
    graph.outputs = outputs
    needed = _find_needed(graph, outputs)
    graph.operators = [op for number, op in enumerate(graph.operators) if number in needed]
    builder = flatbuffers.Builder(len(network))
    builder.Finish(model.Pack(builder), _IDENTIFIER)
    return bytes(builder.Output())


def _find_needed(graph: Any, outputs: list[int]) -> set[int]:
    """Return the indices of the operators on which these tensors depend."""
    makers = {
        int(tensor): number
        for number, operator in enumerate(graph.operators)
        for tensor in operator.outputs
    }
    needed: set[int] = set()
    waiting = list(outputs)
    while waiting:
        maker = makers.get(int(waiting.pop()))
        if maker is not None and maker not in needed:
            needed.add(maker)
            waiting += list(graph.operators[maker].inputs)
    return needed
