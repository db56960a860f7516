"""Checking avatar files against glTF's and VRM's specifications and a show's needs."""

from avatars.check.avatar import check_avatar
from avatars.check.findings import Finding, Severity, as_json, as_text

__all__ = ["Finding", "Severity", "as_json", "as_text", "check_avatar"]
