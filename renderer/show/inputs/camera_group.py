"""Feed a show from several calibrated cameras on one performer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from renderer.capture.process.messages import SourceInfo
from renderer.capture.records import Observation
from renderer.errors import CaptureError, RendererError, ShowError
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.motion.core.sources import Entry
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.inputs.health import Flow, Health

_ASPECT: Final = 0.01
"""Largest relative deviation of a picture's ratio of sides from the calibrated one."""


class CameraGroupFeed:
    """Several cameras on one performer as one input; each is a capture process of its own.

    Each observation carries its camera's index and the time on the first camera's clock. The group
    goes on as long as any camera does.

    Attributes:
        feeds: of the cameras in order.
        calibration: of the cameras in the same order.
    """

    def __init__(
        self, feeds: Sequence[CaptureFeed], calibration: CameraSet, path: Path, *, live: bool
    ) -> None:
        """Join the feeds; the group closes them.

        Args:
            feeds: of the cameras in order.
            calibration: of the cameras in the same order.
            path: the calibration file, for messages.
        """
        self.feeds = tuple(feeds)
        self.calibration = calibration
        self._path = path
        self._live = live
        self._info: SourceInfo | None = None

    @property
    def info(self) -> SourceInfo:
        """See Feed.

        Raises:
            RendererError: a camera cannot be opened, or its picture has another shape than the
                calibrated one.
        """
        if self._info is None:
            infos = [feed.info for feed in self.feeds]
            for number, (info, camera) in enumerate(
                zip(infos, self.calibration.cameras, strict=True), 1
            ):
                _require_shape(self._path, number, info, camera)
            lengths = [info.length_ns for info in infos]
            known = [length for length in lengths if length is not None]
            self._info = SourceInfo(
                " + ".join(info.name for info in infos),
                infos[0].size,
                max(info.rate for info in infos),
                max(known) if len(known) == len(lengths) else None,
                infos[0].picture_size,
            )
        return self._info

    @property
    def dropped(self) -> int:
        """See Feed."""
        return sum(feed.dropped for feed in self.feeds)

    @property
    def warnings(self) -> list[str]:
        """See Feed."""
        return [warning for feed in self.feeds for warning in feed.warnings]

    @property
    def losses(self) -> Mapping[str, str]:
        """See Feed."""
        return {
            f"camera.{number}.{name}": text
            for number, feed in enumerate(self.feeds, 1)
            for name, text in feed.losses.items()
        }

    @property
    def ended(self) -> bool:
        """See Feed."""
        return all(feed.ended for feed in self.feeds)

    @property
    def end_ns(self) -> int:
        """See Feed."""
        if not self.ended:
            return 0
        return max(
            feed.end_ns + camera.clock_ns if feed.end_ns else 0
            for feed, camera in zip(self.feeds, self.calibration.cameras, strict=True)
        )

    @property
    def lost(self) -> bool:
        """See Feed."""
        return all(feed.lost for feed in self.feeds)

    @property
    def broken_off(self) -> str:
        """See Feed."""
        return "; ".join(filter(None, (feed.broken_off for feed in self.feeds)))

    @property
    def began_ns(self) -> int | None:
        """See Feed: of the first camera."""
        return self.feeds[0].began_ns

    @property
    def health(self) -> Health:
        """See Feed: the health of the camera that does best."""
        order = (Flow.FLOWING, Flow.SILENT, Flow.OPENING, Flow.RECONNECTING, Flow.ENDED)
        return min((feed.health for feed in self.feeds), key=lambda one: order.index(one.flow))

    def await_person(self) -> None:
        """See Feed: one camera that sees a performer is enough."""
        faults: list[RendererError] = []
        for feed in self.feeds:
            try:
                feed.await_person()
            except CaptureError as fault:
                faults.append(fault)
        if len(faults) == len(self.feeds):
            raise faults[0]

    def until(self, t_ns: int) -> Iterator[Entry]:
        """See Feed."""
        for number, (feed, camera) in enumerate(
            zip(self.feeds, self.calibration.cameras, strict=True)
        ):
            for entry in feed.until(t_ns - camera.clock_ns):
                record = entry.record
                if not isinstance(record, Observation):
                    continue
                seen_ns = record.t_seen_ns + camera.clock_ns
                if seen_ns >= 0 or self._live:
                    yield replace(entry, record=replace(record, t_seen_ns=seen_ns, camera=number))

    def close(self) -> None:
        """See Feed."""
        for feed in self.feeds:
            feed.close()


def _require_shape(path: Path, number: int, info: SourceInfo, camera: Camera) -> None:
    """Check that a picture has the calibrated ratio of sides.

    Raises:
        ShowError: it has not.
    """
    (width, height), (wide, high) = info.size, camera.size
    if abs((width * high) / (height * wide) - 1.0) > _ASPECT:
        raise ShowError(
            f"Calibration {path}",
            f"is of another set-up: camera {number} ({info.name}) gives {width}x{height}, and was "
            f"calibrated with {wide}x{high}",
            "calibrate again with encore calibrate cameras",
        )
