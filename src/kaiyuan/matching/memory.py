"""Keep freed memory for the next batch instead of giving it back to the system after each."""

from __future__ import annotations

import ctypes

import pyarrow as pa

# glibc's mallopt: when to give memory back, how much to take at once, from which size on to map apart.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_KEPT = 1 << 30
_STEP = 64 << 20


def keep_freed_memory() -> bool:
    """Ask the C library to keep freed memory; give whether it could be asked.

    Every batch frees hundreds of arrays of a megabyte or two and allocates them again. By default glibc returns
    each to the system and takes it back with a page fault for every 4 KiB, a quarter of a run's processor time.
    Arrow is told to take its memory from the same place. To be called by the owner of the process, once; elsewhere
    than on glibc nothing happens.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return False
    asked = (_TRIM_THRESHOLD, _KEPT), (_TOP_PAD, _STEP), (_MMAP_THRESHOLD, _KEPT)
    kept = all(mallopt(option, value) == 1 for option, value in asked)
    if kept:
        pa.set_memory_pool(pa.system_memory_pool())
    return kept
