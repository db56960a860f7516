"""Test the fans' endpoint with real clients on loopback, honest and hostile ones."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from renderer.show.fans import server as server_module
from renderer.show.fans.chat import ChatCounter
from renderer.show.fans.records import FanColor, FansSettings, FansState, OutsideSummary
from renderer.show.fans.server import FansServer
from renderer.show.fans.signature import SignatureVerifier, sign
from renderer.show.fans.tally import VoteTally
from renderer.show.fans.twitch import read_chat

KEY = b"a shared key"


def make_settings(**changes: Any) -> FansSettings:
    usual: dict[str, Any] = {
        "title": "First Light", "port": 0, "bind": "127.0.0.1", "address": "", "origins": (),
        "proxies": (), "influence": 1.0, "most": 100, "per_address": 100, "key": "",
        "twitch": "", "twitch_server": "127.0.0.1:1",
        "colors": (FanColor("Hana", (0.1, 0.3, 1.0)), FanColor("Min", (1.0, 0.1, 0.1))),
    }  # fmt: skip
    return FansSettings(**(usual | changes))


@asynccontextmanager
async def serving(
    key: bytes = b"", **changes: Any
) -> AsyncIterator[tuple[FansServer, VoteTally, str, ClientSession]]:
    settings = make_settings(**changes)
    tally = VoteTally(len(settings.colors))
    server = FansServer(settings, key, tally)
    url = await server.start()
    async with ClientSession() as client:
        try:
            yield server, tally, url, client
        finally:
            await server.stop()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(60.0):
            await test()

    asyncio.run(limited())


async def ask(client: ClientSession, url: str, **headers: str) -> int:
    """Return the status of the answer to a handshake that is refused."""
    upgrade = {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    async with client.get(f"{url}votes", headers=upgrade | headers) as reply:
        return reply.status


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def test_votes_are_counted_and_polls_told() -> None:
    async def test() -> None:
        async with (
            serving() as (server, tally, url, client),
            client.ws_connect(f"{url}votes") as fan,
        ):
            state = await fan.receive_json()
            assert [one["name"] for one in state["colors"]] == ["Hana", "Min"]
            assert state["poll"] == 0
            await fan.send_json({"color": 1})
            await fan.send_json({"gesture": "jump"})
            await until(lambda: tally.summarise(time.monotonic_ns()).energy == 1.0)
            assert tally.summarise(time.monotonic_ns()).shares == (0.0, 1.0)
            await server.change_state(FansState(True, 4, "Next?", ("Ballad", "Encore")))
            told = await fan.receive_json()
            assert (told["poll"], told["question"]) == (4, "Next?")
            assert told["choices"] == ["Ballad", "Encore"]
            await fan.send_json({"choice": 1})
            await until(lambda: tally.summarise(0).choices == (0, 1))
            await fan.close()
            await until(lambda: tally.people == 0)

    run(test)


@pytest.mark.parametrize(
    "message",
    ["", "[]", "{", '{"color": 9}', '{"gesture": "moon"}', '{"name": "Kim"}', '{"color": "red"}',
     '{"color": 1e400}', "\u0000", '{"choice": 0}'],
    ids=range(10),
)  # fmt: skip
def test_malformed_messages_count_nothing(message: str) -> None:
    async def test() -> None:
        async with serving() as (_, tally, url, client), client.ws_connect(f"{url}votes") as fan:
            await fan.receive_json()
            for _ in range(5):
                await fan.send_str(message)
            await until(lambda: tally.refused == 5)
            summary = tally.summarise(time.monotonic_ns())
            assert (summary.energy, summary.shares) == (0.0, (0.0, 0.0))

    run(test)


def test_malformed_messages_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "FAN_BURST", 100.0)

    async def test() -> None:
        async with serving() as (_, tally, url, client), client.ws_connect(f"{url}votes") as fan:
            await fan.receive_json()
            for _ in range(10):
                await fan.send_str("rubbish")
            assert (await fan.receive()).type is aiohttp.WSMsgType.CLOSE
            assert tally.refused == 10

    run(test)


def test_a_long_message_and_bytes_end_the_connection() -> None:
    async def test() -> None:
        async with serving() as (_, tally, url, client):
            async with client.ws_connect(f"{url}votes") as fan:
                await fan.receive_json()
                await fan.send_str("x" * 1000)
                reply = await fan.receive()
                assert reply.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            async with client.ws_connect(f"{url}votes") as fan:
                await fan.receive_json()
                await fan.send_bytes(b"{}")
                await until(lambda: tally.refused >= 1)

    run(test)


def test_a_flood_of_votes_is_told_to_slow_down() -> None:
    async def test() -> None:
        async with serving() as (_, tally, url, client), client.ws_connect(f"{url}votes") as fan:
            await fan.receive_json()
            for _ in range(200):
                await fan.send_json({"gesture": "wave"})
            assert await fan.receive_json() == {"slow": True}
            await until(lambda: tally.refused > 150)

    run(test)


def test_another_site_s_page_may_not_connect() -> None:
    async def test() -> None:
        origins = ("https://label.example",)
        async with serving(origins=origins) as (_, _tally, url, client):
            for origin in ("https://elsewhere.example", "null"):
                assert await ask(client, url, Origin=origin) == 403
            # A name that was pointed at this machine is no name of this page's.
            rebound = {"Origin": "http://rebound.example", "Host": "rebound.example"}
            assert await ask(client, url, **rebound) == 403
            for origin in (url.rstrip("/"), origins[0]):
                socket = await client.ws_connect(f"{url}votes", headers={"Origin": origin})
                await socket.close()

    run(test)


def test_a_full_hall_refuses_and_a_seat_is_free_again() -> None:
    async def test() -> None:
        async with serving(most=2) as (_, tally, url, client):
            fans = [await client.ws_connect(f"{url}votes") for _ in range(2)]
            assert await ask(client, url) == 503
            await fans[0].close()
            await until(lambda: tally.people == 1)
            socket = await client.ws_connect(f"{url}votes")
            await socket.close()

    run(test)


def test_a_proxy_s_word_is_believed_only_of_a_known_proxy() -> None:
    async def test() -> None:
        for proxies, is_believed in (((), False), (("127.0.0.1",), True)):
            async with serving(proxies=proxies, per_address=1) as (_, _tally, url, client):
                first, second = ({"X-Forwarded-For": f"203.0.113.{one}"} for one in (1, 2))
                async with client.ws_connect(f"{url}votes", headers=first):
                    assert await ask(client, url, **first) == 503
                    if is_believed:
                        async with client.ws_connect(f"{url}votes", headers=second):
                            pass
                    else:
                        assert await ask(client, url, **second) == 503

    run(test)


def test_signed_summaries_count_once() -> None:
    async def test() -> None:
        async with serving(KEY) as (_, tally, url, client):
            body = json.dumps({"source": "label", "people": 50, "colors": [10, 40]}).encode()
            now = f"{time.time():.3f}"

            async def post(data: bytes, time_s: str, signature: str) -> int:
                headers = {"X-Encore-Time": time_s, "X-Encore-Signature": signature}
                async with client.post(f"{url}summary", data=data, headers=headers) as reply:
                    return reply.status

            assert await post(body, now, sign(KEY, now, body)) == 204
            assert tally.summarise(time.monotonic_ns()).people == 50
            assert await post(body, now, sign(KEY, now, body)) == 403, "a repetition"
            assert await post(body, now, sign(b"another", now, body)) == 403
            assert await post(body + b" ", now, sign(KEY, now, body)) == 403
            assert await post(body, "x", sign(KEY, "x", body)) == 403
            late = f"{time.time() - 60.0:.3f}"
            assert await post(body, late, sign(KEY, late, body)) == 403
            bad = b'{"source": "label", "people": -4}'
            assert await post(bad, now, sign(KEY, now, bad)) == 400
            assert await post(b"{", now, sign(KEY, now, b"{")) == 400
            assert await post(b"x" * 5000, now, "") == 413
            assert tally.summarise(time.monotonic_ns()).people == 50
        async with (
            serving() as (_, _tally, url, client),
            client.post(f"{url}summary", data=b"{}") as reply,
        ):
            assert reply.status == 403

    run(test)


@given(st.text(max_size=20), st.binary(max_size=40), st.text(max_size=70))
def test_no_other_signature_is_valid(time_s: str, body: bytes, signature: str) -> None:
    verifier = SignatureVerifier(KEY)
    assert not verifier.is_valid(time_s, body, signature, 0.0)


def test_the_page_and_its_code_are_served() -> None:
    async def test() -> None:
        async with serving(address="https://fans.example/") as (_, _tally, url, client):
            for path, text in (("", "fans.js"), ("fans.js", "WebSocket"), ("code.svg", "<svg")):
                async with client.get(url + path) as reply:
                    assert text in await reply.text()
                    assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
            async with client.get(f"{url}state") as reply:
                assert (await reply.json())["title"] == "First Light"

    run(test)


def test_a_chat_is_read_from_a_server() -> None:
    """A server of the chat's protocol pings, sends messages, ends the connection, and is back."""

    async def test() -> None:
        heard: list[str] = []

        async def chat_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.extend([(await reader.readline()).decode(), (await reader.readline()).decode()])
            writer.write(b"PING :tmi\r\n:a!a@a PRIVMSG #encore :\xff\xfe blue\r\nrubbish\r\n")
            writer.write(b":b!b@b PRIVMSG #encore :red red\r\n")
            heard.append((await reader.readline()).decode())
            writer.close()

        server = await asyncio.start_server(chat_server, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        colors = FanColor("Hana", (0, 0, 1), ("blue",)), FanColor("Min", (1, 0, 0), ("red",))
        chat = ChatCounter("twitch", colors)
        reading = asyncio.create_task(read_chat("Encore", f"127.0.0.1:{port}", chat))
        await until(lambda: len(heard) == 6)
        reading.cancel()
        server.close()
        assert chat.summarise(time.monotonic_ns()) == OutsideSummary(
            "twitch", 2, (1, 1), (0, 2, 0, 0)
        )
        assert heard[1] == "JOIN #encore\r\n"
        assert heard[2] == "PONG :tmi\r\n"

    run(test)
