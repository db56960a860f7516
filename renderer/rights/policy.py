"""Read a studio's own requirements, from `rights.toml` in the user's settings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import msgspec

from renderer.errors import RightsError
from renderer.rights.files import read_file

FILE_NAME: Final = "rights.toml"
MAX_BYTES: Final = 64 * 1024
"""Largest settings file that is read."""


class StudioPolicy(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A studio's own requirements.

    Attributes:
        require_licence: show no avatar without a signed licence.
        require_consent: show no performer without a signed consent.
        check_every_s: time between two checks during a show, seconds.
        take_down_s: time between a verdict that denies during a show and the removal of the avatar
            from the picture, seconds.
        encrypt_takes: record no take of a performer whose consent has no key to encrypt it.
        avatar_key: place of the key that opens sealed avatars, `keyring:NAME` or a file; the file
            `avatar.key` in the user's data if empty.
        timestamp_authority: address of the authority (RFC 3161) that states when evidence existed;
            empty for none.
        timestamp_roots: PEM file of the authority's root certificates, to check its statements.
    """

    require_licence: bool = False
    require_consent: bool = False
    check_every_s: float = 20.0
    take_down_s: float = 30.0
    avatar_key: str = ""
    encrypt_takes: bool = False
    timestamp_authority: str = ""
    timestamp_roots: str = ""


def load_policy(path: Path) -> StudioPolicy:
    """Return a studio's requirements; the defaults if there is no file.

    Raises:
        RightsError: the file is unusable. Nothing is assumed then: it may have required a licence.
    """
    what = f"settings {path}"
    try:
        data = read_file(path, what, MAX_BYTES)
        table = tomllib.loads(data.decode("utf-8-sig"))
        policy = msgspec.convert(table, StudioPolicy)
    except FileNotFoundError:
        return StudioPolicy()
    except (ValueError, RecursionError, msgspec.ValidationError) as fault:
        raise RightsError(what, f"is unusable ({fault})", "correct that line") from fault
    if not (1.0 <= policy.check_every_s <= 60.0 and 0.0 <= policy.take_down_s <= 600.0):
        raise RightsError(
            what,
            "has a time out of range",
            "check_every_s is from 1 to 60 and take_down_s from 0 to 600",
        )
    return policy
