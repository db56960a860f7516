"""Run the mirror of a show on another machine, as a child process of the desk's command."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import Final

import zmq

from renderer.desk.joined.mirror import ShowMirror
from renderer.processes.child import Child
from renderer.transport.machines.member import Membership
from renderer.transport.machines.store import JoinedShow

_POLL_MS: Final = 10
_HUNG_S: Final = 10.0

_log = logging.getLogger(__name__)


def run(child: Child, show: JoinedShow, version: str) -> None:
    """Repeat a show until the parent stops this process.

    Args:
        child: this process; reports the session's name when it is ready.
        show: pairing with the machine that gives it.
        version: of the program.

    Raises:
        DeskError: the address cannot be used, or the session's folder cannot be created.
    """
    with ExitStack() as opened:
        context = opened.enter_context(zmq.Context())
        member = opened.enter_context(Membership(context, show, version, _translate))
        mirror = opened.enter_context(ShowMirror(member, show.name))
        child.ready(mirror.session)
        while not child.stopping.is_set():
            child.expect(_HUNG_S)
            member.socket.poll(_POLL_MS)
            mirror.serve()


def _translate(sentence: str) -> None:
    _log.warning("the desk %s", sentence)
