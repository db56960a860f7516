"""Words for outputs, and what is shown of them."""

from __future__ import annotations

import pytest

from renderer.errors import OutputError
from renderer.output.spec import OutputSpec, parse_output


@pytest.mark.parametrize(
    ("word", "kind", "address"),
    [
        ("out.mp4", "mp4", "out.mp4"),
        ("/shows/a b/OUT.MP4", "mp4", "/shows/a b/OUT.MP4"),
        ("rtmp://host/app/key", "rtmp", "rtmp://host/app/key"),
        ("rtmps://host:443/app/key?x=1", "rtmp", "rtmps://host:443/app/key?x=1"),
        ("hls:watch", "hls", "watch"),
    ],
)
def test_every_kind_is_read(word: str, kind: str, address: str) -> None:
    assert parse_output(word) == OutputSpec(kind, address)


@pytest.mark.parametrize(
    "word",
    ["", "out.avi", "mp4", "hls:", "http://host/a.mp4", "rtmp://", "rtmp://host", "rtmp://host/app",
     "rtmp://host:port/app/key", "rtmp://host:99999/app/key", "rtmp:///app/key", "rtmp://[/a/b"],
)  # fmt: skip
def test_another_word_is_an_error_in_one_sentence(word: str) -> None:
    with pytest.raises(OutputError) as told:
        parse_output(word)
    assert "\n" not in str(told.value)


def test_a_stream_key_is_never_shown() -> None:
    spec = parse_output("rtmp://user:secret1@host:1936/app/secret2?auth=secret3")
    assert spec.shown == "rtmp://host:1936/app/…"
    assert "secret" not in spec.shown


def test_a_server_is_found_by_its_scheme() -> None:
    assert parse_output("rtmp://host/app/key").host == ("host", 1935)
    assert parse_output("rtmps://host/app/key").host == ("host", 443)
