"""`encore avatar seal`: encrypt an avatar for licensees."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore avatar seal`."""
    parser.add_argument("avatar", type=Path, metavar="FILE.vrm")
    parser.add_argument(
        "--for",
        dest="licensees",
        action="append",
        required=True,
        metavar="did:key:…",
        help="a licensee, by what `encore avatar key` printed there; may be given again",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.sealed")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the avatar exists and the package can be written."""
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, [arguments.avatar])
    check_all(faults, partial(require_writable, what="package"), [arguments.output])
    return arguments


def run(arguments: Namespace) -> int:
    """Write the package, and print what it is for."""
    from avatars import load_avatar
    from avatars.low_detail import SUFFIX as LOW_SUFFIX
    from renderer.errors import RightsError
    from renderer.rights.files import replace_file
    from renderer.rights.licence import SUFFIX as LICENCE_SUFFIX
    from renderer.rights.sealed.package import SUFFIX, seal_avatar

    source: Path = arguments.avatar
    content = source.read_bytes()
    avatar = load_avatar(source, lambda _: content)
    if not content.startswith(b"glTF"):
        raise RightsError(
            f"avatar {source}", "is in several files", "export it in one file, as .vrm"
        )
    output: Path = arguments.output or source.with_suffix(SUFFIX)
    name = avatar.meta.name or source.stem
    replace_file(output, seal_avatar(content, name, arguments.licensees), f"package {output}")
    print(f"package     {output}")
    print(f"licensees   {len(dict.fromkeys(arguments.licensees))}")
    low = source.with_name(f"{source.stem}{LOW_SUFFIX}{source.suffix}")
    if low.is_file():
        sealed_low = output.with_name(f"{output.stem}{LOW_SUFFIX}{output.suffix}")
        content = seal_avatar(low.read_bytes(), name, arguments.licensees)
        replace_file(sealed_low, content, f"package {sealed_low}")
        print(f"low detail  {sealed_low}")
    licence = output.with_suffix(LICENCE_SUFFIX).name
    print(f"Its licence goes with it: {licence}, for SHA-256 {avatar.sha256}")
    return 0


COMMAND = Command(
    "seal",
    "encrypt an avatar, to be opened by licensees' keys alone",
    prepare,
    run,
    add_options,
    ("encore avatar seal idol.vrm --for did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",),
    "A show opens it in memory alone, and only with its licence.",
)
