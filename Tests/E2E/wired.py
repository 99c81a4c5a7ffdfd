#!/usr/bin/python3
"""wired.py NAMESPACE QEMU ARGUMENT...: starts QEMU in a network namespace; each network card is attached to the tap interface
that Wires made for its MAC address, whatever the arguments attach it to.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
from wires import tap_of  # noqa: E402


def attached(arguments):
    """The arguments with tap interfaces as the back ends of all network cards."""
    macs = dict(re.findall(r"\bnetdev=(\w+),mac=([0-9a-fA-F:]{17})", "\n".join(arguments)))
    changed = list(arguments)
    for number, argument in enumerate(arguments[:-1]):
        if argument == "-netdev":
            identifier = re.search(r"\bid=(\w+)", arguments[number + 1])[1]
            changed[number + 1] = f"tap,id={identifier},ifname={tap_of(macs[identifier])},script=no,downscript=no"
    return changed


namespace, qemu, *rest = sys.argv[1:]
os.execvp("nsenter", ["nsenter", f"--net={namespace}", qemu, *attached(rest)])
