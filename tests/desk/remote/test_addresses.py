"""Test that the addresses given to the crew can be reached."""

from __future__ import annotations

from renderer.desk.remote.addresses import order_hosts, reachable_hosts


def test_an_address_of_one_network_is_told_as_it_is() -> None:
    assert reachable_hosts("192.168.1.5") == ["192.168.1.5"]
    assert reachable_hosts("fd00::1") == ["[fd00::1]"]


def test_all_addresses_are_told_one_by_one() -> None:
    for bind in ("0.0.0.0", "::"):
        hosts = reachable_hosts(bind)
        assert hosts and bind not in hosts and f"[{bind}]" not in hosts


def test_private_networks_come_first_and_what_nobody_reaches_is_left_out() -> None:
    found = ["127.0.0.1", "8.8.4.4", "169.254.3.4", "00:1a:2b:3c:4d:5e", "10.0.0.7", "fe80::1"]
    assert order_hosts(found, 4) == ["10.0.0.7", "8.8.4.4"]
    assert order_hosts([*found, "fd00::2"], 6) == ["fd00::2"]
