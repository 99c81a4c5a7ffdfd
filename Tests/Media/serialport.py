"""A machine's serial port, as QEMU has it: a socket in the file system."""
import re
import socket
import sys
import time


class Serial:
    """Somebody at the serial port of a machine."""

    def __init__(self, path, limit):
        """The limit is how long anything is waited for, in seconds."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.socket.setblocking(False)
        self.text = ""
        self.limit = limit

    def read(self, seconds):
        """Adds what comes in that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                got = self.socket.recv(1 << 16)
                if not got:
                    sys.exit("the machine has gone off; it said:\n" + self.text[-4000:])
                self.text += got.decode(errors="replace")
            except BlockingIOError:
                time.sleep(0.1)

    def send(self, keys, pause=1):
        self.socket.sendall(keys.encode())
        self.read(pause)

    def choose_installation(self):
        """In a stick's or CD's boot menu, of which the first entry never installs."""
        self.wait("ERASE")
        self.read(2)
        self.send("\x1b[B")
        self.send("\r")

    def wait(self, pattern, start=0):
        """Until that has come, behind the place in the text."""
        end = time.monotonic() + self.limit
        while not (found := re.search(pattern, self.text[start:])):
            if time.monotonic() > end:
                sys.exit(f"no {pattern} in time; the serial port says:\n" + self.text[-4000:])
            self.read(0.5)
        return found
