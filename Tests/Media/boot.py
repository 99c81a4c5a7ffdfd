#!/usr/bin/python3
"""boot.py XENSEED OUT STATE NODE user|tap [--down] WORD...: starts a node with OUT/qemu/lab and reads its installer's host name.

Run as root in its own namespaces (unshare --net --pid --fork --kill-child --mount-proc): all processes that it starts end with it.
The boot server's web server is `xenseed serve` for the lab in the parent directory of OUT. With `tap`, dnsmasq serves DHCP and TFTP
with OUT/pxe/dnsmasq.conf, on a bridge that joins the nodes' LAN cards; with `user`, QEMU's user mode does. The WORDs are passed to
`lab up`. With --down, the second entry of a boot menu on the serial port is selected.

Controls the installer over the serial port, where its second window is a shell. Prints JSON: the machine's host name, the URL of its
preseed, the paths that were requested by HTTP, and the whole output of the serial port. Stops if the installer asks which node the
machine is; the name is then empty.
"""
import json
import pathlib
import re
import subprocess
import sys
import time

from serialport import Serial

LIMIT = 900
ANSWER = re.compile(r"<<([^|>%]*)\|([^|>%]*)>>")
# Output of an installer or machine that can't continue, or that asks a question.
STOPPED = re.compile(r"Identify the node of the lab that this machine|No bootable device|BOOT_FAILED|Kernel panic")


def sh(*words):
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


def serve(xenseed, lab, state, address, log):
    sh("mkdir", "-p", state)
    subprocess.Popen(
        [xenseed, "serve", "--listen", address, "--state", state / "served", lab], stdin=subprocess.DEVNULL, stderr=log)
    for _ in range(300):
        if "; http://" in pathlib.Path(log.name).read_text():
            return
        time.sleep(0.1)
    sys.exit("xenseed serve does not begin:\n" + pathlib.Path(log.name).read_text())


def main():
    xenseed, out, state, node, lan, *words = sys.argv[1:]
    down = "--down" in words
    words = [word for word in words if word != "--down"]
    out, state = pathlib.Path(out).resolve(), pathlib.Path(state)
    sh("ip", "link", "set", "lo", "up")
    log = open(state.parent / "dnsmasq.log", "w")
    if lan == "tap":
        # A sysfs shows the network interfaces of the namespace in which it was mounted.
        sh("mount", "-t", "sysfs", "sysfs", "/sys")
        sh("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0")
        sh("ip", "address", "add", "10.8.8.1/24", "dev", "br0")
        sh("ip", "link", "set", "br0", "up")
        for number in range(2):
            sh("ip", "tuntap", "add", f"lan{number}", "mode", "tap")
            sh("ip", "link", "set", f"lan{number}", "master", "br0", "up")
        subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--user=root", "--log-dhcp", "--log-facility=-", "--pid-file",
             "--leasefile-ro", "--no-resolv", f"--conf-file={out}/pxe/dnsmasq.conf", f"--tftp-root={out}/pxe/tftp"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        words += ["--lan", "tap:lan"]
    # In user mode, the boot server is reached on this host's loopback.
    web_log = open(state.parent / "serve.log", "w")
    serve(xenseed, out.parent / "lab.yaml", state, "10.8.8.1" if lan == "tap" else "127.0.0.1", web_log)
    lab = [str(out / "qemu/lab")]
    sh(*lab, "up", "--state", state, "--accel", "tcg", *words, node)
    serial = Serial(state / "nodes" / node / "serial.sock", LIMIT)
    if down:
        serial.choose_installation()
    # Waits until the kernel has started: a booting kernel ignores keys, but a boot menu reacts to them.
    serial.wait(r"Linux version|Loading, please wait|Freeing unused|Probing EDD|" + STOPPED.pattern)
    question = (
        "printf '<<%s|%s>>\\n' \"$(hostname)\" "
        "\"$(sed -n 's/.*loaded preseed file from //p' /var/log/syslog | tail -n 1)\"\r"
    )
    found, end = None, time.monotonic() + LIMIT
    while time.monotonic() < end and not STOPPED.search(serial.text):
        # Switches to window 2 of screen, where Enter activates the shell.
        serial.send("\x012")
        serial.send("\r", 2)
        before = len(serial.text)
        serial.send(question, 6)
        answers = ANSWER.findall(serial.text[before:])
        # There is no name before the network is up.
        if answers and answers[-1][1] and answers[-1][0] not in ("", "(none)", "debian"):
            found = answers[-1]
            break
        # Questions of the installer appear in its own window.
        serial.send("\x011", 2)
    name, location = found or ("", "")
    asked = re.findall(r" GET (/\S+) 200$", pathlib.Path(web_log.name).read_text(), re.M)
    json.dump({"hostname": name, "location": location, "asked": asked, "serial": serial.text}, sys.stdout)


main()
