"""Arguments for a child process, with the pipes and shared memory among them handed over."""

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
    """What a child process runs.

    Attributes:
        name: of the process, for people.
        target: a function of a module, or its name as `package.module:function`; called with a
            `Child` and `args`, it returns an exit status or None for 0.
        args: may hold connections and SharedFiles at any depth.
        grace_s: seconds that the child may go on when its parent is gone; None: as it likes.
        log: where to log; None: nowhere.
    """

    name: str
    target: Callable[..., int | None] | str
    args: tuple[Any, ...]
    grace_s: float | None
    log: LogSettings | None


class _Pickler(pickle.Pickler):
    """Replaces connections and shared files by the handles that the child will know them by."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.handles: list[int] = []
        self.connections: list[Connection] = []
        self.files: list[SharedFile] = []

    def persistent_id(self, obj: Any) -> tuple[object, ...] | None:
        """Return what stands for an object that cannot be copied."""
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
        """Return what `persistent_id` replaced."""
        if pid[0] == "connection":
            _, handle, readable, writable = pid
            return PLATFORM.import_connection(handle, readable=readable, writable=writable)
        return SharedFile(PLATFORM.import_file(pid[1]))


class PackedJob:
    """A job as bytes, and the open handles that go with it.

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
        """Close this process's copies, so that only the child's end keeps a pipe open."""
        for connection in self._pickler.connections:
            connection.close()
        for file in self._pickler.files:
            file.close()


def unpack(data: bytes) -> Job:
    """Return the job that a parent packed; its handles belong to this process now."""
    job: Job = _Unpickler(io.BytesIO(data)).load()
    return job
