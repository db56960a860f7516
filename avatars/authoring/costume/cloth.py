"""Build hanging cloth: a grid of points whose columns are skinned to spring chains."""

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
"""Smallest share of a thigh's rotation; chains with a lower share get no lift bone."""


@dataclass(frozen=True, slots=True)
class Rise:
    """How cloth rotates with the thighs, so that they do not penetrate it.

    Attributes:
        share: maximum share, 0 to 1, of a thigh's rotation that the cloth follows.
        around: azimuth around the hips of that maximum, degrees, for the left thigh; 0 is the
            front. The right thigh mirrors it.
        reach: degrees from there to where the share falls to `least`.
        least: minimum share for cloth farther away on the thigh's own side.
    """

    share: float
    around: float
    reach: float
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A hanging cloth before it is rigged.

    Attributes:
        points: (rows, columns, 3) metres, from the seam down; a closed sheet repeats its first
            column.
        closed: whether its chains are distributed over the full circle.
        chains: number of spring chains, evenly spaced across.
        joints: position of each joint as a share of the length, ascending; the last is the hem.
        parent: the bone that the seam is attached to.
        lift: how the chains rotate with the thighs under them; None if they do not.
        span: range along the chains, 0 to 1, that the rows cover: a frill uses its skirt's chains.
        around: range around the chains, 0 to 1, that the columns cover.
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
        """Return the spring chains, with their joints on the cloth."""
        out = []
        for number in range(self.chains):
            lifts = self._lifts(number)
            parent = lifts[-1].name if lifts else self.parent
            out.append(Chain(self._chain(number), parent, self._line(number), self.feel))
        return tuple(out)

    def lifts(self) -> tuple[Lift, ...]:
        """Return the lift bones that rotate the chains about their roots with the thighs."""
        return tuple(lift for number in range(self.chains) for lift in self._lifts(number))

    def _lifts(self, number: int) -> list[Lift]:
        """Return one chain's lift bones; a chain between the thighs gets two, in series."""
        if self.lift is None:
            return []
        root = self._line(number)[0]
        middle = self.points[0, :, 2].mean() if self.closed else 0.0
        angle = math.degrees(math.atan2(root[0], root[2] - middle))
        out: list[Lift] = []
        for thigh, side in (("leftUpperLeg", 1.0), ("rightUpperLeg", -1.0)):
            if not self.closed and side * self.points[0, :, 0].mean() < 0.0:
                # A sheet on one side ignores the other thigh, which would pull it into its own leg.
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
        """Return the positions (k, 3) of a chain's joints, metres."""
        rows, columns = self.points.shape[:2]
        column = self._column(number) * (columns - 1)
        line = self.points[:, int(column)] * (1.0 - column % 1.0)
        line = line + self.points[:, min(int(column) + 1, columns - 1)] * (column % 1.0)
        down = np.array(self.joints) * (rows - 1)
        return np.stack(
            [np.interp(down, np.arange(rows), line[:, axis]) for axis in range(3)], axis=1
        )

    def _column(self, number: int) -> float:
        """Return a chain's position across the sheet, 0 to 1."""
        if self.closed:
            return number / self.chains
        return (number + 0.5) / self.chains

    def piece(self, rigging: Rigging, uv: Floats) -> Piece:
        """Return the cloth as a skinned mesh.

        Args:
            rigging: assigns a weight column to each chain joint.
            uv: (rows, columns, 2) texture coordinates.
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
        """Return the points with folds smoothed, for computing normals.

        Pleats are shaded in the texture; an outline extruded along the normals of their slopes
        would show through the next pleat.
        """
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
        """Return chain weights (columns, chains): each column blends its two nearest chains."""
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
        """Return row weights (rows, joints): the parent bone, then each joint but the tip."""
        t = np.linspace(*self.span, rows)
        # A joint rotates the segment down to the next one; its weight peaks at the midpoint.
        stands = np.array(self.joints)
        middles = np.concatenate(([stands[0] * 0.5], (stands[:-1] + stands[1:]) / 2.0))
        basis = np.eye(len(middles))
        return np.stack([np.interp(t, middles, row) for row in basis], axis=1)
