"""The reference lab in QEMU: built as a user would, served on loopback, its installers heard.

What belongs to a road, firmware and layout is in one folder: the built lab (out/), the machines (state/), and evidence/ with
serial logs, the installers' logs, and what was asked for over HTTP.
"""
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Media")]
sys.dont_write_bytecode = True
import disks  # noqa: E402
from machine import Machine, sh  # noqa: E402
from mirror import Mirror, take_log  # noqa: E402
from serialport import Serial  # noqa: E402

# As the lab's boot server, which in QEMU's user mode is this host's loopback.
HOST, WEB, MIRROR = "10.8.8.1", 8000, 3142
PASSWORD = "xenseed"
# Seconds: for an installation, for a boot until the verifier has spoken, and without a word from a node (the packages of a dom0 and
# all they recommend are unpacked without one).
LIMITS = {"install": 3 * 3600, "boot": 3600, "silence": 3600}
# What a serial port shows when somebody is waited for.
ASKED = re.compile(r"Prompt: '\?' for help|\[!!\] |\(initramfs\)|grub> |No bootable device")
# In the installer's log: where phases begin.
PHASES = [
    (re.compile(r"Menu item '([^']+)' selected"), "{}"),
    (re.compile(r"xenseed: \S+: step (\S+)$"), "late command: {}"),
    (re.compile(r"finish-install: info: Running \S*?(\S+)$"), "finish-install: {}"),
]
# The phases before which a machine is kept, and what that moment is called.
BORDERS = {"choose-mirror": "mirror", "partman-base": "partitioning", "finish-install": "late-command"}
FIRST_BOOT = "first-boot"


def arguments(parser):
    """What every program here is told first."""
    parser.add_argument("--firmware", choices=["bios", "uefi"], default="bios")
    parser.add_argument("--layout", choices=["plain", "lvm"], default="plain")
    # Without KVM, the lab's default takes half an hour, twice or thrice.
    parser.add_argument("--initramfs", choices=["most", "dep"], default="dep")
    parser.add_argument("--recommends", choices=["yes", "no"], default="yes")
    parser.add_argument("--used", metavar="KIND[,KIND]", default="", help="for each node, of: " + ", ".join(disks.KINDS))
    # The order of network cards on the PCI bus, as the lab's script for QEMU takes it.
    parser.add_argument("--cards", metavar="ORDER", default="")
    parser.add_argument("--accel", choices=["auto", "kvm", "tcg"], default="auto")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("xenseed")
    parser.add_argument("work")
    parser.add_argument("road", choices=["pxe", "seed", "usb"])


# More files for the nodes. Without KVM, udev may need more than a minute and a half to find a node's console.
GUEST = "usr/local/lib/guest.py"
FILES = {
    GUEST: (HERE / "guest.py").read_text(encoding="utf-8"),
    "etc/systemd/system.conf.d/slow.conf": "[Manager]\nDefaultDeviceTimeoutSec=20min\n",
}


def lab_file(options):
    """lab.yaml with what an ordinary user would change to try it here."""
    text = (ROOT / "lab.yaml").read_text(encoding="utf-8")
    crypted = sh("openssl", "passwd", "-6", PASSWORD, capture_output=True, text=True).stdout.strip()
    disk = ["device: /dev/sda", f"layout: {options.layout}"]
    defaults = [
        "memory: 2 GiB", f"firmware: {options.firmware}", "console: ttyS0,115200", f"initramfs: {options.initramfs}",
        f'access: {{root_password: "{crypted}"}}', "files: {folder: files}"]
    if options.recommends == "no":
        defaults.append("recommends: false")
    if options.used:
        # Names may be exchanged among two disks.
        disk[0] = "by_id: ata-XENSEED_TEST_0001"
        disk.append("keep: [/dev/disk/by-id/ata-XENSEED_TEST_0002]")
        defaults.append("grub: {disable_linux_uuid: false}")
    for old, new in (
            ("# yaml-language-server: $schema=Sources/Lab/Reader/lab.schema.json\n", ""),
            ("release: jessie\n", f'release: bookworm\nmirror: {{host: "{HOST}:{MIRROR}", security: false}}\n'),
            ("  disk: {device: /dev/sda}\n", f"  disk: {{{', '.join(disk)}}}\n"),
            ("  memory: 2 GiB\n", "".join(f"  {line}\n" for line in defaults))):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# What moves a terminal's cursor, and the frames of dialogs, whose lines are letters of another set.
WITHOUT_WORDS = re.compile(r"\x1b\(0(\x1b\[[0-9;?]*[A-Za-z]|[^\x1b])*|\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|[\x00-\x08\x0e-\x1f]")


class Lines:
    """A growing file, read line by line, as a person reads it."""

    def __init__(self, path, from_end=False):
        self.path, self.rest = path, ""
        self.place = path.stat().st_size if from_end and path.exists() else 0

    def __iter__(self):
        if not self.path.exists():
            return
        with open(self.path, encoding="utf-8", errors="replace") as file:
            file.seek(self.place)
            self.rest += file.read()
            self.place = file.tell()
        *lines, self.rest = re.split(r"[\r\n]+", self.rest)
        yield from (WITHOUT_WORDS.sub("", line) for line in lines)


class Node:
    def __init__(self, name, road, state=None):
        self.name, self.road = name, road
        self.machine = Machine(str(road.out / "qemu/lab"), state or road.state, name)
        self.installed = road.folder / f"{name}.installed"
        self.evidence = road.evidence / name
        self.evidence.mkdir(parents=True, exist_ok=True)
        self.phases, self.problems, self.answers = [], [], {}
        self.begun = self.heard = time.time()
        preseed = (road.out / "nodes" / name / "preseed.cfg").read_text(encoding="utf-8")
        self.mac = re.search(r"^d-i netcfg/choose_interface select (\S+)$", preseed, re.M)[1]
        # As Tests/E2E/netboot has its installer send it.
        self.log_port = 5500 + int(self.mac[-2:], 16)
        self.syslog = road.evidence / f"{name}.syslog"
        # What its disk held before.
        self.disk = self.machine.kept.get("disk", road.used.get(name, "empty"))
        # Its second disk, where that is to stay as it is.
        self.before = road.folder / f"{name}.sdb.qcow2"
        self.verdict, self.serial = None, None
        self.listen()

    def listen(self, from_end=False):
        self.log = Lines(self.syslog, from_end)
        self.serial_lines, self.tail = Lines(self.machine.home / "serial.log"), []
        self.has_late_command, self.is_in_xen, self.command_line = False, False, None

    def start(self, *words):
        """Power on: with these words from nothing, without any from the disk."""
        self.save_serial_log()
        self.machine.up(*self.road.machine_words, *words)
        self.follow_from_here()

    def start_on_used_disks(self, kind, *words):
        self.machine.up(*self.road.machine_words, *words)
        self.machine.down()
        first, second = (self.machine.home / f"{name}.qcow2" for name in ("sda", "sdb"))
        disks.make(kind, self.road.work, self.road.netboot, first, second, self.evidence / "disks.log")
        shutil.copy(second, self.before)
        self.start_again()

    def start_as_stranger(self, *words):
        """With network cards that no node of the lab has."""
        self.machine.up(*self.road.machine_words, *words)
        self.machine.down()
        self.machine.write(first=re.sub(r"mac=08:00:27", "mac=08:00:2b", self.machine.kept["first"]))
        self.start_again()

    def start_again(self):
        """From nothing once more, whatever the disks hold by now."""
        self.save_serial_log()
        self.machine.again()
        self.follow_from_here()

    def cut(self, trial):
        """Takes the power away; the next installation is from nothing, on the disk as it is now."""
        self.machine.down()
        self.machine.forget(list(self.machine.kept["borders"]))
        self.machine.write(disk=f"{self.disk}, {trial.replace('_', ' ')}")
        self.installed.unlink(missing_ok=True)

    def check_kept_disk(self):
        if self.before.exists():
            found = sh("qemu-img", "compare", self.before, self.machine.home / "sdb.qcow2", check=False, capture_output=True,
                       text=True)
            if found.returncode == 0:
                self.mark("the second disk is as it was")
            else:
                self.fail(f"the second disk: {found.stdout}{found.stderr}")

    def follow_from_here(self):
        self.begun = self.heard = time.time()
        self.phases = []
        self.listen(from_end=True)
        self.mark("power on")

    def resume(self, border):
        """Goes on where it was kept."""
        self.save_serial_log()
        moment = self.machine.resume(border)
        self.begun, self.heard = time.time() - moment["elapsed"], time.time()
        self.phases = moment["phases"]
        self.listen(from_end=True)
        self.mark(f"resumed at {border}")

    def go_back(self, border):
        """The next run goes on there."""
        borders = list(self.machine.kept["borders"])
        if border not in borders:
            sys.exit(f"{self.name} was not kept at {border}")
        self.machine.forget(borders[borders.index(border) + 1:])
        if border != FIRST_BOOT:
            self.installed.unlink(missing_ok=True)

    def keep(self, border):
        if border not in self.machine.kept["borders"]:
            self.machine.keep(border, {"elapsed": round(time.time() - self.begun), "phases": self.phases})

    def save_serial_log(self):
        """QEMU begins it anew with every start."""
        if (self.machine.home / "serial.log").exists():
            stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self.begun))
            shutil.copy(self.machine.home / "serial.log", self.evidence / f"{stamp}.serial.log")

    def mark(self, what):
        self.phases.append((round(time.time() - self.begun), what))
        print(f"{self.name}: {self.phases[-1][0]:6} s  {what}", flush=True)

    def fail(self, why):
        self.problems.append(why)
        print(f"{self.name}: FAILED: {why}", flush=True)

    # Hearing

    def hear(self):
        """Takes in what it has said since: the lines of its log, and those of its serial port."""
        log = list(self.log)
        for line in log:
            self.heard = time.time()
            self.has_late_command = self.has_late_command or line.endswith(f"xenseed: {self.name}: install done")
            for pattern, what in PHASES:
                found = pattern.search(line)
                if found:
                    if found[1] in BORDERS:
                        self.keep(BORDERS[found[1]])
                    self.mark(what.format(found[1]))
        lines = list(self.serial_lines)
        for line in lines:
            self.heard = time.time()
            self.tail = (self.tail + [line])[-40:]
            if self.command_line is None and (found := re.search(r"\] (?:Kernel c|C)ommand line: (.*)", line)):
                self.command_line = found[1].split()
            if not self.is_in_xen and re.search(r"\(XEN\) (Xen version|Command line)|Xen 4\.\d+\.\d+ \(XEN\)", line):
                self.is_in_xen = True
                self.keep(FIRST_BOOT)
                self.mark("Xen starts")
        return log, lines

    # Asking

    def log_in(self):
        """On its serial port, where somebody may be logged in still."""
        self.serial = Serial(self.machine.home / "serial.sock", 900)
        self.serial.send("\r")
        prompt = r"root@\S+[#$]"
        if self.serial.wait(rf"login:|{prompt}")[0] == "login:":
            self.serial.send("root\r")
            self.serial.wait("Password:")
            self.serial.send(PASSWORD + "\r")
            self.serial.wait(prompt)

    def ask(self, command):
        """Exit status and output of a command."""
        status = int(self.say(f"({command}) >/tmp/answer 2>&1; echo \"<<$?>>\"")[1])
        size = int(self.say("echo \"<<$(stat -c %s /tmp/answer)>>\"")[1])
        # Where more than 16 KiB come at once, Xen drops what its port is too slow for.
        parts = range(-(-size // 8000))
        return status, "".join(
            self.say(f"dd if=/tmp/answer bs=8000 skip={part} count=1 status=none; echo '<<0>>'")[0] for part in parts)

    def say(self, line):
        """What a command line prints before a number in angle brackets, and that number."""
        start = len(self.serial.text)
        self.serial.send(line + "\r", 0.5)
        found = self.serial.wait(r"<<(\d+)>>\r", start)
        return self.serial.text[start:start + found.start()].replace("\r", "").partition("\n")[2], found[1]

    def screen(self, count=25):
        return "\n".join(line for line in self.tail[-count:] if line.strip())


class Road:
    def __init__(self, options, names=(), suffix=()):
        self.options = options
        self.work = pathlib.Path(options.work).resolve()
        used = options.used.split(",") if options.used else []
        lean = ["lean"] if options.recommends == "no" else []
        # The machine's hardware, whenever it is started.
        self.machine_words = ["--accel", options.accel, *(["--cards", options.cards] if options.cards else [])]
        order = ["cards", *options.cards.split(",")] if options.cards else []
        self.folder = self.work / "-".join([options.road, options.firmware, options.layout, *lean, *used, *order, *suffix])
        self.state, self.evidence = self.folder / "state", self.folder / "evidence"
        self.out = self.folder / "out"
        self.netboot = self.out / "pxe/tftp/debian-installer/amd64"
        if options.fresh and self.folder.exists():
            if self.state.exists():
                sh(self.out / "qemu/lab", "down", "--state", self.state, "--wait", "0", "--force", check=False)
            shutil.rmtree(self.folder)
        self.evidence.mkdir(parents=True, exist_ok=True)
        self.lab_server = self.watcher = None
        self.build()
        everybody = sorted(path.name for path in (self.out / "nodes").iterdir())
        self.used = dict(zip(everybody, used))
        self.nodes = [Node(name, self) for name in names or everybody]
        self.start_words = {
            "pxe": ["--pxe"], "seed": ["--kernel", "--seed"], "usb": ["--usb", self.folder / "lab.iso"]}[options.road]

    def build(self):
        file = self.folder / "lab.yaml"
        if not file.exists():
            file.write_text(lab_file(self.options), encoding="utf-8")
            for path, text in FILES.items():
                (self.folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / "files" / path).write_text(text, encoding="utf-8")
        archive = self.work / "netboot.tar.gz"
        if not archive.exists():
            sh(HERE / "netboot", self.work, HOST)
        xenseed = os.path.abspath(self.options.xenseed)
        sh(xenseed, "build", file)
        sh(xenseed, "netboot", "--archive", archive, file)
        if self.options.road == "usb":
            image = self.folder / "debian.iso"
            sh(HERE.parent / "Media/debian-iso", "--kernel", self.netboot / "linux", "--initrd", self.netboot / "initrd.gz",
               "netinst", image)
            sh(xenseed, "iso", "--from", image, "--output", self.folder / "lab.iso", file)

    def serve(self, by_xenseed=False):
        """A mirror, a log, and the built lab: by `xenseed serve`, or as any web server would."""
        self.http_log = open(self.evidence / "http.log", "a", encoding="utf-8")
        self.mirror = Mirror(MIRROR, self.work / "cache", self.http_log)
        for node in self.nodes:
            take_log(node.log_port, open(node.syslog, "a", encoding="utf-8"))
        if by_xenseed:
            self.serve_lab()
        else:
            self.serve_web()

    def serve_lab(self):
        fresh = [node for node in self.nodes if not node.installed.exists() and not node.machine.kept["borders"]]
        words = [word for node in fresh for word in ("--arm", node.name)]
        self.lab_server = subprocess.Popen(
            [os.path.abspath(self.options.xenseed), "serve", "--listen", f"127.0.0.1:{WEB}", *words, self.folder / "lab.yaml"],
            stdin=subprocess.DEVNULL, stderr=self.http_log)
        for _ in range(600):
            if self.lab_server.poll() is not None:
                raise SystemExit(f"xenseed serve ended with {self.lab_server.returncode}; see {self.http_log.name}")
            try:
                self.shown()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("xenseed serve does not answer")

    def shown(self):
        """What `xenseed serve` knows of each node."""
        with urllib.request.urlopen(f"http://127.0.0.1:{WEB}/lab.json", timeout=10) as answer:
            return {node["node"]: node for node in json.load(answer)["nodes"]}

    def serve_web(self):
        log = self.http_log

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, form, *words):
                print(f"{time.time():.1f} {form % words}", file=log, flush=True)

        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", WEB), functools.partial(Handler, directory=str(self.out)))
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def end_lab(self):
        self.lab_server.terminate()
        self.lab_server.wait()

    def down(self):
        for node in self.nodes:
            node.machine.down()
        for program in (self.lab_server, self.watcher):
            if program and program.poll() is None:
                program.terminate()
                program.wait()

    def start(self, node):
        """Installs from nothing, or goes on where the last run ended."""
        borders = list(node.machine.kept["borders"])
        if borders:
            node.resume(borders[-1])
            return
        if "first" in node.machine.kept:
            # Its power was taken away before anything was kept, or a trial did that.
            node.start_again()
        elif node.name in self.used:
            node.start_on_used_disks(self.used[node.name], *self.start_words)
        else:
            node.start(*self.start_words)
        self.choose_installation(node)

    def choose_installation(self, node):
        """Where a boot menu would rather start the disk."""
        if self.options.road == "usb":
            serial = Serial(node.machine.home / "serial.sock", 600)
            serial.choose_installation()
            serial.socket.close()

    def follow(self, nodes, limit, is_done):
        """Listens until each is done, goes off, stops at a question, or says nothing any more."""
        waiting, end = list(nodes), time.time() + limit
        while waiting:
            time.sleep(2)
            for node in list(waiting):
                done = is_done(node, node.hear()[1])
                now = time.time()
                if not done and not node.machine.is_running():
                    is_done(node, node.hear()[1])
                    node.mark("power off")
                    done = True
                elif not done and now - node.heard > 90 and ASKED.search("\n".join(node.tail[-6:])):
                    node.fail("somebody is asked:\n" + node.screen())
                    done = True
                elif not done and now - node.heard > LIMITS["silence"]:
                    node.fail("it has gone silent:\n" + node.screen())
                    done = True
                elif not done and now > end:
                    node.fail("time is up")
                    done = True
                if done:
                    waiting.remove(node)
