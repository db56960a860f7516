"""Run `encore` as `python -m renderer.cli`."""

from __future__ import annotations

import sys

from renderer.cli import main

sys.exit(main())
