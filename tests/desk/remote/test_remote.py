"""Test the crew pages: tokens, roles, what they may call, and the page in a browser."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from browser import Browser, find_chromium
from hypothesis import given
from hypothesis import strategies as st

from renderer.desk.connection import ShowConnection
from renderer.desk.remote.access import Access
from renderer.desk.remote.calls import Call, make_command
from renderer.desk.remote.digest import outline
from renderer.desk.remote.server import RemoteServer
from renderer.protocol.cues import Back, CueListStatus, CuesHealth, CutCamera, Go, Panic
from renderer.protocol.document import DocumentContent
from renderer.protocol.outputs import OutputsHealth, OutputState, OutputStatus
from renderer.protocol.pictures import AskPicture
from renderer.protocol.roles import Role
from renderer.protocol.schema import Command
from renderer.protocol.show import ShowState
from tests.desk.conftest import Show

DATA = {
    "cameras": [{"number": 1, "name": "Hall"}, {"number": 4, "name": "Close"}],
    "cue_lists": [
        {"name": "Main", "cues": [{"number": "1", "name": "Intro"}, {"number": "2", "name": "민"}]}
    ],
}


@pytest.fixture
def staged(show: Show) -> Show:
    """A show on air with two cues and two cameras, and an output with a secret in its address."""
    stream = OutputStatus("stream 1", "rtmp", "rtmp://host/app/secret", OutputState.RUNNING)
    show.status = show.status.with_sections(
        [
            CuesHealth(lists=[CueListStatus("Main", "2", "민")], camera=1, preview=4, song="Tide"),
            DocumentContent(1, DATA),
            OutputsHealth([stream]),
        ]
    )
    show.change(state=ShowState.ON_AIR, program=show.picture("program", 64, 36, 200))
    return show


def calls(show: Show) -> list[Command]:
    """Return the commands that the show received, without requests for pictures."""
    return [one for one in show.heard if not isinstance(one, AskPicture)]


@pytest.fixture
def ticking(staged: Show) -> Iterator[Show]:
    """The same, with a thread that answers its desks as an engine does."""
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(0.02):
            staged.tick()

    thread = threading.Thread(target=tick)
    thread.start()
    yield staged
    stop.set()
    thread.join()


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Access, str, ClientSession]]:
    access = Access()
    with closing(ShowConnection()) as show:
        server = RemoteServer(show, access, "Mina")
        port = await server.start("127.0.0.1", 0)
        stopping = asyncio.Event()
        running = asyncio.create_task(server.run(stopping))
        async with ClientSession() as client:
            try:
                yield access, f"http://127.0.0.1:{port}/", client
            finally:
                stopping.set()
                await running
                await server.stop()


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(60.0):
            await test()

    asyncio.run(limited())


async def until_good(page: ClientWebSocketResponse) -> None:
    while (await hear(page, "state"))["contact"] != "good":
        pass


async def hear(page: ClientWebSocketResponse, word: str) -> Any:
    """Return the next message's part of this name; pictures and others are passed over."""
    while True:
        message = await page.receive()
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
        if message.type is aiohttp.WSMsgType.TEXT and word in (told := json.loads(message.data)):
            return told[word]


def test_a_page_that_may_look_sees_the_show_and_calls_nothing(ticking: Show) -> None:
    async def test() -> None:
        async with serving() as (access, url, client), client.ws_connect(f"{url}follow") as page:
            await page.send_str(access.tokens[Role.VIEW])
            assert await hear(page, "role") == "view"
            assert (await hear(page, "outline"))["cues"][0]["cues"][1]["name"] == "민"
            state = await hear(page, "state")
            while "camera" not in state:
                state = await hear(page, "state")
            assert (state["state"], state["camera"], state["preview"]) == ("on air", 1, 4)
            assert "secret" not in json.dumps(state)
            while True:
                message = await page.receive()
                if message.type is aiohttp.WSMsgType.BINARY:
                    break
            assert message.data.startswith(b"\xff\xd8"), "a JPEG picture"
            await page.send_json({"do": "go"})
            assert (await hear(page, "reply"))["ok"] is False

    run(test)
    assert calls(ticking) == []


def test_a_controller_calls_in_its_operator_s_name(ticking: Show) -> None:
    async def test() -> None:
        async with serving() as (access, url, client), client.ws_connect(f"{url}follow") as page:
            await page.send_str(access.tokens[Role.CONTROL])
            await hear(page, "role")
            await until_good(page)
            for call in ({"do": "go"}, {"do": "cut", "camera": 4}, {"do": "panic", "on": True}):
                await page.send_json(call)
                assert (await hear(page, "reply"))["ok"] is True
            for wrong in ("rubbish", '{"do": "end"}', '{"do": "go", "x": 1}', "[]"):
                await page.send_str(wrong)
                assert (await hear(page, "reply"))["ok"] is False

    run(test)
    assert calls(ticking) == [
        Go(operator="Mina"), CutCamera(4, operator="Mina"), Panic(True, operator="Mina")
    ]  # fmt: skip


def test_without_the_token_nothing_is_told(ticking: Show) -> None:
    async def test() -> None:
        async with serving() as (access, url, client):
            for token in ("", "x" * 22, access.tokens[Role.VIEW][:-1], "\u0000"):
                async with client.ws_connect(f"{url}follow") as page:
                    await page.send_str(token)
                    message = await page.receive()
                    assert message.type is aiohttp.WSMsgType.CLOSE
                    assert message.data == 4403
            async with client.get(f"{url}follow") as reply:
                assert reply.status == 400
            elsewhere = {
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": "http://elsewhere",
            }  # fmt: skip
            async with client.get(f"{url}follow", headers=elsewhere) as reply:
                assert reply.status == 403

    run(test)


def test_guessing_has_to_wait() -> None:
    now = 0
    access = Access(lambda: now)
    right = access.tokens[Role.VIEW]
    for _ in range(10):
        assert access.find_role("guess", "10.0.0.1") is None
    assert access.find_role(right, "10.0.0.1") is None, "too many wrong ones"
    assert access.find_role(right, "10.0.0.2") is Role.VIEW
    now = 61_000_000_000
    assert access.find_role(right, "10.0.0.1") is Role.VIEW
    assert access.find_role(b"bytes", "10.0.0.1") is None


def test_no_show_is_told_as_such(runtime: Path) -> None:
    async def test() -> None:
        async with serving() as (access, url, client), client.ws_connect(f"{url}follow") as page:
            await page.send_str(access.tokens[Role.CONTROL])
            assert (await hear(page, "state"))["contact"] == "no show"
            await page.send_json({"do": "go"})
            assert (await hear(page, "reply")) == {"ok": False, "text": "No show answers."}

    run(test)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["cameras", "cue_lists", "cues", "name"]), inner)
        ),
        max_leaves=12,
    ).filter(lambda data: isinstance(data, dict))
)
def test_any_document_has_an_outline(data: Any) -> None:
    json.dumps(outline(DocumentContent(1, data)))


@given(st.text(max_size=10))
def test_no_call_ends_or_edits_a_show(word: str) -> None:
    command = make_command(Call(word))
    assert command is None or command.ROLE is Role.CONTROL
    kinds = {type(make_command(Call(each))).__module__ for each in ("go", "take", "black")}
    assert kinds == {"renderer.protocol.cues"}


def test_a_tablet_calls_the_show(ticking: Show, tmp_path: Path) -> None:
    find_chromium()
    stop, ready = threading.Event(), threading.Event()
    found: list[str] = []

    async def serve() -> None:
        async with serving() as (access, url, _):
            found.append(f"{url}#{access.tokens[Role.CONTROL]}")
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30.0)
    browser = Browser(tmp_path / "profile", found[0])

    def until(expression: str) -> None:
        end = time.monotonic() + 60.0
        while not browser.evaluate(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.02)

    try:
        until("document.getElementById('lamp')?.textContent === 'ON AIR'")
        until("document.querySelector('#cameras .air')?.textContent === '1 Hall'")
        until("document.querySelector('#cues .next span')?.textContent === '민'")
        until("document.getElementById('picture').naturalWidth === 64")
        browser.evaluate("document.getElementById('go').click()")
        browser.evaluate("document.getElementById('back').click()")
        until("document.getElementById('reply').textContent === 'Done.'")
        # A tap on the slate's button does nothing; it is held.
        browser.evaluate("document.getElementById('panic').click()")
        browser.evaluate("document.querySelectorAll('#cameras button')[1].click()")
        wanted: list[Command] = [
            Go(operator="Mina"), Back(operator="Mina"), CutCamera(4, operator="Mina")
        ]  # fmt: skip
        end = time.monotonic() + 60.0
        while calls(ticking) != wanted:
            assert time.monotonic() < end, calls(ticking)
            time.sleep(0.02)
    finally:
        browser.close()
        stop.set()
        thread.join()
