"""The networks of any lab: a network namespace in which each cable of the lab is a Linux bridge and each card is a tap interface.

The host of the namespace has the addresses that the lab gives to its gateways, name servers and boot server, so nodes reach it,
the mirror and each other as they would on the real networks. Tagged frames cross a Linux bridge unchanged. This program adds and
removes the tags for the host, because not every kernel has VLAN interfaces.
"""
import contextlib
import ctypes
import fcntl
import ipaddress
import json
import os
import pathlib
import re
import select
import shutil
import struct
import subprocess
import threading
import time

import lag
from machine import sh

HERE = pathlib.Path(__file__).resolve().parent
CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
TAG = b"\x81\x00"
# The largest frame that QEMU's e1000 receives, less its header.
JUMBO = 9216
# The modes of bonds that need a group of ports of the switch.
GROUPED = ["802.3ad", "balance-rr", "balance-xor", "broadcast"]
LIBC = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """A network namespace that ends with this program and the machines in it."""

    def __init__(self):
        # cat ends when its standard input is closed.
        self.holder = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.path = f"/proc/{self.holder.pid}/ns/net"
        own, end = os.readlink("/proc/self/ns/net"), time.monotonic() + 30
        while os.readlink(self.path) == own:
            if self.holder.poll() is not None or time.monotonic() > end:
                raise OSError("no network namespace can be made")
            time.sleep(0.01)
        self.prefix = ["nsenter", f"--net={self.path}"]

    def run(self, *command, **options):
        return sh(*self.prefix, *command, **options)

    @contextlib.contextmanager
    def entered(self):
        """Sockets that the current thread creates meanwhile belong to the namespace, and stay there."""
        with open("/proc/thread-self/ns/net", "rb") as outside, open(self.path, "rb") as inside:
            move_to(inside)
            try:
                yield
            finally:
                move_to(outside)


def move_to(namespace):
    if LIBC.setns(namespace.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def tap_of(mac):
    """The name of the tap interface at which a card is."""
    return "t" + mac.replace(":", "").lower()


class Cables:
    """Which network cards and networks share a cable, or a group of cables with one switch: sets of names, joined as the lab does."""

    def __init__(self, lab):
        self.parents, self.macs = {}, {}
        self.vlans = {name: network.get("vlan") for name, network in lab["networks"].items()}
        for name, node in lab["nodes"].items():
            self.add_node(name, node)

    def add_node(self, node, settings):
        bonds, ports = settings.get("bonds", {}), set()
        for card, interface in settings["interfaces"].items():
            place = (node, card)
            self.macs[interface["mac"]] = place
            self.find(place)
            if interface.get("bond"):
                self.join(place, (node, interface["bond"]))
            bridge = interface.get("bridge")
            # A second card of the same bridge on the same cable would be a loop, so it gets a cable of its own.
            if bridge and bridge not in ports:
                ports.add(bridge)
                self.join(place, (node, bridge))
        for bridge, link in settings["bridges"].items():
            if link.get("port") not in (None, "none"):
                # Several bridges may have VLANs of one port, so it is the network that is joined.
                self.join((node, link["port"]), link["network"])
            elif link.get("network"):
                self.join((node, bridge), link["network"])
        for name, link in [*settings["interfaces"].items(), *bonds.items()]:
            if link.get("network"):
                self.join((node, name), link["network"])
        for network, vlan in settings.get("vlans", {}).items():
            self.join((node, vlan["port"]), network)

    def find(self, place):
        parent = self.parents.setdefault(place, place)
        return place if parent == place else self.find(parent)

    def join(self, one, other):
        self.parents[self.find(one)] = self.find(other)

    def groups(self):
        """For each cable with cards: the MAC addresses of its cards, and its networks with their VLANs."""
        found = {}
        for mac, place in self.macs.items():
            found.setdefault(self.find(place), ([], {}))[0].append(mac)
        for network, vlan in self.vlans.items():
            root = self.find(network)
            if root in found:
                found[root][1][network] = vlan
        return list(found.values())


def host_addresses(lab, networks):
    """For each of the networks: the addresses of the host there, each with the length of its prefix. There is at least one."""
    boot, taken, found = lab["boot_server"]["address"], addresses_in(lab), {}
    for number, name in enumerate(networks):
        network = lab["networks"][name]
        # Where only guests have addresses, one of the networks for tests of devices (RFC 2544).
        subnet = ipaddress.ip_network(network["subnet"] or f"198.18.{number}.0/24")
        wanted = [address for address in (network["gateway"], boot, *network["dns"])
                  if address and ipaddress.ip_address(address) in subnet]
        addresses = list(dict.fromkeys(wanted)) or [free_address(subnet, taken)]
        found[name] = [ipaddress.ip_interface(f"{address}/{subnet.prefixlen}") for address in addresses]
    return found


def free_address(subnet, taken):
    """The last address of a subnet that is not taken."""
    return next(
        address for address in (str(subnet[-number]) for number in range(2, subnet.num_addresses)) if address not in taken)


def addresses_in(lab):
    """All IPv4 addresses in a lab, whatever they are for."""
    return set(re.findall(r"\d+\.\d+\.\d+\.\d+", json.dumps(lab)))


def groups_of_ports(lab):
    """For each bond that needs a group of ports of the switch: the tap interfaces of its cards."""
    return [
        [tap_of(card["mac"]) for card in node["interfaces"].values() if card.get("bond") == name]
        for node in lab["nodes"].values() for name, bond in node.get("bonds", {}).items() if bond["mode"] in GROUPED]


class Wires:
    """The networks of a built lab, with the host on each of them."""

    def __init__(self, lab, folder):
        self.namespace = Namespace()
        self.prefix, self.entered = self.namespace.prefix, self.namespace.entered
        self.lab, self.address = lab, lab["boot_server"]["address"]
        groups = Cables(lab).groups()
        self.hosts = host_addresses(lab, [network for _, networks in groups for network in networks])
        self.trunks = {}
        self.place_qemu(folder)
        ip = ["ip", "link", "set"]
        self.namespace.run(*ip, "lo", "up")
        for number, (macs, networks) in enumerate(groups):
            self.add_cable(f"cable{number}", macs, networks)
        if self.address not in [str(host.ip) for hosts in self.hosts.values() for host in hosts]:
            self.namespace.run("ip", "address", "add", f"{self.address}/32", "dev", "lo")
        self.namespace.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
        if self.trunks:
            threading.Thread(target=self.carry, daemon=True).start()

    def place_qemu(self, folder):
        """Puts a program before QEMU's that starts it in the namespace, with its cards at the tap interfaces."""
        program = folder / "bin/qemu-system-x86_64"
        program.parent.mkdir(exist_ok=True)
        path = os.environ["PATH"]
        qemu = shutil.which(program.name)
        if not qemu:
            raise SystemExit("there is no qemu-system-x86_64")
        program.write_text(f'#!/bin/sh\nexec "{HERE}/wired.py" {self.namespace.path} "{qemu}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        os.environ["PATH"] = f"{program.parent}:{path}"

    def add_cable(self, cable, macs, networks):
        run, ports = self.namespace.run, [tap_of(mac) for mac in macs]
        # The host's own address must not change when a tap interface is added.
        run("ip", "link", "add", cable, "address", f"02:fe:00:00:00:{int(cable[5:]):02x}", "type", "bridge", "mcast_snooping", "0")
        for tap in ports:
            run("ip", "tuntap", "add", tap, "mode", "tap")
        for number, taps in enumerate(groups_of_ports(self.lab)):
            if set(taps) <= set(ports):
                ports = [port for port in ports if port not in taps] + [self.add_group(cable, number, taps)]
        untagged = [network for network, vlan in networks.items() if not vlan]
        tagged = {vlan: network for network, vlan in networks.items() if vlan}
        if tagged:
            trunk = f"{cable}trunk"
            with self.entered():
                ends = {vlan: new_tap(f"{cable}v{vlan}") for vlan in tagged}
                self.trunks[new_tap(trunk)] = ends
            ports.append(trunk)
        for port in ports:
            run("ip", "link", "set", port, "mtu", JUMBO, "master", cable, "up")
        run("ip", "link", "set", cable, "mtu", "1500", "up")
        for network in untagged:
            self.add_host(network, cable)
        for vlan, network in tagged.items():
            run("ip", "link", "set", f"{cable}v{vlan}", "up")
            self.add_host(network, f"{cable}v{vlan}")

    def add_group(self, cable, number, taps):
        """Makes one port of a cable of the cards of a bond, as a switch does for the modes that need it. Its name."""
        port = f"{cable}g{number}"
        system = bytes.fromhex(f"02feff{number:06x}")
        with self.entered():
            # The host itself takes no part in what the cards send.
            for tap in taps:
                pathlib.Path(f"/proc/sys/net/ipv6/conf/{tap}/disable_ipv6").write_text("1", encoding="ascii")
                self.namespace.run("ip", "link", "set", tap, "mtu", JUMBO, "arp", "off", "up")
            cards, file = [lag.channel(tap) for tap in taps], new_tap(port)
        threading.Thread(target=lag.carry, args=(cards, file, system), daemon=True).start()
        return port

    def add_host(self, network, interface):
        if self.address in [str(host.ip) for host in self.hosts[network]]:
            self.boot_cable = interface
        for host in self.hosts[network]:
            self.namespace.run("ip", "address", "add", str(host), "dev", interface)

    def carry(self):
        """Passes frames between each trunk and the host's interfaces: it adds tags in one direction, and removes them in the other."""
        routes = {}
        for trunk, ends in self.trunks.items():
            routes[trunk] = None
            routes.update({end: (trunk, TAG + struct.pack(">H", vlan)) for vlan, end in ends.items()})
        while True:
            for file in select.select(list(routes), [], [])[0]:
                frame = os.read(file, 1 << 16)
                if routes[file]:
                    trunk, tag = routes[file]
                    send(trunk, frame[:12] + tag + frame[12:])
                elif frame[12:14] == TAG:
                    end = self.trunks[file].get(struct.unpack(">H", frame[14:16])[0] & 0xFFF)
                    if end is not None:
                        send(end, frame[:12] + frame[16:])

    def add_attacker(self):
        """Adds a host with two addresses to the network of the boot server. Returns its namespace and its second address."""
        attacker = Namespace()
        own = next(host for hosts in self.hosts.values() for host in hosts if str(host.ip) == self.address)
        taken = addresses_in(self.lab) | {str(host.ip) for hosts in self.hosts.values() for host in hosts}
        self.namespace.run("ip", "link", "add", "attacker", "type", "veth", "peer", "name", "eth0", "netns", str(attacker.holder.pid))
        self.namespace.run("ip", "link", "set", "attacker", "master", self.boot_cable, "up")
        addresses = []
        for _ in range(2):
            addresses.append(free_address(own.network, taken))
            taken.add(addresses[-1])
            attacker.run("ip", "address", "add", f"{addresses[-1]}/{own.network.prefixlen}", "dev", "eth0")
        attacker.run("ip", "link", "set", "eth0", "up")
        return attacker, addresses[-1]

    def serve_dhcp(self, out, log):
        """DHCP, TFTP and DNS with the configuration that xenseed wrote."""
        return subprocess.Popen(
            [*self.prefix, "dnsmasq", "--keep-in-foreground", "--user=root", "--log-facility=-", "--log-dhcp",
             f"--conf-file={out / 'pxe/dnsmasq.conf'}", f"--tftp-root={out / 'pxe/tftp'}", f"--dhcp-leasefile={log}.leases",
             "--pid-file"],
            stdin=subprocess.DEVNULL, stderr=open(log, "a", encoding="utf-8"))


def new_tap(name):
    """A tap interface that exists as long as the file is open."""
    file = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return file


def send(file, frame):
    # An interface that is down, or too large a frame: as on a cable, the frame is lost.
    with contextlib.suppress(OSError):
        os.write(file, frame)


class UserMode:
    """The networks of the reference lab as QEMU's user mode has them: its host's addresses are this machine's loopback."""

    prefix, address, entered = [], "127.0.0.1", staticmethod(contextlib.nullcontext)

    def __init__(self, lab):
        # User mode answers for the address of the boot server, and for no other.
        self.hosts = {
            name: [ipaddress.ip_interface(f"{lab['boot_server']['address']}/{network['subnet'].partition('/')[2]}")]
            for name, network in lab["networks"].items() if network["dhcp"]}
