"""Writes ISO 9660 images (ECMA-119) block by block, for images that no program would make: directories that contain each other,
and files that overlap."""

BLOCK = 2048


def both(number, size):
    """A number in both byte orders (7.2.3, 7.3.3)."""
    return number.to_bytes(size, "little") + number.to_bytes(size, "big")


def record(name, extent, size, is_directory=False):
    """A directory record (9.1)."""
    name = name if isinstance(name, bytes) else name.encode()
    length = 33 + len(name) + (len(name) + 1) % 2
    return (
        bytes([length, 0]) + both(extent, 4) + both(size, 4) + bytes([70, 1, 1, 0, 0, 0, 0]) + bytes([2 if is_directory else 0])
        + bytes(2) + both(1, 2) + bytes([len(name)]) + name + bytes((len(name) + 1) % 2))


def directory(extent, records):
    """The content of a directory: records do not cross the end of a block (6.8.1.1). Two records are of the directory itself."""
    def laid_out(size):
        blocks = [bytearray()]
        for item in [record(b"\0", extent, size, True), record(b"\1", extent, size, True)] + records:
            if len(blocks[-1]) + len(item) > BLOCK:
                blocks.append(bytearray())
            blocks[-1] += item
        return b"".join(bytes(block).ljust(BLOCK, b"\0") for block in blocks)
    return laid_out(len(laid_out(0)))


def write(path, root_size, parts, length=None):
    """Writes an image whose root directory is at block 20. `parts` are contents by their first block."""
    with open(path, "wb") as image:
        def put(block, content):
            image.seek(block * BLOCK)
            image.write(content)
        volume = bytearray(BLOCK)
        volume[0:7] = b"\1CD001\1"
        volume[8:40] = b" " * 32
        volume[40:72] = b"HOSTILE".ljust(32)
        volume[80:88] = both(1 << 20, 4)
        volume[120:124] = volume[124:128] = both(1, 2)
        volume[128:132] = both(BLOCK, 2)
        volume[132:140] = both(10, 4)
        volume[140:144] = (19).to_bytes(4, "little")
        volume[148:152] = (19).to_bytes(4, "big")
        volume[156:190] = record(b"\0", 20, root_size, True)
        volume[881] = 1
        put(16, volume)
        put(17, b"\xffCD001\1".ljust(BLOCK, b"\0"))
        put(19, (b"\1\0" + (20).to_bytes(4, "little") + b"\1\0\0\0").ljust(BLOCK, b"\0"))
        for block, content in parts.items():
            put(block, content)
        if length:
            image.truncate(length)
