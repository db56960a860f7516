"""Block MediaPipe's telemetry.

The library sends usage metrics over HTTPS about a minute after a task starts and again when it
closes, and has no option to disable them. It honours the proxy environment variables, so a proxy
address without a listener (TCP port 9, "discard", on the loopback interface) turns every attempt
into a refused local connection. The variables affect only the calling process, which makes no other
HTTPS requests to other machines.
"""

from __future__ import annotations

import os

_NOWHERE = "http://127.0.0.1:9"
_PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EXEMPTIONS = ("no_proxy", "NO_PROXY")
_THIS_MACHINE = "127.0.0.1,::1,localhost"


def silence_telemetry() -> None:
    """Block HTTPS to other machines; call it before creating the first MediaPipe task."""
    for name in _PROXY_VARIABLES:
        os.environ[name] = _NOWHERE
    # A no_proxy list that names the telemetry host would override the proxy.
    for name in _EXEMPTIONS:
        os.environ[name] = _THIS_MACHINE
