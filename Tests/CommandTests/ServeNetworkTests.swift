import Foundation
import Glibc
import TestSupport
import Testing

/// `xenseed serve` over IPv6, TLS and real networks, and as a service of systemd.
@Suite(.timeLimit(.minutes(15)))
struct ServeNetworkTests {
    private func lab() -> String {
        labText(nodes: 2).replacing("nodes:\n", with: "report_url: http://10.8.0.1:8000\nnodes:\n")
    }

    @Test func overTLSAndIPv6() throws {
        let served = try ServeTests.Served(lab())
        served.kill()
        let made = try run([
            "sh", "-c",
            "cd \"$1\" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=lab -addext subjectAltName=IP:127.0.0.1,IP:::1",
            "sh", served.folder.path,
        ])
        #expect(made.status == 0, "\(made)")
        // A free port: the kernel gives it to a socket that is closed again.
        let port = try run([
            "/usr/bin/python3", "-c",
            "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])",
        ]).out.trimmingCharacters(in: .newlines)
        try served.start([
            "--listen", "'[::1]:0'", "--tls-certificate", "certificate.pem", "--tls-key", "key.pem", "--tls-port", port,
        ])
        func curl(_ words: String...) throws -> String {
            try run(
                [
                    "curl", "-sS", "--max-time", "20", "-w", " [%{http_code}]", "--cacert",
                    served.folder.url("certificate.pem").path,
                ]
                    + words
            ).out
        }
        for address in ["127.0.0.1", "[::1]"] {
            let secure = "https://\(address):\(port)"
            #expect(try curl("\(secure)/lab.css").hasSuffix(" [200]"))
            // A file of several pieces, read to its end.
            let tree = served.folder.url("out").path
            let same = try run([
                "sh", "-c",
                "curl -sS --cacert \"$1\" -H \"$2\" \"$3/nodes/node1/overlay.tar.gz\" | cmp - \"$4/nodes/node1/overlay.tar.gz\"",
                "sh", served.folder.url("certificate.pem").path, try served.operatorAuthorization, secure, tree,
            ])
            #expect(same.status == 0, "\(same)")
            #expect(try curl("--tls-max", "1.1", "\(secure)/lab.css").hasSuffix(" [000]"))
            #expect(try curl("-H", served.operatorAuthorization, "-d", "node2", "\(secure)/disarm").hasSuffix(" [200]"))
        }
        #expect(try served.get("lab.json").out.hasSuffix(" [200]"))
        let plain = try #require(served.log.firstMatch(of: #/http://\[::1\]:\d+/#)).0
        #expect(try curl("\(plain)/lab.json").hasSuffix(" [200]"))
        for words in [["--tls-key", "key.pem"], ["--tls-certificate", "lab.yaml", "--tls-key", "key.pem"]] {
            let refused = try run(
                [program, "serve", "--listen", "127.0.0.1:0", "--state", "other"] + words,
                in: URL(filePath: served.folder.path))
            #expect(refused.status == (words.count == 2 ? 2 : 3), "\(refused)")
        }
    }

    /// The service is ready when it listens, and ends when its answers are sent.
    @Test func asAService() throws {
        let served = try ServeTests.Served(lab())
        served.kill()
        let listener = Process()
        listener.executableURL = URL(filePath: "/usr/bin/socat")
        let socket = served.folder.url("notify").path
        listener.arguments = ["-u", "UNIX-RECV:\(socket)", "OPEN:\(served.folder.url("notified").path),creat,append"]
        listener.standardOutput = FileHandle.nullDevice
        listener.standardError = FileHandle.nullDevice
        try listener.run()
        // SIGTERM may be blocked, which a child inherits.
        defer {
            kill(listener.processIdentifier, SIGKILL)
            listener.waitUntilExit()
        }
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: socket) { usleep(50_000) }
        try served.start(before: "export NOTIFY_SOCKET='\(socket)'")
        // A client that reads slowly gets the rest of its answer after the signal; a stream ends.
        let kernel = "pxe/tftp/debian-installer/amd64/linux"
        try FileManager.default.createDirectory(
            at: served.folder.url("out/\(kernel)").deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(repeating: 120, count: 24 << 20).write(to: served.folder.url("out/\(kernel)"))
        let script = """
            cd "$1"
            curl -sS --limit-rate 12M -o answer "$2$4" & slow=$!
            curl -sSN --max-time 60 -o /dev/null "$2events" & stream=$!
            sleep 0.5
            kill -TERM "$3"
            wait $slow && wait $stream && cmp answer "out/$4"
            """
        let clients = try run([
            "sh", "-c", script, "sh", served.folder.path, served.url, "\(served.process)", kernel,
        ])
        #expect(clients.status == 0, "\(clients)")
        #expect(served.wait() == 0)
        #expect(try served.folder.read("notified") == "READY=1\nSTATUS=2 nodesSTOPPING=1")
    }
}
