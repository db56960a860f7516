"""Build boots and shoes: an upper swept from the toe over the instep to the leg, sole and heel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, nearest_weights, smoothstep, vertex_normals
from avatars.authoring.figure.grids import grid_triangles
from avatars.authoring.figure.source import Floats
from avatars.names import BONE_INDEX


@dataclass(frozen=True, slots=True)
class Last:
    """A shoe's dimensions. Lengths are in foot lengths unless metres are stated.

    Attributes:
        heel: height of the foot's heel above its ball, metres.
        platform: thickness of the sole under the ball, metres.
        toe: distance from the foot's tip to the shoe's tip.
        point: width factor at the tip; 1 is round, less is pointed.
        top: height of the shaft above the bare heel, metres.
        gap: clearance between leg and shaft, metres.
        cuff: increase of the shaft's radius at its top, metres.
        block: width of the heel at the ground relative to its width under the foot.
    """

    heel: float
    platform: float
    toe: float
    point: float
    top: float
    gap: float
    cuff: float
    block: float


# Cross-sections of the upper from the toe to above the ankle, one a row: z and y of a point on the
# instep, z and y of a point under or behind the foot, half width; all in foot lengths. Their planes
# tilt from vertical at the toe to horizontal at the shaft. z runs from the back of the heel to the
# tips of the toes, y upwards from the bare foot's sole.
_STATIONS = np.array(
    [
        (1.000, 0.085, 1.000, 0.030, 0.020),
        (0.985, 0.130, 0.990, 0.000, 0.085),
        (0.940, 0.165, 0.950, 0.000, 0.140),
        (0.870, 0.192, 0.880, 0.000, 0.182),
        (0.780, 0.225, 0.780, 0.000, 0.205),
        (0.690, 0.265, 0.670, 0.000, 0.208),
        (0.600, 0.315, 0.530, 0.000, 0.192),
        (0.525, 0.370, 0.370, 0.000, 0.170),
        (0.465, 0.430, 0.200, 0.000, 0.158),
        (0.425, 0.490, 0.070, 0.000, 0.152),
        (0.402, 0.545, 0.000, 0.060, 0.148),
        (0.390, 0.595, -0.022, 0.170, 0.146),
        (0.384, 0.640, -0.020, 0.300, 0.146),
        (0.380, 0.690, -0.008, 0.440, 0.147),
        (0.380, 0.750, 0.006, 0.600, 0.150),
    ]
)


def footwear(
    body: Body, suit: Piece, pattern: Pattern, last: Last, *, fine: bool
) -> tuple[list[Piece], list[Piece]]:
    """Return the meshes of both shoes: the uppers, and the soles with heels."""
    uppers, soles = [], []
    for side in ("left", "right"):
        shoe = _Shoe(body, suit, last, side, 20 if fine else 10)
        uppers.append(shoe.upper(pattern, every=1 if fine else 2))
        soles += shoe.sole(pattern)
    return uppers, soles


class _Shoe:
    def __init__(self, body: Body, suit: Piece, last: Last, side: str, around: int) -> None:
        self._last, self._suit, self._body, self._side = last, suit, body, side
        self._around = around
        self._ankle, self._ball = body.head(side + "Foot"), body.head(side + "Toes")
        own = np.sign(suit.position[:, 0]) == np.sign(self._ankle[0])
        foot = suit.position[own & (suit.position[:, 1] < self._ankle[1] * 0.6)]
        self._back = float(foot[:, 2].min()) + 0.004
        self._length = float(foot[:, 2].max()) - self._back - 0.004
        self._leg = suit.position[own & (suit.position[:, 1] < 0.75 * body.head("hips")[1])]

    def upper(self, pattern: Pattern, every: int) -> Piece:
        """Return the upper's mesh, from the toe to the top of the shaft.

        Args:
            every: stride by which cross-sections are kept.
        """
        foot, shaft = self._foot_rings(), self._shaft_rings()
        points = np.concatenate((foot[:-1:every], foot[-1:], shaft[::every], shaft[-1:]))
        rows, columns = points.shape[:2]
        flat = points.reshape(-1, 3)
        triangles = grid_triangles(rows, columns)
        step = np.linalg.norm(np.diff(points.mean(axis=1), axis=0), axis=1)
        along = np.concatenate(([0.0], np.cumsum(step)))
        share = np.repeat(1.0 - along / along[-1], columns)
        uv = pattern.band_uv("boots", share)
        return Piece(flat, vertex_normals(flat, triangles), uv, self._weights(flat), triangles)

    def _floor(self, z: Floats) -> Floats:
        """Return the height of the foot's sole above the heel's level, metres (0 or negative)."""
        t = (np.asarray(z) - self._back) / self._length
        out: Floats = -self._last.heel * smoothstep(0.20, 0.66, t)
        return out

    def _foot_rings(self) -> Floats:
        """Return the foot's cross-sections (stations, around + 1, 3), each closed."""
        angle = np.linspace(0.0, 2.0 * np.pi, self._around + 1)
        stations = _STATIONS.copy()
        toe = smoothstep(0.62, 1.0, stations[:, 0])
        stations[:, (0, 2)] += self._last.toe * toe[:, None]
        stations[:, 4] *= 1.0 + (self._last.point - 1.0) * toe
        rings = []
        for top_z, top_y, low_z, low_y, half in stations * self._length:
            # Flat underfoot and round above: a superellipse below, an ellipse on top.
            up, aside = np.cos(angle), np.sin(angle)
            flat = np.where(up < 0.0, 0.45, 0.85)
            up = np.sign(up) * np.abs(up) ** flat
            # Rounder at the back, where the rings form the heel counter.
            full = 1.0 - 0.55 * smoothstep(0.36, 0.06, np.array(low_z / self._length))
            aside = np.sign(aside) * np.abs(aside) ** np.where(np.cos(angle) < 0.0, full, 1.0)
            share = (0.5 - 0.5 * up)[:, None]
            top, low = np.array([0.0, top_y, top_z]), np.array([0.0, low_y, low_z])
            ring = top * (1.0 - share) + low * share
            ring[:, 0] = half * aside
            ring += np.array([self._ankle[0], 0.0, self._back])
            ring[:, 1] += self._floor(ring[:, 2])
            rings.append(ring)
        out = np.array(rings)
        # Blend the last cross-sections into the ones measured on the leg.
        meet = smoothstep(0.40, 0.74, _STATIONS[:, 1])[:, None, None]
        leg = np.stack([self._around_leg(float(ring[:, 1].mean())) for ring in out])
        leg[..., 1] = out[..., 1]
        blended: Floats = out * (1.0 - meet) + leg * meet
        return blended

    def _around_leg(self, height: float) -> Floats:
        """Return the shaft's cross-section (around + 1, 3) at a height, metres."""
        angle = np.linspace(0.0, 2.0 * np.pi, self._around + 1)
        direction = np.stack((np.sin(angle), np.cos(angle)), axis=1)
        near = self._leg[np.abs(self._leg[:, 1] - height) < 0.022]
        low, high = near[:, [0, 2]].min(axis=0), near[:, [0, 2]].max(axis=0)
        middle = (low + high) / 2.0
        support = ((near[:, [0, 2]] - middle) @ direction.T).max(axis=0)
        reach = support + self._last.gap
        out = np.empty((self._around + 1, 3))
        out[:, [0, 2]] = middle + direction * reach[:, None]
        out[:, 1] = height
        return out

    def _shaft_rings(self) -> Floats:
        foot_top = 0.70 * self._length
        heights = np.linspace(
            foot_top + 0.022, self._last.top, max(3, round(self._last.top / 0.03))
        )
        rings = [self._around_leg(float(height)) for height in heights]
        out = np.array(rings)
        # Smooth the measured rings, then widen the cuff.
        for _ in range(2):
            out[1:-1] = 0.25 * out[:-2] + 0.5 * out[1:-1] + 0.25 * out[2:]
        middle = out.mean(axis=1, keepdims=True)
        share = (heights - foot_top) / (self._last.top - foot_top)
        open_by = self._last.cuff * smoothstep(0.72, 1.0, share)
        spread = out - middle
        spread *= (open_by / np.linalg.norm(spread, axis=2).mean(axis=1))[:, None, None]
        # The top edge is lower behind the knee and higher in front of it.
        rise = 0.5 * self._last.cuff * smoothstep(0.85, 1.0, share)[:, None]
        out[..., 1] += rise * np.cos(np.linspace(0.0, 2.0 * np.pi, self._around + 1))
        opened: Floats = out + spread
        return opened

    def sole(self, pattern: Pattern) -> list[Piece]:
        """Return the meshes of the sole's rim, its underside and the heel."""
        last, length = self._last, self._length
        turn = np.linspace(0.0, 2.0 * np.pi, 29)
        stations = _STATIONS[:10]
        reach, half = stations[:, 2] + last.toe * smoothstep(0.62, 1.0, stations[:, 0]), None
        half = stations[:, 4] * (1.0 + (last.point - 1.0) * smoothstep(0.62, 1.0, stations[:, 0]))
        low, high = -0.024, float(reach.max()) + 0.012
        z = low + (high - low) * (0.5 + 0.5 * np.cos(turn))
        wide = np.interp(z, reach[::-1], half[::-1] * 1.05)
        # Round both ends.
        wide *= np.sqrt(np.clip(1.0 - ((np.abs(2.0 * (z - low) / (high - low) - 1.0)) ** 12), 0, 1))
        behind = np.clip((0.14 - z) / (0.14 - low), 0.0, 1.0)
        wide *= np.sqrt(1.0 - behind**3)
        outline = np.stack((wide * np.sign(np.sin(turn)), z), axis=1) * length
        x, ahead = self._ankle[0] + outline[:, 0], self._back + outline[:, 1]
        floor = self._floor(ahead)
        spring = 0.012 * smoothstep(0.85, 1.08, outline[:, 1] / length)
        top, under = floor + 0.004 + spring, floor - last.platform + spring
        rim = np.stack([np.column_stack((x, y, ahead)) for y in (top, 0.5 * (top + under), under)])
        middle = np.column_stack((np.full(29, self._ankle[0]), under, ahead))
        bottom = np.stack((rim[-1], middle))
        ground = -last.heel - last.platform
        heel_turn = np.linspace(0.0, 2.0 * np.pi, 17)
        block = []
        for share in (0.0, 0.35, 1.0):
            size = 1.0 + (last.block - 1.0) * np.sqrt(share)
            across = 0.150 * size * length * np.sin(heel_turn)
            along = 0.118 * length - 0.135 * size * length * np.maximum(np.cos(heel_turn), -0.82)
            along += 0.02 * length * share
            height = -last.platform + 0.002 + share * (ground + last.platform - 0.002)
            block.append(
                np.column_stack((self._ankle[0] + across, np.full(17, height), self._back + along))
            )
        cap = np.tile(block[-1].mean(axis=0), (17, 1))
        return [
            self._solid(rim, pattern, (0.05, 0.30)),
            self._solid(bottom, pattern, (0.6, 0.6)),
            self._solid(np.array([*block, cap]), pattern, (0.40, 0.90)),
        ]

    def _solid(self, points: Floats, pattern: Pattern, span: tuple[float, float]) -> Piece:
        rows, columns = points.shape[:2]
        flat = points.reshape(-1, 3)
        triangles = grid_triangles(rows, columns)
        along = np.repeat(np.linspace(*span, rows), columns)
        uv = pattern.band_uv("sole", along)
        return Piece(flat, vertex_normals(flat, triangles), uv, self._weights(flat), triangles)

    def _weights(self, points: Floats) -> Floats:
        """Return the skinning weights of points (n, 3).

        Foot and toes blend at the ball of the foot; above the ankle the weights are the leg's.
        """
        foot, toes = BONE_INDEX[self._side + "Foot"], BONE_INDEX[self._side + "Toes"]
        shaft = BONE_INDEX[self._side + "LowerLeg"]
        near, amount = nearest_weights(points, self._suit.position, 4)
        leg = np.einsum("vk,vkb->vb", amount, self._suit.weights[near])
        weights = np.zeros_like(leg)
        bend = smoothstep(-0.012, 0.022, points[:, 2] - self._ball[2])
        weights[:, foot], weights[:, toes] = 1.0 - bend, bend
        ankle = smoothstep(-0.035, 0.045, points[:, 1] - self._ankle[1])[:, None]
        ankle = ankle * smoothstep(0.10, 0.03, points[:, 2] - self._ankle[2])[:, None]
        firm = np.zeros_like(leg)
        firm[:, shaft] = 1.0
        high = smoothstep(0.55, 0.80, points[:, 1] / self._body.head(self._side + "LowerLeg")[1])
        leg = firm * (1.0 - high[:, None]) + leg * high[:, None]
        out: Floats = weights * (1.0 - ankle) + leg * ankle
        return out
