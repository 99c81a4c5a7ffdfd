"""Builds and serves a lab as a user does, starts its nodes in QEMU, and receives the log of each installer.

Each combination of lab, boot method and options has a directory of its own with the built lab (out/), the machines (state/), and
evidence/ with serial logs, the installers' logs, and the requests to the HTTP servers.
"""
import copy
import functools
import hashlib
import http.server
import ipaddress
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Media")]
sys.dont_write_bytecode = True
import disks  # noqa: E402
from initrd import added_to  # noqa: E402
from machine import Machine, sh  # noqa: E402
from mirror import Mirror, take_log  # noqa: E402
from serialport import Serial  # noqa: E402
from wires import UserMode, Wires, addresses_in, free_address  # noqa: E402

# The ports of the web server (if the lab has none), and of the mirror.
WEB, MIRROR = 8000, 3142
# The most that a machine gets here, because several machines run at the same time.
CPUS, MEMORY, DOM0_MEMORY = 2, "2 GiB", "1 GiB"
PASSWORD = "xenseed"
# Time limits in seconds: for an installation, for a boot until the verifier has finished, for a shutdown, and without output from a
# node. There is no output while the packages of a dom0 and the recommended ones are unpacked.
LIMITS = {"install": 3 * 3600, "boot": 3600, "off": 900, "silence": 3600}
# The output of a serial port that shows that input is expected.
ASKED = re.compile(r"Prompt: '\?' for help|\[!!\] |\(initramfs\)|grub> |No bootable device")
# The lines of the installer's log with which phases begin.
PHASES = [
    (re.compile(r"Menu item '([^']+)' selected"), "{}"),
    (re.compile(r"xenseed: \S+: step (\S+)$"), "late command: {}"),
    (re.compile(r"finish-install: info: Running \S*?(\S+)$"), "finish-install: {}"),
]
# The phases before which the state of a machine is saved, and the names of the saved states.
BORDERS = {"choose-mirror": "mirror", "partman-base": "partitioning", "finish-install": "late-command"}
FIRST_BOOT = "first-boot"


def arguments(parser):
    """Adds the arguments that all programs here have."""
    # The default is the lab's own setting.
    parser.add_argument("--firmware", choices=["bios", "uefi"])
    parser.add_argument("--layout", choices=["plain", "lvm"])
    # Without KVM, the lab's default takes two or three times as long.
    parser.add_argument("--initramfs", choices=["most", "dep"], default="dep")
    parser.add_argument("--recommends", choices=["yes", "no"], default="yes")
    parser.add_argument("--used", metavar="KIND[,KIND]", default="", help="for each node, of: " + ", ".join(disks.KINDS))
    # The order of network cards on the PCI bus, as an argument of the lab's script for QEMU.
    parser.add_argument("--cards", metavar="ORDER", default="")
    parser.add_argument("--accel", choices=["auto", "kvm", "tcg"], default="auto")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("xenseed")
    parser.add_argument("work")
    parser.add_argument("road", choices=["pxe", "seed", "usb"])
    parser.set_defaults(lab=None)


# Additional files for the nodes. Without KVM, udev can need more than 90 seconds to find a node's console.
GUEST = "usr/local/lib/guest.py"
FILES = {
    GUEST: (HERE / "guest.py").read_text(encoding="utf-8"),
    "etc/systemd/system.conf.d/slow.conf": "[Manager]\nDefaultDeviceTimeoutSec=20min\n",
}


class LabLoader(yaml.SafeLoader):
    """Reads YAML as xenseed does: only true, false, decimal numbers and null are not text."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in (("bool", "true|false", "tf"), ("int", "-?(?:0|[1-9][0-9]*)", "-0123456789"), ("null", "null|~|", ["n", "~", ""])):
    LabLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(first))


def read_lab(file):
    with open(file, encoding="utf-8") as text:
        return yaml.load(text, LabLoader)


def adapted(lab, options, key=None):
    """Returns the lab with the changes that let it run here: another release and mirror, a serial console, small machines, a password for
    each account that may log in, and an SSH key for each that has one already.

    With options, also the changes of the reference lab that they ask for.
    """
    lab = copy.deepcopy(lab)
    server = lab.setdefault("boot_server", {})
    if "address" not in server:
        server["address"] = unused_address(lab)
    host, web = server["address"], server.setdefault("port", WEB)
    mirror = {"host": f"{host}:{MIRROR}", "security": False}
    if "components" in lab.get("mirror", {}):
        mirror["components"] = lab["mirror"]["components"]
    lab.update(release="bookworm", mirror=mirror, report_url=f"http://{host}:{web}")
    defaults = lab.setdefault("defaults", {})
    crypted = sh("openssl", "passwd", "-6", PASSWORD, capture_output=True, text=True).stdout.strip()
    for settings in (defaults, *lab["nodes"].values()):
        fit(settings)
        admit(settings.get("access", {}), crypted, key)
    defaults.update(
        cpus=CPUS, memory=MEMORY, console="ttyS0,115200", initramfs=options.initramfs,
        files={**defaults.get("files", {}), "folder": "files"})
    access = defaults.setdefault("access", {})
    if access.get("root", True):
        access["root_password"] = crypted
    if options.firmware:
        defaults["firmware"] = options.firmware
    if options.recommends == "no":
        defaults["recommends"] = False
    if options.layout:
        defaults["disk"]["layout"] = options.layout
    if options.used:
        # The names of two disks can be exchanged.
        del defaults["disk"]["device"]
        defaults["disk"].update(by_id="ata-XENSEED_TEST_0001", keep=["/dev/disk/by-id/ata-XENSEED_TEST_0002"])
        defaults["grub"] = {"disable_linux_uuid": False}
    return lab


def fit(settings):
    """Removes settings of a node that only larger or other hardware has."""
    for field in ("cpus", "memory", "console", "initramfs", "serial"):
        settings.pop(field, None)
    dom0 = settings.get("dom0", {})
    for field in ("memory", "memory_min", "memory_max"):
        if dom0.pop(field, None):
            dom0["memory"] = DOM0_MEMORY
    if dom0.get("vcpus", 1) > CPUS:
        dom0["vcpus"] = CPUS


def admit(access, crypted, key):
    """Adds the password to the accounts and, if they have SSH keys, another key."""
    access.pop("root_password_file", None)
    for account, keys in [(access, "authorized_keys"), *((user, "keys") for user in access.get("users", {}).values())]:
        if account.get(keys) and key:
            account[keys].append(key)
    for user in access.get("users", {}).values():
        user.pop("password_file", None)
        user["password"] = crypted


def unused_address(lab):
    """Returns an address for the boot server, on a network that leads out of the lab and that an installer therefore uses."""
    network = next(network for network in lab["networks"].values() if network.get("dhcp") or network.get("gateway"))
    return free_address(ipaddress.ip_network(network["subnet"]), addresses_in(lab))


# The control sequences that move a terminal's cursor, and the frames of dialogs, which are letters of another character set.
WITHOUT_WORDS = re.compile(r"\x1b\(0(\x1b\[[0-9;?]*[A-Za-z]|[^\x1b])*|\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|[\x00-\x08\x0e-\x1f]")


class Lines:
    """The lines of a growing file, without control sequences."""

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


def links(lab, settings):
    """Returns the interfaces of a node that are on a network: name, network, and the IPv4 address or None."""
    for kind in ("interfaces", "bonds", "bridges"):
        for name, link in settings.get(kind, {}).items():
            if link.get("network"):
                yield name, link["network"], None if link.get("address") == "none" else link.get("address")
    for network, vlan in settings.get("vlans", {}).items():
        yield f"{vlan['port']}.{lab['networks'][network]['vlan']}", network, vlan.get("address")


class Node:
    def __init__(self, name, road, state=None):
        self.name, self.road = name, road
        self.machine = Machine(str(road.out / "qemu/lab"), state or road.state, name)
        self.installed = road.folder / f"{name}.installed"
        self.evidence = road.evidence / name
        self.evidence.mkdir(parents=True, exist_ok=True)
        self.settings = road.lab["nodes"][name]
        self.links = list(links(road.lab, self.settings))
        self.phases, self.problems, self.answers = [], [], {}
        self.begun = self.heard = time.time()
        preseed = (road.out / "nodes" / name / "preseed.cfg").read_text(encoding="utf-8")
        self.mac = re.search(r"^d-i netcfg/choose_interface select (\S+)$", preseed, re.M)[1]
        # The log that the installer of Tests/E2E/netboot sends.
        self.log_port = 5500 + int(self.mac[-2:], 16)
        self.syslog = road.evidence / f"{name}.syslog"
        # The content of the disk before the installation.
        self.disk = self.machine.kept.get("disk", road.used.get(name, "empty"))
        # A copy of the second disk if it must stay unchanged.
        self.before = road.folder / f"{name}.sdb.qcow2"
        self.verdict, self.degraded, self.serial = None, None, None
        self.listen()

    def listen(self, from_end=False):
        self.log = Lines(self.syslog, from_end)
        self.serial_lines, self.tail = Lines(self.machine.home / "serial.log"), []
        self.has_late_command, self.is_in_xen, self.command_line = False, False, None

    def start(self, *words):
        """Starts the machine: with arguments from empty disks, without arguments from its disk."""
        self.save_serial_log()
        self.machine.up(*self.road.machine_words, *words)
        self.follow_from_here()

    def start_without_disk(self, number):
        self.save_serial_log()
        self.machine.boot_without(number, *self.road.machine_words)
        self.verdict, self.serial = None, None
        self.follow_from_here()

    def start_on_used_disks(self, kind, *words):
        self.machine.up(*self.road.machine_words, *words)
        self.machine.down()
        first, second = (self.machine.home / f"{name}.qcow2" for name in ("sda", "sdb"))
        disks.make(kind, self.road.work, self.road.netboot, first, second, self.evidence / "disks.log")
        shutil.copy(second, self.before)
        self.start_again()

    def start_as_stranger(self, *words):
        """Starts the machine with network cards that no node of the lab has."""
        self.machine.up(*self.road.machine_words, *words)
        self.machine.down()
        self.machine.write(first=re.sub(r"mac=08:00:27", "mac=08:00:2b", self.machine.kept["first"]))
        self.start_again()

    def start_again(self):
        """Starts the installation again, whatever the disks contain."""
        self.save_serial_log()
        self.machine.again()
        self.follow_from_here()

    def cut(self, trial):
        """Cuts the power. The next installation starts again, on the disk as it is now."""
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
        """Continues from a saved state."""
        self.save_serial_log()
        moment = self.machine.resume(border)
        self.begun, self.heard = time.time() - moment["elapsed"], time.time()
        self.phases = moment["phases"]
        self.listen(from_end=True)
        self.mark(f"resumed at {border}")

    def go_back(self, border):
        """Saves the state, from which the next run continues."""
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
        """Saves the serial log, which QEMU overwrites at every start."""
        if (self.machine.home / "serial.log").exists():
            stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(self.begun))
            shutil.copy(self.machine.home / "serial.log", self.evidence / f"{stamp}.serial.log")

    def mark(self, what):
        self.phases.append((round(time.time() - self.begun), what))
        print(f"{self.name}: {self.phases[-1][0]:6} s  {what}", flush=True)

    def fail(self, why):
        self.problems.append(why)
        print(f"{self.name}: FAILED: {why}", flush=True)

    # Logs

    def hear(self):
        """Reads the new lines of the log and of the serial port."""
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

    # Commands

    def log_in(self):
        """Logs in on the serial port, where a session may be open already."""
        self.serial = Serial(self.machine.home / "serial.sock", 900)
        self.serial.send("\r")
        prompt = r"root@\S+[#$]"
        found = self.serial.wait(rf"login:|{prompt}|\n# ")[0]
        if found == "\n# ":
            return
        if found == "login:":
            user = self.administrator()
            self.serial.send(f"{user}\r")
            self.serial.wait("Password:")
            self.serial.send(PASSWORD + "\r")
            if user != "root":
                self.serial.wait(rf"{user}@\S+[#$]")
                self.serial.send("sudo -i\r")
                if self.serial.wait(rf"\[sudo\][^\r\n]*:|{prompt}")[0].startswith("[sudo]"):
                    self.serial.send(PASSWORD + "\r")
            self.serial.wait(prompt)
        # This shell does not edit its input, so the output of the terminal is what was typed and what commands print.
        start = len(self.serial.text)
        self.serial.send("exec sh\r")
        # Bash ends with the control sequence ESC [ ? 2004 l.
        self.serial.wait(r"(?:\n|\r|l)# ", start)

    def administrator(self):
        """Returns the account for administration: root, or the first account that may use sudo."""
        access = self.settings["access"]
        if access.get("root", True):
            return "root"
        return next(name for name, user in access["users"].items() if user["sudo"] not in (False, "false"))

    def ask(self, command):
        """Returns the exit status and the output of a command."""
        status = int(self.say(f"({command}) >/tmp/answer 2>&1; echo \"<<$?>>\"")[1])
        size = int(self.say("echo \"<<$(stat -c %s /tmp/answer)>>\"")[1])
        # Xen loses output of more than 16 KiB, because the serial port is slower.
        parts = range(-(-size // 8000))
        return status, "".join(
            self.say(f"dd if=/tmp/answer bs=8000 skip={part} count=1 status=none; echo '<<0>>'")[0] for part in parts)

    def say(self, line):
        """Returns the output of a command line before a number in angle brackets, and that number."""
        start = len(self.serial.text)
        # Xen loses input that comes faster than dom0 reads it, so each part has to be echoed before the next one.
        for place in range(0, len(line), 40):
            sent, part = len(self.serial.text), line[place:place + 40]
            self.serial.send(part, 0.1)
            for _ in range(200):
                if len(self.serial.text) >= sent + len(part):
                    break
                self.serial.read(0.1)
        self.serial.send("\r", 0.1)
        found = self.serial.wait(r"<<(\d+)>>\r", start)
        return self.serial.text[start:start + found.start()].replace("\r", "").partition("\n")[2], found[1]

    def screen(self, count=25):
        return "\n".join(line for line in self.tail[-count:] if line.strip())


def source_of(options):
    """Returns the lab file."""
    return pathlib.Path(options.lab or ROOT / "lab.yaml").resolve()


def name_of(source):
    """Returns the name of a lab: that of its file, or of the directory if the file has the usual name."""
    return source.parent.name if source.stem == "lab" else source.stem


def folder_of(options, suffix=()):
    """Returns the directory for a combination of lab, boot method and options."""
    lab = [name_of(source_of(options))] if options.lab else []
    used = options.used.split(",") if options.used else []
    lean = ["lean"] if options.recommends == "no" else []
    order = ["cards", *options.cards.split(",")] if options.cards else []
    return pathlib.Path(options.work).resolve() / "-".join(
        [*lab, options.road, options.firmware or "bios", options.layout or "plain", *lean, *used, *order, *suffix])


class Road:
    def __init__(self, options, names=(), suffix=()):
        self.options = options
        self.work = pathlib.Path(options.work).resolve()
        used = options.used.split(",") if options.used else []
        self.source = source_of(options)
        self.name = name_of(self.source)
        # The arguments for the machine's hardware, at every start.
        self.machine_words = ["--accel", options.accel, *(["--cards", options.cards] if options.cards else [])]
        self.folder = folder_of(options, suffix)
        self.state, self.evidence = self.folder / "state", self.folder / "evidence"
        self.out = self.folder / "out"
        self.netboot = self.out / "pxe/tftp/debian-installer/amd64"
        if options.fresh and self.folder.exists():
            if self.state.exists():
                sh(self.out / "qemu/lab", "down", "--state", self.state, "--wait", "0", "--force", check=False)
            shutil.rmtree(self.folder)
        self.evidence.mkdir(parents=True, exist_ok=True)
        self.lab_server = self.dhcp_server = self.watcher = self.attacker = None
        # Otherwise the programs that this one has started continue to run.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.build()
        self.net = Wires(self.lab, self.folder) if options.lab else UserMode(self.lab)
        # The address of the services for the nodes, and the one on which they listen.
        self.host, self.web = self.lab["boot_server"]["address"], self.lab["boot_server"]["port"]
        if options.lab:
            self.machine_words += ["--lan", "bridge:cable"]
        everybody = sorted(path.name for path in (self.out / "nodes").iterdir())
        self.used = dict(zip(everybody, used))
        self.addresses = addresses_in([self.lab, str(self.net.hosts)])
        self.nodes = [Node(name, self) for name in names or everybody]
        self.start_words = {
            "pxe": ["--pxe"], "seed": ["--kernel", "--seed"], "usb": ["--usb", self.folder / "lab.iso"]}[options.road]

    def build(self):
        file, files = self.folder / "lab.yaml", self.folder / "files"
        if not file.exists():
            lab = read_lab(self.source)
            if self.options.lab:
                shutil.copytree(self.source.parent, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("out", "lab.yaml"))
                own = lab.get("defaults", {}).get("files", {}).get("folder")
                if own:
                    shutil.copytree(self.source.parent / own, files, dirs_exist_ok=True)
            for path, text in FILES.items():
                (files / path).parent.mkdir(parents=True, exist_ok=True)
                (files / path).write_text(text, encoding="utf-8")
            file.write_text(yaml.safe_dump(adapted(lab, self.options, self.key()), sort_keys=False), encoding="utf-8")
        archive = self.work / "netboot.tar.gz"
        if not archive.exists():
            sh(HERE / "netboot", self.work)
        xenseed = os.path.abspath(self.options.xenseed)
        if "replication" in read_lab(file):
            sh(xenseed, "keys", file)
        sh(xenseed, "build", file)
        self.lab = json.loads((self.out / "lab.json").read_text(encoding="utf-8"))
        sh(xenseed, "netboot", "--archive", archive, file)
        self.name_log_host()
        if self.options.road == "usb":
            image = self.folder / "debian.iso"
            sh(HERE.parent / "Media/debian-iso", "--kernel", self.netboot / "linux", "--initrd", self.netboot / "initrd.gz",
               "netinst", image)
            sh(xenseed, "iso", "--from", image, "--output", self.folder / "lab.iso", file)

    def key(self):
        """Returns the public key for logins over SSH; None for the reference lab, which has no keys."""
        file = self.folder / "key"
        if self.options.lab and not file.exists():
            sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "e2e@host", "-f", file)
        return file.with_suffix(".pub").read_text(encoding="ascii").strip() if self.options.lab else None

    def name_log_host(self):
        """Adds the address to which the installer sends its log."""
        initrd, digests = self.netboot / "initrd.gz", self.out / "pxe/installer.sha256"
        before = initrd.read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "log-host").write_text(self.lab["boot_server"]["address"], encoding="ascii")
            after = added_to(before, pathlib.Path(folder))
        initrd.write_bytes(after)
        # xenseed serves the installer only with the digest that it had.
        old, new = (hashlib.sha256(content).hexdigest() for content in (before, after))
        digests.write_text(digests.read_text(encoding="ascii").replace(old, new), encoding="ascii")

    def serve(self, by_xenseed=False):
        """Serves a mirror, the built lab (by `xenseed serve` or another web server), and receives the log."""
        self.http_log = open(self.evidence / "http.log", "a", encoding="utf-8")
        self.mirror = Mirror(self.net, MIRROR, self.work / "cache", self.http_log)
        for node in self.nodes:
            take_log(self.net, node.log_port, open(node.syslog, "a", encoding="utf-8"))
        if self.options.lab:
            self.dhcp_server = self.net.serve_dhcp(self.out, self.evidence / "dnsmasq.log")
        if by_xenseed:
            self.serve_lab()
        else:
            self.serve_web()

    def serve_lab(self):
        fresh = [node for node in self.nodes if not node.installed.exists() and not node.machine.kept["borders"]]
        words = [word for node in fresh for word in ("--arm", node.name)]
        self.lab_server = subprocess.Popen(
            [*self.net.prefix, os.path.abspath(self.options.xenseed), "serve", "--listen", f"{self.net.address}:{self.web}", *words,
             self.folder / "lab.yaml"],
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

    def attack(self):
        """Starts an attack on the server, as the first node and against all."""
        attacker, forger = self.net.add_attacker()
        tool = pathlib.Path(__file__).resolve().parent.parent / "Server/attack"
        self.attacker = subprocess.Popen(
            [*attacker.prefix, "nice", "-n", "19", tool, self.address(), self.nodes[0].name, "86400", forger], stdin=subprocess.DEVNULL,
            stdout=open(self.evidence / "attack.json", "w", encoding="utf-8"), stderr=self.http_log)

    def shown(self):
        """Returns the state of each node from `xenseed serve`."""
        with self.net.entered(), urllib.request.urlopen(f"{self.address()}lab.json", timeout=10) as answer:
            return {node["node"]: node for node in json.load(answer)["nodes"]}

    def address(self):
        """Returns the address of `xenseed serve`."""
        return f"http://{self.net.address}:{self.web}/"

    def serve_web(self):
        log = self.http_log

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, form, *words):
                print(f"{time.time():.1f} {form % words}", file=log, flush=True)

        server = http.server.ThreadingHTTPServer(
            (self.net.address, self.web), functools.partial(Handler, directory=str(self.out)))
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def end_lab(self):
        self.lab_server.terminate()
        self.lab_server.wait()

    def down(self):
        for node in self.nodes:
            node.machine.down()
        for program in (self.attacker, self.lab_server, self.dhcp_server, self.watcher):
            if program and program.poll() is None:
                program.terminate()
                program.wait()

    def start(self, node):
        """Installs a node, or continues where the last run ended."""
        borders = list(node.machine.kept["borders"])
        if borders:
            node.resume(borders[-1])
            return
        if "first" in node.machine.kept:
            # The power was cut before a state was saved, or by a trial.
            node.start_again()
        elif node.name in self.used:
            node.start_on_used_disks(self.used[node.name], *self.start_words)
        else:
            node.start(*self.start_words)
        self.choose_installation(node)

    def choose_installation(self, node):
        """Selects the installation in a boot menu whose default is the disk."""
        if self.options.road == "usb":
            serial = Serial(node.machine.home / "serial.sock", 600)
            serial.choose_installation()
            serial.socket.close()

    def follow(self, nodes, limit, is_done):
        """Reads the logs until each node is done, powers off, stops at a question, or has no output any more."""
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
