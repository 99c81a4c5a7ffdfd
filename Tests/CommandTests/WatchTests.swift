import Foundation
import TestSupport
import Testing

/// Tests `xenseed watch` as a user runs it, on serial logs in the form that QEMU writes.
@Suite(.timeLimit(.minutes(15)))
struct WatchTests {
    /// Adds the other output on a serial console: boot loader, kernel, the installer's screens.
    private func serial(_ lines: [String]) -> String {
        "\u{1B}[2JISOLINUX\r\n[    0.000000] Linux version 6.1\r\n"
            + lines.map {
                "\u{1B}[1;1H\u{1B}(0lqqk\u{1B}(B 33%\r\n\($0)\r\n\u{1B}[37m\u{1B}[44mPlease wait...\u{1B}[5;9H"
            }
            .joined()
    }

    private let whole = [
        "xenseed/1 xen01 early - start 157.10 ", "xenseed/1 xen01 late packages start 905.02 ",
        "xenseed/1 xen01 late - ok 997.00 ", "xenseed/1 xen01 boot - ok 98.20 ",
        "[   99.1] audit: xenseed/1 xen01 verify - start 99.00 ",
        "xenseed/1 xen01 verify - ok 131.50 24 ok, 0 failed",
    ]

    @Test func tellsEachEvent() throws {
        let ran = try xenseed("watch", "-", input: serial(whole))
        #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
        #expect(
            ran.out == """
                00:02:37  xen01 early start
                00:15:05  xen01 late packages start
                00:16:37  xen01 late ok
                00:18:15  xen01 boot ok
                00:18:16  xen01 verify start
                00:18:48  xen01 verify ok: 24 ok, 0 failed
                xen01: verified after 00:18:48

                """)
    }

    @Test func failures() throws {
        let lines = [
            "xenseed/1 xen01 early check-overlay start 160.00 ",
            "xenseed/1 xen01 early check-overlay failed 160.20 exit code 1",
            "xenseed/1+ xen01 /tmp/xenseed/overlay.tar.gz: FAILED", "xenseed/1+ xen01 sha256sum: WARNING",
        ]
        let folder = try TemporaryFolder()
        try folder.write(serial(lines), to: "xen01.log")
        try folder.write(serial(whole.map { $0.replacing("xen01", with: "xen02") }), to: "xen02.log")
        let ran = try xenseed("watch", "xen01.log", "xen02.log", in: folder)
        #expect(ran.status == 1, "\(ran)")
        // The lines of the two logs may be interleaved.
        let shown = ran.out.split(separator: "\n").filter { $0.contains(" xen01 ") }.map(String.init)
        #expect(
            shown == [
                "00:02:40  xen01 early check-overlay start",
                "00:02:40  xen01 early check-overlay failed: exit code 1",
                "          xen01 | /tmp/xenseed/overlay.tar.gz: FAILED", "          xen01 | sha256sum: WARNING",
            ])
        #expect(ran.out.contains("xen01: The overlay is not from the same build as this node's preseed"))
        #expect(ran.out.contains("xen02: verified after "))
        // A repeated step can succeed.
        try folder.write(
            serial(lines + ["xenseed/1 xen01 early - start 300.00 "] + whole.dropFirst()), to: "xen01.log")
        #expect(try xenseed("watch", "xen01.log", "xen02.log", in: folder).status == 0)
    }

    @Test func silence() throws {
        let folder = try TemporaryFolder()
        try folder.write("nothing of ours\n", to: "a.log")
        let ran = try xenseed("watch", "--wait", "--timeout", "1", "a.log", "nowhere.log", in: folder)
        #expect(ran.status == 3 && ran.err.contains("there was no message for 1 s"), "\(ran)")
        let ended = try xenseed("watch", "-", input: serial(Array(whole.prefix(3))))
        #expect(ended.status == 3 && ended.err.contains("the logs ended before"), "\(ended)")
        // A node that was named must have reported.
        let other = try xenseed("watch", "--node", "xen01", "--node", "xen02", "-", input: serial(whole))
        #expect(other.status == 3, "\(other)")
    }

    /// A log that does not exist is an error at once, and a server that can't be reached is named.
    @Test func nothingToRead() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "logs/a.log")
        let lab = labText(nodes: 1)
        try folder.write(lab, to: "silent/lab.yaml")
        try folder.write("report_url: http://127.0.0.1:9/lab\n" + lab, to: "lab/lab.yaml")
        for (name, message) in [
            ("nowhere.log", "nowhere.log does not exist; --wait waits for it"),
            ("logs", "there is no logs/lab.yaml; name a server or serial logs, or - for standard input"),
            ("silent", "silent/lab.yaml has no report_url, so the nodes report to no server; name their serial logs"),
        ] {
            let ran = try xenseed("watch", "--timeout", "0", "logs/a.log", name, in: folder)
            #expect(ran == Ran(status: 3, out: "", err: "xenseed: \(message)\n"))
        }
        // Without a source, and with a directory, it is the server in the lab.
        for words in [["-C", "lab", "watch"], ["watch", "lab"]] {
            let ran = try run([program] + words + ["--timeout", "1"], in: URL(filePath: folder.path))
            #expect(ran.status == 3 && ran.err.hasPrefix("xenseed: http://127.0.0.1:9/lab can't be reached"), "\(ran)")
        }
        // Port 9 of the loopback interface is not in use.
        let server = try xenseed("watch", "--timeout", "3", "http://127.0.0.1:9/")
        #expect(
            server.err == """
                xenseed: http://127.0.0.1:9/ can't be reached (Connection refused); trying again
                xenseed: there was no message for 3 s

                """, "\(server)")
    }

    /// A log may appear late, grow in the middle of a line, and be truncated when the machine is started again.
    @Test func growing() throws {
        let folder = try TemporaryFolder()
        let ran = try run(
            [
                "sh", "-c",
                """
                (
                    sleep 1; printf 'xenseed/1 xen01 early - st' >a.log
                    sleep 1; printf 'art 10.00 \\r\\nxenseed/1 xen01 late - start 20.00 \\r\\n' >>a.log
                    sleep 1; printf 'xenseed/1 xen01 verify - ok 9.00 fine\\r\\n' >a.log
                ) &
                "$1" watch --wait --timeout 60 a.log; code=$?; wait; exit $code
                """, "sh", program,
            ], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran)")
        #expect(ran.out.split(separator: "\n").count == 4, "\(ran.out)")
    }

    /// Text from a node can't control the terminal, use up memory, or count as a message of another node.
    @Test func hostile() throws {
        let lines = [
            "xenseed/1 xen01 late packages failed 1.00 \u{1B}[2J\u{1B}]0;owned\u{7}<b>",
            "xenseed/1+ xen01 \u{1B}[31mred\u{9B}", "xenseed/1 ../../etc late - start 1.00 ",
            "xenseed/1 xen01 nosuch - ok 1.00 ", "xenseed/1 xen01 verify - ok nan ", "xenseed/1 xen01 verify - ok -1 ",
            "xenseed/2 xen01 verify - ok 1.00 ", "xenseed/1 xen09 verify - ok 1.00 ",
            String(repeating: "x", count: 3_000_000), "xenseed/1 xen01 verify - ok inf ",
        ]
        let ran = try xenseed("watch", "--node", "xen01", "-", input: lines.joined(separator: "\r\n"))
        #expect(ran.status == 1 && ran.out.utf8.allSatisfy { $0 == 10 || (32...126).contains($0) }, "\(ran)")
        #expect(!ran.out.contains("xen09") && !ran.out.contains("verif"))
    }

    private struct Watched: Decodable {
        /// The exit status; nil if the command was ended because it had read enough.
        var status: Int32?
        var errors: String
        var peak: Int
    }

    /// The server at the URL may be another one, or send anything without an end: the memory is bounded, and the command ends
    /// when there is no message of a node.
    @Test(arguments: [
        ("lines", ""), ("long", ""),
        (
            "names",
            "the logs name more than 10000 nodes; the others are ignored\nxenseed: there was no message for 4 s\n"
        ),
        ("nodes", "xenseed: there was no message for 4 s\n"),
        ("foreign", "is not a xenseed serve; it answered: a text that has nothing to do with it\n"),
        ("endless", "is not a xenseed serve; it answered: a text that has nothing to do with it\n"),
        ("head", "is not a xenseed serve; it answered: a text that has nothing to do with it\n"),
        ("status", "is not a xenseed serve; it answered: HTTP/1.0 500 �[2J�]0;owned��8m��xxx"),
        ("silent", "xenseed: there was no message for 4 s\n"),
    ]) func aHostileServer(_ kind: String, _ says: String) throws {
        let script = checkout.appending(path: "Tests/Media/hostile_server.py").path
        // Where the command goes on until it is ended, lines may arrive slowly beside other tests.
        let timeout = says.isEmpty ? "60" : "4"
        let ran = try run(["python3", script, kind, program, "watch", "--timeout", timeout], seconds: 120)
        try #require(ran.status == 0, "\(ran)")
        let watched = try JSONDecoder().decode(Watched.self, from: Data(ran.out.utf8))
        #expect(watched.status == (says.isEmpty ? nil : 3), "\(watched)")
        #expect(says.isEmpty || watched.errors.contains(says), "\(watched)")
        #expect(watched.errors.utf8.count < 2000, "\(watched)")
        #expect(watched.peak < 120, "\(watched)")
    }

    /// Very many names in a log take neither quadratic time nor unbounded memory.
    @Test func manyNames() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<200_000).map { "xenseed/1 node\($0) base - start 1\n" }
        try folder.write(lines.joined(), to: "a.log")
        let (ran, peak) = try measured(["watch", "--timeout", "1", "a.log"], in: folder, seconds: 120)
        #expect(ran.status == 3 && ran.out.split(separator: "\n").count == 10_001, "\(ran.err)")
        #expect(ran.out.hasSuffix("\n10000 nodes: 10000 installing\n"))
        #expect(ran.err.hasPrefix("the logs name more than 10000 nodes; the others are ignored\n"), "\(ran.err)")
        #expect(peak < 250, "\(peak) MiB")
    }

    /// On a terminal, `watch` redraws a table in place.
    @Test func table() throws {
        let folder = try TemporaryFolder()
        try folder.write(serial(whole), to: "a.log")
        let ran = try run(
            ["script", "-qec", "\(program) watch --node xen01 a.log", "/dev/null"], environment: ["NO_COLOR": "1"],
            in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran)")
        #expect(ran.out.contains("xen01  verified after 00:18:48: 24 ok, 0 failed"), "\(ran.out)")
    }

    /// A window that is smaller than the lab: no screen is taller or wider than the window, and the last one has everything.
    @Test(arguments: [(columns: 80, rows: 24), (columns: 50, rows: 24), (columns: 30, rows: 8)])
    func aSmallWindow(_ size: (columns: Int, rows: Int)) throws {
        let folder = try TemporaryFolder()
        let failures = [7, 9, 12, 20, 21]
        for number in 1...30 {
            let node = "xenseed/1 n\(number)"
            var lines = ["\(node) early - start 157.10 ", "\(node) late packages start 905.02 "]
            if failures.contains(number) {
                lines += [
                    "\(node) late packages failed 910.10 exit code 100",
                    "xenseed/1+ n\(number) E: Unable to locate package tmux\(number)",
                ]
            } else if number > 12 {
                lines += ["\(node) verify - ok 131.5 24 ok, 0 failed"]
            }
            try folder.write(serial(lines), to: "n\(number).log")
        }
        let command = "stty columns \(size.columns) rows \(size.rows); \(program) watch --timeout 1 *.log"
        let ran = try run(
            ["script", "-qec", command, "/dev/null"], environment: ["NO_COLOR": "1"], in: URL(filePath: folder.path))
        let text = ran.out.replacing("\r\n", with: "\n")
        var screens = text.components(separatedBy: "\u{1B}[J")
        let last = screens.removeLast()
        #expect(screens.count > 0, "\(ran)")
        for (screen, next) in zip(screens, screens.dropFirst() + [last]) {
            // The screen ends with the sequence that moves the cursor to its first line.
            let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
            let shown = lines.dropLast()
            #expect(shown.count < size.rows && shown.allSatisfy { $0.count <= size.columns }, "\(screen)")
            #expect(lines.last == "\u{1B}[\(shown.count)A" && !next.isEmpty, "\(screen)")
        }
        let words = last.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        // It is taller than the window, so what is most important is at the end.
        let totals = "to repeat the step. 30 nodes: 5 failed, 9 installing, 16 verified about "
        #expect(words.hasPrefix("n1 ") && words.contains(totals), "\(last)")
        for number in failures { #expect(words.contains("Unable to locate package tmux\(number)"), "\(last)") }
        for number in 13...30 where !failures.contains(number) { #expect(words.contains("n\(number) verified")) }
    }

    @Test func wrongCommandLines() throws {
        for words in [["watch", "--node", "a b", "-"], ["watch", "--timeout", "-1", "-"]] {
            #expect(try run([program] + words).status == 2)
        }
    }
}
