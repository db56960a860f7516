"""Serialise a child process's arguments, including pipes and shared memory."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from renderer.logs.files import LogSettings
from renderer.platform import PLATFORM
from renderer.transport.shared_file import SharedFile


@dataclass(frozen=True, slots=True)
class Job:
    """The job of a child process.

    Attributes:
        name: of the process, for display.
        target: a module-level function, or its name as `package.module:function`; called with a
            `Child` and `args`, it returns an exit status, or None for 0.
        args: may contain connections and SharedFiles at any depth.
        grace_s: seconds that the child may continue after its parent has died; None: no limit.
        log: log settings; None: no logging.
    """

    name: str
    target: Callable[..., int | None] | str
    args: tuple[Any, ...]
    grace_s: float | None
    log: LogSettings | None


class _Pickler(pickle.Pickler):
    """Pickles connections and shared files as the handles that the child inherits."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.handles: list[int] = []
        self.connections: list[Connection] = []
        self.files: list[SharedFile] = []

    def persistent_id(self, obj: Any) -> tuple[object, ...] | None:
        """Return the handle that replaces an object which cannot be pickled."""
        if isinstance(obj, Connection):
            handle = PLATFORM.export_connection(obj)
            self.handles.append(handle)
            self.connections.append(obj)
            return "connection", handle, obj.readable, obj.writable
        if isinstance(obj, SharedFile):
            handle = PLATFORM.export_file(obj.descriptor)
            self.handles.append(handle)
            self.files.append(obj)
            return "file", handle
        return None


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Connection | SharedFile:
        """Return the object that `persistent_id` replaced."""
        if pid[0] == "connection":
            _, handle, readable, writable = pid
            return PLATFORM.import_connection(handle, readable=readable, writable=writable)
        return SharedFile(PLATFORM.import_file(pid[1]))


class PackedJob:
    """A serialised job with its open handles.

    Attributes:
        data: for `unpack`.
        handles: for `Platform.spawn`.
    """

    def __init__(self, job: Job) -> None:
        file = io.BytesIO()
        self._pickler = _Pickler(file)
        self._pickler.dump(job)
        self.data = file.getvalue()
        self.handles = self._pickler.handles

    def close(self) -> None:
        """Close this process's copies, so that only the child keeps its end of a pipe open."""
        for connection in self._pickler.connections:
            connection.close()
        for file in self._pickler.files:
            file.close()


def unpack(data: bytes) -> Job:
    """Return the job that a parent packed; this process now owns its handles."""
    job: Job = _Unpickler(io.BytesIO(data)).load()
    return job
