"""Give the checks access to a file's unvalidated JSON and its node tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from avatars.check.findings import Report
from avatars.check.loose import Json, child, children, places
from avatars.errors import AvatarError
from avatars.gltf.container import Container
from avatars.gltf.nodes import MAX_DEPTH


@dataclass
class Document:
    """One file's JSON and the findings so far."""

    container: Container
    report: Report

    @property
    def root(self) -> Json:
        """The whole JSON."""
        return self.container.root.members

    @cached_property
    def nodes(self) -> list[Json]:
        """The file's nodes."""
        return children(self.root, "nodes")

    @cached_property
    def meshes(self) -> list[Json]:
        """The file's meshes."""
        return children(self.root, "meshes")

    @cached_property
    def materials(self) -> list[Json]:
        """The file's materials."""
        return children(self.root, "materials")

    @cached_property
    def accessors(self) -> list[Json]:
        """The file's accessors."""
        return children(self.root, "accessors")

    @cached_property
    def parents(self) -> list[int]:
        """Each node's first parent; -1 where it has none."""
        parents = [-1] * len(self.nodes)
        for parent, node in enumerate(self.nodes):
            for own in places(node, "children", len(parents)):
                if parents[own] < 0:
                    parents[own] = parent
        return parents

    def line(self, node: int) -> list[int]:
        """Return a node and its ancestors, upwards, truncated at a cycle or at MAX_DEPTH."""
        found: dict[int, None] = {}
        while node >= 0 and node not in found and len(found) < MAX_DEPTH:
            found[node] = None
            node = self.parents[node]
        return list(found)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        """The half-open range of depth-first numbers of each node and its descendants.

        Nodes in a cycle, which have no root, have the range (0, 0).
        """
        below: list[list[int]] = [[] for _ in self.nodes]
        for node, parent in enumerate(self.parents):
            if parent >= 0:
                below[parent].append(node)
        spans = [(0, 0)] * len(self.nodes)
        stack = [node for node, parent in enumerate(self.parents) if parent < 0]
        order: list[int] = []
        while stack:
            node = stack.pop()
            spans[node] = (len(order), len(order) + 1)
            order.append(node)
            stack += below[node]
        for node in reversed(order):
            parent = self.parents[node]
            if parent >= 0:
                first, last = spans[parent]
                spans[parent] = (first, max(last, spans[node][1]))
        return spans

    def is_above(self, ancestor: int, node: int) -> bool:
        """Return whether a node is the ancestor itself or one of its descendants."""
        first, last = self._spans[ancestor]
        return first <= self._spans[node][0] < last

    @cached_property
    def roots(self) -> list[int]:
        """The root of each node's tree; -1 for nodes in a cycle."""
        roots = [-1] * len(self.nodes)
        for node in sorted(range(len(roots)), key=lambda node: self._spans[node]):
            parent = self.parents[node]
            roots[node] = node if parent < 0 else roots[parent]
        return roots

    def extension(self, name: str) -> Json:
        """Return a root extension's object; empty where there is none."""
        return child(self.root, "extensions", name)

    def has_extension(self, name: str) -> bool:
        """Return whether the root has an extension."""
        return isinstance(child(self.root, "extensions").get(name), dict)

    def add(self, error: AvatarError) -> None:
        """Report an error of the reader, unless a rule already reported one at its place."""
        pointer = pointer_of(error)
        if not self.report.has_error_at(pointer):
            self.report.escalate(pointer, error.fault, error.remedy)


def pointer_of(error: AvatarError) -> str:
    """Return the JSON pointer of a reader's error on `file, meshes[3].primitives[0].mode`."""
    _, comma, path = error.thing.rpartition(", ")
    return pointer_of_path(path) if comma else ""


def pointer_of_path(path: str) -> str:
    """Return the JSON pointer of a reader's path, such as `meshes[3].primitives[0].mode`."""
    if not path:
        return ""
    return "/" + path.replace("].", "/").replace("]", "").replace("[", "/").replace(".", "/")
