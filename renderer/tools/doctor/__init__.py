"""`encore doctor`: test everything that a show needs, and report go or no-go."""

from __future__ import annotations

from renderer.tools.doctor.examine import examine
from renderer.tools.doctor.records import Finding, Verdict, as_dict, as_text, is_go

__all__ = ["Finding", "Verdict", "as_dict", "as_text", "examine", "is_go"]
