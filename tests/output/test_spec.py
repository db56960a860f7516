"""Test the parsing of outputs, and their display."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import OutputError
from renderer.output.output_words import parse_output, parse_recording
from renderer.output.spec import OutputSpec, next_part, warn_of_typed_keys
from renderer.output.stream_address import StreamAddress, parse_stream


@pytest.mark.parametrize(
    ("word", "kind", "address"),
    [
        ("out.mp4", "mp4", "out.mp4"),
        ("/shows/a b/OUT.MP4", "mp4", "/shows/a b/OUT.MP4"),
        ("take 12:30.mp4", "mp4", "take 12:30.mp4"),
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
     "rtmp://host:port/app/key", "rtmp://host:99999/app/key", "rtmp:///app/key", "rtmp://[/a/b",
     "rtmp://host:0/app/key", "rtmp://host/app/", "rtmp://host/app?", "rtmp://host/app/?",
     "rtmp://::1/app/key", "rtmp://host/app/{env:}", "rtmp://host/app/{vault:x}",
     "rtmp://host/app/{env:X", "rtmp://ho st/app/key", "rtmp://host/a pp/key"],
)  # fmt: skip
def test_another_word_is_an_error_in_one_sentence(word: str) -> None:
    with pytest.raises(OutputError) as told:
        parse_output(word)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("word", "app", "key"),
    [
        ("rtmp://host/app/key", "app", "key"),
        ("RTMP://host/app/key", "app", "key"),
        ("rtmp://host//app//key", "app", "key"),
        ("rtmp://host/app/a/b/c", "app", "a/b/c"),
        ("rtmp://host/app/key?sig=a/b+c==&e=1", "app", "key?sig=a/b+c==&e=1"),
        ("rtmp://host/app/?streamname=s&key=k", "app", "?streamname=s&key=k"),
        ("rtmp://host/app?streamname=s&key=k", "app", "?streamname=s&key=k"),
        ("rtmp://host/live2?backup=1/key", "live2?backup=1", "key"),
        ("rtmp://host/app/stream@12:34#5", "app", "stream@12:34#5"),
        ("rtmp://host/app/inner/{env:K}", "app/inner", "{env:K}"),
        ("rtmp://host/app/{file:/my keys/k}", "app", "{file:/my keys/k}"),
        ("rtmp://host/app?n=s&key={env:K}", "app", "?n=s&key={env:K}"),
        ("rtmp://host/live2?backup=1/{env:K}", "live2?backup=1", "{env:K}"),
        ("rtmp://host/app/{env:K}?test=1", "app", "{env:K}?test=1"),
    ],
)
def test_a_key_is_all_that_follows_the_app(word: str, app: str, key: str) -> None:
    stream = parse_stream(word)
    assert (stream.scheme, stream.host, stream.app, stream.key) == ("rtmp", "host", app, key)


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\u00a0", "\x7f"])
def test_a_key_with_a_blank_is_refused_with_the_reason_but_not_the_key(blank: str) -> None:
    with pytest.raises(OutputError, match="has a blank in its key") as told:
        parse_output(f"rtmp://host/app/secret{blank}more")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("rtmp://user:secret1@host:1936/app/secret2?auth=secret3", "rtmp://host:1936/app/…"),
        ("rtmp://host/app?key=secret", "rtmp://host/app/…"),
        ("rtmp://host/app?t=secret/secret", "rtmp://host/app/…"),
        ("rtmp://host/app/a/secret", "rtmp://host/app/…"),
        ("rtmps://[2001:DB8::1]:1936/app/secret", "rtmps://[2001:db8::1]:1936/app/…"),
        ("rtmp://[::1]/app/secret", "rtmp://[::1]/app/…"),
    ],
)
def test_a_stream_key_is_never_shown(word: str, shown: str) -> None:
    spec = parse_output(word)
    assert spec.shown == shown
    for text in (repr(spec), str(spec), repr(spec.stream), f"{[spec]}"):
        assert "secret" not in text


@pytest.mark.parametrize(
    "word", ["rtpm://host/app/secret", "rtpm://u:secret@host?secret", "srt://host:1/secret.mp4"]
)
def test_a_mistyped_scheme_does_not_show_the_key(word: str) -> None:
    for parse in (parse_output, parse_recording):
        with pytest.raises(OutputError) as told:
            parse(word)
        assert "secret" not in str(told.value)


@given(st.text(max_size=40))
def test_whatever_follows_the_scheme_is_read_or_refused(rest: str) -> None:
    try:
        stream = parse_output(f"rtmp://{rest}").stream
    except OutputError:
        return
    assert stream.host and stream.app and stream.key
    assert stream.key in rest


def test_a_server_is_found_by_its_scheme() -> None:
    assert parse_stream("rtmp://host/app/key").port == 1935
    assert parse_stream("rtmps://host/app/key").port == 443
    ipv6 = parse_stream("rtmp://[::1]:1936/app/key")
    assert (ipv6.host, ipv6.port, ipv6.authority) == ("::1", 1936, "[::1]:1936")


@pytest.mark.parametrize("word", ["hls:show.mp4", "rtmp:take.mp4", "concat:a|b.mp4"])
def test_a_recording_may_be_called_as_a_protocol(word: str) -> None:
    assert parse_recording(word) == OutputSpec("mp4", word)


def filled(word: str) -> str:
    return parse_stream(word).fill_in().key


def test_a_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOW_KEY", "abc/def?x=1\n")
    monkeypatch.setenv("SHOW_NAME", "solo")
    assert filled("rtmp://host/app/{env:SHOW_KEY}") == "abc/def?x=1"
    assert filled("rtmp://host/app?n={env:SHOW_NAME}&k={env:SHOW_KEY}") == "?n=solo&k=abc/def?x=1"
    assert filled("rtmp://host/app/typed") == "typed"


def test_a_key_comes_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "my key.txt"
    # As saved by a Windows editor.
    path.write_bytes(b"\xef\xbb\xbfabc-def\r\n")
    assert filled(f"rtmp://host/app/{{file:{path}}}") == "abc-def"


def test_a_key_comes_from_the_keyring() -> None:
    keyring = pytest.importorskip("keyring")

    class OneKey(keyring.backend.KeyringBackend):  # type: ignore[name-defined, misc]
        priority = 1.0

        def get_password(self, service: str, username: str) -> str | None:
            return "abc-def" if (service, username) == ("club", "encore") else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(OneKey())
    try:
        assert filled("rtmp://host/app/{keyring:club}") == "abc-def"
        with pytest.raises(OutputError, match="keyring set other encore"):
            filled("rtmp://host/app/{keyring:other}")
    finally:
        keyring.set_keyring(before)


def test_without_a_keyring_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(OutputError, match=r"install encore-renderer\[keyring\]"):
        filled("rtmp://host/app/{keyring:club}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"secret more", "holds a blank"),
        (b"secret\nmore\n", "holds a blank"),
        (b"secret\xff", "is no text"),
        (b"secret" * 1000, "is too long"),
    ],
)
def test_a_file_that_holds_no_key_is_an_error_without_its_content(
    content: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    spec = parse_output(f"rtmp://host/app/{{file:{path}}}")
    with pytest.raises(OutputError, match=reason) as told:
        spec.check_key()
    assert "secret" not in str(told.value)


def test_a_variable_that_is_not_set_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOW_KEY", raising=False)
    with pytest.raises(OutputError, match="SHOW_KEY: is not set"):
        parse_output("rtmp://host/app/{env:SHOW_KEY}").check_key()


def test_a_typed_key_is_warned_of_and_not_repeated() -> None:
    words = ("rtmp://host/app/secret", "rtmp://host/app/{env:K}", "hls:folder",
             "rtmp://u:secret@host/app/{env:K}")  # fmt: skip
    first, second = warn_of_typed_keys(map(parse_output, words))
    assert first.startswith("rtmp://host/app/…: other users of this machine can read its key")
    assert "{env:NAME}" in first
    assert "secret" not in first + second


def test_an_address_is_pickled_whole() -> None:
    stream = parse_stream("rtmps://u:p@host/app/key")
    again: StreamAddress = pickle.loads(pickle.dumps(stream))
    assert again == stream


@pytest.mark.parametrize("word", ["show.mp4", "hls:watch", "rtmp://host/app/key"])
def test_any_output_can_show_the_upright_view(word: str) -> None:
    plain, upright = parse_output(word), parse_output(f"vertical:{word}")
    assert (plain.view, upright.view) == ("program", "vertical")
    assert (upright.kind, upright.address) == (plain.kind, plain.address)
    assert upright.shown == f"vertical:{plain.shown}"
    with pytest.raises(OutputError, match="is of no known kind"):
        parse_output("vertical:")
    assert parse_recording("vertical:a.mp4").view == "vertical"


def test_further_parts_are_numbered_one_after_another(tmp_path: Path) -> None:
    """Also on another disk, where no part is yet: their names tell their order."""
    names = ["show.mp4"]
    for folder in (tmp_path, tmp_path, tmp_path / "second"):
        folder.mkdir(exist_ok=True)
        part = next_part(folder / names[-1])
        part.touch()
        names.append(part.name)
    assert names[1:] == ["show.part2.mp4", "show.part3.mp4", "show.part4.mp4"]
    assert next_part(tmp_path / "show.mp4").name == "show.part4.mp4"
