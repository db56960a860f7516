"""Define the base class of all of the program's errors.

It is in this package because every other package depends on this one.
"""

from __future__ import annotations


class RendererError(Exception):
    """An error that the user can fix, described in one sentence.

    The message names the thing, what is wrong with it, and how to fix it.
    """

    def __init__(self, thing: str, fault: str, remedy: str) -> None:
        self.thing, self.fault, self.remedy = thing, fault, remedy
        super().__init__(f"{thing}: {fault}; {remedy}")

    def __reduce__(self) -> tuple[type[RendererError], tuple[str, str, str]]:
        # Errors are pickled between processes; the default would pass the joined message only.
        return type(self), (self.thing, self.fault, self.remedy)


class AvatarError(RendererError):
    """An avatar file that cannot be read or cannot be animated."""
