#!/usr/bin/python3
"""exchange.py XENSEED OUT dnsmasq|proxy|dhcpd CLIENTS [--no-files]: prints what machines get that boot from the network.

Run as root. It creates network namespaces: for the boot server with its bridge, for a client, and with `proxy` for another DHCP
server. The boot server runs the configuration in OUT/pxe, a TFTP server on OUT/pxe/tftp, and `xenseed serve` for the lab in the
parent directory of OUT. CLIENTS is a JSON list of objects, of which the first is an installed node. "mac" is the client's MAC
address; alternatively, "ports" has those of cards that become the ports of a bridge: the client then uses the bridge's address,
which is printed as "mac". "rom" names a file in Tests/Media/requests with the messages that the client sends; "arch" replaces the
client architecture in them, and "without" lists codes of iPXE's features to remove. The client fetches its boot file, and the files
that this requires, by TFTP (RFC 1350) and HTTP, except with --no-files. Prints a JSON list with one object for each client.
"""
import ctypes
import hashlib
import http.client
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

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
OTHER = "10.8.8.9"
CLIENT = "10.8.8.250"
REQUESTS = pathlib.Path(__file__).parent / "requests"
# A ROM that all servers answer.
PLAIN = "plain-bios"


class Namespace:
    """A network namespace, kept by a process that sleeps in it."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        # Waits until the process has its own namespace.
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
    """Connects a guest's eth0 with the server's bridge."""
    server.run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(guest.process.pid))
    server.run("ip", "link", "set", name, "master", "br0", "up")
    guest.run("ip", "address", "add", f"{address}/24", "dev", "eth0")
    guest.run("ip", "link", "set", "eth0", "up")
    guest.run("ip", "route", "add", "default", "dev", "eth0")


def bridge_address(space, ports):
    """Returns the MAC address that the kernel gives to a bridge with these ports."""
    space.run("ip", "link", "add", "bridge", "type", "bridge")
    for number, mac in enumerate(ports):
        space.run("ip", "link", "add", f"port{number}", "address", mac, "type", "veth", "peer", "name", f"peer{number}")
        space.run("ip", "link", "set", f"port{number}", "master", "bridge")
    shown = subprocess.run([*space.words, "ip", "-json", "link"], check=True, capture_output=True).stdout
    for name in [f"port{number}" for number in range(len(ports))] + ["bridge"]:
        space.run("ip", "link", "del", name)
    return next(link["address"] for link in json.loads(shown) if link["ifname"] == "bridge")


class Recording:
    """The DHCP messages of a boot ROM, from a file in Tests/Media/requests. They are changed only where they contain the machine's
    identity and its servers. In the file, a line `[KIND PORT]` with the source port precedes each message in hexadecimal. The kinds
    are `discover`, `request`, and `proxy`, which is sent to port 4011 of a boot server next to a DHCP server."""

    def __init__(self, name):
        self.messages, self.ports = {}, {}
        message = None
        for line in (REQUESTS / f"{name}.txt").read_text().splitlines():
            if line.startswith("["):
                message, port = line.strip("[]").split()
                self.messages[message], self.ports[message] = b"", int(port)
            elif not line.startswith("#"):
                self.messages[message] += bytes.fromhex(line)

    def message(self, kind, client, own, **values):
        """Returns a message of a kind. `own` is the client's IP address or 0.0.0.0; values replace options."""
        packet, mac = self.messages[kind], bytes.fromhex(client["mac"].replace(":", ""))
        options, rest = [], packet[240:]
        while rest[0] != 255:
            options.append((rest[0], rest[2:2 + rest[1]]))
            rest = rest[2 + rest[1]:]
        result = packet[:12] + socket.inet_aton(own) + packet[16:28] + mac + packet[34:240]
        for code, value in options:
            if code == 61:
                value = b"\1" + mac
            elif code in (60, 93) and "arch" in client:
                value = (struct.pack("!H", client["arch"]) if code == 93
                         else re.sub(rb"Arch:\d+", b"Arch:%05d" % client["arch"], value))
            elif code == 175:
                value = features(value, client.get("without", []))
            value = values.get(f"option{code}", value)
            result += bytes([code, len(value)]) + value
        return result + rest


def features(encapsulated, without):
    """Returns iPXE's encapsulated options without those with the given codes."""
    result = b""
    while encapsulated:
        length = 2 + encapsulated[1]
        if encapsulated[0] not in without:
            result += encapsulated[:length]
        encapsulated = encapsulated[length:]
    return result


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
        "kind": options.get(53, b"\0")[0], "xid": packet[4:8],
        "address": socket.inet_ntoa(packet[16:20]), "next": socket.inet_ntoa(packet[20:24]),
        "server": (addresses(54) or [""])[0], "header_file": text(packet[108:236]), "file": text(options.get(67, b"")),
        "routers": addresses(3), "dns": addresses(6), "host": text(options.get(12, b"")),
        "domain": text(options.get(15, b"")), "vendor": text(options.get(60, b"")), "menu": menu(options.get(43, b"")),
    }


def menu(vendor):
    """Returns the boot items that a PXE server offers (PXE 2.1, table 2-1, tag 9): type and text of each."""
    items = []
    while len(vendor) > 1 and vendor[0] != 255:
        tag, value, vendor = vendor[0], vendor[2:2 + vendor[1]], vendor[2 + vendor[1]:]
        while tag == 9 and value:
            items.append((struct.unpack("!H", value[:2])[0], value[3:3 + value[2]].decode()))
            value = value[3 + value[2]:]
    return items


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


class Firmware:
    """The DHCP client, which handles whole frames: most ROMs expect answers at an address that they don't have yet."""

    def __init__(self, servers, node):
        """`node` is a client that all servers answer."""
        self.servers, self.node = servers, node
        self.links, self.asked = {}, 0

    def send(self, wire, message, to, port, own, source):
        udp = struct.pack("!HHHH", source, port, 8 + len(message), 0) + message
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                           socket.inet_aton(own), socket.inet_aton(to))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        wire.send(self.links.get(to, b"\xff" * 6) + message[28:34] + b"\x08\0" + head + udp)

    def receive(self, wire, end):
        """Returns the next answer. Raises TimeoutError if there is none before `end`."""
        while True:
            wire.settimeout(max(end - time.monotonic(), 0.001))
            frame = wire.recv(4096)
            udp = frame[14 + (frame[14] & 15) * 4:]
            # UDP, and a reply of BOOTP.
            if frame[23] == 17 and len(udp) >= 248 and udp[8] == 2:
                answer = parse(udp[8:])
                self.links[answer["server"]] = frame[6:12]
                return answer

    def ask(self, client, kind, patience=20, to="255.255.255.255", port=67, own="0.0.0.0", **options):
        """Returns all answers to a client's message. A message of the node, which the same servers answer, is sent after it. Servers
        answer in order, so once they have answered the second message, no further answers to the first one can come."""
        self.asked += 1
        rom, plain = Recording(client.get("rom", PLAIN)), Recording(PLAIN)
        message = rom.message(kind, client, own, **options)
        probe = "proxy" if kind == "proxy" else "discover"
        last = plain.message(probe, self.node, own)
        last = last[:4] + struct.pack("!I", self.asked) + last[8:]
        answers, waits, end = [], {to} & self.servers or set(self.servers), time.monotonic() + patience
        # A new socket for each message, because its buffer would fill up while files are fetched.
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800)) as wire:
            wire.bind(("eth0", 0))
            # SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC: answers are sent to the ROM's
            # MAC address.
            wire.setsockopt(263, 1, struct.pack("iHH8s", socket.if_nametoindex("eth0"), 1, 0, b""))
            self.send(wire, message, to, port, own, rom.ports[kind])
            self.send(wire, last, to, port, own, plain.ports[probe])
            while waits:
                answer = self.receive(wire, end)
                if answer["xid"] == last[4:8]:
                    waits.discard(answer["server"])
                elif answer["xid"] == message[4:8]:
                    answers.append(answer)
        return answers

    def wait(self):
        """Waits until all servers answer."""
        for _ in range(60):
            try:
                return self.ask(self.node, "discover", patience=0.5)
            except TimeoutError:
                continue
        sys.exit("a DHCP server does not answer")

    def boot(self, client):
        """Returns the offers for a client and the answers to its requests."""
        offers, answers = self.ask(client, "discover"), []
        for offer in offers:
            server = socket.inet_aton(offer["server"])
            if offer["address"] == "0.0.0.0":
                # A boot server next to a DHCP server has a separate port (PXE 2.1, section 2.2.4).
                # Some clients send the menu item that they select: tag 71, layer 0.
                item = struct.pack("!BBHH", 71, 4, offer["menu"][0][0] if offer["menu"] else 0, 0) + b"\xff"
                answers += self.ask(
                    client, "proxy", to=offer["server"], port=4011, own=CLIENT, option43=item, option54=server)
            else:
                answers += self.ask(client, "request", option50=socket.inet_aton(offer["address"]), option54=server)
        return {"offers": offers, "answers": answers}


def tftp(server, path):
    """Returns the content of a file, or its first 16 KiB; None if there is no such file."""
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


def get(url, source):
    """Returns the content of a URL, requested from one of the client's addresses."""
    host, path = re.fullmatch(r"http://([^/]+)(/.*)", url).groups()
    connection = http.client.HTTPConnection(host, timeout=10, source_address=(source, 0))
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        sys.exit(f"{url} from {source}: {answer.status} {content.decode(errors='replace')}")
    return content


def fetch(client, boot, base, source):
    """Follows a boot answer as the boot loader would, up to the preseed, from the address of the client's lease."""
    name = boot["file"] or boot["header_file"]
    server = boot["next"] if boot["next"] != "0.0.0.0" else boot["server"]
    dashed = client["mac"].replace(":", "-").lower()
    found = {"name": name, "loader": len(tftp(server, name) or b"")}
    if name == "snponly.efi":
        return found
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
    found["config_by_http"] = (
        get(f"{base}/pxe/tftp/ipxe/mac-{dashed}.ipxe", source) == config if name.endswith("ipxe") else None)
    url = re.search(r"\burl=(\S+)", text).group(1)
    sums = re.search(r"\bpreseed/url/checksum=(\S+)", text).group(1)
    preseed = get(url, source)
    found["preseed_matches"] = hashlib.md5(preseed).hexdigest() == sums
    found["hostname"] = re.search(rb"netcfg/hostname string (\S+)", preseed).group(1).decode()
    for part in ("linux", "initrd.gz"):
        path = f"debian-installer/amd64/{part}"
        found[part] = len(tftp(server, path) or b"")
        found[f"{part}_by_http"] = len(get(f"{base}/pxe/tftp/{path}", source))
    return found


def connect(address, port):
    """Waits until a server accepts connections."""
    for _ in range(300):
        try:
            return socket.create_connection((address, port), timeout=10).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    sys.exit(f"nothing answers on port {port}")


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
                macs = sorted({client["mac"] for client in clients})
                hosts = [f"--dhcp-host={mac},10.8.8.{100 + number}" for number, mac in enumerate(macs)]
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
                xenseed, "serve", "--listen", f"{server_address}:{port}", "--state", f"{work}/served",
                # The other DHCP server does not give the nodes the addresses that they have in the lab.
                *(["--nat", "10.8.8.0/24"] if mode == "proxy" else []), out.parent / "lab.yaml", log=log))
            for client in clients:
                if "ports" in client:
                    client["mac"] = bridge_address(guest, client["ports"])
            guest.enter()
            firmware, results = Firmware({server_address, OTHER} if mode == "proxy" else {server_address}, clients[0]), []
            firmware.wait()
            connect(server_address, port)
            for client in clients:
                result = {"mac": client["mac"], **firmware.boot(client)}
                boots = [a for a in result.get("answers", []) if a["file"] or a["header_file"]]
                if "--no-files" in sys.argv:
                    boots = []
                leases = {a["address"] for a in result.get("answers", [])} - {"0.0.0.0"}
                for lease in leases:
                    guest.run("ip", "address", "replace", f"{lease}/24", "dev", "eth0")
                # dnsmasq has told the kernel that the lease is at the client's MAC address, which eth0 does not have.
                server.run("ip", "neighbour", "flush", "dev", "br0")
                result["fetched"] = [
                    fetch(client, boot, f"http://{server_address}:{port}", sorted(leases)[0]) for boot in boots]
                results.append(result)
            print(json.dumps(results, indent=1, default=bytes.hex))
            for process in processes:
                if process.poll() is not None:
                    log.seek(0)
                    sys.exit(f"a server ended with {process.returncode}:\n{log.read().decode()}")
            if os.environ.get("EXCHANGE_LOG"):
                log.seek(0)
                sys.stderr.write(log.read().decode())
        finally:
            for process in processes + [space.process for space in spaces]:
                # dnsmasq was observed to ignore SIGTERM.
                process.kill()
                process.wait()


main()
