"""Simulates a guest in a dom0: its network card is a tap interface on a bridge, and it pings an address in the LAN.

guest.py BRIDGE OWN PEER; the exit status is 1 if there is no answer within a minute.
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
# An address from the block of Xen's guests.
MAC = bytes.fromhex("00163e000001")


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def exchange(tap, frame, is_answer):
    """Sends a frame repeatedly until an answer has arrived."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        os.write(tap, frame)
        pause = time.monotonic() + 3
        while select.select([tap], [], [], max(0, pause - time.monotonic()))[0]:
            got = os.read(tap, 2048)
            if is_answer(got):
                return got
    sys.exit("nothing came back")


bridge, own, peer = sys.argv[1], socket.inet_aton(sys.argv[2]), socket.inet_aton(sys.argv[3])
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"vif9.0", IFF_TAP | IFF_NO_PI))
subprocess.check_call(["ip", "link", "set", "vif9.0", "master", bridge, "up"])
asked = b"\xff" * 6 + MAC + struct.pack(">HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + MAC + own + bytes(6) + peer
there = exchange(tap, asked, lambda got: got[12:14] == b"\x08\x06" and got[20:22] == b"\0\2" and got[28:32] == peer)[22:28]
echo = struct.pack(">BBHHH", 8, 0, 0, 9, 1) + b"xenseed."
echo = echo[:2] + struct.pack(">H", checksum(echo)) + echo[4:]
head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(echo), 9, 0, 64, 1, 0) + own + peer
head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
exchange(tap, there + MAC + b"\x08\0" + head + echo, lambda got: got[12:14] == b"\x08\0" and got[26:30] == peer and got[34:35] == b"\0")
print(f"{sys.argv[3]} at {there.hex(':')} has answered")
