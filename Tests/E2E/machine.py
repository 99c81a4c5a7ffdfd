"""A node's machine in QEMU. The lab's own script makes, starts and ends it; here is what only a test wants: to keep a machine in
the middle of its installation, disk and memory, and to bring it back.
"""
import json
import os
import re
import select
import shlex
import subprocess
import time


def sh(*words, **options):
    return subprocess.run([str(word) for word in words], **{"check": True, **options})


def without_disk(arguments, number):
    """QEMU's arguments without one of the disks, which are counted from 1. If none of the others is in the boot order, the first
    of them takes the place of the removed one.
    """
    names = re.findall(r"if=none,id=(\w+),format=qcow2", " ".join(arguments))
    gone, changed, place = names.pop(number - 1), [], ""
    for argument in arguments:
        if re.search(rf"\b(id|drive)={gone}\b", argument):
            # The option before it.
            changed.pop()
            place += "".join(re.findall(r",bootindex=\d+", argument))
        else:
            changed.append(argument)
    devices = [index for index, argument in enumerate(changed) if re.search(rf"\bdrive=({'|'.join(names)})\b", argument)]
    if not any("bootindex=" in changed[index] for index in devices):
        changed[devices[0]] += place
    return changed


class Machine:
    """What SCRIPT, a built lab's qemu/lab, has as the machine NAME; its disks, logs and sockets are in `home`."""

    def __init__(self, script, state, name):
        self.script, self.state, self.name = script, state, name
        self.home = state / "nodes" / name
        # How it was started last and first, and what has been kept since:
        # {"command": …, "first": …, "borders": {NAME: {"command": …, what belongs to that moment}}}.
        self.file = state / f"{name}.json"
        self.kept = json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {"borders": {}}

    def lab(self, verb, *words, **options):
        return sh(self.script, verb, "--state", self.state, *words, self.name, **options)

    def is_running(self):
        return "running" in self.lab("status", stdout=subprocess.PIPE, text=True).stdout

    def up(self, *words):
        shown = self.lab("up", "--print", *words, stdout=subprocess.PIPE, text=True).stdout
        self.lab("up", *words)
        command = shown.splitlines()[-1]
        self.write(command=command, first=self.kept.get("first", command))

    def down(self):
        """Takes the power away."""
        if self.is_running():
            self.lab("down", "--wait", "0", "--force", check=False)

    def destroy(self):
        self.lab("destroy", "--yes", check=False)
        self.file.unlink(missing_ok=True)
        self.kept = {"borders": {}}

    def write(self, **what):
        self.kept.update(what)
        self.file.write_text(json.dumps(self.kept, indent=1), encoding="utf-8")

    def tell(self, command, limit=600):
        """Gives a command to QEMU's monitor. What it says to that; these commands say nothing when they succeed."""
        sent = str(time.monotonic())
        words = [
            {"execute": "qmp_capabilities"},
            {"execute": "human-monitor-command", "id": sent, "arguments": {"command-line": command}}]
        # Opened both ways, so that nothing waits for QEMU to open them.
        outward = os.open(self.home / "control.in", os.O_RDWR)
        inward = os.open(self.home / "control.out", os.O_RDWR | os.O_NONBLOCK)
        try:
            os.write(outward, "".join(json.dumps(word) + "\n" for word in words).encode())
            got, end = b"", time.monotonic() + limit
            while time.monotonic() < end:
                if select.select([inward], [], [], 1)[0]:
                    got += os.read(inward, 1 << 16)
                *lines, got = got.split(b"\n")
                for line in lines:
                    answer = json.loads(line)
                    if answer.get("id") == sent:
                        return answer.get("return", str(answer.get("error")))
        finally:
            os.close(outward)
            os.close(inward)
        raise TimeoutError(f"{self.name}: QEMU does not answer to {command}")

    def keep(self, border, what):
        """Keeps disks and memory under a name, and what is known of that moment."""
        said = self.tell(f"savevm {border}").strip()
        if said:
            raise OSError(f"{self.name}: savevm: {said}")
        self.write(borders={**self.kept["borders"], border: {**what, "command": self.kept["command"]}})

    def forget(self, borders):
        """As if they had never been kept."""
        self.write(borders={name: what for name, what in self.kept["borders"].items() if name not in borders})

    def resume(self, border):
        """Goes on from there, as if nothing had been since. What belongs to that moment."""
        moment = self.kept["borders"][border]
        self.run(f"{moment['command']} -loadvm {border}")
        return moment

    def again(self):
        """Power on, as it was started first, whatever its disks hold, as if somebody had told its firmware to; a reboot ends it."""
        self.run(self.kept["first"].replace(",bootindex=3", ",bootindex=0") + " -no-reboot")

    def boot_without(self, number, *words):
        """Power on without a disk, which are counted from 1."""
        shown = self.lab("up", "--print", *words, stdout=subprocess.PIPE, text=True).stdout
        self.run(shlex.join(without_disk(shlex.split(shown.splitlines()[-1]), number)))

    def run(self, command):
        self.down()
        for name in ("control.in", "control.out"):
            if not (self.home / name).exists():
                os.mkfifo(self.home / name, 0o600)
        for socket in self.home.glob("*.sock"):
            socket.unlink()
        sh("sh", "-c", command, stdin=subprocess.DEVNULL)
