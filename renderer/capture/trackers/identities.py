"""Assign detected people to performers consistently through crossings, occlusion and re-entry.

A camera has a fixed number of places, one per performer. At the start they are assigned, from left
to right, to the most prominent people in the image; all others are bystanders and are ignored. From
then on the sightings of a frame are assigned to places at minimum total cost. A pair of place and
sighting costs

    |found − predicted| / reach  +  2 · (difference of clothing)  +  (found by another's tracker)

and an unassigned place costs _NOBODY, so that it stays empty instead of being assigned a stranger.
Lengths are in body scales (crops.body_scale). While a performer is not detected, the reach grows
and the predicted speed decays: they may reappear elsewhere, but not in other clothes. Of two
sightings of one body only one can be assigned. This resolves occlusion: the tracker of the occluded
performer jumps to the nearer body, and its sighting is rejected as a duplicate.

A change of lighting changes the colours of clothes. So if a performer was lost away from the edges
of the image, where no person can leave, a person at the same position some time later is accepted
as that performer in spite of different colours.

A performer who left may return in another costume. If one performer alone has been missing for a
while, and one prominent person who is nobody else stays away from the edges, that is the performer.
Their earlier costumes stay known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from renderer.capture.records import F32
from renderer.capture.trackers.appearance import Appearance, blend, distance

_NOBODY: Final = 1.9
"""Cost of an empty place. A stranger's clothes alone, at a distance of .6 or more, cost 1.2."""
_UNKNOWN_CLOTHES: Final = 0.3
"""Clothing distance assumed where no clothes were visible."""
_ALIKE: Final = 0.4
"""Below this clothing distance two performers wear the same costume; the rest is noise."""
_OTHER_EYES: Final = 0.25
"""Cost of a sighting from another performer's tracker: where two performers are close and look
alike, each keeps the body that its own tracker followed."""
_STRANGER: Final = 0.52
"""Clothing distance that indicates a different person; a performer varies by up to .43."""
_REACH: Final = 0.9
"""Prediction error, body scales, that costs 1 while the performer is detected."""
_REACH_A_SECOND: Final = 6.0
"""Growth of the reach while the performer is not detected, body scales per second."""
_REACH_MOST: Final = 12.0
"""Upper limit of the reach, body scales."""
_FADE_S: Final = 0.4
"""Time constant with which the predicted speed decays, seconds."""
_SPEED_GAIN: Final = 0.35
"""Weight of a new speed measurement in the smoothed speed."""
_LEARN_S: Final = 3.0
"""Time constant with which the stored appearance follows the observed one, seconds."""
_SAME_BODY: Final = 0.4
"""Two sightings of one body are nearer to each other than this, body scales."""
_SAME_SIZE: Final = 0.7
"""Two sightings of one body have a ratio of smaller to larger scale above this."""
_RELIT_S: Final = 1.5
"""Time after losing a performer when different colours are accepted, seconds."""
_RELIT_REACH: Final = 0.7
"""Greatest distance from the lost performer's predicted position for that, body scales."""
_DOOR: Final = 1.5
"""Distance from the left or right image edge within which performers can leave, body scales."""
_AWAY_S: Final = 6.0
"""Time after losing a performer when somebody in other clothes may be that performer, seconds."""
_STAYS_S: Final = 3.0
"""Time for which such a person must have been followed away from the edges, seconds: helpers who
cross the stage are not taken for performers."""
_UNSEEN_S: Final = 0.5
"""Longest gap in that, seconds."""
_COSTUMES: Final = 4
"""Earlier costumes of a performer that stay known."""
_ALONE: Final = 1.6
"""Distance to all others beyond which the appearance may be updated, body scales."""
_PROMINENT: Final = 0.55
"""People smaller than this share of the largest performer are bystanders."""
_CROUCHED: Final = 0.3
"""Lowest ratio of a tracked body's scale to its last one, as when bending to the camera."""
_SETTLE_S: Final = 0.5
"""Time to wait for all performers before the first left-to-right assignment, seconds."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A body detected in a frame.

    Attributes:
        centre: (2,) centre of the trunk, pixels.
        scale: body scale, pixels.
        worn: appearance of its clothes.
        edge: distance from the centre to the nearer of the left and right image edges, pixels.
        finder: the place whose tracker found it; None if the scout did.
    """

    centre: F32
    scale: float
    worn: Appearance
    edge: float
    finder: int | None = None


@dataclass(slots=True)
class _Place:
    """The last known state of one performer.

    Attributes:
        centre: (2,) centre of the trunk, pixels.
        scale: body scale, pixels.
        worn: smoothed appearance.
        edge: distance to the nearer of the left and right image edges, pixels.
        seen_s: time of the last sighting, seconds.
        speed: (2,) pixels per second.
        present: whether the performer was detected in the last frame.
        costumes: appearance of clothes worn before, the newest last.
    """

    centre: F32
    scale: float
    worn: Appearance
    edge: float
    seen_s: float
    speed: F32 = field(default_factory=lambda: np.zeros(2, np.float32))
    present: bool = True
    costumes: list[Appearance] = field(default_factory=list)


@dataclass(slots=True)
class _Newcomer:
    """A prominent person who is nobody known.

    Attributes:
        seen: as seen last.
        since_s: when they came away from the edges, seconds.
        seen_s: when they were seen last, seconds.
    """

    seen: Sighting
    since_s: float
    seen_s: float


class IdentityTracker:
    """Assigns the people in each frame to a fixed number of performers.

    Attributes:
        places: number of performers.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._changes = [0] * places
        self._known: list[_Place | None] = [None] * places
        self._first_seen_s: float | None = None
        self._newcomer: _Newcomer | None = None

    @property
    def missing(self) -> bool:
        """Return whether any performer was not detected in the last frame."""
        return not all(place is not None and place.present for place in self._known)

    @property
    def colour_changes(self) -> str:
        """Return a sentence about performers whose colours changed so far; empty if none did."""
        return "; ".join(
            f"Performer {number} of this camera appears in other colours (change {count}): other "
            "clothes or light. They were recognised by their place, and the colours are learnt "
            "again; if it is somebody else, ask them to leave the picture"
            for number, count in enumerate(self._changes, 1)
            if count
        )

    def is_present(self, place: int) -> bool:
        """Return whether this performer was detected in the last frame."""
        known = self._known[place]
        return known is not None and known.present

    def assign(self, sightings: Sequence[Sighting], t_s: float) -> list[int | None]:
        """Assign the sightings of a frame to places.

        Args:
            sightings: of one frame; a body may appear more than once.
            t_s: time of the frame, seconds; must not decrease.

        Returns:
            For each place the index of its sighting, or None if the performer is not detected.
        """
        given = self._cheapest(sightings, t_s)
        free = [n for n in range(len(sightings)) if not _is_taken(n, given, sightings)]
        self._settle(sightings, free, given, t_s)
        self._recognise_changed(sightings, free, given, t_s)
        chosen = [sightings[n] for n in given if n is not None]
        for place, number in enumerate(given):
            known = self._known[place]
            if known is None:
                continue
            if number is None:
                known.present = False
            else:
                self._changes[place] += self._see(known, sightings[number], chosen, t_s)
        return given

    def _cheapest(self, sightings: Sequence[Sighting], t_s: float) -> list[int | None]:
        """Return the assignment of least total cost, by branch and bound.

        It is no linear assignment, as SciPy solves: sightings of one body exclude each other, and
        a sighting between two bodies excludes both, so that bodies cannot be grouped beforehand.
        """
        costs = [
            [self._compute_cost(place, seen, t_s) for seen in sightings]
            for place in range(self.places)
        ]
        best: tuple[float, list[int | None]] = (math.inf, [None] * self.places)

        def search(place: int, spent: float, given: list[int | None]) -> None:
            nonlocal best
            if spent >= best[0]:
                return
            if place == self.places:
                best = (spent, list(given))
                return
            for number, cost in sorted(enumerate(costs[place]), key=lambda pair: pair[1]):
                if cost < _NOBODY and not _is_taken(number, given, sightings):
                    search(place + 1, spent + cost, [*given, number])
            search(place + 1, spent + _NOBODY, [*given, None])

        search(0, 0.0, [])
        return best[1] + [None] * (self.places - len(best[1]))

    def _compute_cost(self, place: int, seen: Sighting, t_s: float) -> float:
        """Return the cost of assigning a sighting to a place; infinite if it is impossible."""
        known = self._known[place]
        if known is None:
            return math.inf
        passed = t_s - known.seen_s
        smallest = _CROUCHED if seen.finder is not None else _PROMINENT
        if seen.scale < smallest * known.scale:
            return math.inf
        difference = self._difference(known, seen)
        carried = _FADE_S * (1.0 - math.exp(-passed / _FADE_S))
        strayed = seen.centre - known.centre - known.speed * carried
        stray = float(np.linalg.norm(strayed)) / known.scale
        if difference > _STRANGER:
            vanished = passed > _RELIT_S and known.edge > _DOOR * known.scale
            if not vanished or stray > _RELIT_REACH:
                return math.inf
            difference = _STRANGER
        reach = min(_REACH + _REACH_A_SECOND * passed, _REACH_MOST)
        loyal = seen.finder is None or seen.finder == place
        return stray / reach + 2.0 * difference + (0.0 if loyal else _OTHER_EYES)

    def _difference(self, known: _Place, seen: Sighting) -> float:
        """Return the clothing distance of a sighting from a performer.

        It is the smallest distance among all performers in the same costume.
        """
        distances = [distance(one, seen.worn) for one in (known.worn, *known.costumes)]
        worn = min((one for one in distances if one is not None), default=None)
        if worn is None:
            return _UNKNOWN_CLOTHES
        for other in self._known:
            if other is None or other is known:
                continue
            between = distance(known.worn, other.worn)
            theirs = distance(other.worn, seen.worn)
            if between is not None and theirs is not None and between < _ALIKE:
                worn = min(worn, theirs)
        return worn

    def _settle(
        self,
        sightings: Sequence[Sighting],
        free: list[int],
        given: list[int | None],
        t_s: float,
    ) -> None:
        """Assign empty places to the most prominent free sightings, from left to right."""
        empty = [place for place, known in enumerate(self._known) if known is None]
        if not empty or not free:
            return
        present = [sightings[n].scale for n in [*free, *(n for n in given if n is not None)]]
        known = [one.scale for one in self._known if one is not None]
        largest = max(present + known)
        newcomers: list[int] = []
        for number in sorted(free, key=lambda n: -sightings[n].scale):
            twice = any(_is_same(sightings[number], sightings[other]) for other in newcomers)
            if sightings[number].scale >= _PROMINENT * largest and not twice:
                newcomers.append(number)
        if self._first_seen_s is None:
            self._first_seen_s = t_s
        settling = len(empty) == self.places and t_s - self._first_seen_s < _SETTLE_S
        if settling and len(newcomers) < self.places:
            return
        chosen = sorted(newcomers[: len(empty)], key=lambda n: float(sightings[n].centre[0]))
        for place, number in zip(empty, chosen, strict=False):
            seen = sightings[number]
            self._known[place] = _Place(seen.centre, seen.scale, seen.worn, seen.edge, t_s)
            given[place] = number

    def _recognise_changed(
        self,
        sightings: Sequence[Sighting],
        free: list[int],
        given: list[int | None],
        t_s: float,
    ) -> None:
        """Assign a missing performer's place to somebody in other clothes who stays."""
        missing = [
            place
            for place, known in enumerate(self._known)
            if known is not None and given[place] is None and t_s - known.seen_s > _AWAY_S
        ]
        known = self._known[missing[0]] if len(missing) == 1 else None
        if known is None:
            self._newcomer = None
            return
        found = [
            number
            for number in free
            if sightings[number].scale >= _PROMINENT * known.scale
            and sightings[number].edge > _DOOR * sightings[number].scale
        ]
        if found and all(_is_same(sightings[found[0]], sightings[other]) for other in found[1:]):
            seen, last = sightings[found[0]], self._newcomer
            stays = last is not None and measure_gap(seen, last.seen) < _REACH
            since_s = last.since_s if last is not None and stays else t_s
            self._newcomer = _Newcomer(seen, since_s, t_s)
            if t_s - since_s >= _STAYS_S:
                given[missing[0]] = found[0]
                known.costumes = [*known.costumes, known.worn][-_COSTUMES:]
                self._newcomer = None
        elif found or (self._newcomer is not None and t_s - self._newcomer.seen_s > _UNSEEN_S):
            self._newcomer = None

    def _see(self, known: _Place, seen: Sighting, all_seen: list[Sighting], t_s: float) -> bool:
        """Update a performer from their sighting; return whether their colours are others."""
        differs = distance(known.worn, seen.worn)
        passed = t_s - known.seen_s
        if known.present and passed > 0.0:
            found = (seen.centre - known.centre) / passed
            known.speed = known.speed + np.float32(_SPEED_GAIN) * (found - known.speed)
        else:
            known.speed = np.zeros(2, np.float32)
        others = (other for other in all_seen if other is not seen)
        if all(measure_gap(seen, other) > _ALONE for other in others):
            share = 1.0 - math.exp(-min(passed, 0.2) / _LEARN_S)
            known.worn = blend(known.worn, seen.worn, share)
        worn = distance(known.worn, seen.worn)
        if worn is not None and worn > _STRANGER:
            if known.costumes:
                known.costumes = [*known.costumes, known.worn][-_COSTUMES:]
            known.worn = seen.worn
        known.centre, known.scale, known.edge = seen.centre, seen.scale, seen.edge
        known.seen_s, known.present = t_s, True
        return differs is not None and differs > _STRANGER


def _is_taken(number: int, given: list[int | None], sightings: Sequence[Sighting]) -> bool:
    return any(
        other is not None and (other == number or _is_same(sightings[number], sightings[other]))
        for other in given
    )


def _is_same(first: Sighting, second: Sighting) -> bool:
    sizes = sorted((first.scale, second.scale))
    return measure_gap(first, second) < _SAME_BODY and sizes[0] > _SAME_SIZE * sizes[1]


def measure_gap(first: Sighting, second: Sighting) -> float:
    """Return the distance between two sightings in scales of the larger body."""
    gap = float(np.linalg.norm(first.centre - second.centre))
    return gap / max(first.scale, second.scale)
