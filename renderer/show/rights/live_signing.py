"""Sign the segments of live playlists as they are made, in a process beside the show.

It reads the bus as a desk does, and signs each playlist of a running output whenever that has
changed: a segment has its credentials within half a second. The media process, which must not stop
on air, loads no signing library; a fault here raises an alarm, and the show's end signs what is
left.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from renderer.errors import RightsError
from renderer.output.spec import PLAYLIST
from renderer.output.web.playlist_id import PlaylistId, identify_playlist
from renderer.processes.child import Child
from renderer.protocol.outputs import OutputsHealth, OutputStatus
from renderer.rights.provenance.certificate import Certificate, load_certificate
from renderer.rights.provenance.hls import sign_playlist
from renderer.rights.show_records import find_record
from renderer.rights.watermark.payload import Payload
from renderer.show.rights.signing import playlist_folder
from renderer.transport.bus import DeskLink

_LOOK_S: Final = 0.25
"""Interval in seconds at which the bus and the playlists are read."""


class LiveSigner:
    """Signs the playlists of running outputs.

    Args:
        mark: number of the show, whose record goes into the credentials.
        certificate: of the crew.
    """

    def __init__(self, mark: int, certificate: Certificate) -> None:
        self._code = Payload(mark, 0).show_code
        self._certificate = certificate
        self._signed: dict[Path, PlaylistId] = {}

    def sign(self, outputs: Iterable[OutputStatus]) -> int:
        """Sign what is new in the playlists of running outputs, and return the segments' number.

        Raises:
            RightsError: a segment cannot be signed, or the show's record is damaged.
        """
        count = 0
        for status in outputs:
            # An output that waits for its folder has not removed an earlier show's segments yet.
            if status.kind != "hls" or status.state.is_over or not status.packets:
                continue
            folder = playlist_folder(status)
            seen = identify_playlist(folder)
            if seen is None or self._signed.get(folder) == seen:
                continue
            record = find_record(self._code)
            if record is None:
                raise RightsError(
                    f"show {self._code}", "has no record to sign with", "the show's end tries again"
                )
            count += sign_playlist(folder / PLAYLIST, record, self._certificate)
            self._signed[folder] = seen
        return count


def run(child: Child, folder: Path, mark: int) -> None:
    """Sign until the show ends or closes the process.

    Args:
        child: this process.
        folder: of the session.
        mark: number of the show.

    Raises:
        DeskError: the session has no bus.
        RightsError: something cannot be signed; another start tries again.
    """
    signer = LiveSigner(mark, load_certificate())
    with closing(DeskLink(folder)) as link:
        child.ready()
        outputs: list[OutputStatus] = []
        while not child.stopping.wait(_LOOK_S):
            for section in link.latest_sections():
                if isinstance(section, OutputsHealth):
                    outputs = section.outputs
            signer.sign(outputs)
