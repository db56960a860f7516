"""Check the program's own parts: OpenGL, encoder, models, calibrated faces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from renderer.tools.doctor.records import Finding, Verdict

SOFTWARE_ENCODER: Final = "libx264"
_DEVICES: Final = Path("/dev/dri")
"""Folder of the device files of GPUs on Linux."""


def check_graphics() -> Iterator[Finding]:
    """Yield the OpenGL renderer.

    Raises:
        GraphicsError: there is no suitable OpenGL.
    """
    from renderer.graphics.gpu.context import open_context

    context, adapter = open_context()
    context.release()
    text = f"{adapter.name}, OpenGL {adapter.version}"
    if adapter.is_software:
        yield Finding(
            "Graphics",
            Verdict.WARNING,
            f"{text}, in software: pictures are small and slow",
            "install a GPU and its driver for live shows",
        )
    else:
        yield Finding("Graphics", Verdict.OK, f"{text}, on the GPU")


def check_encoder() -> Iterator[Finding]:
    """Yield the encoder that a media process selects, and a GPU's encoder that it cannot use.

    Raises:
        OutputError: it does not start.
    """
    from renderer.output.media import MediaProcess

    media = MediaProcess(640, 360, 30, live=True)
    media.start()
    media.finish()
    yield Finding("Video encoder", Verdict.OK, media.encoder)
    if media.encoder == SOFTWARE_ENCODER and (device := _find_render_node()):
        yield Finding(
            "Video encoder",
            Verdict.WARNING,
            f"the GPU at {device} may encode by VAAPI, which PyAV cannot give pictures to; the "
            "processor encodes",
            "use a GPU whose encoder is NVENC, Quick Sync or AMF, or a smaller picture",
        )


def _find_render_node() -> str:
    """Return the device file of a GPU that Mesa's VAAPI drivers use; empty if there is none."""
    return next((str(path) for path in sorted(_DEVICES.glob("renderD*"))), "")


def check_models() -> Iterator[Finding]:
    """Yield the tracking models, each verified by its hash.

    Raises:
        SetupError: one is missing or corrupt.
    """
    from renderer.capture.trackers.models import model_path, read_manifest

    names = ", ".join(model_path(model.name).name for model in read_manifest().models)
    yield Finding("Tracking models", Verdict.OK, names)


def check_faces() -> Iterator[Finding]:
    """Yield the names of the calibrated faces.

    Raises:
        MotionError: one of them cannot be read.
    """
    from renderer.motion.face.calibration_store import (
        list_performers,
        load_profile,
        performers_folder,
        profile_path,
    )
    from renderer.rights.takes.personal_files import is_encrypted

    names = list_performers()
    kept = []
    for name in names:
        # One that is encrypted for its performer's consent is not opened, which takes a passphrase.
        is_sealed = is_encrypted(profile_path(name).read_bytes())
        if not is_sealed:
            load_profile(name)
        kept.append(f"{name} (encrypted)" if is_sealed else name)
    text = ", ".join(kept) or f"none in {performers_folder()}; encore calibrate makes one"
    yield Finding("Calibrated faces", Verdict.OK, text)
