"""Define camera rigs as a show document has them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from renderer.show.document.part import Part, Range


class RigEntry(Part, frozen=True):
    """How a camera moves while it is on air.

    Attributes:
        kind: tripod, dolly, crane, orbit, follow or handheld.
        rise, aside: metres, from the start to the end of the movement.
        side: degrees round the subjects.
        nearer: fraction of the distance.
        amount: shake of a hand-held camera, as a fraction of the picture's height.
    """

    kind: Literal["tripod", "dolly", "crane", "orbit", "follow", "handheld"] = "tripod"
    rise: Range = (0.0, 0.0)
    aside: Range = (0.0, 0.0)
    side: Range = (0.0, 0.0)
    nearer: Range = (0.0, 0.0)
    amount: Annotated[float, Meta(ge=0.0, le=0.05)] = 0.007
