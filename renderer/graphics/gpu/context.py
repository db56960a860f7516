"""Create OpenGL contexts without a window, and identify their adapter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import moderngl

from renderer.errors import GraphicsError
from renderer.graphics.software import find_software_device, is_software_requested
from renderer.platform import PLATFORM

REQUIRED_VERSION: Final = 410
SOFTWARE: Final = ("llvmpipe", "softpipe", "swiftshader", "software rasterizer")


@dataclass(frozen=True, slots=True)
class Adapter:
    """The renderer's name and version, as the driver reports them."""

    name: str
    version: str

    @property
    def is_software(self) -> bool:
        """Return whether this is a software rasteriser."""
        return any(name in self.name.lower() for name in SOFTWARE)


def open_context() -> tuple[moderngl.Context, Adapter]:
    """Create an OpenGL 4.1 core context, current on this thread; the caller releases it.

    It uses the GPU if there is one, unless the process must not (`renderer.graphics.software`).

    Raises:
        GraphicsError: OpenGL is missing or too old.
    """
    options: dict[str, Any] = dict(PLATFORM.gl_context_options)
    if is_software_requested() and (device := find_software_device()) is not None:
        options["device_index"] = device
    try:
        context = moderngl.create_context(standalone=True, require=REQUIRED_VERSION, **options)
    # moderngl's backends raise bare Exception, and ImportError or OSError for a missing library.
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise GraphicsError(
            "OpenGL 4.1",
            f"no context could be opened ({reason})",
            "install a graphics driver, or Mesa to draw without a GPU (libegl1, libgl1-mesa-dri)",
        ) from error
    info = context.info
    return context, Adapter(info["GL_RENDERER"], info["GL_VERSION"])
