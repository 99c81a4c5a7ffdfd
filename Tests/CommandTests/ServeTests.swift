import Foundation
import Glibc
import TestSupport
import Testing

/// Tests `xenseed serve` as nodes, boot loaders and users use it, with common clients.
@Suite(.timeLimit(.minutes(15)))
struct ServeTests {
    /// A server with its own lab on a free loopback port. The server is killed when the object is deallocated.
    final class Served: @unchecked Sendable {
        let folder: TemporaryFolder
        private(set) var url = ""
        private var child: pid_t = 0
        var process: pid_t { child }

        init(_ lab: String, _ words: [String] = []) throws {
            folder = try TemporaryFolder()
            try folder.write(lab, to: "lab.yaml")
            let built = try xenseed("build", in: folder)
            guard built.status == 0 else { throw MissingTool(name: "xenseed build", said: built.err) }
            try start(words)
        }

        func start(_ words: [String] = [], before: String = ":") throws {
            try? FileManager.default.removeItem(at: folder.url("serve.log"))
            let command =
                "cd \(folder.path) && \(before); exec \(program) serve --listen 127.0.0.1:0 \(words.joined(separator: " ")) >out.log 2>serve.log </dev/null"
            let line: [String] = ["sh", "-c", command]
            var arguments = line.map { strdup($0) } + [nil]
            defer { arguments.forEach { free($0) } }
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            guard posix_spawn(&child, "/bin/sh", nil, &attributes, &arguments, environ) == 0 else {
                throw MissingTool(name: "sh", said: String(cString: strerror(errno)))
            }
            for _ in 0..<200 {
                if let match = log.firstMatch(of: #/; (http://127\.0\.0\.1:\d+/)/#) {
                    url = String(match.1)
                    return
                }
                usleep(50_000)
            }
            throw MissingTool(name: "xenseed serve", said: log)
        }

        var log: String { (try? folder.read("serve.log")) ?? "" }

        func kill(_ signal: Int32 = SIGKILL) {
            guard child > 0 else { return }
            Glibc.kill(child, signal)
            var status: Int32 = 0
            waitpid(child, &status, 0)
            child = 0
        }

        /// Waits for the end of the server, at most a minute.
        /// - Returns: its exit status; nil if it does not end, or was ended by a signal.
        func wait() -> Int32? {
            for _ in 0..<600 {
                var status: Int32 = 0
                if waitpid(child, &status, WNOHANG) == child {
                    child = 0
                    return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
                }
                usleep(100_000)
            }
            return nil
        }

        /// The resident memory of the server, in pages.
        var memory: Int {
            let text = (try? String(contentsOfFile: "/proc/\(child)/statm", encoding: .utf8)) ?? ""
            return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }

        /// Fetches a path with curl and returns the body, followed by the status code.
        func get(_ path: String, _ words: String...) throws -> Ran {
            try TestSupport.run(
                ["curl", "-sS", "--path-as-is", "--max-time", "20", "-w", " [%{http_code}]"] + words + [url + path])
        }

        private var tokens: [String: String] = [:]

        /// Claims a token for a node, once.
        /// - Returns: the header with the token; nil when the server refuses.
        func authorization(of node: String) throws -> String? {
            if let known = tokens[node] { return "Authorization: Bearer \(known)" }
            let answer = try get("claim", "--data-binary", node).out
            guard let match = answer.wholeMatch(of: #/([0-9a-f]{32})\n \[200\]/#) else { return nil }
            tokens[node] = String(match.1)
            return "Authorization: Bearer \(match.1)"
        }

        /// The header with the operator's token.
        var operatorAuthorization: String {
            get throws {
                "Authorization: Bearer "
                    + (try folder.read(".xenseed/operator-token")).trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }

        /// Posts as the node that the body names.
        /// - Returns: the body of the answer, followed by the status code.
        @discardableResult
        func post(_ body: String, to path: String = "progress") throws -> String {
            try folder.write(body, to: "body")
            let node = body.firstMatch(of: #/(?:xenseed/1 |"node": ")([a-z0-9]+)/#).map { String($0.1) }
            let header = try node.flatMap { try authorization(of: $0) } ?? "X-Token: none"
            return try get(path, "-H", header, "--data-binary", "@\(folder.url("body").path)").out
        }

        func status() throws -> [[String: Any]] {
            let text = try get("lab.json").out.replacing(" [200]", with: "")
            let shown = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return shown?["nodes"] as? [[String: Any]] ?? []
        }

        deinit { kill() }
    }

    /// The reference lab with its two nodes.
    private static var lab: String {
        get throws {
            try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
                .replacing(#/# yaml-language-server[^\n]*\n/#, with: "")
        }
    }

    private let report = """
        {"format": 1, "node": "xen01.hl.local", "release": "8.11", "kernel": "3.16.0-11-amd64", "xen": "4.4.4",
         "time": "2026-11-24T17:36:12Z", "passed": 1, "failed": 0,
         "checks": [{"name": "xen-running", "ok": true, "seen": "control_d", "asked": "control_d"}]}
        """

    @Test func whatWasBuiltAndNothingElse() throws {
        let served = try Served(try Self.lab)
        try served.folder.write("mine", to: "out/notes.txt")
        for (path, header) in [
            ("nodes/xen01/preseed.cfg", "X: y"), ("nodes/xen01/overlay.tar.gz", "X: y"), ("README.md", "X: y"),
            ("SHA256SUMS", "X: y"), ("usb/seed.cpio.gz", try served.operatorAuthorization),
            ("nodes/xen02/preseed.cfg", try served.operatorAuthorization),
        ] {
            let got = try run([
                "sh", "-c", "curl -sS -H \"$3\" \"$1\" | cmp - \"$2\"", "sh", served.url + path,
                served.folder.url("out/\(path)").path, header,
            ])
            #expect(got.status == 0, "\(path): \(got)")
        }
        // There are two files with this name; the server returns its own status.
        #expect(FileManager.default.fileExists(atPath: served.folder.url("out/lab.json").path))
        #expect(try served.status().compactMap { $0["node"] as? String }.count == 2)
        #expect(
            try served.get("nodes/xen1/preseed.cfg").out
                == "no such path; did you mean /nodes/xen01/preseed.cfg?\n [404]")
        #expect(
            try served.get("pxe/tftp/ipxe/mac-08-00-27-08-08-23.ipxe").out
                == "no node has the MAC address 08-00-27-08-08-23; the nearest is 08-00-27-08-08-13 of xen01\n [404]")
        let traversals = [
            "../lab.yaml", "nodes/../../lab.yaml", "%2e%2e/lab.yaml", "%2e%2e%2flab.yaml", "..%2flab.yaml",
            "..%5clab.yaml",
            "%252e%252e%252flab.yaml", "..%c0%aflab.yaml", "%c0%ae%c0%ae/lab.yaml", "..;/lab.yaml", "./lab.yaml",
            "nodes//xen01/preseed.cfg", "nodes/xen01/preseed.cfg/", "nodes/xen01/preseed.cfg%00", "nodes/xen01/",
            "nodes",
            "/etc/passwd", "%2fetc%2fpasswd", "lab.yaml", "notes.txt", ".xenseed/journal", "../.xenseed/journal",
            "nodes/xen01/overlay/etc/systemd/system/multi-user.target.wants/xenseed-verify.service",
            "nodes/xen01/preseed.cfg?x",
        ]
        for path in traversals {
            let got = try served.get(path).out
            #expect(got.hasSuffix(" [404]"), "\(path): \(got)")
            #expect(!got.contains("root:") && !got.contains("release:") && !got.contains("mine"), "\(path): \(got)")
        }
        // Each log line has the client, the request and the reason.
        #expect(
            served.log.contains(
                "Z info request node=xen01 client=127.0.0.1 method=GET path=/nodes/xen01/preseed.cfg status=200\n"))
        #expect(
            served.log.contains(
                "path=/nodes/xen1/preseed.cfg status=404 note=\"no such path; did you mean /nodes/xen01/preseed.cfg?\"")
        )
        // A file that was changed after the build is not served, not even with its size and its time.
        let drawing = served.folder.url("out/overview.svg").path
        #expect(try served.get("overview.svg").out.hasSuffix(" [200]"))
        let changed = try run([
            "sh", "-c",
            "touch -r \"$1\" \"$2\" && printf X | dd of=\"$1\" bs=1 seek=50 conv=notrunc && touch -r \"$2\" \"$1\"",
            "sh", drawing,
            served.folder.url("time").path,
        ])
        #expect(changed.status == 0)
        #expect(try served.get("overview.svg").out.hasSuffix("run xenseed build\n [500]"))
        try served.folder.write("changed", to: "out/nodes/xen01/late-command.sh")
        #expect(
            try served.get("nodes/xen01/late-command.sh").out
                == "nodes/xen01/late-command.sh does not have the digest in SHA256SUMS; run xenseed build\n [500]")
        #expect(try run(["stat", "-c", "%a", served.folder.url(".xenseed/journal").path]).out == "600\n")
        #expect(try served.folder.read("out.log").isEmpty)
    }

    @Test func aNewBuildIsTaken() throws {
        let served = try Served(try Self.lab)
        let before = try served.get("nodes/xen01/preseed.cfg").out
        try served.folder.write(try Self.lab.replacing("hl.local", with: "other.lab"), to: "lab.yaml")
        #expect(try xenseed("build", in: served.folder).status == 0)
        let after = try served.get("nodes/xen01/preseed.cfg").out
        #expect(after != before && after.contains("other.lab") && after.hasSuffix(" [200]"))
    }

    @Test func onlyWhatTheLabGives() throws {
        let folder = try TemporaryFolder()
        try folder.write(try Self.lab, to: "lab.yaml")
        let unbuilt = try xenseed("serve", "--listen", "127.0.0.1:0", in: folder)
        #expect(unbuilt.status == 3 && unbuilt.err.contains("is not a built tree; run xenseed build"), "\(unbuilt)")
        #expect(try xenseed("build", in: folder).status == 0)
        try folder.write(try Self.lab.replacing("hl.local", with: "other.lab"), to: "lab.yaml")
        let stale = try xenseed("serve", "--listen", "127.0.0.1:0", in: folder)
        #expect(stale.status == 4 && stale.err.contains("does not match the lab"), "\(stale)")
        for (words, said) in [
            (["--arm", "xen1"], "the lab has no node xen1; did you mean xen01?"),
            (["--listen", "nowhere"], "--listen needs"),
            (["--listen", "127.0.0.1:70000"], "--listen needs"),
        ] {
            let ran = try run([program, "serve"] + words, in: URL(filePath: folder.path))
            #expect(ran.status == (words[0] == "--arm" ? 2 : 4) || ran.status == 2, "\(ran)")
            #expect(ran.err.contains(said) || ran.status == 4, "\(ran)")
        }
    }

    @Test func installsOnce() throws {
        let served = try Served(try Self.lab)
        let mark = "out/pxe/tftp/debian-installer/amd64/pxelinux.cfg/01-08-00-27-08-08-13"
        let script = "pxe/tftp/ipxe/mac-08-00-27-08-08-13.ipxe"
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: served.folder.url(name).path) }
        #expect(try served.post("xenseed/1 xen01 early - start 12.5") == "stored\n [200]")
        #expect(isThere(mark))
        #expect(try served.get(script).out.contains("kernel ../debian-installer/amd64/linux"))
        #expect(try served.post("xenseed/1 xen01 reboot - start 900.5") == "stored\n [200]")
        // The node is disarmed before the answer, because the machine reboots now.
        #expect(!isThere(mark))
        #expect(
            try served.get("nodes/xen01/preseed.cfg").out.hasSuffix(
                "to install it again, run xenseed arm xen01\n [403]"))
        #expect(try served.get(String(mark.dropFirst(4))).out.hasSuffix(" [403]"))
        let disk = try served.get(script).out
        #expect(
            disk.hasPrefix("#!ipxe\n") && disk.contains("\nexit\n") && disk.hasSuffix(" [200]")
                && !disk.contains("kernel"))
        // The other node's files are still served; those of this node are not, because they may have secrets.
        #expect(try served.get("nodes/xen02/preseed.cfg").out.hasSuffix(" [200]"))
        #expect(try served.get("nodes/xen01/late-command.sh").out.hasSuffix(" [403]"))
        // A build keeps the node disarmed.
        #expect(try xenseed("build", in: served.folder).err.contains("not armed, installed: xen01\n"))
        #expect(!isThere(mark) && !isThere("out/\(script)"))
        #expect(try xenseed("build", "--check", in: served.folder).status == 0)
        // A restarted server keeps it disarmed, too.
        served.kill()
        try served.start()
        #expect(!isThere(mark))
        #expect(try served.get("nodes/xen01/preseed.cfg").out.hasSuffix(" [403]"))
        let armed = try xenseed("serve", "--arm", "xen01", in: served.folder)
        #expect(armed.status == 0 && armed.err.hasSuffix("xen01: armed by the server\n"), "\(armed)")
        #expect(isThere(mark))
        #expect(try served.get("nodes/xen01/preseed.cfg").out.hasSuffix(" [200]"))
        #expect(try xenseed("build", "--check", in: served.folder).status == 0)
        // The old system still runs and posts; the node stays armed.
        #expect(try served.post("xenseed/1 xen01 boot - ok 80.0") == "stored\n [200]")
        #expect(try served.post(report, to: "report") == "stored\n [200]")
        #expect(isThere(mark))
        let second = try xenseed("serve", "--listen", "127.0.0.1:0", in: served.folder)
        #expect(second.status == 3 && second.err.contains("is in use: a server for this lab is running"), "\(second)")
    }

    @Test func refusesWhatIsNoPost() throws {
        let served = try Served(try Self.lab)
        let line = "xenseed/1 xen01 early - start 12.5"
        for (body, path, answer) in [
            ("", "progress", "a post has at least one and at most 200 lines\n [400]"),
            ("hello", "progress", "line 1 is not a xenseed/1 line\n [400]"),
            ("\(line)\nhello", "progress", "line 2 is not a xenseed/1 line\n [400]"),
            ("\(line)\nxenseed/1+ xen02 text", "progress", "all lines of a post must be of the same node\n [400]"),
            (
                String(repeating: "\(line)\n", count: 201), "progress",
                "a post has at least one and at most 200 lines\n [400]"
            ),
            (line.replacing("12.5", with: "1.7e308"), "progress", "line 1 is not a xenseed/1 line\n [400]"),
            (
                report.replacing("control_d", with: String(repeating: "x", count: 40_000)), "report",
                "a report has at most 65536 bytes\n [413]"
            ),
            (
                line.replacing("xen01", with: "xen03"), "progress",
                "the lab has no node xen03; did you mean xen01?\n [404]"
            ),
            (line.replacing("xen01", with: "../xen01"), "progress", "line 1 is not a xenseed/1 line\n [400]"),
            (line.replacing("xen01", with: "<b>xen01</b>"), "progress", "line 1 is not a xenseed/1 line\n [400]"),
            ("{}", "report", "the posted text is not a verifier's report (/var/lib/xenseed/report.json)\n [400]"),
            (report.replacing("xen01", with: "xen09"), "report", "the lab has no node xen09.hl.local\n [404]"),
            (
                report.replacing("\"failed\": 0", with: "\"failed\": 3"), "report",
                "the posted text has wrong totals: they do not match its checks\n [400]"
            ),
            (line, "nodes/xen01/preseed.cfg", "this path does not accept POST\n [405]"),
        ] {
            #expect(try served.post(body, to: path) == answer, "\(body)")
        }
        #expect(
            try served.get("progress", "-d", line, "-H", "Origin: http://evil.example").out
                == "a page of another site sent this post\n [403]")
        #expect(try served.get("", "-X", "DELETE").out == "only GET, HEAD and POST are supported\n [405]")
        #expect(try served.get("progress", "-X", "PUT", "-d", line).out.hasSuffix(" [405]"))
        #expect(try served.status().allSatisfy { $0["state"] as? String == "silent" })
    }

    /// A node can only post for itself. Source addresses are checked against the lab, whose addresses are moved to
    /// loopback.
    @Test func speaksForItselfOnly() throws {
        let lab = try Self.lab.replacing("172.16.22.", with: "127.16.22.").replacing("10.8.8.1:", with: "127.0.0.1:")
        let served = try Served(lab)
        func post(_ node: String, from address: String) throws -> String {
            let claimed = try served.get("claim", "--interface", address, "-d", node).out
            return try served.get(
                "progress", "--interface", address, "-H", "Authorization: Bearer \(claimed.prefix(32))", "-d",
                "xenseed/1 \(node) early - start 12.5"
            ).out
        }
        #expect(
            try post("xen02", from: "127.16.22.13") == "127.16.22.13 is the address of xen01, not of xen02\n [403]")
        #expect(try post("xen01", from: "127.16.22.13") == "stored\n [200]")
        #expect(try served.status().map { $0["state"] as? String } == ["underWay", "silent"])
        #expect(
            served.log.contains(
                "node=xen01 client=127.16.22.13 method=POST path=/progress status=403 note=\"127.16.22.13 is the address of xen01, not of xen02\""
            ))
    }

    @Test func watchFollowsAServer() throws {
        let served = try Served(try Self.lab)
        // Several lines in one post, all of the same node.
        try served.post(
            "xenseed/1 xen01 early - start 157.1\nxenseed/1 xen01 verify - ok 131.5 24 ok, 0 failed\n")
        let mixed = try served.get("progress", "-d", "xenseed/1 xen01 early - start 1\nxenseed/1 xen02 early - start 1")
        #expect(mixed.out == "all lines of a post must be of the same node\n [400]", "\(mixed.out)")
        try served.post(
            "xenseed/1 xen02 late packages failed 900.2 exit code 100\nxenseed/1+ xen02 E: no \u{1B}[31mpackage")
        let failed = try xenseed("watch", served.url)
        #expect(failed.status == 1, "\(failed)")
        #expect(
            failed.out == """
                00:02:37  xen01 early start
                00:04:48  xen01 verify ok: 24 ok, 0 failed
                00:15:00  xen02 late packages failed: exit code 100
                          xen02 | E: no ?[31mpackage
                xen02: failed at late packages: E: no ?[31mpackage
                xen02: Check that the mirror answers and has these packages for this release. Select Continue in the installer's dialog to repeat the step.
                xen01: verified after 00:04:48
                2 nodes: 1 failed, 1 verified

                """)
        // The server sends the times of complete installations before the lines: that of xen01, but not that of xen02, which
        // waited for a person.
        let heading = try run(["sh", "-c", "curl -sN \"$1progress\" | head -n 4", "sh", served.url]).out.split(
            separator: "\n")
        #expect(heading.count == 4 && heading[0].hasPrefix("# time 1"), "\(heading)")
        #expect(heading[1] == "# nodes xen01 xen02" && heading[2].hasPrefix("# run early=157.1 verify="), "\(heading)")
        #expect(heading[3].hasSuffix(" xenseed/1 xen01 early - start 157.1"), "\(heading)")
        try served.post("xenseed/1 xen02 late packages start 960.0")
        try served.post("xenseed/1 xen02 verify - ok 140.0 24 ok, 0 failed")
        #expect(try xenseed("watch", served.url).status == 0)
        #expect(try xenseed("watch", "--timeout", "1", "--node", "xen03", served.url).status == 3)
        #expect(try xenseed("watch", "ftp://here/").status == 2)
        // The answer of another kind of server is shown once.
        let other = try xenseed("watch", "--timeout", "3", served.url + "nodes")
        #expect(other.status == 3, "\(other)")
        #expect(
            other.err.components(separatedBy: "is not a xenseed serve; it answered: HTTP/1.1 404 Not Found").count == 2,
            "\(other)")
    }

    /// The status page in a browser.
    @Test func page() throws {
        let served = try Served(try Self.lab)
        for line in ["early - start 171.2", "early check-overlay ok 172.1", "reboot - start 990.1", "boot - ok 80"] {
            try served.post("xenseed/1 xen01 \(line)")
        }
        try served.post(report, to: "report")
        try served.post("xenseed/1 xen01 verify - ok 104.2 1 ok, 0 failed")
        // Text from a node is shown as text, whatever it contains.
        let log = (1...30).map {
            "xenseed/1+ xen02 line \($0) <b>bold</b> \u{1B}[31m " + String(repeating: "long ", count: 40)
        }
        try served.post(
            "xenseed/1 xen02 early check-overlay failed 172.1 <img src=x onerror=alert(1)>\n"
                + log.joined(separator: "\n"))
        let pictures = ProcessInfo.processInfo.environment["XENSEED_PICTURES"] ?? served.folder.url("pictures").path
        let ran = try run([
            "/usr/bin/python3", checkout.appending(path: "Tests/Page/browse.py").path, served.url, pictures,
            try served.folder.read(".xenseed/operator-token").trimmingCharacters(in: .whitespacesAndNewlines),
        ])
        try #require(ran.status == 0, "\(ran)")
        let shown = try #require(try JSONSerialization.jsonObject(with: Data(ran.out.utf8)) as? [String: Any])
        let rows = shown["rows"] as? [[String]] ?? []
        // The failed node is the first one. Its advice is in its row.
        #expect(
            rows.map { $0.prefix(4) } == [
                ["xen02", "failed", "00:02:52", "early check-overlay: <img src=x onerror=alert(1)>"],
                ["xen01", "verified", "00:18:14", "verify ok: 1 ok, 0 failed"],
            ])
        #expect(rows.first?.last?.hasSuffix("to repeat the step.") == true)
        #expect(shown["bars"] as? [Double] == [15, 100])
        #expect(shown["title"] as? String == "1 failed – hl.local")
        // Both panels were opened with the keyboard.
        let panels = shown["panels"] as? [String] ?? []
        #expect(shown["focused"] as? [[String]] == [["xen02", "false", "true"], ["xen01", "false", "true"]])
        try #require(panels.count == 2)
        #expect(panels[0].contains("line 30 <b>bold</b> ?[31m long"))
        #expect(panels[1].contains("1 ok, 0 failed · Xen 4.4.4") && panels[1].contains("early check-overlay ok"))
        #expect(shown["answer"] as? String == "xen02 is disarmed: it boots from its own disk")
        #expect(try served.status().last?["isArmed"] as? Bool == false)
        // The lab has more assertions than this report.
        #expect(panels[1].contains("unchecked: xl-info, not checked, expected an answer"))
        #expect(shown["elements"] as? Int == 0 && (shown["console"] as? [String])?.isEmpty == true, "\(shown)")
        let requests = shown["requests"] as? [String] ?? []
        #expect(!requests.isEmpty && requests.allSatisfy { $0.hasPrefix(served.url) })
        let views = shown["views"] as? [String: [String: Any]] ?? [:]
        #expect(views.count == 4)
        for (name, view) in views {
            let number = { (key: String) in (view[key] as? NSNumber)?.doubleValue ?? 0 }
            #expect(number("wide") <= number("width"), "\(name) is wider than its window")
            #expect(number("contrast") >= 4.5 && number("button") >= 40, "\(name): \(view)")
        }
        #expect(views["phone-light"]?["background"] as? String != views["phone-dark"]?["background"] as? String)
    }

    /// No acknowledged post is lost, at whatever moment the server is killed.
    @Test func survivesKills() throws {
        let served = try Served(
            labText(nodes: 40).replacing("nodes:\n", with: "report_url: http://10.8.0.1:8000\nnodes:\n"))
        let headers = try (1...40).map { "'\(try #require(try served.authorization(of: "node\($0)")))'" }
        var acknowledged: Set<String> = []
        for round in 0..<4 {
            // curl posts in parallel and prints which posts were acknowledged.
            let script = """
                set -- \(headers.joined(separator: " "))
                for i in $(seq 1 40); do
                    printf '%s\\n' "header = \\"$1\\"" "url = \\"\(served.url)progress\\"" "data = \\"xenseed/1 node$i base - start \(round + 1)00.$i\\"" \
                        "output = \\"/dev/null\\"" "write-out = \\"%{http_code} $i\\\\n\\"" "max-time = 10" next
                    shift
                done | sed '$d' | curl -s --parallel --parallel-max 20 --config -
                """
            let journal = served.folder.url(".xenseed/journal")
            @Sendable func lines() -> Int { ((try? Data(contentsOf: journal)) ?? Data()).count { $0 == 10 } }
            // The server is killed in the middle of the posts, at another position each time. At most 20 posts are in
            // flight, so at least one was answered before the last two kills.
            let end = lines() + [1, 8, 21, 30][round]
            let killer = Thread {
                let deadline = ContinuousClock.now + .seconds(60)
                while lines() < end, .now < deadline { usleep(500) }
                served.kill()
            }
            killer.start()
            let posted = try run(["sh", "-c", script])
            while !killer.isFinished { usleep(10_000) }
            for line in posted.out.split(separator: "\n") where line.hasPrefix("200 ") {
                acknowledged.insert("node\(line.dropFirst(4)) \(round + 1)00.\(line.dropFirst(4))")
            }
            try served.start()
        }
        let known = Set(
            try served.status().flatMap { node -> [String] in
                let events = node["timeline"] as? [[String: Any]] ?? []
                return events.map { "\(node["node"] as? String ?? "") \($0["seconds"] as? Double ?? 0)" }
            })
        // Numbers are compared, because 100.1 and 100.10 are equal.
        let asked = Set(
            acknowledged.map { entry -> String in
                let words = entry.split(separator: " ")
                return "\(words[0]) \(Double(words[1])!)"
            })
        #expect(asked.isSubset(of: known), "\(asked.subtracting(known))")
        #expect(!asked.isEmpty)
    }
}
