#!/usr/bin/python3
"""start.py ROOT OUT STEP...: runs machines of the lab OUT in the real VirtualBox's interpreter.

Runs as root in its own namespaces (unshare --net --mount --pid --fork --kill-child --mount-proc): all processes that it starts
end with it. ROOT is the root directory from Tests/VirtualBox/root; the directory of OUT becomes lab/ in the home directory of its
user. The network lan of the lab is the bridge br0, on which the lab's dnsmasq.conf serves DHCP and TFTP.

The steps are executed in order:
  run=COMMAND     runs a shell command as the user, in the home directory; a failure ends the run
  key=NAME        presses a key (down or enter) on the keyboard of the machine
  menu=REGEX      like screen, for a boot menu: presses the up key while waiting, so that the menu does not time out
  screen=REGEX    waits until the machine's screen shows a match; the text of a graphical screen is read by OCR
  serial=REGEX    waits for a match in what the machine wrote to its serial port
  dhcp=REGEX      waits for a match in the log of dnsmasq
The steps key, menu, screen and serial apply to the machine that was started last. Prints, as JSON, the text in which each menu,
screen, serial and dhcp step found its match. If a step finds no match in time, the run ends with status 1 and prints what it found.
"""
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from PIL import Image, ImageOps

# Seconds for each step. UEFI needs minutes to reach a boot loader.
LIMIT = 900
HERE = pathlib.Path(__file__).resolve().parent
SCANCODES = {"up": ["e0", "48", "e0", "c8"], "down": ["e0", "50", "e0", "d0"], "enter": ["1c", "9c"]}


def sh(*words):
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


def read_text(image):
    """Reads the text on a screen by OCR. Tesseract needs dark letters on a light background, larger than on a screen."""
    if sum(image.getdata()) < 128 * image.width * image.height:
        image = ImageOps.invert(image)
    large = io.BytesIO()
    image.resize((2 * image.width, 2 * image.height), Image.BICUBIC).save(large, "png")
    return subprocess.run(
        ["tesseract", "-", "-", "--psm", "6"], input=large.getvalue(), capture_output=True, check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"}).stdout.decode()


class Host:
    """The root directory with VirtualBox, with the namespaces, network and programs of a host."""

    def __init__(self, root, lab):
        self.root, self.home = root, root / "home/user"
        sh("mount", "--make-rprivate", "/")
        sh("mount", "-t", "sysfs", "sysfs", "/sys")
        sh("mount", "--bind", root, root)
        sh("mount", "-t", "proc", "proc", root / "proc")
        sh("mount", "--rbind", "/dev", root / "dev")
        sh("mount", "-t", "sysfs", "sysfs", root / "sys")
        for directory in ("tmp", "home/user"):
            sh("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", root / directory)
        (self.home / "lab").mkdir()
        sh("mount", "--bind", lab, self.home / "lab")
        programs = root / "tmp/programs"
        programs.mkdir()
        sh("cc", "-O1", "-Wall", "-o", programs / "headless", HERE / "headless.c")
        sh("cp", HERE / "VBoxManage", programs)
        self.log = open(lab / "dnsmasq.log", "w")

    def start_network(self, out):
        sh("ip", "link", "set", "lo", "up")
        sh("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0")
        sh("ip", "address", "add", "10.8.8.1/24", "dev", "br0")
        sh("ip", "link", "set", "br0", "up")
        relay = subprocess.Popen(
            [sys.executable, HERE / "relay.py", "10001", "10000", "lan0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        relay.stdout.readline()
        sh("ip", "link", "set", "lan0", "master", "br0", "up")
        subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--log-dhcp", "--log-facility=-", "--pid-file",
             "--leasefile-ro", "--no-resolv", f"--conf-file={out}/pxe/dnsmasq.conf", f"--tftp-root={out}/pxe/tftp"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def run(self, *words):
        """Runs a command as the user and returns the result; its output includes VirtualBox's warnings."""
        return subprocess.run(
            ["chroot", self.root, "setpriv", "--reuid=user", "--regid=user", "--init-groups", "env", "-i", "HOME=/home/user",
             "USER=user", "PATH=/tmp/programs:/usr/bin:/bin", "LANG=C.UTF-8", "sh", "-c", 'cd && exec "$@"', "sh", *words],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)

    def manage(self, *words):
        return self.run("VBoxManage", *words)

    def machine(self):
        """Returns the name of the machine that was started last."""
        names = re.findall(r'^"(.*)" \{', self.manage("list", "runningvms").stdout.decode(), re.M)
        return names[-1] if names else sys.exit("no machine is running")

    def press(self, key):
        self.manage("controlvm", self.machine(), "keyboardputscancode", *SCANCODES[key])

    def menu(self):
        """Presses the up key and returns the text on the machine's screen."""
        self.press("up")
        return self.screen()

    def screen(self):
        """Returns the text on the machine's screen."""
        name = self.machine()
        text = self.manage("debugvm", name, "info", "vgatext").stdout.decode("cp437")
        if "Not in text mode" not in text:
            return text
        if self.manage("controlvm", name, "screenshotpng", "/tmp/screen.png").returncode != 0:
            return ""  # The firmware has not set a resolution yet.
        return read_text(Image.open(self.root / "tmp/screen.png").convert("L"))

    def serial(self):
        logs = list(self.home.glob("VirtualBox VMs/*/*/serial.log"))
        return logs[-1].read_bytes().decode(errors="replace") if logs else ""

    def dhcp(self):
        return pathlib.Path(self.log.name).read_text()

    def wait(self, read, pattern):
        end = time.monotonic() + LIMIT
        while not re.search(pattern, text := read()):
            if time.monotonic() > end:
                sys.exit(f"no {pattern} in time, but:\n{text[-6000:]}\n\n{self.screen()}\n\n{self.dhcp()[-3000:]}")
            time.sleep(1)
        return text


def main():
    root, out = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    host = Host(root, out.parent)
    host.start_network(out)
    seen = []
    for step in sys.argv[3:]:
        kind, value = step.split("=", 1)
        if kind == "run":
            ran = host.run("sh", "-c", value)
            if ran.returncode != 0:
                sys.exit(f"{value}: exit status {ran.returncode}\n{(ran.stdout + ran.stderr).decode(errors='replace')}")
        elif kind == "key":
            host.press(value)
            time.sleep(1)
        else:
            seen.append(host.wait({"menu": host.menu, "screen": host.screen, "serial": host.serial, "dhcp": host.dhcp}[kind], value))
        print(f"{time.monotonic():.0f} {step}", file=sys.stderr)
    json.dump(seen, sys.stdout)


main()
