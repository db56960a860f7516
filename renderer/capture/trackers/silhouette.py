"""The body's model without the silhouette that it draws and nobody looks at.

The network that finds a body's landmarks ends in five outputs. One is a mask of the body, a quarter
of a megapixel through convolutions of its own: a third of the whole network's time, paid even where
the mask is thrown away. Every other output is computed from what comes before, so the layers that
lead to the mask alone can go, and all that is left comes out the same to the bit.

Fetched models stay as their maker signed them (models.py); this is done to the bytes in memory.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

import flatbuffers
from mediapipe.tasks.metadata import schema_py_generated as schema

from renderer.errors import CaptureError

_NETWORK: Final = "pose_landmarks_detector.tflite"
_IDENTIFIER: Final = b"TFL3"
_OUTPUTS: Final = 5
_PRESENCE, _MASK = 1, 2
"""Which outputs tell whether there is a body, one number, and its mask."""


def without_silhouette(model: bytes) -> bytes:
    """A pose landmarker's task file whose network makes no mask.

    The landmarker asks for its outputs by number, so the mask's place is taken by the one number of
    the presence. It must not be asked for masks.

    Args:
        model: the task file, a zip of networks.

    Raises:
        CaptureError: its network is not the one that this was written for.
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
    """The numbers of the operators that lead to these tensors."""
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
