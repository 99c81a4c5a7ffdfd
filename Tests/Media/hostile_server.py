"""hostile_server.py KIND PROGRAM ARGUMENT...: runs a program with the URL of a server as its last argument, whose answer is hostile.

The program is ended when it has been sent BYTES, or after 60 seconds. Prints in JSON its exit status (null if it was ended), its
output to standard error, and its largest resident memory in MiB."""
import itertools
import json
import resource
import socket
import subprocess
import sys
import threading

BYTES = 48 << 20
HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"


def lines(text):
    """Endless blocks of numbered lines."""
    for start in itertools.count(0, 1000):
        yield "".join(text.format(n=n) + "\n" for n in range(start, start + 1000)).encode()


KINDS = {
    # A line that a node may post, again and again with another time.
    "lines": lambda: itertools.chain([HEAD + b"# nodes xen01\n"], lines("xenseed/1 xen01 base - start {n} a message")),
    "long": lambda: itertools.chain([HEAD], lines("xenseed/1+ xen01 {n} " + "x" * 60000)),
    "names": lambda: itertools.chain([HEAD], lines("xenseed/1 node{n} base - start 1")),
    "nodes": lambda: [HEAD + b"# nodes " + b" ".join(b"node%d" % n for n in range(200_000)) + b"\n"],
    "foreign": lambda: itertools.chain([HEAD], lines("<p>{n} is no line of a node")),
    "endless": lambda: itertools.chain([HEAD], itertools.repeat(b"x" * 65536)),
    "head": lambda: itertools.chain([b"HTTP/1.0 200 OK\r\n"], itertools.repeat(b"X-Header: " + b"x" * 65536 + b"\r\n")),
    "status": lambda: [("HTTP/1.0 500 \x1b[2J\x1b]0;owned\x07\x9b8m\u202e\u2028" + "x" * 100000 + "\r\n\r\n").encode()],
    "silent": lambda: [],
}


def main():
    kind, command = sys.argv[1], sys.argv[2:]
    server = socket.create_server(("127.0.0.1", 0))
    done, left = threading.Event(), [BYTES]

    def answer(client):
        try:
            client.recv(65536)
            for block in KINDS[kind]():
                client.sendall(block)
                left[0] -= len(block)
                if left[0] <= 0:
                    done.set()
                    return
            if kind != "status":
                done.wait(60)
        except OSError:
            pass
        finally:
            client.close()

    def serve():
        while True:
            threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    child = subprocess.Popen(command + [url], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = []
    reader = threading.Thread(target=lambda: errors.append(child.stderr.read()))
    reader.start()

    def end():
        done.wait(60)
        child.kill()

    threading.Thread(target=end, daemon=True).start()
    status = child.wait()
    reader.join()
    print(json.dumps({
        "status": status if status >= 0 else None, "errors": errors[0].decode(errors="replace"),
        "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10, "left": left[0]}))


main()
