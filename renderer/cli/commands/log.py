"""`encore log`: print what happened in a show, from its journal."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all, whole_number
from renderer.errors import RightsError, SetupError, UsageError
from renderer.faults import FaultCollector
from renderer.logs.files import find_newest_journal
from renderer.path_checks import require_writable
from renderer.protocol.log import EventKind


@dataclass(frozen=True, slots=True)
class LogRequest:
    """The records to print.

    Attributes:
        path: of the journal.
        kinds: kinds to print; empty for all but snapshots.
        words: each must be in a record's text.
        last_s: seconds before the last record; None for the whole show.
        as_json: print a line of JSON for each record.
        evidence, report: files to write instead: a signed evidence pack, and a PDF of it.
    """

    path: Path
    kinds: tuple[EventKind, ...]
    words: tuple[str, ...]
    last_s: int | None
    as_json: bool
    evidence: Path | None = None
    report: Path | None = None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore log`."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="a journal, or the log folder of a show; the newest show's if left out",
    )
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=[kind.value for kind in EventKind],
        help="print this kind alone; may be given again",
    )
    parser.add_argument(
        "--word",
        action="append",
        default=[],
        metavar="WORD",
        help="print records that contain it alone; may be given again",
    )
    parser.add_argument(
        "--last",
        type=whole_number("Last", 1, 1_000_000, "seconds"),
        metavar="SECONDS",
        help="print the show's last seconds alone",
    )
    parser.add_argument("--json", action="store_true", help="print each record as a line of JSON")
    parser.add_argument(
        "--evidence",
        type=Path,
        metavar="FILE.json",
        help="write journal, seals and the show's record as one signed file for `encore verify`",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE.pdf",
        help="write the evidence as a PDF too; needs --evidence",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> LogRequest:
    """Find the journal."""
    path: Path | None = arguments.file
    if path is None:
        path = find_newest_journal()
    elif path.is_dir():
        path = path / "journal.log"
    if path is None or not path.is_file():
        faults.add(
            UsageError(
                f"the journal {path}" if path else "The journal",
                "does not exist",
                "name a file journal.log of a show's log folder, which its report names",
            )
        )
        path = Path()
    if arguments.report is not None and arguments.evidence is None:
        faults.add(UsageError("The report", "needs the evidence", "name --evidence FILE.json too"))
    writable = partial(require_writable, what="evidence")
    check_all(faults, writable, [arguments.evidence, arguments.report])
    return LogRequest(
        path,
        tuple(map(EventKind, arguments.kind)),
        tuple(arguments.word),
        arguments.last,
        arguments.json,
        arguments.evidence,
        arguments.report,
    )


def run(request: LogRequest) -> int:
    """Print the records; return 1 if some of the journal's are lost."""
    import msgspec

    from renderer.show.journal.reader import format_records, read_journal, select_records

    if request.evidence is not None:
        return _export(request.path, request.evidence, request.report)
    journal = read_journal(request.path)
    kinds = request.kinds or tuple(set(EventKind) - {EventKind.SNAPSHOT})
    records = select_records(journal.records, kinds, request.words, request.last_s)
    if request.as_json:
        for record in records:
            print(msgspec.json.encode(record).decode())
    else:
        for line in format_records(records):
            print(line)
    if journal.is_torn:
        sys.stderr.write("encore: the last record is incomplete: writing it was cut off\n")
    if lost := max(journal.damaged, journal.missing):
        sys.stderr.write(f"encore: {lost} records are damaged or missing\n")
    return 1 if lost else 0


def _export(journal: Path, evidence: Path, report: Path | None) -> int:
    """Write the evidence pack and its report, and print what the pack proves."""
    from renderer.paths import config_folder
    from renderer.rights.audit.evidence import load_evidence
    from renderer.rights.policy import FILE_NAME, load_policy
    from renderer.show.journal.evidence import export_evidence
    from renderer.tools.evidence_report import write_report

    export_evidence(journal, evidence)
    print(f"evidence   {evidence}")
    print("\n".join(load_evidence(evidence).describe()))
    policy = load_policy(config_folder() / FILE_NAME)
    missing = False
    if policy.timestamp_authority:
        from renderer.rights.audit.timestamp import answer_path, fetch_timestamp, load_roots

        try:
            roots = load_roots(policy.timestamp_roots)
            stamp = fetch_timestamp(evidence, policy.timestamp_authority, roots)
        except (RightsError, SetupError) as fault:
            # The evidence stands without it; the command can be repeated.
            sys.stderr.write(f"encore: the evidence has no timestamp: {fault}\n")
            missing = True
        else:
            print(f"           {stamp.describe()}")
            print(f"timestamp  {answer_path(evidence)}")
    if report is not None:
        write_report(evidence, report)
        print(f"report     {report}")
    return int(missing)


COMMAND = Command(
    "log",
    "what happened in a show: commands, states, faults",
    prepare,
    run,
    add_options,
    (
        "encore log",
        "encore log ~/.local/state/encore/log/20261129-200000-show-812 --kind fault",
        "encore log journal.log --last 60 --json",
        "encore log --evidence show.evidence.json --report show.pdf",
    ),
    details="A show writes its journal while it runs into its log folder, named by its report.\n"
    "The exit status is 1 if records are lost.",
)
