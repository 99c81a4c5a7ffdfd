"""A caching Debian mirror, and a receiver for the installers' logs.

The upstream is the mirror in this machine's apt configuration. Files below pool/ never change, so they are kept; indices are fetched
again after a day.
"""
import http.server
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

DAY = 86400


def upstream():
    """Returns the URL of a Debian mirror, with a slash at its end."""
    for line in subprocess.run(
            ["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI) $(SUITE)"], check=True, capture_output=True,
            text=True).stdout.splitlines():
        found = re.match(r"\S+ (https?://\S+/debian/) ", line)
        if found:
            return found[1]
    return "http://deb.debian.org/debian/"


class Mirror:
    """Serves /debian/… at a port of a network (UserMode or Wires), and logs each request. A path prefix can identify the client."""

    def __init__(self, net, port, cache, log):
        self.cache, self.log, self.base = pathlib.Path(cache), log, upstream()
        self.locks, self.guard, self.lost = {}, threading.Lock(), {}
        # For trials: with "gone", no request is answered; with "empty", every file is missing.
        self.trouble = None
        mirror = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, form, *words):
                print(f"{time.time():.1f} {form % words}", file=mirror.log, flush=True)

            def do_HEAD(self):
                self.do_GET()

            def do_GET(self):
                if mirror.trouble == "gone":
                    self.close_connection = True
                    return
                if mirror.trouble == "empty":
                    self.send_error(404)
                    return
                path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
                _, found, path = path.partition("/debian/")
                if not found or ".." in path.split("/"):
                    self.send_error(404)
                    return
                try:
                    file = mirror.file(path)
                except urllib.error.HTTPError as error:
                    self.send_error(error.code)
                    return
                except OSError:
                    self.send_error(502)
                    return
                self.give(file)

            def give(self, file):
                size, start = file.stat().st_size, 0
                wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                if wanted and 0 < int(wanted[1]) < size:
                    start = int(wanted[1])
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
                else:
                    self.send_response(200)
                self.send_header("Content-Length", str(size - start))
                self.send_header("Last-Modified", self.date_time_string(file.stat().st_mtime))
                self.end_headers()
                if self.command == "GET":
                    with open(file, "rb") as stream:
                        stream.seek(start)
                        shutil.copyfileobj(stream, self.wfile, 1 << 18)

        # Only the socket is in that network: a thread that is started there could not reach the
        # upstream.
        with net.entered():
            self.server = http.server.ThreadingHTTPServer((net.address, port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def file(self, path):
        """Returns the path of a file in the cache; fetches the file if it is missing or too old."""
        place = self.cache / path
        with self.guard:
            lock = self.locks.setdefault(path, threading.Lock())
        with lock:
            if self.lost.get(path, 0) > time.time() - 600:
                raise urllib.error.HTTPError(path, 404, "lost", None, None)
            ages = path.startswith("dists/") and "/by-hash/" not in path
            if place.exists() and not (ages and place.stat().st_mtime < time.time() - DAY):
                return place
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                with urllib.request.urlopen(self.base + urllib.parse.quote(path), timeout=120) as answer, \
                        tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as part:
                    shutil.copyfileobj(answer, part)
                    length = answer.headers.get("Content-Length")
                if length is not None and os.path.getsize(part.name) != int(length):
                    os.unlink(part.name)
                    raise OSError("cut short")
                os.chmod(part.name, 0o644)
                os.replace(part.name, place)
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    self.lost[path] = time.time()
                raise
            return place


def take_log(net, port, file):
    """Writes the messages that installers send by syslog (RFC 3164, UDP) to a file, each after the host's time."""
    with net.entered():
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((net.address, port))

    def take():
        while True:
            text = listener.recv(65535).decode("utf-8", "replace").rstrip("\n\0")
            print(f"{time.time():.1f}", re.sub(r"^<\d+>", "", text), file=file, flush=True)

    threading.Thread(target=take, daemon=True).start()
