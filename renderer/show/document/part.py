"""Define the base of a document's parts, and the kinds of values that they hold."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=400)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Seconds = Annotated[float, Meta(ge=0.0, le=86_400.0)]
Level = Annotated[float, Meta(ge=0.0, le=4.0)]
Channel = Annotated[float, Meta(ge=0.0, le=100.0)]
Rgb = tuple[Channel, Channel, Channel]
"""Linear red, green and blue; 1 is full, and a fixture may exceed it."""
Bounded = Annotated[float, Meta(ge=-1000.0, le=1000.0)]
Range = tuple[Bounded, Bounded]
"""Values at the start and at the end of a camera's movement."""


class Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """Base of the document's parts."""
