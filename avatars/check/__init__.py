"""Check avatar files against the glTF and VRM specifications and a show's requirements."""

from avatars.check.avatar import check_avatar
from avatars.check.findings import Finding, Severity, as_json, as_text

__all__ = ["Finding", "Severity", "as_json", "as_text", "check_avatar"]
