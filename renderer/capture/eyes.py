"""One performer's trackers: body, face and hands, looked for at the same time.

The body is followed in the whole frame by a tracker that looks where it last found it. Other people
do not disturb it while it does; but a tracker without a target takes whoever it finds. So it is
never left to search by itself: it is shown a frame in which everything is dark but the person to
follow, once, and follows them from there.

Where to look for face and hands comes from the body in the previous frame, so that nothing waits
for anything.
"""

from __future__ import annotations

import math
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.capture.crops import LEFT_WRIST, RIGHT_WRIST, Crop, Places, body_scale, places, whole
from renderer.capture.hands import Candidate, by_body, by_opinion, carried
from renderer.capture.records import F32, CameraFrame, Hand, Observation
from renderer.capture.search import HandSearch
from renderer.capture.tasks import FaceSeen, FaceTask, HandTask, PoseSeen, PoseTask

_FACE_FOV_Y: Final = math.radians(63)
"""The vertical angle of view that MediaPipe's face geometry takes every picture to have."""
_ROUND_A_BODY: Final = 0.25
"""How much of a body's box is left in the light around it when its tracker is shown whom to follow.
"""


class Eyes:
    """Watches one performer. `look`, then `found`, then `observe`, frame after frame."""

    def __init__(
        self,
        models: dict[str, bytes],
        threads: Executor,
        stack: ExitStack,
        *,
        hands_in_turn: bool,
    ) -> None:
        """Load the models.

        Args:
            models: by name, as in the manifest.
            threads: where the trackers work.
            stack: closes them.
            hands_in_turn: look for the left and the right hand in alternate frames, and carry the
                other along with its wrist.
        """
        hand = models["hand"]
        self._threads = threads
        self._face = stack.enter_context(FaceTask(models["face"]))
        self._pose = stack.enter_context(PoseTask(models["pose"]))
        self._left = HandSearch(stack.enter_context(HandTask(hand, 1)), from_left=True)
        self._right = HandSearch(stack.enter_context(HandTask(hand, 1)), from_left=False)
        # Apart from the other two, so that a frame without a body leaves what they track be.
        self._both = HandSearch(stack.enter_context(HandTask(hand, 2)), from_left=None)
        self._hands_in_turn = hands_in_turn
        self._is_rights_turn = False
        self._last_hands: tuple[Hand | None, Hand | None] = (None, None)
        self._last_wrists: F32 | None = None
        self._follows = False
        self._whom: Crop | None = None
        self._places: Places | None = None
        self._face_was_whole = False
        self._face_is_held = False
        self._body_seen: Future[PoseSeen | None] | None = None
        self._face_seen: Future[FaceSeen | None] | None = None
        self._hands_seen: list[Future[list[Candidate]]] = []

    def look(self, frame: CameraFrame, small: npt.NDArray[np.uint8], *, everywhere: bool) -> None:
        """Start looking for everything in a frame; returns at once.

        Args:
            small: the frame's picture, large enough for a body.
            everywhere: without a body, look for a face and hands in the whole frame; otherwise
                nowhere.
        """
        t_ms = frame.t_seen_ns // 1_000_000
        size = _size(frame)
        self._body_seen = self._face_seen = None
        self._hands_seen = []
        if self._follows:
            self._body_seen = self._threads.submit(self._pose.find, small, t_ms)
        elif self._whom is not None:
            shown = _lit(small, self._whom, size)
            self._body_seen = self._threads.submit(self._pose.find, shown, t_ms)
        if self._places is not None:
            self._submit_face(frame, self._places.face, is_whole=False)
            self._is_rights_turn = not self._is_rights_turn
            if not (self._hands_in_turn and self._is_rights_turn):
                self._submit_hand(self._left, frame, self._places.left_hand)
            if not self._hands_in_turn or self._is_rights_turn:
                self._submit_hand(self._right, frame, self._places.right_hand)
        elif everywhere:
            self._submit_face(frame, whole(size), is_whole=True)
            self._submit_hand(self._both, frame, whole(size))

    def found(self) -> PoseSeen | None:
        """The body in the frame; waits for it alone."""
        return None if self._body_seen is None else self._body_seen.result()

    def observe(
        self, frame: CameraFrame, body: PoseSeen | None, *, scouted: bool, performer: int
    ) -> Observation:
        """What the frame shows of the performer, once it is known which body is theirs.

        Args:
            body: theirs; None if it is not in sight. A body found here and given to nobody is not
                followed any further.
            scouted: the body was found by somebody else, and is to be followed from now on.
        """
        size = _size(frame)
        face = None if self._face_seen is None else self._face_seen.result()
        candidates = [candidate for future in self._hands_seen for candidate in future.result()]
        was_wrong = self.found() is not None and (scouted or body is None)
        self._face_is_held = face is not None
        if was_wrong:
            # Whatever lies around the wrong body is not this performer's either.
            face, candidates = None, []
        hands = _sort_hands(candidates, body, size)
        if self._hands_in_turn:
            hands = self._with_the_other(hands, None if was_wrong or scouted else body)
        left, right = hands
        self._follow(body, size, was_wrong=was_wrong, scouted=scouted)
        return Observation(
            frame.t_seen_ns,
            frame.index,
            size,
            face=_frozen(face.points) if face else None,
            scores=_frozen(face.scores) if face else None,
            head=_frozen(face.head) if face else None,
            pose=_frozen(body.points) if body else None,
            pose_world=_frozen(body.world) if body else None,
            visibility=_frozen(body.visibility) if body else None,
            left_hand=left,
            right_hand=right,
            performer=performer,
        )

    def _with_the_other(
        self, hands: tuple[Hand | None, Hand | None], body: PoseSeen | None
    ) -> tuple[Hand | None, Hand | None]:
        """The hands of a frame, with the one whose turn it was not as it was a frame ago."""
        wrists = None if body is None else body.points[[LEFT_WRIST, RIGHT_WRIST], :2]
        other = 0 if self._is_rights_turn else 1
        before, then = self._last_hands[other], self._last_wrists
        self._last_hands, self._last_wrists = hands, wrists
        if hands[other] is not None or before is None or wrists is None or then is None:
            return hands
        moved = carried(before, wrists[other] - then[other])
        return (moved, hands[1]) if other == 0 else (hands[0], moved)

    def _follow(
        self, body: PoseSeen | None, size: tuple[int, int], *, was_wrong: bool, scouted: bool
    ) -> None:
        """Decide what the trackers are shown next."""
        if was_wrong:
            self._pose.forget()
        if was_wrong or scouted:
            self._left.forget()
            self._right.forget()
        self._follows = body is not None and not scouted
        self._whom = _box(body, size) if body is not None and scouted else None
        self._places = None if body is None else places(body.points, body.visibility, size)

    def _submit_face(self, frame: CameraFrame, crop: Crop | None, *, is_whole: bool) -> None:
        if crop is None:
            return
        moved = self._face_is_held and self._face_was_whole != is_whole
        self._face_was_whole = is_whole
        self._face_seen = self._threads.submit(self._find_face, frame, crop, moved)

    def _find_face(self, frame: CameraFrame, crop: Crop, moved: bool) -> FaceSeen | None:
        """The face, its points and head as of the whole frame.

        Args:
            moved: the crop is of another kind than the last, so that the face lies elsewhere in it.
        """
        if moved:
            self._face.forget()
        size = _size(frame)
        face = self._face.find(crop.cut(frame.pixels), frame.t_seen_ns // 1_000_000)
        if face is None:
            return None
        return FaceSeen(
            crop.to_frame(face.points, size), face.scores, head_in_frame(face.head, crop, size)
        )

    def _submit_hand(self, search: HandSearch, frame: CameraFrame, crop: Crop | None) -> None:
        if crop is not None:
            t_ms = frame.t_seen_ns // 1_000_000
            self._hands_seen.append(self._threads.submit(search.find, frame, crop, t_ms))


def head_in_frame(head: F32, crop: Crop, size: tuple[int, int]) -> F32:
    """The face transform as of the whole frame, from that of a crop of it.

    The face geometry knows its picture's size alone and takes it to be a camera's, f = h/2 / tan(
    fov/2) pixels. That the head keeps its place and size on the screen gives its place in space:
    Z' = Z · h_frame / h_crop, and X, Y follow from the pixel that it projects to. Its rotation
    stays what it is: relative to the line of sight.

    Args:
        head: (4, 4) in centimetres, y up, z towards the camera.
        crop: where in the frame the picture was.
        size: (width, height) of the frame in pixels.
    """
    width, height = size
    cotangent = 1 / math.tan(_FACE_FOV_Y / 2)
    focal, crop_focal = height / 2 * cotangent, crop.height / 2 * cotangent
    x, y, z = (float(value) for value in head[:3, 3])
    column = crop.x + crop.width / 2 + crop_focal * x / -z
    row = crop.y + crop.height / 2 - crop_focal * y / -z
    distance = -z * height / crop.height
    moved = head.copy()
    moved[:3, 3] = (
        (column - width / 2) * distance / focal,
        (height / 2 - row) * distance / focal,
        -distance,
    )
    return moved


def _size(frame: CameraFrame) -> tuple[int, int]:
    height, width = frame.pixels.shape[:2]
    return width, height


def _box(body: PoseSeen, size: tuple[int, int]) -> Crop:
    """The part of the frame that holds a body and some room about it."""
    width, height = size
    points = body.points[:, :2] * np.array(size, np.float32)
    low, high = points.min(0), points.max(0)
    room = _ROUND_A_BODY * float((high - low).max())
    left, top = np.clip(low - room, 0, (width - 1, height - 1)).astype(int).tolist()
    right, bottom = np.clip(high + room, (left + 1, top + 1), size).astype(int).tolist()
    return Crop(left, top, right - left, bottom - top)


def _lit(
    picture: npt.NDArray[np.uint8], crop: Crop, size: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """A picture of a frame of (width, height) pixels, all dark but a part of the frame."""
    scale = picture.shape[1] / size[0]
    x, y = int(crop.x * scale), int(crop.y * scale)
    right, bottom = round((crop.x + crop.width) * scale), round((crop.y + crop.height) * scale)
    shown = np.zeros_like(picture)
    shown[y:bottom, x:right] = picture[y:bottom, x:right]
    return shown


def _sort_hands(
    candidates: list[Candidate], body: PoseSeen | None, size: tuple[int, int]
) -> tuple[Hand | None, Hand | None]:
    if body is None:
        return by_opinion(candidates)
    points = np.asarray(body.points[:, :2] * np.array(size, np.float32), np.float32)
    return by_body(candidates, points[[LEFT_WRIST, RIGHT_WRIST]], size, body_scale(points))


def _frozen(array: F32) -> F32:
    array.flags.writeable = False
    return array
