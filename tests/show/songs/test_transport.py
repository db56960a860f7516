"""Test the song transport: picture and sound agree by its segments, whatever the crew does."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import ShowError
from renderer.protocol.songs import SongState
from renderer.show.songs.plan import SongPlan
from renderer.show.songs.transport import Playing, Segment, SongTransport

S = 1_000_000_000
SET = (
    SongPlan("One", None, 10 * S, follow_ns=2 * S),
    SongPlan("Two", None, 8 * S),
    SongPlan("Live"),
    SongPlan("Last", None, 5 * S),
)


def transport(lead_ns: int = 0, *, opens: bool = True) -> SongTransport:
    return SongTransport(SET, opens=opens, lead_ns=lead_ns)


def test_a_song_ends_and_the_next_one_follows_if_it_should() -> None:
    songs = transport()
    assert songs.state is SongState.STOPPED
    assert songs.advance(0) == Playing("One", 0) and songs.state is SongState.PLAYING
    assert songs.advance(9 * S) == Playing("One", 9 * S)
    assert songs.advance(11 * S) == Playing("Two", -S) and songs.state is SongState.COUNT_IN
    assert songs.advance(13 * S) == Playing("Two", S) and songs.place == 2
    assert songs.advance(21 * S) is None and songs.is_idle
    assert songs.next_song is not None and songs.next_song.name == "Live"
    assert songs.next() == "Live"
    # A song that is played on stage ends when the crew says so.
    assert songs.advance(900 * S) == Playing("Live", 879 * S)
    songs.stop()
    assert songs.advance(901 * S) is None
    assert songs.previous() == "Live" and songs.advance(902 * S) == Playing("Live", S)
    assert songs.previous() == "Two" and songs.next() == "Last"


def test_a_song_outlasts_its_file_for_its_last_cue() -> None:
    songs = transport()
    songs.ends = {"One": 12 * S}
    songs.advance(0)
    assert songs.advance(11 * S) == Playing("One", 11 * S)
    assert songs.advance(13 * S) == Playing("Two", -S)


def test_a_paused_song_stays_and_goes_on_where_it_was() -> None:
    songs = transport(lead_ns=S // 10)
    songs.advance(0)
    songs.advance(3 * S)
    songs.pause()
    assert songs.advance(3 * S + S // 20) == Playing("One", 3 * S + S // 20)
    held = Playing("One", 3 * S + S // 10)
    assert songs.advance(60 * S) == held and songs.state is SongState.PAUSED
    with pytest.raises(ShowError, match="is paused already"):
        songs.pause()
    songs.resume(wait_ns=2 * S)
    assert songs.advance(62 * S) == held
    assert songs.advance(63 * S + S // 10) == Playing("One", 4 * S + S // 10)


def test_a_count_in_precedes_the_song_and_a_new_run_forgets_everything() -> None:
    songs = transport(opens=False)
    assert songs.advance(5 * S) is None and songs.is_idle
    songs.start("Last", 2 * S, 4 * S)
    assert songs.advance(7 * S) == Playing("Last", 0) and songs.state is SongState.COUNT_IN
    assert songs.advance(10 * S) == Playing("Last", 3 * S)
    assert songs.next_song is None
    assert songs.advance(0) is None and songs.next_song is SET[0]
    songs.advance(None)
    with pytest.raises(ShowError, match="nothing goes out"):
        songs.start("One")
    with pytest.raises(ShowError, match="did you mean Last"):
        songs.start("Lats")


commands = st.lists(
    st.tuples(
        st.integers(1, 4 * S),
        st.sampled_from(["start", "stop", "pause", "resume", "seek", "next", "previous", "none"]),
        st.integers(0, 3),
        st.integers(0, 6 * S),
    ),
    max_size=25,
)


@given(commands, st.sampled_from([0, S // 7]), st.booleans())
def test_sound_by_the_segments_agrees_with_the_picture_and_another_engine_goes_on_alike(
    steps: list[tuple[int, str, int, int]], lead_ns: int, opens: bool
) -> None:
    songs = transport(lead_ns, opens=opens)
    sent = [Segment(0, "One" if opens else "")]

    def keep(segment: Segment) -> None:
        # As the media process does: a segment takes the place of those planned for later.
        sent[:] = [one for one in sent if one.at_ns < segment.at_ns] + [segment]

    songs.play = keep
    now = 0
    for wait, what, which, at in steps:
        now += wait
        playing = songs.advance(now)
        heard = max((one for one in sent if one.at_ns <= now), key=lambda one: one.at_ns)
        if playing is None or playing.position_ns < 0 or songs.state is SongState.COUNT_IN:
            assert not heard.song or playing is None
        else:
            moved = now - heard.at_ns if heard.moves else 0
            assert playing == Playing(heard.song, heard.from_ns + moved)
        following = songs.next_song
        successor = transport(lead_ns, opens=opens)
        successor.advance(now)
        successor.restore(
            [heard, *(one for one in sent if one.at_ns > now)],
            "" if following is None else following.name,
            now,
        )
        assert successor.advance(now) == playing and successor.next_song == following
        with contextlib.suppress(ShowError):
            match what:
                case "start":
                    songs.start(SET[which].name, at, at if which % 2 else 0)
                case "seek":
                    songs.seek(at)
                case "resume":
                    songs.resume(at if which % 2 else 0)
                case "stop" | "pause" | "next" | "previous":
                    getattr(songs, what)()
