"""Define where a desk finds a picture that a show shares."""

from __future__ import annotations

import msgspec


class PictureStatus(msgspec.Struct, frozen=True):
    """A shared picture: the path of a LatestPicture file and the size in pixels."""

    path: str
    width: int
    height: int
