"""Define the crew's declaration about a show, against which licences and consents are checked.

It is read without loading numpy, so that the command line can use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

ANY: Final = "*"
"""In a list of performers, shows, territories or outputs: any."""


class Usage(Enum):
    """Commercial or non-commercial use of a show; the values are VRM's."""

    PERSONAL = "personalNonProfit"
    PERSONAL_PROFIT = "personalProfit"
    CORPORATION = "corporation"


class Content(Enum):
    """Kinds of content that a licence must allow explicitly."""

    VIOLENT = "violent"
    SEXUAL = "sexual"
    POLITICAL_OR_RELIGIOUS = "political"
    ANTISOCIAL_OR_HATE = "hate"


class OutputKind(Enum):
    """Ways in which a show leaves the machine."""

    RECORDING = "recording"
    STREAM = "stream"


class Capture(Enum):
    """What is captured of a performer."""

    FACE = "face"
    BODY = "body"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The crew's declaration about a show before it starts.

    Attributes:
        performer: names of the performers in the order of their avatars, separated by commas.
        permission: who granted a permission that the file itself does not give, and where it is
            recorded; empty for none. It is written to the report.
        show: the show's name; empty if it has none, which no licence for named shows allows.
        territories: ISO 3166 codes of the countries for which it is streamed; empty if undeclared,
            which no licence for named countries allows.
        without_disclosure: name of the person who answers for showing no disclosure label; empty
            for none.
    """

    performer: str
    usage: Usage = Usage.PERSONAL
    content: frozenset[Content] = field(default_factory=frozenset)
    permission: str = ""
    show: str = ""
    territories: tuple[str, ...] = ()
    without_disclosure: str = ""
