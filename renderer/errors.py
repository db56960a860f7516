"""One error class per room, all of one family; each message is one sentence."""

from __future__ import annotations

from avatars.errors import AvatarError, RendererError

__all__ = [
    "AvatarError",
    "CaptureError",
    "DeskError",
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
    """A camera, a video or a tracking model that cannot be used."""


class MotionError(RendererError):
    """A take, a motion file or a measurement that cannot be read or made."""


class StageError(RendererError):
    """A set, prop or light that cannot be read."""


class GraphicsError(RendererError):
    """No usable OpenGL, or a GPU fault."""


class OutputError(RendererError):
    """An encoder, file or stream that cannot be written."""


class RightsError(RendererError):
    """Something that a licence or a consent does not allow."""


class ShowError(RendererError):
    """A show that cannot start or go on as asked."""


class DeskError(RendererError):
    """A desk that cannot open its window or find its engine."""


class SetupError(RendererError):
    """A missing model, package or system library."""


class UsageError(RendererError):
    """Words of the command line that cannot be understood."""
