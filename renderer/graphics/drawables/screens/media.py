"""Open the pictures and videos of screens, before a show starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from renderer.closing import Closing
from renderer.errors import RendererError, StageError
from renderer.graphics.drawables.screens.video import ScreenVideo

U8 = npt.NDArray[np.uint8]

LONGEST: Final = 768
"""Maximum length of a picture's longer side, pixels: an LED wall has fewer emitters."""
_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})
_MOST_PIXELS: Final = 1 << 27
"""Maximum number of pixels of a picture before it is decoded."""


class Media(Protocol):
    """A picture or a video.

    Attributes:
        size: width and height of its frames, pixels.
        fault: the error that ended playback; None while it plays.
    """

    @property
    def size(self) -> tuple[int, int]: ...  # noqa: D102

    @property
    def fault(self) -> RendererError | None: ...  # noqa: D102

    def frame_at(self, seconds: float) -> U8 | None:
        """Return the frame (h, w, 3) of a show time, the same array for the same frame.

        Returns:
            None while no frame is ready.
        """

    def close(self) -> None:
        """Release the file."""


class ScreenPicture:
    """A still picture.

    Raises:
        StageError: it cannot be decoded.
    """

    fault: RendererError | None = None

    def __init__(self, path: Path, longest: int) -> None:
        try:
            with Image.open(path) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise StageError(
                        str(path),
                        f"has {image.width}×{image.height} pixels, too many for a screen",
                        "scale it down",
                    )
                image.draft("RGB", (longest, longest))
                image.thumbnail((longest, longest))
                self._pixels: U8 = np.array(image.convert("RGB"), np.uint8)
        # Pillow's decoders raise these and, for some formats, SyntaxError.
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise StageError(
                str(path), "cannot be read as a picture", "choose a PNG or JPEG file"
            ) from error
        height, width = self._pixels.shape[:2]
        self.size = width, height

    def frame_at(self, _seconds: float) -> U8 | None:
        """Return the picture."""
        return self._pixels

    def close(self) -> None:
        """Do nothing: the file is closed already."""


class RefusableMedia:
    """A picture or a video that may have to leave the screens while the show runs.

    Args:
        media: opened; closed with this.
        is_refused: returns whether it must not be seen now.
        name: of its file, for messages.
    """

    def __init__(self, media: Media, is_refused: Callable[[], bool], name: str) -> None:
        self._media, self._is_refused = media, is_refused
        self._refused = StageError(
            f"File {name}", "shows a real person without consent", "see the alarm about the file"
        )

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of its frames, pixels."""
        return self._media.size

    @property
    def fault(self) -> RendererError | None:
        """Return why it is not shown; None while it is."""
        return self._refused if self._is_refused() else self._media.fault

    def frame_at(self, seconds: float) -> U8 | None:
        """Return the frame of a show time; None while none is ready."""
        return self._media.frame_at(seconds)

    def close(self) -> None:
        """Release the file."""
        self._media.close()


class ScreenLibrary(Closing):
    """The opened pictures and videos of a show's screens.

    Args:
        files: to open, without duplicates.
        waits: whether videos wait for the exact frame; see ScreenVideo.
        is_refused: returns whether a file must not be seen now; None if any may be.

    Raises:
        StageError: a file cannot be shown.
    """

    def __init__(
        self,
        files: Iterable[Path] = (),
        *,
        waits: bool = True,
        is_refused: Callable[[Path], bool] | None = None,
    ) -> None:
        self._media: dict[Path, Media] = {}
        try:
            for path in files:
                if path not in self._media:
                    media = open_media(path, LONGEST, waits=waits)
                    if is_refused is not None:
                        media = RefusableMedia(media, partial(is_refused, path), path.name)
                    self._media[path] = media
        except BaseException:
            self.close()
            raise

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the opened files."""
        return tuple(self._media)

    def get(self, path: Path) -> Media | None:
        """Return an opened file; None if it was not opened before the show."""
        return self._media.get(path)

    def close(self) -> None:
        """Close all files; may be called again."""
        for media in self._media.values():
            media.close()


def open_media(path: Path, longest: int, *, waits: bool) -> Media:
    """Open a picture or a video.

    Args:
        longest: maximum length of its frames' longer side, pixels.
        waits: whether a video waits for the exact frame; see ScreenVideo.

    Raises:
        StageError: it cannot be shown.
    """
    if path.suffix.lower() in _PICTURES:
        return ScreenPicture(path, longest)
    return ScreenVideo(path, longest, waits=waits)
