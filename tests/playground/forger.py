#!/usr/bin/env python3
"""A censor that is not on the way but beside it: it sees a forbidden word pass and sends a reset to both ends, each as if it came from
the other. The packet itself goes on. forger.py INTERFACE
"""

import socket
import struct
import sys

ETH_P_IP, RST, ACK = 0x0800, 4, 16


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def reset(source, destination, ports, sequence, acknowledgement):
    """An IP packet: what censors send has a time to live and an identification of their own."""
    head = struct.pack("!HHIIBBHHH", *ports, sequence, acknowledgement, 5 << 4, RST | ACK, 0, 0, 0)
    pseudo = source + destination + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(head))
    head = head[:16] + struct.pack("!H", checksum(pseudo + head)) + head[18:]
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(head), 0x1234, 0, 128, socket.IPPROTO_TCP, 0) + source + destination + head


def main(interface):
    listener = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
    listener.bind((interface, ETH_P_IP))
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    print("ready", flush=True)
    while True:
        packet, (_, _, kind, *_) = listener.recvfrom(65536)
        if kind == socket.PACKET_OUTGOING or packet[9] != socket.IPPROTO_TCP or b"/forbidden" not in packet:
            continue
        source, destination, segment = packet[12:16], packet[16:20], packet[20:]
        from_port, to_port, sequence, acknowledgement, offset = struct.unpack("!HHIIB", segment[:13])
        end = (sequence + len(segment) - (offset >> 4) * 4) & 0xFFFFFFFF
        answers = [
            (source, reset(destination, source, (to_port, from_port), acknowledgement, end)),
            (destination, reset(source, destination, (from_port, to_port), end, acknowledgement)),
        ]
        for address, answer in answers:
            sender.sendto(answer, (socket.inet_ntoa(address), 0))


main(sys.argv[1])
