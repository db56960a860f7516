"""VRM animations: motion that any humanoid can be given, read from and written to .vrma files."""

from avatars.vrma.animation import Animation, Moment
from avatars.vrma.read import read_vrma
from avatars.vrma.write import write_vrma

__all__ = ["Animation", "Moment", "read_vrma", "write_vrma"]
