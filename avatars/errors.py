"""The one error family of the house.

It lives in the leftmost room because every other room raises from it.
"""

from __future__ import annotations


class RendererError(Exception):
    """A fault that a person can mend, told in one sentence.

    The message names the thing, what is wrong with it, and what would be right.
    """

    def __init__(self, thing: str, fault: str, remedy: str) -> None:
        self.thing, self.fault, self.remedy = thing, fault, remedy
        super().__init__(f"{thing}: {fault}; {remedy}")

    def __reduce__(self) -> tuple[type[RendererError], tuple[str, str, str]]:
        # Errors cross process walls; the default would replay the joined message only.
        return type(self), (self.thing, self.fault, self.remedy)


class AvatarError(RendererError):
    """An avatar file that cannot be read, or cannot be performed with."""
