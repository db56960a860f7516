"""Show the program as a camera of this machine, which other programs can open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from renderer.output.device_address import parse_virtual_camera
from renderer.output.encode.packets import EncodedPacket
from renderer.output.encode.raw_pictures import RawFormat
from renderer.output.sinks.transport import TransportError
from renderer.output.spec import OutputSpec

if TYPE_CHECKING:
    from renderer.processes.child import Child


class VirtualCameraTransport:
    """An open virtual camera; it has no sound.

    Args:
        device: its name; empty for the first one there is.
        pictures: format of what is sent.

    Raises:
        TransportError: there is no such camera.
    """

    def __init__(self, device: str, pictures: RawFormat) -> None:
        try:
            # An optional package, which only an output of this kind needs.
            import pyvirtualcam
        except ImportError as fault:
            raise TransportError(
                "virtual cameras need pyvirtualcam; install encore-renderer[vcam]"
            ) from fault
        try:
            self._camera: Any = pyvirtualcam.Camera(
                pictures.width, pictures.height, float(pictures.frame_rate),
                fmt=pyvirtualcam.PixelFormat.NV12, device=device or None,
            )  # fmt: skip
        except (RuntimeError, OSError) as fault:
            which = f"no virtual camera {device}" if device else "no virtual camera"
            lines = str(fault).strip().splitlines()
            raise TransportError(
                f"this machine has {which} ({lines[0] if lines else 'no reason given'}); on Linux "
                "load v4l2loopback, elsewhere install OBS"
            ) from fault

    def write(self, packet: EncodedPacket) -> bool:
        """Show a picture; see Transport."""
        if not packet.is_video:
            return False
        self._camera.send(np.frombuffer(packet.data, np.uint8))
        return True

    def still_s(self) -> float:
        """Return 0: nobody has to take the pictures."""
        return 0.0

    def take_keyframe_request(self) -> bool:
        """Return False: each picture stands by itself."""
        return False

    def close(self) -> None:
        """Close the camera."""
        self._camera.close()

    def discard(self) -> None:
        """Close the camera."""
        self._camera.close()


def connect(
    child: Child, spec: OutputSpec, header: bytes, is_first: bool
) -> VirtualCameraTransport:
    """Open a virtual camera; see `transport.Connect`."""
    del child, is_first
    return VirtualCameraTransport(parse_virtual_camera(spec.address).name, RawFormat.decode(header))
