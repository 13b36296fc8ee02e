"""Emulates a volume with one file, `weights`, and reads it as a loader does. See tools/emulated-volume."""
import errno
import mmap
import os
import stat
import sys
import threading
import time

MIB = 2**20


def serve(folder, mib, rate, milliseconds):
    """Mounts a file of zeros: each request takes a time, and all together have a throughput in MiB/s."""
    import mfusepy

    size, rate, latency = int(mib) * MIB, float(rate) * MIB, float(milliseconds) / 1000

    class Volume(mfusepy.Operations):
        use_ns = True

        def __init__(self):
            self.queue = threading.Lock()
            self.busy_until = 0.0

        def getattr(self, path, fh=None):
            if path == '/':
                return {'st_mode': stat.S_IFDIR | 0o755, 'st_nlink': 2}
            if path == '/weights':
                return {'st_mode': stat.S_IFREG | 0o444, 'st_nlink': 1, 'st_size': size}
            raise mfusepy.FuseOSError(errno.ENOENT)

        def read(self, path, length, offset, fh):
            length, now = min(length, size - offset), time.monotonic()
            with self.queue:
                self.busy_until = max(self.busy_until, now) + length / rate
                done = max(self.busy_until, now + latency)
            time.sleep(done - now)
            return bytes(length)

    # Without kernel_cache, each process that opens the file would empty its page cache.
    mfusepy.FUSE(Volume(), folder, foreground=True, ro=True, kernel_cache=True)


def load(file):
    """Reads a mapped file from start to end with one thread."""
    descriptor = os.open(file, os.O_RDONLY)
    size = os.fstat(descriptor).st_size
    weights = mmap.mmap(descriptor, size, prot=mmap.PROT_READ)
    for offset in range(0, size, MIB):
        weights[offset : offset + MIB]


{'serve': serve, 'load': load}[sys.argv[1]](*sys.argv[2:])
