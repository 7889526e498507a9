"""Types at a telnet client as a person does: a key at a time, and waits for what is asked."""

import fcntl
import os
import pty
import struct
import sys
import termios
import time

child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm"
    os.execvp("telnet", ["telnet", "-4", sys.argv[1]])
# 24 rows of 80 columns.
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))


def wait_for(words):
    seen = b""
    while words not in seen:
        seen += os.read(terminal, 1000)


for prompt, answer in [(b"login: ", "anna"), (b"Password: ", "Wolke7"), (b"$ ", "ls"), (b"$ ", "exit")]:
    wait_for(prompt)
    for key in answer + "\r":
        time.sleep(0.03)
        os.write(terminal, key.encode())
try:
    wait_for(b"closed")
except OSError:
    pass
