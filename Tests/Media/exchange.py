#!/usr/bin/python3
"""exchange.py XENSEED OUT dnsmasq|proxy|dhcpd CLIENTS [--no-files]: what machines that start from the network get.

Run as root. It makes network namespaces of its own: the boot server with its bridge, a client, and for `proxy` another DHCP
server. The boot server runs the configuration in OUT/pxe, a TFTP server on OUT/pxe/tftp, and `xenseed serve` for the lab beside OUT.
CLIENTS is JSON: a list of {"mac", "arch", "ipxe"}, or with "ports" instead of "mac": the MAC addresses of cards, which become
the ports of a bridge; the client has the bridge's address, which is printed as "mac". Each asks for an address as firmware does (RFC 2131, RFC 4578), and
fetches what it is told to by TFTP (RFC 1350) and HTTP, except with --no-files. Prints JSON: one object for each client.
"""
import ctypes
import hashlib
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
OTHER = "10.8.8.9"
CLIENT = "10.8.8.250"


class Namespace:
    """A network namespace, kept by a process that sleeps in it."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        # Until it has one of its own.
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.process.pid}/ns/net") == own:
            time.sleep(0.01)
        self.run("ip", "link", "set", "lo", "up")

    @property
    def words(self):
        return ["nsenter", "--net", "--target", str(self.process.pid)]

    def run(self, *command):
        subprocess.run([*self.words, *command], check=True)

    def start(self, *command, log):
        return subprocess.Popen([*self.words, *map(str, command)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def enter(self):
        fd = os.open(f"/proc/{self.process.pid}/ns/net", os.O_RDONLY)
        if LIBC.setns(fd, CLONE_NEWNET) != 0:
            sys.exit("setns: " + os.strerror(ctypes.get_errno()))
        os.close(fd)


def join(server, guest, name, address):
    """A cable from the server's bridge to a guest's eth0."""
    server.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(guest.process.pid))
    server.run("ip", "link", "set", name, "master", "br0", "up")
    guest.run("ip", "address", "add", f"{address}/24", "dev", "eth0")
    guest.run("ip", "link", "set", "eth0", "up")
    guest.run("ip", "route", "add", "default", "dev", "eth0")


def bridge_address(space, ports):
    """The MAC address that the kernel gives to a bridge with those ports."""
    space.run("ip", "link", "add", "bridge", "type", "bridge")
    for number, mac in enumerate(ports):
        space.run("ip", "link", "add", f"port{number}", "address", mac, "type", "veth", "peer", "name", f"peer{number}")
        space.run("ip", "link", "set", f"port{number}", "master", "bridge")
    shown = subprocess.run([*space.words, "ip", "-json", "link"], check=True, capture_output=True).stdout
    for name in [f"port{number}" for number in range(len(ports))] + ["bridge"]:
        space.run("ip", "link", "del", name)
    return next(link["address"] for link in json.loads(shown) if link["ifname"] == "bridge")


def option(code, value):
    return bytes([code, len(value)]) + value


def message(kind, client, xid, more=b"", own="0.0.0.0"):
    """A request as a PXE ROM sends it; the broadcast flag lets its answer reach a plain socket."""
    mac = bytes.fromhex(client["mac"].replace(":", ""))
    head = struct.pack("!BBBBIHH4s4s4s4s", 1, 1, 6, 0, xid, 0, 0x8000,
                       socket.inet_aton(own), *[b"\0" * 4] * 3)
    vendor = f"PXEClient:Arch:{client['arch']:05}:UNDI:003016".encode()
    options = option(53, bytes([kind])) + option(55, bytes([1, 3, 6, 12, 15, 43, 60, 66, 67]))
    options += option(60, vendor) + option(93, struct.pack("!H", client["arch"])) + option(94, bytes([1, 3, 16]))
    options += option(97, b"\0" + bytes(16))
    if client.get("ipxe"):
        # iPXE's encapsulated options, and its user class.
        options += option(175, bytes([0xb1, 4, 1, 0x80, 0x86, 0x10])) + option(77, b"iPXE")
    return head + mac + b"\0" * (10 + 192) + b"\x63\x82\x53\x63" + options + more + b"\xff"


def parse(packet):
    options, rest = {}, packet[240:]
    while rest and rest[0] != 255:
        if rest[0] == 0:
            rest = rest[1:]
            continue
        options[rest[0]] = options.get(rest[0], b"") + rest[2:2 + rest[1]]
        rest = rest[2 + rest[1]:]

    def addresses(code):
        value = options.get(code, b"")
        return [socket.inet_ntoa(value[i:i + 4]) for i in range(0, len(value), 4)]

    def text(value):
        return value.split(b"\0")[0].decode()

    return {
        "kind": options.get(53, b"\0")[0], "xid": struct.unpack("!I", packet[4:8])[0],
        "address": socket.inet_ntoa(packet[16:20]), "next": socket.inet_ntoa(packet[20:24]),
        "server": (addresses(54) or [""])[0], "header_file": text(packet[108:236]), "file": text(options.get(67, b"")),
        "routers": addresses(3), "dns": addresses(6), "host": text(options.get(12, b"")),
        "domain": text(options.get(15, b"")), "vendor": text(options.get(60, b"")), "menu": menu(options.get(43, b"")),
    }


def menu(vendor):
    """The boot items that a PXE server offers (PXE 2.1, table 2-1, tag 9): type and words of each."""
    items = []
    while len(vendor) > 1 and vendor[0] != 255:
        tag, value, vendor = vendor[0], vendor[2:2 + vendor[1]], vendor[2 + vendor[1]:]
        while tag == 9 and value:
            items.append((struct.unpack("!H", value[:2])[0], value[3:3 + value[2]].decode()))
            value = value[3 + value[2]:]
    return items


class Firmware:
    """The client's side of DHCP."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("", 68))
        self.xid = 0x1000

    def ask(self, kind, client, to="255.255.255.255", port=67, more=b"", own="0.0.0.0", patience=1.5):
        """All answers to one request."""
        self.xid += 1
        self.socket.sendto(message(kind, client, self.xid, more, own), (to, port))
        answers, end = [], time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                packet = self.socket.recv(4096)
            except TimeoutError:
                break
            answer = parse(packet)
            if answer["xid"] == self.xid:
                answers.append(answer)
        return answers

    def boot(self, client):
        """What it is offered, and what it is told when it takes it."""
        # dnsmasq pings a dynamic address for seconds before it offers it.
        offers = self.ask(1, client, patience=5 if client.get("slow") else 1.5)
        result = {"offers": offers}
        for offer in offers:
            if offer["address"] == "0.0.0.0":
                # A boot server beside a DHCP server: it is asked on a port of its own (PXE 2.1, section 2.2.4).
                more = option(54, socket.inet_aton(offer["server"]))
                if offer["menu"]:
                    # Tag 71: the item, layer 0.
                    more += option(43, option(71, struct.pack("!HH", offer["menu"][0][0], 0)) + b"\xff")
                answers = self.ask(3, client, to=offer["server"], port=4011, more=more, own=CLIENT)
            else:
                more = option(50, socket.inet_aton(offer["address"])) + option(54, socket.inet_aton(offer["server"]))
                answers = self.ask(3, client, more=more)
            result.setdefault("answers", []).extend(answers)
        return result


def tftp(server, path):
    """The file's bytes, of a long one the first 16 KiB; or None."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(5)
    sock.sendto(b"\0\1" + path.encode() + b"\0octet\0", (server, 69))
    content, expected = b"", 1
    while True:
        packet, peer = sock.recvfrom(2048)
        kind, block = struct.unpack("!HH", packet[:4])
        if kind == 5:
            return None
        if block == expected & 0xffff:
            content += packet[4:]
            expected += 1
        if len(content) >= 1 << 14:
            sock.sendto(struct.pack("!HH", 5, 0) + b"enough\0", peer)
            return content
        sock.sendto(struct.pack("!HH", 4, block), peer)
        if len(packet) < 516:
            return content


def fetch(client, boot, base):
    """Follows a boot answer as its loader would, up to the preseed."""
    name = boot["file"] or boot["header_file"]
    server = boot["next"] if boot["next"] != "0.0.0.0" else boot["server"]
    dashed = client["mac"].replace(":", "-").lower()
    found = {"name": name, "loader": len(tftp(server, name) or b"")}
    if name.startswith("pxelinux"):
        config = tftp(server, f"pxelinux.cfg/01-{dashed}")
    elif name.endswith(".efi"):
        config = tftp(server, f"debian-installer/amd64/grub/grub.cfg-01-{dashed}")
    else:
        config = tftp(server, f"ipxe/mac-{dashed}.ipxe")
    if config is None:
        return found
    text = config.decode()
    found["config"] = text
    found["config_by_http"] = urllib.request.urlopen(
        f"{base}/pxe/tftp/ipxe/mac-{dashed}.ipxe", timeout=10).read() == config if name.endswith("ipxe") else None
    url = re.search(r"\burl=(\S+)", text).group(1)
    sums = re.search(r"\bpreseed/url/checksum=(\S+)", text).group(1)
    preseed = urllib.request.urlopen(url, timeout=10).read()
    found["preseed_matches"] = hashlib.md5(preseed).hexdigest() == sums
    found["hostname"] = re.search(rb"netcfg/hostname string (\S+)", preseed).group(1).decode()
    for part in ("linux", "initrd.gz"):
        path = f"debian-installer/amd64/{part}"
        found[part] = len(tftp(server, path) or b"")
        found[f"{part}_by_http"] = len(urllib.request.urlopen(f"{base}/pxe/tftp/{path}", timeout=10).read())
    return found


def main():
    xenseed, out = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    mode, clients = sys.argv[3], json.loads(sys.argv[4])
    text = (out / "pxe/dnsmasq.conf").read_text()
    server_address = re.search(r"^listen-address=(\S+)", text, re.M).group(1)
    port = int((re.search(r"url=http://[^/:]+:(\d+)/", "".join(
        path.read_text() for path in (out / "pxe/tftp/ipxe").glob("*.ipxe"))) or [0, 80])[1])
    processes, spaces = [], []
    with tempfile.TemporaryDirectory() as work, open(f"{work}/log", "w+b") as log:
        try:
            spaces += [server := Namespace(), guest := Namespace()]
            server.run("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0")
            server.run("ip", "address", "add", f"{server_address}/24", "dev", "br0")
            server.run("ip", "link", "set", "br0", "up")
            join(server, guest, "client", CLIENT)
            dnsmasq = ["dnsmasq", "--keep-in-foreground", "--user=root", "--log-dhcp", "--log-facility=-",
                       f"--dhcp-leasefile={work}/leases", f"--pid-file={work}/pid", f"--tftp-root={out}/pxe/tftp"]
            if mode == "dnsmasq":
                processes.append(server.start(*dnsmasq, f"--conf-file={out}/pxe/dnsmasq.conf", "--no-resolv", log=log))
            elif mode == "proxy":
                processes.append(server.start(*dnsmasq, f"--conf-file={out}/pxe/dnsmasq-proxy.conf", log=log))
                spaces.append(other := Namespace())
                join(server, other, "other", OTHER)
                hosts = [f"--dhcp-host={c['mac']},10.8.8.{100 + n}" for n, c in enumerate(clients)]
                processes.append(other.start(
                    "dnsmasq", "--keep-in-foreground", "--user=root", "--conf-file=/dev/null", "--port=0",
                    "--log-facility=-", f"--dhcp-leasefile={work}/other", f"--pid-file={work}/other.pid",
                    "--dhcp-range=10.8.8.0,static,255.255.255.0", *hosts, log=log))
            else:
                (pathlib.Path(work) / "leases").touch()
                processes.append(server.start(
                    "dhcpd", "-4", "-f", "-cf", out / "pxe/dhcpd.conf", "-lf", f"{work}/leases", "-pf", f"{work}/pid",
                    "--no-pid", "br0", log=log))
                processes.append(server.start(
                    "dnsmasq", "--keep-in-foreground", "--user=root", "--conf-file=/dev/null", "--port=0", "--enable-tftp",
                    f"--tftp-root={out}/pxe/tftp", f"--listen-address={server_address}", "--bind-interfaces",
                    f"--pid-file={work}/tftp.pid", log=log))
            processes.append(server.start(
                xenseed, "serve", "--listen", f"{server_address}:{port}", "--state", f"{work}/served", out.parent / "lab.yaml",
                log=log))
            time.sleep(3 if mode == "dhcpd" else 1.5)
            for client in clients:
                if "ports" in client:
                    client["mac"] = bridge_address(guest, client["ports"])
            guest.enter()
            firmware, results = Firmware(), []
            for client in clients:
                result = {"mac": client["mac"], **firmware.boot(client)}
                boots = [a for a in result.get("answers", []) if a["file"] or a["header_file"]]
                if "--no-files" in sys.argv:
                    boots = []
                result["fetched"] = [fetch(client, boot, f"http://{server_address}:{port}") for boot in boots]
                results.append(result)
            print(json.dumps(results, indent=1))
            for process in processes:
                if process.poll() is not None:
                    log.seek(0)
                    sys.exit(f"a server ended with {process.returncode}:\n{log.read().decode()}")
            if os.environ.get("EXCHANGE_LOG"):
                log.seek(0)
                sys.stderr.write(log.read().decode())
        finally:
            for process in processes + [space.process for space in spaces]:
                # dnsmasq was seen to stay after SIGTERM.
                process.kill()
                process.wait()


main()
