"""Test receiving on a real socket, with unknown senders and floods."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from renderer.capture.network.allow import AllowList
from renderer.capture.network.live_link import LiveLinkDecoder
from renderer.capture.network.osc import bundle, message
from renderer.capture.network.receiver import KEPT, Hello, NetworkTracker, TrackerStatus
from renderer.capture.network.records import Tracked
from renderer.capture.network.trackers import BODY_TRACKERS, open_tracker
from renderer.capture.network.vmc import VmcDecoder
from renderer.errors import CaptureError

Maker = Callable[..., bytes]
HERE = ("127.0.0.1", 5000)


@pytest.fixture
def tracker() -> Iterator[NetworkTracker]:
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList(["10.1.2.0/24"])) as out:
        yield out


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    assert condition()


def test_packets_become_records(tracker: NetworkTracker, live_link_packet: Maker) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        for k in range(5):
            phone.sendto(live_link_packet(k), ("127.0.0.1", tracker.port))
    seen: list[Tracked] = []

    def all_came() -> bool:
        seen.extend(tracker.drain())
        return len(seen) == 5

    wait_for(all_came)
    now = time.monotonic_ns()
    assert all(now - 10**10 < record.t_seen_ns <= now for record in seen)
    status = tracker.status
    assert (status.packets, status.sender, status.warnings) == (5, "127.0.0.1", [])


def test_nonsense_is_counted_and_the_rest_is_received(
    tracker: NetworkTracker, live_link_packet: Maker
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        for data in (b"", b"\0" * 9000, live_link_packet(1)[:-1], live_link_packet(2)):
            phone.sendto(data, ("127.0.0.1", tracker.port))
    wait_for(lambda: tracker.status.packets == 1)
    assert tracker.status.malformed == 3
    assert "malformed" in tracker.status.warnings[0]


def test_strangers_are_refused_and_reported(
    tracker: NetworkTracker, live_link_packet: Maker
) -> None:
    tracker.take(live_link_packet(1), "192.168.7.7", 5000, 0)
    tracker.take(live_link_packet(1), "10.1.2.9", 5000, 0)
    assert len(tracker.drain()) == 1
    assert tracker.status.refused == 1
    assert "192.168.7.7" in tracker.status.warnings[0]


def test_one_sender_at_a_time(tracker: NetworkTracker, live_link_packet: Maker) -> None:
    second = ("10.1.2.9", 6000)
    tracker.take(live_link_packet(100), *HERE, 0)
    tracker.take(live_link_packet(7), *second, 10_000_000)
    assert tracker.status.refused == 1
    # After a second of silence the other sender is accepted, on its own clock.
    tracker.take(live_link_packet(8), *second, 1_100_000_000)
    assert tracker.status.sender == "10.1.2.9"
    assert len(tracker.drain()) == 2
    tracker.take(live_link_packet(101), *HERE, 1_110_000_000)
    assert tracker.status.refused == 2


def test_replays_are_counted(tracker: NetworkTracker, live_link_packet: Maker) -> None:
    for frame, t_ns in ((1, 0), (2, 16_000_000), (1, 17_000_000), (2, 18_000_000)):
        tracker.take(live_link_packet(frame), *HERE, t_ns)
    assert tracker.status.stale == 2
    assert len(tracker.drain()) == 2


def test_unread_data_is_replaced_by_newer_data(
    tracker: NetworkTracker, live_link_packet: Maker
) -> None:
    for k in range(KEPT + 20):
        tracker.take(live_link_packet(k), *HERE, k * 16_666_667)
    records = tracker.drain()
    assert len(records) == KEPT
    assert tracker.status.dropped == 20
    assert records[-1].t_seen_ns > records[0].t_seen_ns


def test_a_taken_port_is_reported(tracker: NetworkTracker) -> None:
    with pytest.raises(CaptureError, match="cannot be listened on"):
        open_tracker(f"livelink:{tracker.port}")


@pytest.mark.parametrize("spec", ["", "phone", "livelink:", "livelink:x", "livelink:99999"])
def test_specs_that_name_no_tracker(spec: str) -> None:
    try:
        tracker = open_tracker(spec)
    except CaptureError:
        return
    tracker.close()
    assert spec == "livelink:"


def test_a_phone_is_no_body() -> None:
    with pytest.raises(CaptureError, match="vmc:39539"):
        open_tracker("livelink:11111", kinds=BODY_TRACKERS)


@pytest.mark.parametrize("address", ["my phone", "", "192.168.1.300", "10.0.0.0/40", "fe80::/200"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(CaptureError, match=r"192\.168\.1\.20"):
        AllowList([address])


@pytest.mark.parametrize(
    ("allowed", "inside", "outside"),
    [
        ("192.168.1.20", ["192.168.1.20", "::ffff:192.168.1.20"], ["192.168.1.21"]),
        ("192.168.1.20/24", ["192.168.1.1"], ["192.168.2.1", "::ffff:192.168.2.1"]),
        ("::ffff:10.0.0.0/104", ["10.1.2.3"], ["11.1.2.3", "::1.2.3.4"]),
        ("fd00::/8", ["fd12::1"], ["fe80::1", "10.0.0.1"]),
        ("fe80::1%eth0", ["fe80::1%eth0", "fe80::1"], ["fe80::2%eth0"]),
        ("::/0", ["2001:db8::1"], ["10.0.0.1"]),
    ],
)
def test_addresses_and_networks_of_both_versions_are_allowed(
    allowed: str, inside: list[str], outside: list[str]
) -> None:
    addresses = AllowList([allowed])
    assert all(one in addresses for one in (*inside, "127.0.0.1", "::1", "::ffff:127.0.0.1"))
    assert not any(one in addresses for one in (*outside, "no address"))
    assert outside[0] not in AllowList()


def heard_from(family: socket.AddressFamily, host: str, port: int, packet: bytes) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as phone:
        phone.sendto(packet, (host, port))


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
@pytest.mark.parametrize("allowed", [[], ["10.1.2.0/24"], ["fd00::/8"]])
def test_senders_of_both_versions_are_heard(
    family: socket.AddressFamily, host: str, allowed: list[str], live_link_packet: Maker
) -> None:
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList(allowed)) as tracker:
        heard_from(family, host, tracker.port, live_link_packet(1))
        wait_for(lambda: tracker.status.packets)
        assert tracker.status.sender == host


@pytest.mark.parametrize(
    ("allowed", "bound"),
    [
        ([], ("127.0.0.1", "::1")),
        (["127.0.0.2", "::1"], ("127.0.0.1", "::1")),
        (["10.1.2.3"], ("0.0.0.0", "::1")),
        (["fd00::/8"], ("127.0.0.1", "::")),
    ],
)
def test_only_what_is_allowed_is_bound_and_more_than_loopback_is_reported(
    allowed: list[str], bound: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList(allowed)) as tracker:
        assert tracker.addresses == bound
    is_wide = bound != ("127.0.0.1", "::1")
    said = [record.getMessage() for record in caplog.records]
    assert [allowed[0] in line and "every" in line for line in said] == [True] * is_wide


def test_a_machine_without_ipv6_receives_ipv4(
    live_link_packet: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.socket

    def ipv4_alone(family: socket.AddressFamily, *more: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        return real(family, *more)

    monkeypatch.setattr(socket, "socket", ipv4_alone)
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList()) as tracker:
        assert tracker.addresses == ("127.0.0.1",)
        heard_from(socket.AF_INET, "127.0.0.1", tracker.port, live_link_packet(1))
        wait_for(lambda: tracker.status.packets)


class FaultyDecoder(LiveLinkDecoder):
    """Has a bug that some datagrams trigger."""

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        if datagram == b"fault":
            raise ZeroDivisionError
        return super().decode(datagram, received_ns)


def test_a_decoder_s_own_fault_costs_the_datagram_alone(
    live_link_packet: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    with NetworkTracker("phone", 0, FaultyDecoder, AllowList()) as tracker:
        for k in range(3):
            for packet in (live_link_packet(k), b"fault"):
                tracker.take(packet, *HERE, k * 16_000_000)
        status = tracker.status
    assert (status.packets, status.malformed) == (3, 3)
    assert "ZeroDivisionError" in status.warnings[0]
    assert len(caplog.records) == 1


def test_a_thread_that_dies_is_reported(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def die(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("renderer.capture.network.receiver.Effort.rest", die)
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList()) as tracker:
        wait_for(lambda: tracker.status.failure)
        assert "phone is no longer heard: MemoryError" in tracker.status.warnings[0]
        assert not any(thread.name == "phone" for thread in threading.enumerate())
    assert caplog.records[0].levelno == logging.ERROR


def test_elements_that_were_left_out_are_counted_over_senders_and_reported() -> None:
    hips = message("/VMC/Ext/Bone/Pos", "Hips", 0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 1.0)
    packet = bundle(
        [hips, message("/foreign"), message("/VMC/Ext/Bone/Pos", "Tail", *(0.0,) * 6, 1.0)]
    )
    with NetworkTracker("suit", 0, VmcDecoder, AllowList()) as tracker:
        tracker.take(packet, *HERE, 0)
        tracker.take(packet, "::ffff:127.0.0.9", 7, 2_000_000_000)
        status = tracker.status
    assert (status.packets, status.skipped, status.malformed) == (2, 2, 0)
    assert status.sender == "127.0.0.9"
    left_out, unknown = status.warnings
    assert "2 elements" in left_out and "/foreign" in left_out
    assert "no bone is called Tail" in unknown


def test_a_phone_that_waits_to_be_greeted_is_greeted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.settimeout(10)
        phone.bind(("127.0.0.2", 0))
        allowed = AllowList(["127.0.0.2", "10.1.2.0/24"])
        greet = phone.getsockname()[1]
        with NetworkTracker(
            "phone", 0, LiveLinkDecoder, allowed, Hello(b"hello", greet)
        ) as tracker:
            data, sender = phone.recvfrom(100)
            assert (data, sender[1]) == (b"hello", tracker.port)


def test_a_tracker_reports_rejected_senders_until_one_is_accepted(
    live_link_packet: Maker,
) -> None:
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList()) as local:
        (warning,) = local.status.warnings
        assert "--allow" in warning
        local.take(live_link_packet(1), *HERE, 0)
        assert local.status.warnings == []
    with NetworkTracker("phone", 0, LiveLinkDecoder, AllowList(["10.0.0.1"])) as wide:
        assert wide.status.warnings == []


def test_a_flood_is_reported() -> None:
    (warning,) = TrackerStatus("livelink:11111", packets=9, rests=1).warnings
    assert warning.startswith("livelink:11111: more packets came")
