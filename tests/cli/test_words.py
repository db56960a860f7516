"""Test that arguments are checked before anything slow is loaded, and all faults are reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from renderer.cli import main
from renderer.cli.parser import build_parser
from renderer.cli.registry import find_commands
from renderer.motion.takes.layout import PERFORMERS
from renderer.paths import CLIP, IDOL, LYRICS
from renderer.show.plan_checks import MOST_IN_A_TAKE

SLOW = ("torch", "mediapipe", "moderngl", "numba", "av", "PySide6", "cv2", "scipy")

_LISTS_MODULES = """
import sys
from renderer.cli import main
try:
    status = main(sys.argv[1:])
except SystemExit as end:
    status = end.code or 0
loaded = [name for name in {slow!r} if name in sys.modules]
sys.stderr.write("status %d loaded %s\\n" % (status, ",".join(loaded)))
"""


def run(*words: str | Path) -> tuple[int, list[str]]:
    """Run a command in its own process; return its exit status and the slow libraries it loaded."""
    program = _LISTS_MODULES.format(slow=SLOW)
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    last = done.stderr.splitlines()[-1].split()
    return int(last[1]), last[3].split(",") if len(last) > 3 else []


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--help"], 0),
        (["--version"], 0),
        ([], 2),
        (["show", "--help"], 0),
        (["show", "--imput", "camera:0"], 2),
        (["show", "--input", "camera:0", "--rate", "0"], 2),
        (["calibrate", "--performer", " ", "--input", "nowhere.mp4"], 2),
        (["show", "--input", "nowhere.mp4", "--face", "pigeon", "--voice", "Mai=mic"], 2),
        (["shwo"], 2),
        (["show", "nowhere.toml"], 2),
        (["avatar", "info", "nowhere.vrm"], 2),
        (["avatar", "build", "--palette", "grey"], 2),
        (["bench", "motion", "--video", "nowhere.mp4"], 2),
        (["calibrate"], 2),
        (["take", "export", "nowhere.mcap", "a.xyz"], 2),
        (["duet", "a.gif"], 2),
        (["duet", "a.mp4", "--set", "nowhere.glb", "--screen", "wall=nowhere.mp4"], 2),
        (["demo", "--set", "set.blend"], 2),
        (["completion", "bash"], 0),
    ],
)
def test_nothing_slow_is_loaded_before_the_words_are_good(words: list[str], status: int) -> None:
    assert run(*words) == (status, [])


def told(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[str]:
    """Return the faults that a command reports, one line each."""
    assert main([str(word) for word in words]) == 2
    lines = capsys.readouterr().err.splitlines()
    for line in lines:
        assert line.startswith("encore: "), line
        assert line.count("; ") >= 1, f"it names no remedy: {line}"
    return [line.removeprefix("encore: ") for line in lines]


def demand(lines: list[str], *parts: str) -> None:
    for part in parts:
        assert sum(part in line for line in lines) == 1, (part, lines)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["show", "--imput", "camera:0", "--live"], "did you mean --input?"),
        (["show", "--input", "camera:0", "--over", "--live"], "did you mean --overwrite?"),
        (["--imput", "camera:0"], "did you mean encore show --input?"),
        (["shwo", "--input", "camera:0"], "did you mean show?"),
        (["avatar", "inf", IDOL], "did you mean info?"),
        (["show", "--input=camera:0", "--usage", "corporatoin"], "did you mean corporation?"),
        (["avatar", "info", IDOL.with_name("idl.vrm")], "idol.vrm?"),
    ],
)
def test_a_mistyped_word_is_named_with_its_nearest_neighbour(
    capsys: pytest.CaptureFixture[str], words: list[str], meant: str
) -> None:
    (line,) = told(capsys, *words)
    assert meant in line


def test_a_word_like_no_other_is_reported_without_a_neighbour(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (line,) = told(capsys, "show", "--input", "camera:0", "--zzzzzz", "7")
    assert "--zzzzzz" in line and "did you mean" not in line
    (line,) = told(capsys, "zzzzzz")
    assert "show" in line and "did you mean" not in line


def test_all_faults_are_reported_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    there = tmp_path / "there.mp4"
    there.touch()
    lines = told(
        capsys,
        "show", "--input", "nowhere.mp4", "--input", "gopher://host/x", "--avatar", "nobody.vrm",
        "--song", "silence.flac", "--size", "12", "--rate", "0", "--lens", "x", "--output",
        "pigeon://roof", "--record", there, "--face", "pigeon", "--voice", "Mai=mic", "--voice",
        "hum.wav", "--allow", "everybody", "--usage", "fun", "--performers", "9", "--outputt",
        "hls:a", "stray", "--set", "nowhere.glb", "--screen", "wall", "--screen", "left=no.mp4",
    )  # fmt: skip
    demand(
        lines, "nowhere.mp4", "gopher://host/x", "nobody.vrm", "silence.flac", "Size 12", "Rate 0",
        "Lens 'x'", "pigeon://roof", "there.mp4: is there already", "Tracker pigeon", "Mai=mic",
        "hum.wav", "everybody", "--usage fun", "Performers 9", "--outputt", "'stray'",
        "nowhere.glb", "Screen wall", "no.mp4",
    )  # fmt: skip
    assert len(lines) == 20


@pytest.mark.parametrize("rate", ["0", "-1", "121", "thirty", "", "29.97", "١٠", "1_0", "1e1"])
def test_a_rate_that_is_none_gets_one_sentence(
    capsys: pytest.CaptureFixture[str], rate: str
) -> None:
    (line,) = told(capsys, "show", "--input", "camera:0", f"--rate={rate}")
    assert line.startswith("Rate") and "1 to 120" in line


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["show", "--input"], ["--input: needs a value", "no output"]),
        (["show", "--input", "camera:0", "--live=yes"], ["--live=yes: takes no value"]),
        (["show", "--live"], ["--input: is missing"]),
        (["avatar", "info"], ["FILE.vrm: is missing"]),
        (["avatar"], ["needs a command"]),
        (["duet", "a.mp4", "--avatars", "one.vrm"], ["--avatars: needs 2 values"]),
        (["duet", "a.mp4", "--alpha"], ["a.mp4: keeps no alpha"]),
        (["duet", "a.mp4", "--vertical", "a.mp4"], ["named for both views"]),
        (["duet", "a.mp4", "--vertical", "b.gif"], ["b.gif: is neither"]),
        (["take", "export"], ["TAKE.mcap: is missing", "FILE.vrma|.glb|.bvh: is missing"]),
        (["watch", "nowhere", "--port", "70000"], ["nowhere", "Port 70000"]),
        (["desk", "sit"], ["'sit'"]),
    ],
)
def test_what_is_missing_or_too_much_is_reported(
    capsys: pytest.CaptureFixture[str], words: list[str], parts: list[str]
) -> None:
    lines = told(capsys, *words)
    demand(lines, *parts)
    assert len(lines) == len(parts)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--record", "a.mp4", "--record", "a.mp4"], "asked for twice"),
        (["--live", "--lens", "60", "--lens", "50"], "2 lenses"),
        (["--live", "--avatar", str(IDOL), "--avatar", str(IDOL)], "2 avatars"),
        (["--live", "--performer", "Ren, Mai"], "names 2 performers"),
        (["--live", "--face", "vmc", "--body", "vmc"], "Port 39539"),
        (["--live", "--body", "vmc", "--vmc-out", "127.0.0.1"], "is this show itself"),
        (["--record", "a.mp4", "--closeup", "camera:1"], "is live, and the show's inputs are not"),
        (["--live", "--take", str(IDOL)], "is there already"),
        (["--record", f"{IDOL}/show.mp4"], "is no folder"),
        (["--live", "--closeup", "nowhere.mp4"], "nowhere.mp4: does not exist"),
        (["--live", "--lyrics", "nowhere.lrc"], "nowhere.lrc: does not exist"),
        (["--live", "--lyrics", str(IDOL)], "larger than 1 MB"),
        (["--live", *("--lyrics", str(LYRICS[0])) * 3], "3 files of lyrics"),
        (["--live", "--logo", str(LYRICS[0])], "no whole PNG"),
        (["--live", "--disclosure", "x" * 121], "longer than 120"),
        (["--live", "--lower-third", "9-4=Hana"], "Lower third 9-4=Hana"),
        (["--live", "--lower-third", "Hana"], "write it like"),
    ],
)
def test_options_that_contradict_each_other_are_reported(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: list[str],
    part: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (line,) = told(capsys, "show", "--input", CLIP, *words)
    assert part in line


def test_a_value_may_begin_with_a_hyphen_behind_an_equals_sign() -> None:
    words = ["show", "--input", str(CLIP), "--live", "--permission=-none-"]
    parser = build_parser(find_commands())
    assert parser.parse_known_args(words)[0].permission == "-none-"


def test_every_command_has_a_summary_and_examples_that_its_own_parser_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from renderer.cli.command import Command
    from renderer.cli.spelling import correct_words
    from renderer.faults import FaultCollector

    def check(command: Command[object], path: tuple[str, ...]) -> None:
        assert command.summary[0].islower() and not command.summary.endswith(".")
        assert command.examples, path
        with pytest.raises(SystemExit) as end:
            main([*path, "--help"])
        assert end.value.code == 0
        assert "examples:" in capsys.readouterr().out
        for line in command.examples:
            words = line.partition("   ")[0].partition(" > ")[0].partition(" | ")[0]
            if "\\" in words or not words.startswith("encore "):
                continue  # Continued on the next line.
            faults = FaultCollector()
            correct_words(build_parser(find_commands()), words.split()[1:], faults)
            assert not faults.faults, (line, faults.faults)

    for one in find_commands():
        if isinstance(one, Command):
            check(one, (one.name,))
        else:
            for command in one.commands:
                check(command, (one.name, command.name))


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_shell_learns_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in ("calibrate", "performers", "picture", "doctor"):
        assert word in script


def test_bash_completes_a_command_and_an_option(tmp_path: Path) -> None:
    """Run the completion script in a real bash."""
    script = tmp_path / "encore.bash"
    done = subprocess.run(
        [sys.executable, "-m", "renderer.cli", "completion", "bash"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    script.write_text(done.stdout)
    ask = (
        f"source {script}; COMP_WORDS=(encore show --perf); COMP_CWORD=2; "
        'COMP_TYPE=9; $(complete -p encore | sed "s/.*-F \\([^ ]*\\).*/\\1/") encore --perf show; '
        'echo "${COMPREPLY[@]}"'
    )
    answer = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)
    assert {"--performer", "--performers"} <= set(answer.stdout.split()), answer


def test_constants_that_are_kept_light_agree_with_their_sources() -> None:
    from avatars.authoring.dance import score
    from avatars.authoring.design import IDOLS as DESIGNS
    from avatars.authoring.figure.palette import PALETTES as KNOWN
    from renderer.cli.commands.avatar.build import IDOLS, PALETTES
    from renderer.cli.commands.duet import SONG_BEATS
    from renderer.cli.commands.frames import QUALITIES
    from renderer.cli.commands.take.export import MOST_PERFORMERS
    from renderer.tools.frames import QUALITIES as LEVELS

    assert MOST_IN_A_TAKE == MOST_PERFORMERS == PERFORMERS
    assert set(PALETTES) == set(KNOWN)
    assert len(DESIGNS) == IDOLS
    assert score.BEATS == SONG_BEATS
    assert set(QUALITIES) == set(LEVELS)
