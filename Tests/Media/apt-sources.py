#!/usr/bin/python3
"""apt-sources.py SOURCES INDEX PACKAGE...: prints which packages apt finds with a sources.list.

Serves a mirror on 127.0.0.1 that has every suite of SOURCES with all of Debian's components. INDEX has a line for each package:
its component and its name. Prints the name of each PACKAGE and the component that apt would install it from, or -.
"""
import functools
import hashlib
import http.server
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

sources, index, *packages = sys.argv[1:]
COMPONENTS = ["main", "contrib", "non-free", "non-free-firmware"]
work = tempfile.TemporaryDirectory()
root = pathlib.Path(work.name)
listed = [line.split() for line in pathlib.Path(index).read_text(encoding="utf-8").splitlines()]
lines = [line for line in pathlib.Path(sources).read_text(encoding="utf-8").splitlines() if line.startswith("deb ")]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root / "mirror")))
threading.Thread(target=server.serve_forever, daemon=True).start()
(root / "sources.list").write_text(
    "".join(re.sub(r"https?://[^/ ]+", f"http://127.0.0.1:{server.server_port}", line) + "\n" for line in lines))
for line in lines:
    _, address, suite, *_ = line.split()
    place = root / "mirror" / re.sub(r"^https?://[^/]+/", "", address) / "dists" / suite
    sums = []
    for component in COMPONENTS:
        file = place / component / "binary-amd64" / "Packages"
        file.parent.mkdir(parents=True)
        file.write_text("".join(
            f"Package: {name}\nVersion: 1\nArchitecture: amd64\nFilename: {component}/{name}.deb\nSize: 1\n\n"
            for where, name in listed if where == component))
        data = file.read_bytes()
        sums.append(f" {hashlib.sha256(data).hexdigest()} {len(data)} {component}/binary-amd64/Packages\n")
    (place / "Release").write_text(
        f"Suite: {suite}\nCodename: {suite}\nDate: Sat, 25 Apr 2015 10:00:00 UTC\nArchitectures: amd64\n"
        f"Components: {' '.join(COMPONENTS)}\nSHA256:\n{''.join(sums)}")
for folder in ("state/lists/partial", "cache/archives/partial", "etc/preferences.d"):
    (root / folder).mkdir(parents=True)
(root / "status").touch()
options = {
    "Dir::Etc": f"{root}/etc", "Dir::Etc::SourceList": f"{root}/sources.list", "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State": f"{root}/state", "Dir::State::status": f"{root}/status", "Dir::Cache": f"{root}/cache",
    "APT::Architecture": "amd64", "APT::Architectures": "amd64", "APT::Sandbox::User": "root", "Acquire::Languages": "none",
    "Acquire::http::Proxy": "DIRECT", "Acquire::AllowInsecureRepositories": "true"}
words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
ran = subprocess.run(["apt-get", *words, "-q", "update"], capture_output=True, text=True, timeout=60, check=False)
if ran.returncode or re.search(r"^(E|W): (?!The repository|.*not signed)", ran.stderr, re.M):
    sys.exit(ran.stdout + ran.stderr)
for name in packages:
    found = subprocess.run(
        ["apt-cache", *words, "madison", name], capture_output=True, text=True, timeout=60, check=False).stdout
    components = {line.rpartition(" Packages")[0].split()[-2].rpartition("/")[2] for line in found.splitlines()}
    print(name, ",".join(sorted(components)) or "-")
