"""A machine's serial port, which QEMU provides as a socket in the file system."""
import re
import socket
import sys
import time


class Serial:
    """A user at the serial port of a machine."""

    def __init__(self, path, limit):
        """Connects to the socket. The limit is for each wait, in seconds."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.socket.setblocking(False)
        self.text = ""
        self.limit = limit

    def read(self, seconds):
        """Reads output for a number of seconds and appends it to the text."""
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
        """Selects the second entry in the boot menu of a stick or CD, because the first one never installs."""
        self.wait("ERASE")
        self.read(2)
        self.send("\x1b[B")
        self.send("\r")

    def wait(self, pattern, start=0):
        """Waits until the pattern is found in the text after the position `start`, and returns the match."""
        end = time.monotonic() + self.limit
        while not (found := re.search(pattern, self.text[start:])):
            if time.monotonic() > end:
                sys.exit(f"no {pattern} in time; the serial port says:\n" + self.text[-4000:])
            self.read(0.5)
        return found
