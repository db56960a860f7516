"""Error classes, one per package, all derived from RendererError; each message is one sentence."""

from __future__ import annotations

from avatars.errors import AvatarError, RendererError

__all__ = [
    "AvatarError",
    "CaptureError",
    "DeskError",
    "EncoderError",
    "GpuLostError",
    "GraphicsError",
    "MotionError",
    "OutputError",
    "RendererError",
    "RightsError",
    "SetupError",
    "ShowError",
    "StageError",
    "UsageError",
]


class CaptureError(RendererError):
    """A camera, video or tracking model cannot be used."""


class MotionError(RendererError):
    """A take, motion file or measurement cannot be read or computed."""


class StageError(RendererError):
    """A set, prop or light cannot be read."""


class GraphicsError(RendererError):
    """OpenGL is not usable, or the GPU reported a fault."""


class GpuLostError(GraphicsError):
    """The GPU draws no more; the processor may."""


class OutputError(RendererError):
    """An encoder, file or stream cannot be written."""


class EncoderError(OutputError):
    """The encoder in use keeps failing; another one may work."""


class RightsError(RendererError):
    """A licence or a consent does not allow the operation."""


class ShowError(RendererError):
    """A show cannot start or continue as requested."""


class DeskError(RendererError):
    """The desk cannot open its window or connect to its engine."""


class SetupError(RendererError):
    """A model, package or system library is missing."""


class UsageError(RendererError):
    """The command line cannot be parsed."""
