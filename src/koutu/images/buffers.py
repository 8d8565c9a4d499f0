"""Memory of very large pictures, used again.

Fresh memory has to be cleared by the kernel, and on many virtual machines fetched from the host, page by page: for a picture of
100 megapixels that takes longer than decoding it. So what such a picture lay in is kept for the next one, up to a bound.
"""

import mmap
import weakref
from math import prod
from threading import Lock

import numpy as np
from numpy.typing import NDArray

_LARGE = 32 << 20  # bytes; what is smaller malloc keeps itself
_KEPT = 512 << 20  # bytes, in all: the colours and the alpha of 100 megapixels

_free: list[mmap.mmap] = []
_lock = Lock()


def empty(*shape: int) -> NDArray[np.uint8]:
    """An uninitialised array, uint8 of the given shape; a large one in memory that an earlier one gave back."""
    size = prod(shape)
    if size < _LARGE:
        return np.empty(shape, np.uint8)
    block = _take(size)
    # Views keep this array alive, not the block: when the last of them is gone, the block is free.
    flat = np.frombuffer(block, np.uint8, size)
    weakref.finalize(flat, _give_back, block).atexit = False
    return flat.reshape(shape)


def _take(size: int) -> mmap.mmap:
    with _lock:
        fitting = [block for block in _free if size <= len(block) <= 2 * size]
        if fitting:
            block = min(fitting, key=len)
            _free.remove(block)
            return block
        _free.clear()  # another size is in demand
    block = mmap.mmap(-1, size)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        block.madvise(mmap.MADV_HUGEPAGE)
    return block


def _give_back(block: mmap.mmap) -> None:
    # The garbage collector may call this while this thread holds the lock; then the block is let go.
    if _lock.acquire(blocking=False):
        try:
            _free.append(block)
            while sum(map(len, _free)) > _KEPT:
                _free.pop(0)
        finally:
            _lock.release()
