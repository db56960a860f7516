"""`encore licence new`: write the terms of a licence, to be filled in."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence new`."""
    parser.add_argument("avatar", type=Path, metavar="FILE.vrm", help="the avatar")
    parser.add_argument("terms", type=Path, metavar="TERMS.toml", help="file to write")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the avatar exists and the file can be written."""
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, [arguments.avatar])
    check_all(faults, partial(require_writable, what="terms"), [arguments.terms])
    return arguments


def run(arguments: Namespace) -> int:
    """Write the terms."""
    from avatars import load_avatar
    from renderer.errors import RendererError
    from renderer.rights.real_faces import find_real_faces
    from renderer.rights.shape.fingerprint import describe_shape
    from renderer.rights.template_file import write_template
    from renderer.rights.terms import TEMPLATE

    avatar = load_avatar(arguments.avatar)
    now = datetime.now(UTC).replace(microsecond=0)
    text = TEMPLATE.format(
        name=arguments.terms.name,
        # JSON's strings are TOML's basic strings.
        avatar=json.dumps(avatar.meta.name or arguments.avatar.stem, ensure_ascii=False),
        sha256=avatar.sha256,
        fingerprint=describe_shape(avatar).text(),
        since=now.isoformat(),
        until=(now + timedelta(days=365)).isoformat(),
    )
    write_template(arguments.terms, text)
    try:
        faces = find_real_faces(avatar)
    except RendererError as fault:
        print(f"Not searched for photographed faces: {fault}")
    else:
        if faces:
            print(f"{', '.join(faces)} shows a photographed face: name the person in depicts")
    print(f"Fill in {arguments.terms}, then: encore licence sign {arguments.terms} --key KEY")
    return 0


COMMAND = Command(
    "new",
    "write a licence's terms for an avatar, to be filled in",
    prepare,
    run,
    add_options,
    ("encore licence new idol.vrm idol.toml",),
)
