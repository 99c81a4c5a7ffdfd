"""The switch's side of a bond that needs a group of ports: the cards of the bond are one port of the cable, and LACPDUs are answered
(IEEE 802.1AX, 6.4.2).

Frames to the bond go to the card that has sent the last one, so an installer can use one card of the group without LACP.
"""
import os
import select
import socket
import struct

SLOW_PROTOCOLS, LACPDU, LACP_GROUP = b"\x88\x09", b"\1\1", bytes.fromhex("0180c2000002")
# The bits of a port's state.
SHORT_TIMEOUT, AGGREGATION, SYNCHRONIZATION, COLLECTING, DISTRIBUTING = 2, 4, 8, 16, 32
# An actor or a partner: priority and address of the system, key, priority and number of the port, state.
PARTY = struct.Struct(">H6sHHHB3x")
# Linux's packet sockets (linux/if_packet.h).
ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 3, 263, 8, 23
AUXDATA, TP_STATUS_VLAN_VALID = struct.Struct("IIIHHHH"), 16


def answer(frame, system, port):
    """The LACPDU that agrees with one that was received."""
    actor = PARTY.unpack_from(frame, 18)
    state = AGGREGATION | SYNCHRONIZATION | COLLECTING | DISTRIBUTING | actor[5] & SHORT_TIMEOUT
    return b"".join([
        LACP_GROUP, system, SLOW_PROTOCOLS, LACPDU,
        bytes([1, 20]), PARTY.pack(0x8000, system, 1, 0xFF, port, state),
        bytes([2, 20]), PARTY.pack(*actor),
        bytes([3, 16]), bytes(14), bytes(2), bytes(50)])


def channel(tap):
    """A socket for all frames of a tap interface. The caller is in its network namespace."""
    found = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    found.bind((tap, ETH_P_ALL))
    found.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    found.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    return found


def receive(card):
    """A frame with its VLAN tag, which the kernel passes separately."""
    frame, extra, _, _ = card.recvmsg(1 << 16, socket.CMSG_SPACE(AUXDATA.size))
    for _, _, data in extra:
        status, *_, tag, protocol = AUXDATA.unpack(data)
        if status & TP_STATUS_VLAN_VALID:
            return frame[:12] + struct.pack(">HH", protocol, tag) + frame[12:]
    return frame


def carry(cards, cable, system):
    """Passes frames between the cards of one bond, which are sockets, and the cable, which is the file of a tap interface."""
    last = cards[0]
    while True:
        for file in select.select([cable, *cards], [], [])[0]:
            try:
                if file == cable:
                    last.send(os.read(cable, 1 << 16))
                    continue
                frame = receive(file)
                if frame[12:14] != SLOW_PROTOCOLS:
                    last = file
                    os.write(cable, frame)
                elif frame[14:16] == LACPDU:
                    file.send(answer(frame, system, cards.index(file) + 1))
            except OSError:
                # An interface is down, because its machine is off: the frame is lost.
                pass
