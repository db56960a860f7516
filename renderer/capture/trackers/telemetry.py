"""Keep MediaPipe from reporting a performer's session to its maker.

The library sends usage metrics over HTTPS about a minute after a task starts and again when it
closes, and offers no switch. It obeys the usual proxy variables, so a proxy that nobody listens on
(TCP port 9, "discard", on the loopback interface) turns every attempt into one refused local
connection. The variables concern the calling process alone, which does nothing else over HTTPS.
"""

from __future__ import annotations

import os

_NOWHERE = "http://127.0.0.1:9"
_PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EXEMPTIONS = ("no_proxy", "NO_PROXY")


def silence_telemetry() -> None:
    """Shut this process off from HTTPS; must come before its first MediaPipe task."""
    for name in _PROXY_VARIABLES:
        os.environ[name] = _NOWHERE
    # A user's exemptions could name the maker's host and would win over the proxy.
    for name in _EXEMPTIONS:
        os.environ.pop(name, None)
