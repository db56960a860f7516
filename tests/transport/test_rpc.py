"""Test numbered requests: late, unordered or malformed answers are never mixed up."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import pytest

from renderer.errors import OutputError, RendererError
from renderer.transport.rpc import Answer, ConnectionEnded, Event, NoAnswer, RpcClient, RpcServer

Ends = tuple[RpcClient, Connection]


def hang_up(end: Connection) -> None:
    """End a connection; closing alone would not wake a thread that reads from it."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(end.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def events() -> list[Any]:
    return []


@pytest.fixture
def ends(events: list[Any]) -> Iterator[Ends]:
    """Yield a client, and the other end of its connection."""
    mine, theirs = Pipe(duplex=True)
    client = RpcClient(mine, "the peer", events.append)
    yield client, theirs
    hang_up(theirs)
    theirs.close()
    client.join(5.0)


@pytest.fixture
def served(ends: Ends) -> tuple[RpcClient, RpcServer]:
    """Return a client whose requests are answered: numbers are doubled, others are refused."""

    def double(body: Any) -> Any:
        if body == "refuse":
            raise OutputError("the output", "is not there", "name another")
        return body * 2 if isinstance(body, int) else body.missing

    client, connection = ends
    server = RpcServer(connection, double)
    threading.Thread(target=server.serve, daemon=True).start()
    return client, server


def test_a_late_answer_is_discarded_and_not_taken_for_the_next(ends: Ends) -> None:
    client, theirs = ends
    with pytest.raises(NoAnswer, match="did not answer"):
        client.call("first", 0.05)
    first = theirs.recv()
    second = client.send("second")
    theirs.send(Answer(first.number, "late"))
    theirs.send(Answer(theirs.recv().number, "in time"))
    assert second.result(5.0) == "in time"
    assert client.discarded == 1
    assert client.silent_s == 0.0


def test_answers_find_their_requests_in_any_order(ends: Ends) -> None:
    client, theirs = ends
    futures = [client.send(body) for body in range(20)]
    requests = [theirs.recv() for _ in futures]
    for request in reversed(requests):
        theirs.send(Answer(request.number, -request.body))
    assert [future.result(5.0) for future in futures] == [-body for body in range(20)]


def test_an_answer_to_nothing_is_discarded(ends: Ends) -> None:
    client, theirs = ends
    theirs.send(Answer(999, "whose?"))
    future = client.send("mine")
    theirs.send(Answer(theirs.recv().number, "yours"))
    assert future.result(5.0) == "yours"
    assert client.discarded == 1


def test_silence_is_measured_from_the_oldest_unanswered_request(ends: Ends) -> None:
    client, theirs = ends
    with pytest.raises(NoAnswer):
        client.call("first", 0.2)
    client.send("second")
    assert client.silent_s >= 0.2
    theirs.send(Answer(theirs.recv().number, ""))
    newest = theirs.recv()
    theirs.send(Answer(newest.number, ""))
    assert client.send("third") is not None
    theirs.send(Answer(theirs.recv().number, ""))


def test_a_refusal_is_raised_and_a_fault_ends_nothing(
    served: tuple[RpcClient, RpcServer],
) -> None:
    client, _ = served
    with pytest.raises(OutputError, match="is not there"):
        client.call("refuse", 5.0)
    with pytest.raises(RendererError, match="AttributeError"):
        client.call("fault", 5.0)
    assert client.call(21, 5.0) == 42


def test_events_come_beside_answers(served: tuple[RpcClient, RpcServer], events: list[Any]) -> None:
    client, server = served
    server.announce("ready")
    assert client.call(1, 5.0) == 2
    assert events == ["ready"]


def test_a_peer_that_ends_is_reported_to_every_waiting_caller(
    ends: Ends, events: list[Any]
) -> None:
    client, theirs = ends
    waiting = [client.send(body) for body in range(3)]
    theirs.send(Event("goodbye"))
    hang_up(theirs)
    for future in waiting:
        with pytest.raises(ConnectionEnded, match="the peer: has ended"):
            future.result(5.0)
    client.join(5.0)
    assert client.ended
    assert events == ["goodbye"]
    with pytest.raises(ConnectionEnded):
        client.call("anybody?", 5.0)
    assert client.silent_s == 0.0
