"""List this machine's network addresses, and whether the trackers' ports are free."""

from __future__ import annotations

import socket
from typing import Final

import psutil

from renderer.capture.network import ifacialmocap, live_link, vmc
from renderer.tools.devices.records import Device, DeviceSection, DeviceState

TRACKER_PORTS: Final = (
    ("Live Link Face", "--face livelink", live_link.PORT),
    ("iFacialMocap", "--face ifacialmocap", ifacialmocap.PORT),
    ("VMC, a suit or another program", "--body vmc", vmc.PORT),
)
"""Trackers, the options that listen for them, and their usual UDP ports."""


def list_addresses() -> DeviceSection:
    """Return the addresses at which phones, suits and viewers can reach this machine."""
    states = psutil.net_if_stats()
    listed = [
        Device(f"{address.address.partition('%')[0]} on {name}", details=_link(states[name].speed))
        for name, addresses in psutil.net_if_addrs().items()
        if name in states and states[name].isup
        for address in addresses
        if address.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address.address)
    ]
    note = (
        "Give these to phones and suits, and name theirs by --allow ADDRESS."
        if listed
        else "None: phones, suits and streams reach this machine only over a network."
    )
    return DeviceSection("addresses", "Network addresses", tuple(listed), note)


def list_tracker_ports() -> DeviceSection:
    """Return the trackers' usual ports and whether each is free."""
    listed = []
    for name, option, port in TRACKER_PORTS:
        if is_udp_port_free(port):
            listed.append(Device(f"{name}, UDP {port}", f"{option}:{port}"))
            continue
        by = _user_of(port)
        details = (f"open in {by}" if by else "open in another program", "take another port")
        device = Device(f"{name}, UDP {port}", f"{option}:{port}", DeviceState.TAKEN, details)
        listed.append(device)
    return DeviceSection("tracker_ports", "Ports of trackers", tuple(listed))


def is_udp_port_free(port: int) -> bool:
    """Return whether a UDP port can be bound on every address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def _link(speed: int) -> tuple[str, ...]:
    """Return the link speed as a detail; empty if the system does not report it (0)."""
    return (f"{speed} Mbit/s",) if speed else ()


def _is_local(address: str) -> bool:
    """Return whether an address is valid only on this machine or this link."""
    return address == "::1" or address.startswith(("127.", "fe80:", "169.254."))


def _user_of(port: int) -> str:
    """Return the program that listens on a UDP port; empty if this user may not see it."""
    try:
        for one in psutil.net_connections("udp"):
            if one.laddr and one.laddr[1] == port and one.pid:
                return f"{psutil.Process(one.pid).name()} (process {one.pid})"
    except psutil.Error:
        pass
    return ""
