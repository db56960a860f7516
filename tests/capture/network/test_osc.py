"""Test Open Sound Control."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.capture.network.osc import Message, bundle, message, read_elements
from renderer.capture.network.packets import PacketError

singles = st.floats(width=32, allow_nan=False)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)


def split(datagram: bytes) -> tuple[list[Message], list[str]]:
    """Return the messages of a datagram, and the faults of its other elements."""
    elements = list(read_elements(datagram))
    faults = [str(element) for element in elements if isinstance(element, PacketError)]
    return [element for element in elements if not isinstance(element, PacketError)], faults


@given(st.lists(st.integers(-(2**31), 2**31 - 1) | singles | texts, max_size=6))
def test_what_is_written_is_read(arguments: list[int | float | str]) -> None:
    data = message("/a/b", *arguments)
    assert len(data) % 4 == 0
    assert split(data) == ([("/a/b", arguments)], [])


def test_bundles_may_be_nested() -> None:
    inner = bundle([message("/b", 2), message("/c", "x")])
    read = split(bundle([message("/a", 1.5), inner]))
    assert read == ([("/a", [1.5]), ("/b", [2]), ("/c", ["x"])], [])


@pytest.mark.parametrize("depth", [5, 50, 3000])
def test_bundles_that_never_end_are_refused(depth: int) -> None:
    data = message("/a")
    for _ in range(depth):
        data = bundle([data])
    assert split(bundle([data, message("/b")])) == (
        [("/b", [])],
        ["an OSC bundle lies too deep within others"],
    )


def test_every_type_of_the_standard_is_read() -> None:
    data = b"/x\0\0,ihdTFNbtrmI\0\0\0\0" + struct.pack(">iqd", 1, 2, 0.5)
    data += struct.pack(">i", 3) + b"abc\0" + struct.pack(">QII", 9, 7, 8)
    ((_, arguments),), faults = split(data)
    assert arguments == [1, 2, 0.5, True, False, None, b"abc", 9, 7, 8, float("inf")]
    assert not faults


def test_arrays_are_read_as_lists() -> None:
    data = b"/x\0\0,i[f[i]]T\0\0\0" + struct.pack(">ifi", 1, 0.5, 2)
    assert split(data) == ([("/x", [1, [0.5, [2]], True])], [])


@pytest.mark.parametrize("tags", [b",[ff", b",ff]", b",[[[[[ff]]]]]", b",q"])
def test_arrays_without_an_end_and_unknown_types_are_refused(tags: bytes) -> None:
    data = b"/x\0\0" + tags + b"\0" * (4 - len(tags) % 4) + struct.pack(">ff", 1, 2)
    messages, faults = split(data)
    assert not messages and len(faults) == 1


BAD = {
    "another protocol": b"hello   ",
    "not UTF-8": b"/\xff\xfe\0,i\0\0\0\0\0\1",
    "unknown type": b"/a\0\0,q\0\0\0\0\0\1",
    "cut off": b"/a\0\0,ii\0\0\0\0\1",
    "bytes without end": b"/a\0\0,b\0\0\xff\xff\xff\xff",
    "odd length": b"/ab",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_element_costs_itself_alone(name: str) -> None:
    data = bundle([message("/a", 1), BAD[name], bundle([BAD[name], message("/b", 2)])])
    messages, faults = split(data)
    assert messages == [("/a", [1]), ("/b", [2])]
    assert len(faults) == 2


@pytest.mark.parametrize("length", [-4, -(2**31), 2**31 - 1, 4000])
def test_a_length_that_is_wrong_costs_what_follows_it(length: int) -> None:
    last = message("/b", 2)
    data = bundle([message("/a", 1), last])
    at = len(data) - len(last)
    data = data[: at - 4] + struct.pack(">i", length) + data[at:]
    assert split(data) == ([("/a", [1])], ["an OSC bundle ends within a message"])


def test_a_fault_shows_no_more_of_a_message_than_fits_a_line() -> None:
    data = message("/a\n\x1b[31m" + "x" * 30_000)[:-4] + b"iiii"
    (fault,) = split(data)[1]
    assert fault.isprintable() and len(fault) < 100


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    for start in (b"", b"/a\0\0,", b"#bundle\0", b"#bundle\0\0\0\0\0\0\0\0\1"):
        for element in read_elements(start + data):
            assert isinstance(element, tuple | PacketError)
