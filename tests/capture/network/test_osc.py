"""Open Sound Control."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.capture.network.osc import bundle, message, messages
from renderer.capture.network.packets import PacketError

singles = st.floats(width=32, allow_nan=False)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)


@given(st.lists(st.integers(-(2**31), 2**31 - 1) | singles | texts, max_size=6))
def test_what_is_written_is_read(arguments: list[int | float | str]) -> None:
    data = message("/a/b", *arguments)
    assert len(data) % 4 == 0
    assert list(messages(data)) == [("/a/b", arguments)]


def test_bundles_lie_in_bundles() -> None:
    inner = bundle([message("/b", 2), message("/c", "x")])
    read = list(messages(bundle([message("/a", 1.5), inner])))
    assert read == [("/a", [1.5]), ("/b", [2]), ("/c", ["x"])]


def test_bundles_that_never_end_are_refused() -> None:
    data = message("/a")
    for _ in range(50):
        data = bundle([data])
    with pytest.raises(PacketError):
        list(messages(data))


def test_every_type_of_the_standard_is_read() -> None:
    data = b"/x\0\0,ihdTFNbt\0\0\0" + struct.pack(">iqd", 1, 2, 0.5)
    data += struct.pack(">i", 3) + b"abc\0" + struct.pack(">Q", 9)
    assert list(messages(data)) == [("/x", [1, 2, 0.5, True, False, None, b"abc", 9])]


def test_what_stands_before_a_fault_is_read() -> None:
    data = bundle([message("/a", 1), message("/b", 2)])
    stream = messages(data[:-4])
    assert next(stream) == ("/a", [1])
    with pytest.raises(PacketError):
        next(stream)


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    for start in (b"", b"/a\0\0,", b"#bundle\0"):
        try:
            list(messages(start + data))
        except PacketError:
            continue
