"""Define the fans' part in a show as its document has it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from renderer.show.document.part import Name, Part, Rgb, Text
from renderer.show.fans.records import MOST_COLORS, FanColor, FansSettings
from renderer.show.fans.twitch import USUAL_SERVER


class FanColorEntry(Part, frozen=True):
    """A colour among which fans choose.

    Attributes:
        name: on the fans' page, such as an idol's.
        color: of the light sticks.
        words: of the chat that choose the colour: whole words or emoji.
    """

    name: Annotated[str, Meta(min_length=1, max_length=24)]
    color: Rgb
    words: Annotated[tuple[Name, ...], Meta(max_length=32)] = ()


class FansEntry(Part, frozen=True):
    """An endpoint at which fans move the audience.

    Attributes:
        port: of the page; 0 for any free one.
        bind: address of this machine to listen on; 0.0.0.0 for all.
        address: of the page as fans reach it, for the QR code; empty for the endpoint's own.
        origins: of other servers' pages whose fans may connect, such as "https://label.example".
        proxies: addresses of reverse proxies in front of the endpoint.
        colors: one to eight.
        influence: how far the fans replace the look's colours and energy, 0 to 1.
        most: largest number of connections.
        per_address: largest number of connections from one address; a hall's fans share one.
        key: where the key of other servers' summaries is stored, such as "{env:FANS_KEY}"; empty
            refuses them.
        twitch: channel whose chat is read; empty for none.
        twitch_server: HOST:PORT of the chat.
    """

    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    bind: Name = "127.0.0.1"
    address: Text = ""
    origins: tuple[Name, ...] = ()
    proxies: tuple[Name, ...] = ()
    colors: Annotated[tuple[FanColorEntry, ...], Meta(min_length=1, max_length=MOST_COLORS)] = (
        FanColorEntry(name="white", color=(1.0, 1.0, 1.0)),
    )
    influence: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.8
    most: Annotated[int, Meta(ge=1, le=15_000)] = 6_000
    per_address: Annotated[int, Meta(ge=1, le=15_000)] = 500
    key: Text = ""
    twitch: Annotated[str, Meta(max_length=25, pattern=r"^[A-Za-z0-9_]*\Z")] = ""
    twitch_server: Annotated[str, Meta(pattern=r"^[^\s:]+:\d{1,5}\Z")] = USUAL_SERVER


def build_fans(entry: FansEntry, title: str) -> FansSettings:
    """Return the settings of the fans' endpoint.

    Args:
        title: of the show.
    """
    return FansSettings(
        title=title,
        port=entry.port,
        bind=entry.bind,
        address=entry.address,
        origins=entry.origins,
        proxies=entry.proxies,
        colors=tuple(FanColor(one.name, one.color, one.words) for one in entry.colors),
        influence=entry.influence,
        most=entry.most,
        per_address=entry.per_address,
        key=entry.key,
        twitch=entry.twitch,
        twitch_server=entry.twitch_server,
    )
