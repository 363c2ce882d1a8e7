"""Uploads go to a file while they come in, and no further than the largest that is taken."""

from __future__ import annotations

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from kaiyuan.apps.intake.examining import LARGEST


class Bounded(TemporaryFileUploadHandler):
    """Stop at the limit instead of filling the disk; the request then says that it was stopped."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a piece of the file."""
        if start + len(raw_data) > LARGEST:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
