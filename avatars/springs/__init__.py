"""Spring bones: hair, skirts and ribbons that follow with inertia."""

from avatars.springs.read import read_springs
from avatars.springs.records import Springs
from avatars.springs.simulate import SpringSimulation

__all__ = ["SpringSimulation", "Springs", "read_springs"]
