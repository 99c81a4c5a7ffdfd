#!/usr/bin/env python3
"""A server that receives a node's posts, with tokens as `xenseed serve` has them, and with faults on demand.

    posts.py DIRECTORY PORT [ANSWER...]

Each ANSWER is that to one request, in the order in which requests arrive; after the last one, and with `ok`, a claim gets a new
token, which ends the one before it, and a post with the current token is stored. The first token is 32 zeros; a claim counts up.
Others are a status, `drop` (the connection is
closed without an answer), `hang` (there is no answer) and `flood` (the answer does not end).

Requests are added to DIRECTORY/requests, one JSON object in a line. DIRECTORY/port gets the port, when the server listens; with the
port 0 it is one that is free.
"""
import json
import socket
import sys
import threading


class Malformed(Exception):
    pass


class Posts:
    def __init__(self, directory, answers):
        self.requests = open(directory + "/requests", "w", encoding="ascii", buffering=1)
        self.answers = list(answers)
        self.claims = 0
        self.lock = threading.Lock()

    def token(self):
        return f"{self.claims:032x}"

    def read(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            part = client.recv(65536)
            if not part:
                raise Malformed("the head is cut off")
            data += part
        head, body = data.split(b"\r\n\r\n", 1)
        line, *fields = head.decode("ascii").split("\r\n")
        if any("\n" in field or ": " not in field for field in fields):
            raise Malformed("a line of the head")
        method, path, version = line.split(" ")
        headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
        size = int(headers["content-length"])
        while len(body) < size:
            part = client.recv(65536)
            if not part:
                raise Malformed("the body is cut off")
            body += part
        if len(body) != size or method != "POST" or not version.startswith("HTTP/1."):
            raise Malformed(line)
        return path, headers, body.decode("ascii")

    def answer(self, path, token):
        """The status and the text of an answer without a fault."""
        if path.endswith("/claim"):
            self.claims += 1
            return "200", self.token() + "\n"
        if token != f"Bearer {self.token()}":
            return "403", "this is not the token of the node\n"
        return "200", "stored\n"

    def serve(self, client):
        with client:
            client.settimeout(60)
            try:
                path, headers, body = self.read(client)
            except (Malformed, OSError, ValueError) as error:
                with self.lock:
                    self.requests.write(json.dumps({"malformed": str(error)}) + "\n")
                return
            token = headers.get("authorization")
            with self.lock:
                answer = self.answers.pop(0) if self.answers else "ok"
                text = answer + "\n"
                if answer == "ok":
                    answer, text = self.answer(path, token)
                request = {"path": path, "token": token, "host": headers.get("host"), "body": body, "answer": answer}
                self.requests.write(json.dumps(request) + "\n")
            try:
                if answer == "hang":
                    while client.recv(65536):
                        pass
                    # The client has sent all that it has, and waits.
                    threading.Event().wait(60)
                elif answer == "flood":
                    client.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                    while True:
                        client.sendall(b"x" * 65536)
                elif answer != "drop":
                    head = f"HTTP/1.1 {answer} -\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
                    # In two packets, as servers do.
                    client.sendall(head.encode("ascii"))
                    client.sendall(text.encode("ascii"))
            except OSError:
                pass


def main():
    directory, port, *answers = sys.argv[1:]
    posts = Posts(directory, answers)
    with socket.create_server(("127.0.0.1", int(port))) as server:
        with open(directory + "/port", "w", encoding="ascii") as file:
            file.write(f"{server.getsockname()[1]}\n")
        while True:
            client, _ = server.accept()
            threading.Thread(target=posts.serve, args=[client], daemon=True).start()


main()
