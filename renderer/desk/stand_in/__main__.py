"""`python -m renderer.desk.stand_in`: run the simulated show until it is interrupted."""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import ExitStack

from renderer.desk.stand_in.sections import RATE
from renderer.desk.stand_in.show import StandInShow
from renderer.transport.session import announce


def main() -> int:
    """Run the show until interrupted; print the session's name as the first line."""
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with ExitStack() as opened:
        session = opened.enter_context(announce("A stand-in show"))
        show = StandInShow(session)
        opened.callback(show.close)
        sys.stdout.write(f"{session.info.name}\n")
        sys.stdout.flush()
        began, frame = time.monotonic(), 0
        while not over.wait(max(began + frame / RATE - time.monotonic(), 0.0)):
            show.tick(frame)
            frame += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
