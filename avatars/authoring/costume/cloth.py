"""Cloth that hangs: a grid of points whose columns follow spring chains."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import Piece, vertex_normals
from avatars.authoring.figure.grids import grid_triangles
from avatars.authoring.figure.rigging import Chain, Feel, Lift, Rigging
from avatars.authoring.figure.source import Floats
from avatars.names import BONE_INDEX

_LEAST = 0.03
"""Of a thigh's turn: a chain that would take less is not turned."""


@dataclass(frozen=True, slots=True)
class Rise:
    """How cloth turns along with the thighs, so that they push no further than it can give way.

    Attributes:
        share: of a thigh's turn that the cloth right before it takes.
        around: degrees around the hips where that is, for the left thigh; 0 is the front.
        reach: degrees from there to where cloth takes but `least`.
        least: share of the cloth on the thigh's own side that lies farther off.
    """

    share: float
    around: float
    reach: float
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A hanging cloth before it is rigged.

    Attributes:
        points: (rows, columns, 3) from the seam down; a closed sheet repeats its first column.
        closed: whether its chains stand all around.
        chains: how many chains carry it, evenly across.
        joints: share of the way down at which each joint stands, ascending; the last is the hem.
        parent: the bone that the seam is sewn to.
        lift: how the chains turn along with the thighs under them.
        span: which part of the chains its rows lie along: a frill hangs on its skirt's.
        around: which part of the way around the chains its columns take.
    """

    name: str
    points: Floats
    closed: bool
    chains: int
    joints: tuple[float, ...]
    parent: str
    feel: Feel
    lift: Rise | None = None
    span: tuple[float, float] = (0.0, 1.0)
    around: tuple[float, float] = (0.0, 1.0)

    def rig(self) -> tuple[Chain, ...]:
        """Its chains, on the cloth itself."""
        out = []
        for number in range(self.chains):
            lifts = self._lifts(number)
            parent = lifts[-1].name if lifts else self.parent
            out.append(Chain(self._chain(number), parent, self._line(number), self.feel))
        return tuple(out)

    def lifts(self) -> tuple[Lift, ...]:
        """What turns the chains about their roots along with the thighs."""
        return tuple(lift for number in range(self.chains) for lift in self._lifts(number))

    def _lifts(self, number: int) -> list[Lift]:
        """Of one chain; a chain between the thighs follows both, one after the other."""
        if self.lift is None:
            return []
        root = self._line(number)[0]
        middle = self.points[0, :, 2].mean() if self.closed else 0.0
        angle = math.degrees(math.atan2(root[0], root[2] - middle))
        out: list[Lift] = []
        for thigh, side in (("leftUpperLeg", 1.0), ("rightUpperLeg", -1.0)):
            if not self.closed and side * self.points[0, :, 0].mean() < 0.0:
                # What hangs on one side would be pulled into its own leg by the other.
                continue
            away = abs((angle - side * self.lift.around + 180.0) % 360.0 - 180.0)
            share = self.lift.share * math.cos(
                math.radians(min(90.0, 90.0 * away / self.lift.reach))
            )
            share = max(share, self.lift.least * side * math.sin(math.radians(angle)))
            if share > _LEAST:
                parent = out[-1].name if out else self.parent
                name = f"{self._chain(number)}_{thigh}"
                out.append(Lift(name, parent, root, thigh, round(share, 4)))
        return out

    def _chain(self, number: int) -> str:
        return f"{self.name}{number}"

    def _line(self, number: int) -> Floats:
        """Where the joints (k, 3) of a chain stand."""
        rows, columns = self.points.shape[:2]
        column = self._column(number) * (columns - 1)
        line = self.points[:, int(column)] * (1.0 - column % 1.0)
        line = line + self.points[:, min(int(column) + 1, columns - 1)] * (column % 1.0)
        down = np.array(self.joints) * (rows - 1)
        return np.stack(
            [np.interp(down, np.arange(rows), line[:, axis]) for axis in range(3)], axis=1
        )

    def _column(self, number: int) -> float:
        """Where across, 0 to 1, a chain hangs."""
        if self.closed:
            return number / self.chains
        return (number + 0.5) / self.chains

    def piece(self, rigging: Rigging, uv: Floats) -> Piece:
        """The cloth as part of a figure.

        Args:
            uv: (rows, columns, 2).
        """
        rows, columns = self.points.shape[:2]
        triangles = grid_triangles(rows, columns)
        return Piece(
            self.points.reshape(-1, 3),
            vertex_normals(self._flatten_pleats().reshape(-1, 3), triangles),
            uv.reshape(-1, 2),
            self._weights(rigging),
            triangles,
        )

    def _flatten_pleats(self) -> Floats:
        """The points with folds evened out: drawn pleats are painted, and an outline that followed
        their slopes would come through the next one."""
        before = np.roll(self.points, 1, axis=1)
        after = np.roll(self.points, -1, axis=1)
        if self.closed and self.around == (0.0, 1.0):
            before[:, 0], after[:, -1] = self.points[:, -2], self.points[:, 1]
        else:
            before[:, 0], after[:, -1] = self.points[:, 0], self.points[:, -1]
        out: Floats = 0.25 * before + 0.5 * self.points + 0.25 * after
        return out

    def _weights(self, rigging: Rigging) -> Floats:
        rows, columns = self.points.shape[:2]
        across = self._across(columns)
        down = self._down(rows)
        weights = np.zeros((rows, columns, rigging.columns))
        weights[..., BONE_INDEX[self.parent]] = down[:, None, 0]
        for number in range(self.chains):
            first = rigging.column(self._chain(number))
            for joint in range(len(self.joints) - 1):
                weights[..., first + joint] = down[:, None, 1 + joint] * across[None, :, number]
        return weights.reshape(rows * columns, -1)

    def _across(self, columns: int) -> Floats:
        """How much of each column (c, chains) each chain carries: the two beside it share it."""
        place = np.linspace(*self.around, columns) * self.chains - (0.0 if self.closed else 0.5)
        share = np.zeros((columns, self.chains))
        for number in range(self.chains):
            away = np.abs(place - number)
            if self.closed:
                away = np.minimum(away, np.abs(self.chains - away))
            share[:, number] = np.clip(1.0 - away, 0.0, 1.0)
        total: Floats = share / share.sum(axis=1, keepdims=True)
        return total

    def _down(self, rows: int) -> Floats:
        """How much of each row (r, joints) the seam and each joint but the tip carry."""
        t = np.linspace(*self.span, rows)
        # A joint turns what lies between it and the next: each is in full half-way there.
        stands = np.array(self.joints)
        middles = np.concatenate(([stands[0] * 0.5], (stands[:-1] + stands[1:]) / 2.0))
        basis = np.eye(len(middles))
        return np.stack([np.interp(t, middles, row) for row in basis], axis=1)
