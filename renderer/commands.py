"""What each command of `encore` does with its words; each returns the exit status.

Rooms are imported by the command that needs them: most need few, and some are slow to load.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.errors import ShowError

if TYPE_CHECKING:
    from renderer.show.report import ShowReport


def show(words: argparse.Namespace) -> int:
    """Give a show."""
    from renderer.capture.sources.address import is_live
    from renderer.capture.sources.lens import parse_lens
    from renderer.output.spec import parse_output
    from renderer.paths import IDOL
    from renderer.rights.licence import Content, Declaration, Usage
    from renderer.show.console import give
    from renderer.show.performers.assigning import AuxiliaryOptions
    from renderer.show.plan import ShowPlan, parse_size

    streams = tuple(parse_output(address) for address in words.output)
    recordings = tuple(parse_output(path) for path in words.record)
    if not (words.live or streams or recordings):
        raise ShowError(
            "This show",
            "it has no output, so nobody would see it",
            "add --record FILE.mp4 or --output rtmp://…, or --live and use the desk",
        )
    plan = ShowPlan(
        inputs=tuple(words.input),
        avatars=tuple(words.avatar) or (IDOL,),
        song=words.song,
        declaration=Declaration(
            performer=words.performer,
            usage=Usage(words.usage),
            content=frozenset(Content(content) for content in words.content),
            permission=words.permission,
        ),
        streams=streams,
        recordings=recordings,
        companions=AuxiliaryOptions(
            faces=tuple(words.face),
            bodies=tuple(words.body),
            closeups=tuple(words.closeup),
            voices=tuple(words.voice),
            receivers=tuple(words.vmc_out),
            allowed=tuple(words.allow),
            take=words.take,
        ),
        live=words.live or any(map(is_live, words.input)),
        size=parse_size(words.size) if words.size else None,
        rate=words.rate,
        on_air_at_once=not words.off_air,
        performers=words.performers,
        overwrite=words.overwrite,
        lenses=tuple(parse_lens(word) for word in words.lens),
    )
    return _end(give(plan, desk=words.desk), words.report)


def demo(words: argparse.Namespace) -> int:
    """Give the demo show."""
    from renderer.show.console import give, has_display
    from renderer.show.plan import parse_size
    from renderer.tools.demo import demo_plan

    plan = demo_plan(words.out, parse_size(words.size) if words.size else None)
    status = _end(give(plan, desk=has_display()), None)
    print(f"Recording  {words.out / 'show.mp4'}")
    print(f"Watch      encore watch {words.out / 'hls'}")
    return status


def duet(words: argparse.Namespace) -> int:
    """Film both idols."""
    from renderer.show.plan import parse_size
    from renderer.tools.duet import DuetPlan, give_duet

    size = parse_size(words.size) if words.size else None
    plan = DuetPlan(words.file, words.start, words.beats, tuple(words.avatars), size)
    give_duet(plan, lambda text: print(text, flush=True))
    return 0


def _end(report: ShowReport, path: Path | None) -> int:
    print(report.text())
    if path is not None:
        path.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    for fault in report.faults:
        sys.stderr.write(f"encore: {fault}\n")
    return 2 if report.faults else 0


def desk(words: argparse.Namespace) -> int:
    """Open the desk, or keep its picture."""
    if words.screenshot:
        from renderer.desk.screenshot import take_screenshot

        take_screenshot(words.screenshot, words.session)
        return 0
    from renderer.desk.app import run_desk

    return run_desk(words.session)


def watch(words: argparse.Namespace) -> int:
    """Serve a folder of HLS until it is interrupted."""
    from renderer.output.web.watch import serve_folder

    with closing(serve_folder(words.folder, words.port)) as server:
        print(server.url, flush=True)
        threading.Event().wait()  # Until Ctrl-C, or the show that started it ends it.
    return 0


def avatar_info(words: argparse.Namespace) -> int:
    """Say what an avatar is and may be used for."""
    from avatars import load_avatar
    from avatars.info import summarise
    from renderer.rights.licence import in_plain_words

    avatar = load_avatar(words.file)
    print(summarise(avatar))
    print("\n".join(in_plain_words(avatar.meta)))
    if words.picture is not None:
        from renderer.tools.portrait_sheet import portray

        portray(avatar, words.picture)
        print(f"seen from all sides: {words.picture}")
    return 0


def avatar_build(words: argparse.Namespace) -> int:
    """Make an idol."""
    from avatars.authoring.__main__ import build_one

    build_one(words.idol, words.palette, words.out)
    return 0


def avatar_check(words: argparse.Namespace) -> int:
    """Say what is wrong with an avatar; 2 where something is an error."""
    from avatars.check import Severity, as_json, as_text, check_avatar

    findings = check_avatar(words.file)
    print(as_json(findings) if words.json else as_text(findings))
    return 2 if any(finding.severity is Severity.ERROR for finding in findings) else 0


def bench_follow(words: argparse.Namespace) -> int:
    """Measure how closely the idol follows."""
    from renderer.bench.end_to_end import follow

    report = follow(words.video, words.avatar)
    print(report.text())
    if words.json:
        words.json.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    return 0


def bench_motion(words: argparse.Namespace) -> int:
    """Measure how true, calm and quick motion is."""
    from renderer.bench.end_to_end import motion

    report = motion(
        words.video,
        words.mocap,
        words.still,
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(report.text())
    if words.json:
        words.json.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    return 0


def bench_capture(words: argparse.Namespace) -> int:
    """Measure how fast performers are seen."""
    from renderer.bench.end_to_end import capture
    from renderer.paths import CLIP

    report = capture(
        words.video or str(CLIP), lambda text: print(text, file=sys.stderr, flush=True)
    )
    print(report.text())
    if words.json:
        words.json.write_text(json.dumps(report.as_dict(), indent=2) + "\n")
    return 0


def calibrate(words: argparse.Namespace) -> int:
    """Learn a performer's face."""
    from renderer.tools.calibrate_face import calibrate

    path = calibrate(words.input, words.performer, lambda text: print(text, flush=True))
    print(f"Kept in {path}")
    return 0


def take_export(words: argparse.Namespace) -> int:
    """Write a take as animation."""
    from renderer.tools.export_take import export

    number, name = words.number - 1, words.performer
    for warning in export(words.file, words.to, words.rate, number, name, shown=words.as_shown):
        print(f"Warning    {warning}")
    return 0


def doctor(_words: argparse.Namespace) -> int:
    """Say what works here; 2 where something does not."""
    from renderer.tools.doctor import examine

    findings = examine()
    for finding in findings:
        print(f"{'ok   ' if finding.ok else 'FAULT'}  {finding.thing}: {finding.text}")
    return 0 if all(finding.ok for finding in findings) else 2
