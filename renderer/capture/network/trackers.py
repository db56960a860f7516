"""Create network trackers by name: `livelink:11111`, `ifacialmocap:49983`, `vmc:39539`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from renderer.capture.network import ifacialmocap, live_link, vmc
from renderer.capture.network.allow import AllowList
from renderer.capture.network.receiver import Hello, NetworkTracker
from renderer.errors import CaptureError

FACE_TRACKERS: Final = ("livelink", "ifacialmocap", "vmc")
BODY_TRACKERS: Final = ("vmc",)

_PORTS: Final = {
    "livelink": live_link.PORT,
    "ifacialmocap": ifacialmocap.PORT,
    "vmc": vmc.PORT,
}


def parse_tracker(spec: str, kinds: tuple[str, ...] = FACE_TRACKERS) -> tuple[str, int]:
    """Return a tracker's protocol and port.

    Args:
        spec: the protocol, with the port if it is not the default: `livelink:11111`.
        kinds: the accepted protocols, FACE_TRACKERS or BODY_TRACKERS.

    Raises:
        CaptureError: the spec is not a tracker of these kinds.
    """
    kind, _, port = spec.partition(":")
    number = port or str(_PORTS.get(kind, 0))
    if kind not in kinds or not (number.isascii() and number.isdecimal()):
        usual = " or ".join(f"{name}:{_PORTS[name]}" for name in kinds)
        raise CaptureError(f"Tracker {spec}", "is not one of this kind", f"write {usual}")
    return kind, int(number)


def open_tracker(
    spec: str, allowed: Iterable[str] = (), kinds: tuple[str, ...] = FACE_TRACKERS
) -> NetworkTracker:
    """Start to listen for a network tracker.

    Args:
        spec: the tracker, see parse_tracker.
        allowed: addresses or networks that may send, in addition to this machine; if empty, only
            loopback is bound.
        kinds: the accepted protocols, FACE_TRACKERS or BODY_TRACKERS.

    Raises:
        CaptureError: the spec or an address is invalid, or the port cannot be bound.
    """
    kind, port = parse_tracker(spec, kinds)
    listen = AllowList(allowed)
    name = f"{kind}:{port}"
    if kind == "livelink":
        return NetworkTracker(name, port, live_link.LiveLinkDecoder, listen)
    if kind == "ifacialmocap":
        decoder = ifacialmocap.FacialMocapDecoder
        # After a hello the app sends to this port; another port is configured in the app by hand.
        greets = port == ifacialmocap.PORT
        hello = Hello(ifacialmocap.HELLO, ifacialmocap.PORT) if greets else None
        return NetworkTracker(name, port, decoder, listen, hello)
    return NetworkTracker(name, port, vmc.VmcDecoder, listen)
