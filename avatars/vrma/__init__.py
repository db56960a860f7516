"""Read and write VRM animations (.vrma), which apply to any humanoid."""

from avatars.vrma.animation import Animation, Moment
from avatars.vrma.read import read_vrma
from avatars.vrma.write import write_vrma

__all__ = ["Animation", "Moment", "read_vrma", "write_vrma"]
