"""Writes initrds (cpio archives in the newc format, compressed by gzip) that are small and contain very much."""

import gzip
import struct
import zlib

MEBIBYTE = 1 << 20


def member(path, size, mode=0o100644):
    """The header and the path of a member, which its content follows."""
    path = path.encode() + b"\0"
    head = b"070701" + b"".join(b"%08x" % n for n in (1, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, len(path), 0)) + path
    return head + bytes(-len(head) % 4)


class Gzip:
    """A gzip file (RFC 1952). Equal pieces are compressed once: each ends with a full flush, behind which a deflate stream can be
    continued with any other piece."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
        self.check = self.size = 0
        self.known = {}

    def write(self, data):
        if not data:
            return
        compressed = self.known.get(data)
        if compressed is None:
            stream = zlib.compressobj(1, zlib.DEFLATED, -15)
            compressed = stream.compress(data) + stream.flush(zlib.Z_FULL_FLUSH)
            if len(data) == MEBIBYTE:
                self.known[data] = compressed
        self.file.write(compressed)
        self.check = zlib.crc32(data, self.check)
        self.size += len(data)

    def close(self):
        self.file.write(zlib.compressobj(1, zlib.DEFLATED, -15).flush())
        self.file.write(struct.pack("<II", self.check, self.size & 0xFFFFFFFF))
        self.file.close()


def bomb(members, after=0, content=b"\0"):
    """Writes initrd.gz with members, each a path and a number of bytes. The bytes of a member repeat `content`, and `after` mebibytes
    of zeros follow the archive."""
    file = Gzip("initrd.gz")
    piece = content * (MEBIBYTE // len(content))
    head = bytearray()

    def write(data):
        """Small pieces are compressed together."""
        head.extend(data)
        if len(head) > MEBIBYTE:
            flush()

    def flush():
        file.write(bytes(head))
        head.clear()

    for path, size in members:
        write(member(path, size))
        whole, rest = divmod(size, MEBIBYTE)
        if whole:
            flush()
        for _ in range(whole):
            file.write(piece)
        write(piece[:rest] + bytes(-size % 4))
    write(member("TRAILER!!!", 0))
    flush()
    for _ in range(after):
        file.write(bytes(MEBIBYTE))
    file.close()


def archives(count):
    """Writes initrd.gz with empty archives, each compressed on its own."""
    with open("initrd.gz", "wb") as file:
        file.write((gzip.compress(member("TRAILER!!!", 0)) + bytes(4)) * count)
