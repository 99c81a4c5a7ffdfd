#!/usr/bin/python3
"""relay.py PORT TO TAP: relays Ethernet frames between a UDP tunnel of VirtualBox and a tap interface, which it creates.

VirtualBox's UDPTunnel driver sends each frame as one datagram. This program receives them at PORT of 127.0.0.1 and sends frames
to the port TO.
"""
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 2, 0x1000


def main():
    port, to, name = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    tunnel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tunnel.bind(("127.0.0.1", port))
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([tunnel, tap], [], [])
        if tunnel in ready:
            frame = tunnel.recv(65536)
            if len(frame) >= 14:
                os.write(tap, frame)
        if tap in ready:
            try:
                tunnel.sendto(os.read(tap, 65536), ("127.0.0.1", to))
            except ConnectionRefusedError:
                pass  # The machine does not listen yet.


main()
