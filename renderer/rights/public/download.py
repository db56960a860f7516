"""Fetch what somebody names by its address, to be checked: a file, or a playlist with its segments.

It goes into a folder of its own, which the caller deletes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from renderer.errors import RightsError
from renderer.rights.provenance.hls import SUFFIX, list_segments

MOST_BYTES: Final = 2 << 30
"""Most that is fetched in all."""
MOST_SEGMENTS: Final = 10_000
"""Most segments of a playlist: five and a half hours."""
TIMEOUT_S: Final = 10.0
"""Longest wait for a connection and for each part of an answer, seconds."""
PLAYLIST_SUFFIX: Final = ".m3u8"

_PIECE: Final = 1 << 16
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]")


def download(address: str, folder: Path) -> Path:
    """Fetch a file, or a playlist with its segments and their credentials, and return its path.

    Args:
        address: http or https.
        folder: empty; of the caller.

    Raises:
        RightsError: it cannot be had, or is too large.
    """
    left = [MOST_BYTES]
    name = _UNSAFE.sub("_", unquote(Path(urlsplit(address).path).name)).lstrip(".") or "file"
    path = folder / name
    _fetch(address, path, left)
    if path.suffix.lower() != PLAYLIST_SUFFIX:
        return path
    segments = list_segments(path)
    if len(segments) > MOST_SEGMENTS:
        raise RightsError(
            f"playlist {address[:200]}",
            f"has {len(segments)} segments, more than {MOST_SEGMENTS}",
            "download it, and name its folder's playlist",
        )
    # Names in a playlist are those of files beside it: `list_segments` refuses others.
    for init in dict.fromkeys(one.init for one in segments):
        _fetch(urljoin(address, init.name), init, left)
    for one in segments:
        _fetch(urljoin(address, one.path.name), one.path, left)
        manifest = one.path.with_suffix(SUFFIX)
        _fetch(urljoin(address, manifest.name), manifest, left, is_optional=True)
    return path


def _fetch(address: str, path: Path, left: list[int], *, is_optional: bool = False) -> None:
    """Fetch one file; `left` holds the bytes that may still be fetched, and is lessened.

    Raises:
        RightsError: it cannot be had, or is too large.
    """
    import requests

    what = f"address {address[:200]}"
    try:
        with requests.get(address, timeout=TIMEOUT_S, stream=True) as answer:
            if is_optional and answer.status_code == 404:
                return
            if answer.status_code != 200:
                raise RightsError(what, f"answers {answer.status_code}", "check the address")
            with path.open("wb") as file:
                for part in answer.iter_content(_PIECE):
                    left[0] -= len(part)
                    if left[0] < 0:
                        raise RightsError(
                            what, f"has more than {MOST_BYTES >> 30} GB", "name a shorter part"
                        )
                    file.write(part)
    except requests.RequestException as fault:
        reason = type(fault).__name__
        raise RightsError(what, f"cannot be reached ({reason})", "check the network") from fault
    except OSError as fault:
        raise RightsError(what, f"cannot be kept ({fault.strerror})", "free the disk") from fault
