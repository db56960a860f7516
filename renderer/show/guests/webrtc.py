"""Configure WebRTC: the crew's servers, and no address that the show does not listen on."""

from __future__ import annotations

import ipaddress
from typing import Final

from aiortc import RTCConfiguration, RTCIceServer

from renderer.errors import CaptureError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_SCHEMES: Final = ("stun", "stuns", "turn", "turns")


def configuration(servers: tuple[str, ...]) -> RTCConfiguration:
    """Return a configuration with these servers alone; the library's default is a public one.

    Args:
        servers: stun:HOST:PORT, or turn:USER:PASSWORD@HOST:PORT.

    Raises:
        CaptureError: one is written otherwise.
    """
    return RTCConfiguration(iceServers=[_parse(one) for one in servers])


def limit_addresses(bind: Address) -> None:
    """Offer only one address of this machine in this process; all of them if it is unspecified.

    aioice gathers every address except loopback and has no setting for it. An address of a network
    that the show does not use would be a fact about the machine that nobody needs.
    """
    if bind.is_unspecified:
        return
    import aioice.ice

    is_4 = bind.version == 4

    def own_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return [str(bind)] if (use_ipv4 if is_4 else use_ipv6) else []

    aioice.ice.get_host_addresses = own_addresses


def _parse(text: str) -> RTCIceServer:
    scheme, _, rest = text.partition(":")
    account, _, host = rest.rpartition("@")
    if scheme not in _SCHEMES or not host:
        raise CaptureError(
            f"The server {text}",
            "is none for WebRTC",
            "write stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT",
        )
    if not account:
        return RTCIceServer(f"{scheme}:{host}")
    user, _, password = account.partition(":")
    return RTCIceServer(f"{scheme}:{host}", username=user, credential=password)
