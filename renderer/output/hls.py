"""The program as HTTP Live Streaming into a folder, to be watched in a browser.

Two-second segments of fragmented MP4 and an event playlist: a viewer joins at the live edge and
can seek back to the start; after the show the folder is the whole show.
"""

from __future__ import annotations

from pathlib import Path

from renderer.output.packets import Muxer
from renderer.output.sinks import LocalSink

PLAYLIST = "live.m3u8"
INIT = "init.mp4"
SEGMENT = "segment_%05d.m4s"


class HlsFolder(LocalSink):
    """Writes playlist and segments; those of an earlier show in the folder are removed."""

    def _open(self) -> Muxer:
        folder = Path(self.spec.address)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (PLAYLIST, INIT, "segment_*.m4s"):
            for old in folder.glob(name):
                old.unlink()
        return Muxer(
            str(folder / PLAYLIST),
            self._header,
            "hls",
            {
                "hls_time": "2",
                "hls_playlist_type": "event",
                "hls_segment_type": "fmp4",
                "hls_fmp4_init_filename": INIT,
                "hls_segment_filename": str(folder / SEGMENT),
                # temp_file: a viewer never sees half a segment or playlist.
                "hls_flags": "independent_segments+temp_file",
            },
        )

    def _abandon(self, muxer: Muxer) -> str:
        muxer.discard()
        return "the segments until then can be played"
