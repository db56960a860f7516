"""Mark, record and sign what tools render outside of a show: stills and music videos."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.rights.clause import Verdict
from renderer.rights.declaration import Declaration
from renderer.rights.provenance.certificate import Certificate, load_certificate
from renderer.rights.provenance.credentials import FORMATS, sign_file
from renderer.rights.show_records import ShowRecord, keep_record, make_record
from renderer.rights.watermark.cells import SMALL_AMPLITUDE
from renderer.rights.watermark.embed import Watermark
from renderer.rights.watermark.payload import SHOW_BITS, Payload

U8 = npt.NDArray[np.uint8]

_LOWEST: Final = math.ceil(SMALL_AMPLITUDE)
"""Darkest luma that a mark can still darken; the lightest is as far from white."""


class RenderedWork:
    """The marks and credentials of one rendered work.

    Args:
        declaration: of the work.
        verdicts: that allowed it.
        number: in its marks; a random one if None.

    Raises:
        RightsError: the record cannot be kept, or the crew's certificate cannot be used, so that
            nothing is rendered without them.
    """

    def __init__(
        self, declaration: Declaration, verdicts: Sequence[Verdict], number: int | None = None
    ) -> None:
        self.number = secrets.randbits(SHOW_BITS) if number is None else number
        code = Payload(self.number, 0).show_code
        self._certificate: Certificate = load_certificate()
        self._record: ShowRecord = make_record(code, declaration, verdicts)
        self._marks: dict[tuple[int, int], Watermark] = {}
        keep_record(self._record)

    def mark(self, picture: U8, t_show_ns: int = 0) -> U8:
        """Return a picture with the mark; one with transparency stays as it is.

        Args:
            picture: (height, width, 3), RGB, or (height, width, 4).
            t_show_ns: show time, which decides the minute.
        """
        if picture.shape[2] != 3:
            # It is material for another program, as keyed recordings are.
            return picture
        height, width = picture.shape[:2]
        if (width, height) not in self._marks:
            self._marks[width, height] = Watermark(width, height, self.number)
        parts = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)
        luma = np.clip(parts[..., 0], _LOWEST, 255 - _LOWEST)
        self._marks[width, height].mark(luma, t_show_ns)
        parts[..., 0] = luma
        return np.asarray(cv2.cvtColor(parts, cv2.COLOR_YCrCb2RGB), np.uint8)

    def sign(self, path: Path) -> None:
        """Give a finished file content credentials, if its kind can contain them.

        Raises:
            RightsError: it cannot be signed; it is as before.
        """
        if path.suffix.lower() in FORMATS:
            sign_file(path, self._record, self._certificate)
