#!/usr/bin/python3
"""baseline.py LAB OUT: a straightforward script in place of xenseed, as the benchmark's baseline.

Jinja2 renders, tarfile packs; the tree has the same files as xenseed's, with about the same sizes. It reads only labs that `lab`
writes, and checks nothing. Needs python3-jinja2 and python3-yaml.
"""
import gzip
import hashlib
import io
import ipaddress
import json
import os
import pathlib
import re
import sys
import tarfile

import jinja2
import yaml

HERE = pathlib.Path(__file__).resolve().parent
# Files that are the same in every lab come from xenseed's templates.
VERBATIM = HERE.parent.parent / "templates"
TIME = 1429920000
MODES = {
    "root/.ssh/authorized_keys": 0o600, "usr/local/sbin/xenseed-verify": 0o755,
    "etc/network/if-pre-up.d/xenseed-carrier": 0o755}
# Files that are the same on every node, with the names of their templates.
CONSTANT = {
    "etc/apt/apt.conf.d/95xenseed-verify": "apt-hook.conf",
    "etc/network/if-pre-up.d/xenseed-carrier": "wait-for-carrier.sh",
    "etc/systemd/system/xenseed-verify-soon.timer": "xenseed-verify-soon.timer",
    "etc/systemd/system/xenseed-verify.service": "xenseed-verify.service",
    "etc/systemd/system/xenseed-verify.timer": "xenseed-verify.timer",
    "usr/local/sbin/xenseed-verify": "xenseed-verify.sh",
}
UNITS = "etc/systemd/system"
LINKS = {
    f"{UNITS}/multi-user.target.wants/xenseed-verify.service": f"/{UNITS}/xenseed-verify.service",
    f"{UNITS}/sysinit.target.wants/systemd-timesyncd.service": "/lib/systemd/system/systemd-timesyncd.service",
    f"{UNITS}/timers.target.wants/xenseed-verify.timer": f"/{UNITS}/xenseed-verify.timer",
}


def merged(low, high):
    """Merges `high` over `low`, key by key."""
    if not isinstance(low, dict) or not isinstance(high, dict):
        return high
    return {**low, **{key: merged(low.get(key), value) for key, value in high.items()}}


def bytes_of(amount):
    number, unit = amount.split()
    return int(number) << {"MiB": 20, "GiB": 30}[unit]


class Lab:
    def __init__(self, text):
        self.data = yaml.safe_load(text)
        self.networks = {
            name: {**network, "name": name, "members": [], "ip": ipaddress.ip_network(network["subnet"])}
            for name, network in self.data["networks"].items()}
        self.nodes = [
            self.node(name, merged(self.data["defaults"], own)) for name, own in self.data["nodes"].items()]
        for number, node in enumerate(self.nodes):
            node["number"] = number
            for link in node["links"]:
                self.networks[link["network_name"]]["members"].append((node["name"], link))

    def node(self, name, node):
        nics = node["interfaces"]
        node["name"] = name
        node["fqdn"] = f"{name}.{self.data['domain']}"
        links = [self.link(nic, own) for nic, own in nics.items() if "network" in own]
        for bridge, own in node["bridges"].items():
            ports = [nic for nic, port in nics.items() if port.get("bridge") == bridge]
            links.append({**self.link(bridge, own), "ports": " ".join(ports), "mac": nics[ports[0]]["mac"]})
        node["links"] = links
        node["install_mac"] = next(link["mac"] for link in links if link["dhcp"])
        return node

    def link(self, name, own):
        network = self.networks[own["network"]]
        return {
            "name": name, "network_name": own["network"], "network": network["ip"], "address": own.get("address"),
            "mac": own.get("mac"), "dhcp": network.get("dhcp", False)}

    def peers(self, node):
        """Returns all nodes in the node's static network."""
        name = next(link["network_name"] for link in node["links"] if link["address"])
        return [{"name": peer, "address": link["address"]} for peer, link in self.networks[name]["members"]]


class Builder:
    def __init__(self, lab, out):
        self.lab = lab
        self.out = out
        self.sums = []
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"), trim_blocks=True, lstrip_blocks=True,
            keep_trailing_newline=True, autoescape=False,
            # Shell syntax contains {#, as in ${#name}.
            comment_start_string="{##", comment_end_string="##}")
        self.templates = {
            name.removesuffix(".j2"): environment.get_template(name) for name in environment.list_templates()}
        self.constant = {path: (VERBATIM / name).read_bytes() for path, name in CONSTANT.items()}

    def render(self, name, context):
        return self.templates[name].render(context).encode()

    def write(self, path, content, mode=0o644):
        target = os.path.join(self.out, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
        if mode & 0o111:
            os.chmod(target, 0o755)
        self.sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")

    def context(self, node):
        disk = node["disk"]["device"]
        memory = bytes_of(node["dom0"]["memory"]) >> 20
        root, swap = 8590, 1074
        return {
            "node": node, "fqdn": node["fqdn"], "domain": self.lab.data["domain"], "links": node["links"],
            "codename": self.lab.data["release"], "toolstack": "xl", "timeout": 1, "linux_options": "",
            "root": True, "passwords": False,
            "ports": [{"name": name, **nic} for name, nic in node["interfaces"].items() if "bridge" in nic],
            "peers": self.lab.peers(node), "memory": bytes_of(node["memory"]) >> 20, "dom0_memory": memory,
            "xen_options": [
                f"dom0_mem={memory}M,max:{memory}M", f"dom0_max_vcpus={node['dom0']['vcpus']}",
                *(["dom0_vcpus_pin"] if node["dom0"]["pin"] else [])],
            "mirror": "http://archive.debian.org/debian", "mirror_host": "archive.debian.org", "disk": disk,
            "install_mac": node["install_mac"], "disk_minimum": 512 + root + swap + 2,
            "packages": sorted({"bridge-utils", "openssh-server", "xen-linux-system-amd64", *node["packages"]}),
            "guided_size": f"{root + swap}MB",
            "recipe": [
                "1 1 1 free $iflabel{ gpt } method{ biosgrub } .",
                "512 512 512 ext2 $primary{ } $bootable{ } method{ format } format{ } use_filesystem{ } "
                "filesystem{ ext2 } mountpoint{ /boot } .",
                f"{root} {root} {root} ext4 $lvmok{{ }} lv_name{{ root }} method{{ format }} format{{ }} "
                "use_filesystem{ } filesystem{ ext4 } mountpoint{ / } .",
                f"{swap} {swap} {swap} linux-swap $lvmok{{ }} lv_name{{ swap }} method{{ swap }} format{{ }} ."],
        }

    def overlay(self, context):
        return {
            "etc/hostname": (context["fqdn"] + "\n").encode(),
            "etc/hosts": self.render("hosts", context),
            "etc/network/interfaces": self.render("interfaces", context),
            "etc/udev/rules.d/70-persistent-net.rules": self.render("persistent-net.rules", context),
            "etc/default/grub.d/50-xenseed.cfg": self.render("grub.cfg", context),
            "etc/default/xendomains": self.render("xendomains", context),
            "etc/default/xen": self.render("toolstack", context),
            "etc/apt/sources.list": self.render("sources.list", context),
            "etc/apt/apt.conf.d/90xenseed": self.render("apt.conf", context),
            "etc/xenseed/expect": self.render("expect", context),
            "etc/ssh/sshd_config": self.render("sshd.conf", context),
            "root/.ssh/authorized_keys": self.render("authorized_keys", context),
            "etc/systemd/timesyncd.conf": self.render("timesyncd.conf", context),
            f"{UNITS}/xendomains.service.d/10-xenseed.conf": self.render("xendomains-unit.conf", context),
            **self.constant,
        }

    def pack(self, files):
        """Returns the overlay as a gzipped tar archive, and its manifest."""
        packed = io.BytesIO()
        lines = ["#mtree\n"]
        with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
            for path in sorted([*files, *LINKS, "root/.ssh"]):
                member = tarfile.TarInfo(path)
                member.mtime = TIME
                if path in files:
                    content = files[path]
                    member.size = len(content)
                    member.mode = MODES.get(path, 0o644)
                    archive.addfile(member, io.BytesIO(content))
                    what = f"type=file size={member.size} sha256digest={hashlib.sha256(content).hexdigest()}"
                elif path in LINKS:
                    member.type, member.linkname, member.mode = tarfile.SYMTYPE, LINKS[path], 0o777
                    archive.addfile(member)
                    what = f"type=link link={member.linkname}"
                else:
                    member.type, member.mode = tarfile.DIRTYPE, 0o700
                    archive.addfile(member)
                    what = "type=dir"
                lines.append(f"./{path} mode={member.mode:o} gid=0 uid=0 {what}\n")
        return packed.getvalue(), "".join(lines).encode()

    def build_node(self, node):
        folder = f"nodes/{node['name']}"
        context = self.context(node)
        files = self.overlay(context)
        archive, listing = self.pack(files)
        context["overlay_sum"] = hashlib.sha256(archive).hexdigest()
        late_command = self.render("late-command.sh", context)
        context["late_sum"] = hashlib.sha256(late_command).hexdigest()
        self.write(f"{folder}/late-command.sh", late_command)
        self.write(f"{folder}/overlay.mtree", listing)
        for path, content in files.items():
            self.write(f"{folder}/overlay/{path}", content, MODES.get(path, 0o644))
        for path, target in LINKS.items():
            link = os.path.join(self.out, folder, "overlay", path)
            os.makedirs(os.path.dirname(link), exist_ok=True)
            os.symlink(target, link)
            self.sums.append(f"# link {folder}/overlay/{path}\n")
        self.write(f"{folder}/overlay.tar.gz", archive)
        self.write(f"{folder}/preseed.cfg", self.render("preseed.cfg", context))

    def script(self, name):
        """Returns a script for virtual machines, in which tables are rendered in place of the template's sections."""
        context = {
            "nodes": self.lab.nodes, "domain": self.lab.data["domain"], "qemu": name == "qemu",
            "memory": bytes_of(self.lab.nodes[0]["memory"]) >> 20}
        tables = {
            table: self.templates[table].render(context) for table in ("machines", "adapters", "controllers", "disks")}

        def section(match):
            inner = match[2]
            if match[1] == "lans":
                return "".join(
                    inner.replace("{{index}}", str(index)).replace("{{network}}", network)
                    for index, network in enumerate(self.lab.networks, 1) if name == "qemu" or network == "lan")
            if match[1] == "cramped":
                return "".join(
                    inner.replace("{{network}}", network).replace("{{why}}", "joins more than two adapters")
                    for network in self.lab.networks if network != "lan")
            if match[1] != "machines":
                return ""
            kinds = [kind for kind in ("adapters", "controllers", "disks") if "{{#" + kind + "}}" in inner]
            return tables[kinds[0] if kinds else "machines"]

        text = (VERBATIM / name / f"{name}-lab.sh").read_text(encoding="utf-8")
        text = re.sub(r"\{\{#(\w+)\}\}\n(.*?)\{\{/\1\}\}\n", section, text, flags=re.S)
        text = text.replace("{{names}}", " ".join(node["name"] for node in self.lab.nodes))
        return text.replace("{{domain}}", self.lab.data["domain"]).encode()

    def seed(self):
        """Returns an initrd for all nodes in cpio's newc format: a header of hexadecimal numbers, name and content, each padded."""
        files = {}
        for node in sorted(self.lab.nodes, key=lambda node: node["name"]):
            for part in ("late-command.sh", "overlay.tar.gz", "preseed.cfg"):
                path = f"nodes/{node['name']}/{part}"
                files[path] = pathlib.Path(self.out, path).read_bytes()
        for name, path in (
                ("seed-preseed.cfg", "preseed.cfg"), ("find-node.sh", "xenseed/find-node.sh"),
                ("find-node.templates", "xenseed/find-node.templates")):
            files[path] = (VERBATIM / "usb" / name).read_bytes()
        files["xenseed/nodes"] = self.render("seed-nodes", {"nodes": self.lab.nodes})
        for path, content in files.items():
            if not path.startswith("nodes/"):
                self.write(f"usb/seed/{path}", content)
        folders = {os.path.dirname(path) for path in files} | {"nodes"} - {""}
        members = {**{folder: (0o40755, b"") for folder in folders if folder},
                   **{path: (0o100644, content) for path, content in files.items()}}
        packed = bytearray()

        def add(number, path, mode, content):
            fields = [number, mode, 0, 0, 1, TIME, len(content), 0, 0, 0, 0, len(path) + 1, 0]
            packed.extend(("070701" + "".join(f"{field:08X}" for field in fields) + path + "\0").encode())
            packed.extend(b"\0" * (-len(packed) % 4))
            packed.extend(content)
            packed.extend(b"\0" * (-len(packed) % 4))

        for number, path in enumerate(sorted(members), 1):
            add(number, path, *members[path])
        add(0, "TRAILER!!!", 0, b"")
        return gzip.compress(packed, 0, mtime=0)

    def build(self):
        for node in self.lab.nodes:
            self.build_node(node)
        self.write("qemu/lab", self.script("qemu"), 0o755)
        self.write("virtualbox/lab", self.script("virtualbox"), 0o755)
        self.write("usb/seed.cpio.gz", self.seed())
        lab = {**self.lab.data, "nodes": {node["name"]: node for node in self.lab.nodes}}
        self.write("lab.json", (json.dumps(lab, indent=2, default=str) + "\n").encode())
        self.write("README.md", self.render("README.md", {
            "domain": self.lab.data["domain"], "codename": self.lab.data["release"], "nodes": self.lab.nodes,
            "networks": sorted(self.lab.networks.values(), key=lambda network: network["name"])}))
        with open(os.path.join(self.out, "SHA256SUMS"), "w", encoding="ascii") as file:
            file.writelines(["# every file here\n", *self.sums])


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: baseline.py LAB OUT")
    lab = Lab(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    Builder(lab, sys.argv[2]).build()


main()
