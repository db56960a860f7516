"""Define how a show document says that a Link session follows its songs."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from renderer.show.document.part import Part


class LinkEntry(Part, frozen=True):
    """Ableton Link: the songs' tempo and beat, for musicians' programs on the network.

    Attributes:
        beats_per_bar: of the session's phase.
        offset: seconds by which the session is ahead of the show; positive for late speakers.
    """

    beats_per_bar: Annotated[int, Meta(ge=1, le=32)] = 4
    offset: Annotated[float, Meta(ge=-2.0, le=2.0)] = 0.0
