"""Define where a desk finds the pictures that a show shares, and how it asks for their sizes."""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from renderer.protocol.roles import Role
from renderer.protocol.schema import Command, Section


class PictureStatus(msgspec.Struct, frozen=True):
    """A shared picture: the path of a LatestPicture file and the size in pixels."""

    path: str
    width: int
    height: int


PROGRAM: Final = "program"
VERTICAL: Final = "vertical"
"""Views of a show: the program, and an upright picture framed for itself."""
PREVIEW: Final = "preview"
"""The view of the camera that is on preview, for desks alone."""
SHOT: Final = "shot."
"""Beginning of the name of a camera's own view; the camera's number follows."""
MULTIVIEW: Final = "multiview"
"""The view with program, preview and every camera's shot, with names and tally."""

ASK_AGAIN_S: Final = 2.0
"""Seconds after which a desk asks again for the pictures that it still shows."""
LEASE_S: Final = 6.0
"""Seconds for which a show shares a picture after it was asked for: a desk that died costs no
more than this."""


class ViewCommand(Command, frozen=True):
    """A request about what one desk sees; it changes no show, and is not logged."""

    ROLE: ClassVar[Role] = Role.VIEW


class AskPicture(ViewCommand, frozen=True):
    """Share a view's picture in a size for the next seconds.

    Attributes:
        view: program, preview, multiview, or shot.3 for camera 3.
        width, height: in pixels, as the desk draws it.
    """

    view: str
    width: int
    height: int


class SharedPicture(msgspec.Struct, frozen=True):
    """A picture that a show shares because a desk asked for it."""

    view: str
    picture: PictureStatus


class PicturesHealth(Section, frozen=True):
    """The pictures that are shared in the sizes that desks asked for."""

    pictures: list[SharedPicture] = msgspec.field(default_factory=list)
