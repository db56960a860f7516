"""Choose the face response of each performer's avatar."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from avatars.model import Avatar
from renderer.errors import ShowError
from renderer.motion.face.response import FaceResponse
from renderer.motion.face.response_store import load_response


def choose_responses(
    avatars: Sequence[Avatar], expressiveness: Sequence[float], performers: int
) -> list[tuple[Avatar, FaceResponse]]:
    """Return each performer's avatar with the response of its face.

    Args:
        avatars: assigned in order, cyclically if there are fewer.
        expressiveness: of the performers in order; one value counts for all, and performers without
            a value have their avatar's own.
        performers: their number.

    Raises:
        MotionError: an avatar's stored response cannot be used.
        ShowError: there are more values than performers.
    """
    if len(expressiveness) > performers:
        raise ShowError(
            f"The {len(expressiveness)} values of --expressiveness",
            f"are more than the performers, {performers}",
            "give one for each performer in turn, or one for all",
        )
    if len(expressiveness) == 1:
        expressiveness = [*expressiveness] * performers
    out = []
    for k in range(performers):
        avatar = avatars[k % len(avatars)]
        response = load_response(avatar.path, avatar.meta.name)
        if k < len(expressiveness):
            response = msgspec.structs.replace(response, expressiveness=expressiveness[k])
        out.append((avatar, response))
    return out
