import Foundation
import TestSupport
import Testing

/// Runs the nodes' verifier as it is, with the shells of a node, in a made-up machine: a folder that stands for `/`
/// and a few commands that print what was recorded on Xen 4.4 and 4.17.
struct VerifierTests {
    @Test(arguments: Shell.allCases, Fixture.allCases)
    func sameAsAsked(shell: Shell, fixture: Fixture) throws {
        try withWorld(fixture) { world in
            let outcome = try world.verify(shell)
            #expect(outcome == Ran(status: 0, out: try fixture.expected()))
        }
    }

    @Test(arguments: Shell.allCases, Mutation.all)
    func different(shell: Shell, mutation: Mutation) throws {
        try withWorld(mutation.fixture) { world in
            try mutation.change(world)
            let outcome = try world.verify(shell)
            let expected = judged(try mutation.fixture.expected(), with: mutation.failures)
            #expect(outcome == Ran(status: mutation.failures.isEmpty ? 0 : 1, out: expected))
        }
    }

    @Test(arguments: Shell.allCases)
    func report(shell: Shell) throws {
        try withWorld(.jessie) { world in
            try world.write("xen02.hl.local\n", to: "bin/hostname.txt")
            let start = Date(timeIntervalSinceNow: -1)
            let outcome = try world.verify(shell)
            let report = try world.report()
            #expect(
                Set(report.keys)
                    == ["format", "node", "release", "kernel", "xen", "time", "passed", "failed", "checks"])
            #expect(report["format"] as? Int == 1)
            #expect(report["node"] as? String == "xen01.hl.local")
            #expect(report["release"] as? String == "8.4")
            #expect(report["kernel"] as? String == "3.16.0-4-amd64")
            #expect(report["xen"] as? String == "4.4.1")
            #expect(report["passed"] as? Int == 21)
            #expect(report["failed"] as? Int == 1)
            let time = try Date(#require(report["time"] as? String), strategy: .iso8601)
            #expect((start...Date(timeIntervalSinceNow: 1)).contains(time))

            let checks = try #require(report["checks"] as? [[String: Any]])
            let lines = try checks.map { check in
                let name = try #require(check["name"] as? String)
                let seen = try #require(check["seen"] as? String)
                let asked = try #require(check["asked"] as? String)
                return try #require(check["ok"] as? Bool)
                    ? "ok    \(name): saw \(seen)" : "FAIL  \(name): saw \(seen), asked \(asked)"
            }
            #expect(lines == outcome.out.split(separator: "\n").dropLast().map(String.init))
            #expect(
                lines[13...15] == [
                    "ok    lease xenbr0: saw 10.8.8.13",
                    "ok    default-route: saw xenbr0 via 10.8.8.1",
                    "ok    diversion /etc/grub.d/20_linux_xen: saw /etc/grub.d/08_linux_xen",
                ])
            #expect(checks[2]["asked"] as? String == "xen01.hl.local")
            #expect(try world.names(in: "var/lib/xenseed") == ["report.json"])
        }
    }

    /// The tolerances, to the MiB; one less is among the mutations.
    @Test(arguments: Shell.allCases)
    func aLittleLess(shell: Shell) throws {
        try withWorld(.jessie) { world in
            try world.replace("  1023 ", with: "  1008 ", in: "bin/xl-list.txt")
            try world.replace(": 2047", with: ": 1984", in: "bin/xl-info.txt")
            let expected = try Fixture.jessie.expected()
                .replacing("saw 1023 MiB", with: "saw 1008 MiB").replacing("saw 2047 MiB", with: "saw 1984 MiB")
            #expect(try world.verify(shell) == Ran(status: 0, out: expected))
        }
    }

    /// The volumes of the system have the lab's sizes, so that the rest of the group is free for guests. The numbers are those of
    /// `lvs` after an installation that gave the rest of the group to swap.
    @Test(
        arguments: Shell.allCases,
        [
            ("1024.00", "saw 1024 MiB"), ("1040.00", "saw 1040 MiB"), ("1008.00", "saw 1008 MiB"), ("1044.00", nil),
            ("1004.00", nil),
            ("11796.48", nil), ("", nil),
        ] as [(String, String?)])
    func volumes(shell: Shell, size: (printed: String, good: String?)) throws {
        try withWorld(.jessie) { world in
            try world.append("volume vg0/swap 1024\n", to: "etc/xenseed/expect")
            try world.command(
                "lvs",
                "[ \"$*\" = '--noheadings --nosuffix --units m -o lv_size vg0/swap' ] && [ -n '\(size.printed)' ] && echo '  \(size.printed)'"
            )
            let outcome = try world.verify(shell)
            let whole = size.printed.prefix { $0 != "." }
            let line =
                size.good.map { "ok    volume vg0/swap: \($0)" }
                ?? "FAIL  volume vg0/swap: saw \(whole.isEmpty ? "nothing" : "\(whole) MiB"), asked 1024 MiB"
            #expect(outcome.status == (size.good == nil ? 1 : 0))
            #expect(outcome.out.split(separator: "\n").dropLast().last.map(String.init) == line)
        }
    }

    /// On one cpu Xen does not say whether dom0 is pinned, so either wish is granted.
    @Test(arguments: Shell.allCases, ["yes", "no"])
    func onlyCPU(shell: Shell, wish: String) throws {
        try withWorld(.jessie) { world in
            try world.replace("38.4  0", with: "38.4  any cpu", in: "bin/xl-vcpu-list.txt")
            try world.replace("nr_cpus                : 2", with: "nr_cpus                : 1", in: "bin/xl-info.txt")
            try world.replace("dom0-pinned yes", with: "dom0-pinned \(wish)", in: "etc/xenseed/expect")
            let expected = try Fixture.jessie.expected()
                .replacing("yes (vcpu 0 on cpu 0)", with: "\(wish) (vcpu 0 on the only cpu)")
            #expect(try world.verify(shell) == Ran(status: 0, out: expected))
        }
    }

    /// With nothing known, the report says so with nulls.
    @Test(arguments: Shell.allCases)
    func reportWithoutXen(shell: Shell) throws {
        try withWorld(.jessie) { world in
            for path in ["bin/xl", "etc/debian_version", "proc/sys/kernel/osrelease"] { try world.remove(path) }
            #expect(try world.verify(shell).status == 1)
            let report = try world.report()
            for key in ["release", "kernel", "xen"] { #expect(report[key] is NSNull, "\(key)") }
        }
    }

    /// Whatever a file or a command says is only ever text.
    @Test(arguments: Shell.allCases)
    func hostileText(shell: Shell) throws {
        try withWorld(.jessie) { world in
            let name = "a\"b\\c $(touch broken) `touch broken`; touch broken\n\u{1b}[31m\té%s*"
            try world.write(name + "\n", to: "bin/hostname.txt")
            try world.replace("10.8.8.1 dev xenbr0", with: "$(touch${IFS}broken) dev xenbr0", in: "bin/ip-route.txt")
            try world.replace("dom0_vcpus_pin\n", with: "dom0_vcpus_pin=`touch${IFS}broken` *\n", in: "bin/xl-info.txt")
            try world.append("xendomains X[$(touch broken)]=\nhostname * ; touch broken\n", to: "etc/xenseed/expect")
            let outcome = try world.verify(shell)
            let expected = judged(
                try Fixture.jessie.expected(),
                with: [
                    #"FAIL  hostname: saw a"b\c $(touch broken) `touch broken`; touch broken??[31m???%s*, "#
                        + "asked xen01.hl.local",
                    "FAIL  xen-option dom0_vcpus_pin: saw dom0_vcpus_pin=`touch${IFS}broken`, asked dom0_vcpus_pin",
                    "FAIL  expect line 25: saw xendomains X[$(touch broken)]=, asked xendomains VARIABLE=[VALUE]",
                    "FAIL  expect line 26: saw hostname * ; touch broken, asked hostname NAME",
                ]
            ).replacing("xenbr0 via 10.8.8.1\n", with: "xenbr0 via $(touch${IFS}broken)\n")
            #expect(outcome == Ran(status: 1, out: expected))
            #expect(try !world.names(in: "").contains("broken"))

            let checks = try #require(world.report()["checks"] as? [[String: Any]])
            let latin = name.replacing("é", with: "\u{c3}\u{a9}")
            #expect(checks[2]["seen"] as? String == latin)
        }
    }

    @Test(arguments: Shell.allCases)
    func console(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            let outcome = try world.verify(shell, "--console")
            #expect(outcome == Ran(status: 0, out: try Fixture.bookworm.expected()))
            let lines = try world.read("dev/console").components(separatedBy: "\r\n")
            #expect(lines.filter { !$0.hasPrefix("xenseed/1 ") }.joined(separator: "\n") == outcome.out)
        }
    }

    /// How far it is, on the console and to the lab's server; in the end the server has the report.
    @Test(
        arguments: Shell.allCases, [("", "22 ok, 0 failed", "ok"), ("other.hl.local\n", "21 ok, 1 failed", "failed")])
    func tells(shell: Shell, _ kind: (name: String, count: String, outcome: String)) throws {
        try withWorld(.jessie) { world in
            try world.write("61.20 9.00\n", to: "proc/uptime")
            if !kind.name.isEmpty { try world.write(kind.name, to: "bin/hostname.txt") }
            let expect = try world.read("etc/xenseed/expect")
            // A server that takes every post: its path, a blank, its length, and its body.
            let server = """
                import http.server, sys
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_POST(self):
                        size = int(self.headers["Content-Length"])
                        posts.write(f"{self.path} {size}\\n" + self.rfile.read(size).decode("ascii"))
                        posts.flush()
                        self.send_response(204)
                        self.end_headers()
                posts = open("posts", "w")
                server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
                with open("etc/xenseed/expect", "a") as expect:
                    print("report 127.0.0.1", server.server_port, "/lab", file=expect)
                open("ready", "w")
                server.serve_forever()
                """
            try world.write(server, to: "server.py")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let ran = try run(
                [
                    "/bin/sh", "-c",
                    """
                    python3 server.py 2>/dev/null & server=$!
                    until [ -e ready ]; do sleep 0.1; done
                    "$@"; code=$?
                    kill $server; exit $code
                    """, "sh",
                ] + shell.words + [verifier.path, "--console"],
                environment: ["XENSEED_ROOT": world.root.path, "PATH": "\(world.root.path)/bin:\(path)"], in: world.root
            )
            #expect(ran.status == (kind.outcome == "ok" ? 0 : 1), "\(ran)")
            try world.write(expect, to: "etc/xenseed/expect")
            var lines = ["boot - ok 61.20 ", "verify - start 61.20 "]
            if kind.outcome == "failed" {
                lines.append("verify hostname failed 61.20 saw other.hl.local, asked xen01.hl.local")
            }
            let last = "xenseed/1 xen01 verify - \(kind.outcome) 61.20 \(kind.count)"
            lines = lines.map { "xenseed/1 xen01 \($0)" }
            let shown = try world.read("dev/console").components(separatedBy: "\r\n").filter {
                $0.hasPrefix("xenseed/1")
            }
            #expect(shown == lines + [last])
            let report = try world.read("var/lib/xenseed/report.json").dropLast()
            func post(_ path: String, _ body: String) -> String { "/lab\(path) \(body.utf8.count + 1)\n\(body)\n" }
            let posts =
                lines.map { post("/progress", $0) } + [post("/report", String(report)), post("/progress", last)]
            #expect(try world.read("posts") == posts.joined())
        }
    }

    /// A server that is not there changes nothing.
    @Test(arguments: Shell.allCases)
    func noServer(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try world.append("report 127.0.0.1 9\n", to: "etc/xenseed/expect")
            #expect(try world.verify(shell) == Ran(status: 0, out: try Fixture.bookworm.expected()))
        }
    }

    /// A console that cannot be written changes nothing.
    @Test(arguments: Shell.allCases)
    func noConsole(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try world.remove("dev")
            let outcome = try world.verify(shell, "--console")
            #expect(outcome == Ran(status: 0, out: try Fixture.bookworm.expected()))
        }
    }

    @Test(arguments: Shell.allCases)
    func waitsForXl(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            let late = #"[ -e "$0.called" ] || { : >"$0.called"; exit 1; }; exec cat "${0%/*}/xl-$1.txt""#
            try world.command("xl", late)
            let outcome = try world.verify(shell, "--wait", "60")
            #expect(outcome == Ran(status: 0, out: try Fixture.bookworm.expected()))
        }
    }

    @Test(arguments: Shell.allCases)
    func waitsNoLongerThanAsked(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try world.replace("inet 10.0.2.15/24", with: "inet 169.254.7.7/16", in: "bin/ip-addr.txt")
            let outcome = try world.verify(shell, "--wait", "1")
            let failures = ["FAIL  lease xenbr0: saw nothing, asked an address"]
            #expect(outcome == Ran(status: 1, out: judged(try Fixture.bookworm.expected(), with: failures)))
        }
    }

    @Test(arguments: Shell.allCases)
    func cannotRun(shell: Shell) throws {
        try withWorld(.jessie) { world in
            for arguments in [["--wait"], ["--wait", "soon"], ["--wait", "-1"], ["--verbose"], ["now"]] {
                let outcome = try world.verify(shell, arguments)
                #expect(outcome.status == 2 && outcome.out.isEmpty && !outcome.err.isEmpty, "\(arguments)")
            }
            try world.remove("etc/xenseed/expect")
            let path = world.root.appending(path: "etc/xenseed/expect").path
            let message = "xenseed-verify: cannot read \(path)\n"
            #expect(try world.verify(shell) == Ran(status: 2, out: "", err: message))
            #expect(try world.verify(shell, "--help").status == 0)
            #expect(try !world.names(in: "").contains("var"))
        }
    }

    @Test(arguments: Shell.allCases)
    func cannotReport(shell: Shell) throws {
        try withWorld(.jessie) { world in
            try world.write("", to: "var")
            let outcome = try world.verify(shell)
            #expect(outcome.status == 2)
            #expect(outcome.out == (try Fixture.jessie.expected()))
            #expect(outcome.err.contains("cannot write"))
        }
    }

    /// A tool that is not there fails its test: nothing is passed over.
    @Test(arguments: [
        ["dash", "-n", verifier.path],
        ["busybox", "ash", "-n", verifier.path],
        ["shellcheck", "--shell=sh", "--enable=quote-safe-variables", verifier.path],
    ])
    func isPlainShell(words: [String]) throws {
        #expect(try run(words) == Ran(status: 0, out: ""))
    }
}

// MARK: - What differs and what is then said

struct Mutation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var fixture = Fixture.jessie
    let failures: [String]
    let change: @Sendable (World) throws -> Void

    init(
        _ name: String, _ fixture: Fixture = .jessie, fails failures: String...,
        change: @escaping @Sendable (World) throws -> Void
    ) {
        self.testDescription = name
        self.fixture = fixture
        self.failures = failures
        self.change = change
    }

    static let all = xen + memoryAndCPU + network + boot + files + expectations

    private static let grub =
        "asked xen with dom0_mem=1024M,max:1024M dom0_max_vcpus=1 dom0_vcpus_pin"

    private static let xen = [
        Mutation(
            "bare Linux",
            fails: "FAIL  xen-running: saw nothing, asked control_d",
            "FAIL  xl-info: saw nothing, asked an answer",
            "FAIL  xen-version: saw nothing, asked 4.4",
            "FAIL  xen-option dom0_mem: saw nothing, asked dom0_mem=1024M,max:1024M",
            "FAIL  xen-option dom0_max_vcpus: saw nothing, asked dom0_max_vcpus=1",
            "FAIL  xen-option dom0_vcpus_pin: saw nothing, asked dom0_vcpus_pin",
            "FAIL  dom0-memory: saw nothing, asked 1024 MiB",
            "FAIL  dom0-vcpus: saw nothing, asked 1",
            "FAIL  dom0-pinned: saw nothing, asked yes",
            "FAIL  total-memory: saw nothing, asked 2048 MiB"
        ) {
            try $0.remove("proc/xen/capabilities")
            try $0.command("xl", "echo xl: no hypervisor >&2; exit 1")
        },
        Mutation("a guest, not dom0", fails: "FAIL  xen-running: saw nothing, asked control_d") {
            try $0.write("\n", to: "proc/xen/capabilities")
        },
        Mutation("another Xen", fails: "FAIL  xen-version: saw 4.17, asked 4.4") {
            try $0.replace("xen_minor              : 4", with: "xen_minor              : 17", in: "bin/xl-info.txt")
        },
        Mutation("part of a number", .bookworm, fails: "FAIL  xen-version: saw 4.17, asked 4.1") {
            try $0.append("xen-version 4.1\n", to: "etc/xenseed/expect")
        },
        Mutation(
            "no dom0 limits",
            fails: "FAIL  xen-option dom0_mem: saw nothing, asked dom0_mem=1024M,max:1024M",
            "FAIL  xen-option dom0_max_vcpus: saw nothing, asked dom0_max_vcpus=1",
            "FAIL  xen-option dom0_vcpus_pin: saw nothing, asked dom0_vcpus_pin"
        ) {
            try $0.replace(
                " dom0_mem=1024M,max:1024M dom0_max_vcpus=1 dom0_vcpus_pin", with: "", in: "bin/xl-info.txt")
        },
        Mutation(
            "other dom0 limit",
            fails: "FAIL  xen-option dom0_mem: saw dom0_mem=1024M, asked dom0_mem=1024M,max:1024M"
        ) {
            try $0.replace("1024M,max:1024M", with: "1024M", in: "bin/xl-info.txt")
        },
    ]

    private static let memoryAndCPU = [
        Mutation("all memory in dom0", fails: "FAIL  dom0-memory: saw 2047 MiB, asked 1024 MiB") {
            try $0.replace("  1023 ", with: "  2047 ", in: "bin/xl-list.txt")
        },
        Mutation("dom0 above its limit", fails: "FAIL  dom0-memory: saw 1025 MiB, asked 1024 MiB") {
            try $0.replace("  1023 ", with: "  1025 ", in: "bin/xl-list.txt")
        },
        Mutation("dom0 ballooned down", fails: "FAIL  dom0-memory: saw 1007 MiB, asked 1024 MiB") {
            try $0.replace("  1023 ", with: "  1007 ", in: "bin/xl-list.txt")
        },
        Mutation("smaller machine", fails: "FAIL  total-memory: saw 1983 MiB, asked 2048 MiB") {
            try $0.replace(": 2047", with: ": 1983", in: "bin/xl-info.txt")
        },
        Mutation("larger machine", fails: "FAIL  total-memory: saw 4095 MiB, asked 2048 MiB") {
            try $0.replace(": 2047", with: ": 4095", in: "bin/xl-info.txt")
        },
        Mutation("two vcpus", fails: "FAIL  dom0-vcpus: saw 2, asked 1") {
            try $0.replace("  1023     1 ", with: "  1023     2 ", in: "bin/xl-list.txt")
        },
        Mutation("unpinned, 4.4", fails: "FAIL  dom0-pinned: saw no (vcpu 0 on any cpu), asked yes") {
            try $0.replace("38.4  0", with: "38.4  any cpu", in: "bin/xl-vcpu-list.txt")
        },
        Mutation("a range, 4.4", fails: "FAIL  dom0-pinned: saw no (vcpu 0 on cpus 0-1), asked yes") {
            try $0.replace("38.4  0", with: "38.4  0-1", in: "bin/xl-vcpu-list.txt")
        },
        Mutation(
            "unpinned, 4.17", .bookworm,
            fails: "FAIL  dom0-pinned: saw no (vcpu 0 on any cpu, vcpu 1 on any cpu), asked yes"
        ) {
            try $0.replace("170.2  0 / all", with: "170.2  all / all", in: "bin/xl-vcpu-list.txt")
            try $0.replace("142.4  1 / all", with: "142.4  all / 0", in: "bin/xl-vcpu-list.txt")
        },
        Mutation(
            "half pinned", .bookworm,
            fails: "FAIL  dom0-pinned: saw partly (vcpu 0 on cpu 0, vcpu 1 on any cpu), asked yes"
        ) {
            try $0.replace("142.4  1 / all", with: "142.4  all / all", in: "bin/xl-vcpu-list.txt")
        },
        Mutation("pinned against the wish", fails: "FAIL  dom0-pinned: saw yes (vcpu 0 on cpu 0), asked no") {
            try $0.replace("dom0-pinned yes", with: "dom0-pinned no", in: "etc/xenseed/expect")
        },
    ]

    private static let network = [
        Mutation("other host name", fails: "FAIL  hostname: saw xen01, asked xen01.hl.local") {
            try $0.write("xen01\n", to: "bin/hostname.txt")
        },
        Mutation("other address", fails: "FAIL  address eth0: saw 172.16.22.99/24, asked 172.16.22.13/24") {
            try $0.replace("172.16.22.13/24", with: "172.16.22.99/24", in: "bin/ip-addr.txt")
        },
        Mutation("other netmask", fails: "FAIL  address eth0: saw 172.16.22.13/16, asked 172.16.22.13/24") {
            try $0.replace("172.16.22.13/24", with: "172.16.22.13/16", in: "bin/ip-addr.txt")
        },
        Mutation("no address", fails: "FAIL  address eth0: saw nothing, asked 172.16.22.13/24") {
            try $0.replace(": eth0 ", with: ": eth7 ", in: "bin/ip-addr.txt")
        },
        Mutation("no interface", fails: "FAIL  address eth0: saw no such interface, asked 172.16.22.13/24") {
            try $0.remove("sys/class/net/eth0")
        },
        Mutation("bridge without its port", fails: "FAIL  bridge xenbr0: saw up with no port, asked up with eth1") {
            try $0.remove("sys/class/net/xenbr0/brif/eth1")
        },
        Mutation(
            "bridge without one port", .bookworm,
            fails: "FAIL  bridge xenbr0: saw up with eth1 vif3.0, asked up with eth1 eth2"
        ) {
            try $0.remove("sys/class/net/xenbr0/brif/eth2")
        },
        Mutation("bridge not up", fails: "FAIL  bridge xenbr0: saw down with eth1, asked up with eth1") {
            try $0.write("0x1002\n", to: "sys/class/net/xenbr0/flags")
        },
        Mutation("bridge without carrier", fails: "FAIL  bridge xenbr0: saw down with eth1, asked up with eth1") {
            try $0.write("down\n", to: "sys/class/net/xenbr0/operstate")
        },
        Mutation("no bridge", fails: "FAIL  bridge xenbr0: saw no such bridge, asked up with eth1") {
            try $0.remove("sys/class/net/xenbr0/bridge")
        },
        Mutation("no lease", fails: "FAIL  lease xenbr0: saw nothing, asked 10.8.8.13") {
            try $0.replace("4: xenbr0 ", with: "4: virbr0 ", in: "bin/ip-addr.txt")
        },
        Mutation("other lease", fails: "FAIL  lease xenbr0: saw 10.8.8.213, asked 10.8.8.13") {
            try $0.replace("inet 10.8.8.13/24", with: "inet 10.8.8.213/24", in: "bin/ip-addr.txt")
        },
        Mutation(
            "two default routes",
            fails: "FAIL  default-route: saw xenbr0 via 10.8.8.1, eth0 via 172.16.22.1, asked xenbr0"
        ) {
            try $0.append("default via 172.16.22.1 dev eth0 metric 100\n", to: "bin/ip-route.txt")
        },
        Mutation("no default route", fails: "FAIL  default-route: saw none, asked xenbr0") {
            try $0.replace("default via 10.8.8.1 dev xenbr0 \n", with: "", in: "bin/ip-route.txt")
        },
        Mutation("unwanted default route", fails: "FAIL  default-route: saw xenbr0 via 10.8.8.1, asked none") {
            try $0.replace("default-route xenbr0", with: "default-route none", in: "etc/xenseed/expect")
        },
    ]

    private static let boot = [
        Mutation("Linux first", fails: "FAIL  grub-first: saw Debian GNU/Linux, without a hypervisor, \(grub)") {
            let entry = "menuentry 'Debian GNU/Linux' --class debian {\n\tlinux\t/boot/vmlinuz root=/dev/sda1\n}\n"
            try $0.replace("set timeout=1\n", with: "set timeout=1\n" + entry, in: "boot/grub/grub.cfg")
        },
        Mutation("submenu first", fails: "FAIL  grub-first: saw submenu Old kernels, \(grub)") {
            try $0.replace("set timeout=1\n", with: "submenu \"Old kernels\" {\n}\n", in: "boot/grub/grub.cfg")
        },
        Mutation(
            "memory test first", fails: "FAIL  grub-first: saw Memory test, without a hypervisor, \(grub)"
        ) {
            let entry = "menuentry 'Memory test' {\n\tmultiboot\t/boot/memtest86+_multiboot.bin\n}\n"
            try $0.replace("set timeout=1\n", with: entry, in: "boot/grub/grub.cfg")
        },
        Mutation(
            "option not in GRUB",
            fails: "FAIL  grub-first: saw Debian GNU/Linux, with Xen hypervisor, without dom0_vcpus_pin, \(grub)"
        ) {
            try $0.replace(" dom0_vcpus_pin\n", with: "\n", in: "boot/grub/grub.cfg")
        },
        Mutation("no grub.cfg", fails: "FAIL  grub-first: saw no entry, \(grub)") {
            try $0.remove("boot/grub/grub.cfg")
        },
        Mutation(
            "no diversion",
            fails: "FAIL  diversion /etc/grub.d/20_linux_xen: saw no diversion, asked /etc/grub.d/08_linux_xen"
        ) {
            try $0.write("/etc/grub.d/20_linux_xen\n", to: "bin/dpkg-divert.txt")
        },
        Mutation(
            "diverted, not renamed",
            fails: "FAIL  diversion /etc/grub.d/20_linux_xen: saw /etc/grub.d/08_linux_xen, which is not there, "
                + "asked /etc/grub.d/08_linux_xen"
        ) {
            try $0.remove("etc/grub.d/08_linux_xen")
        },
    ]

    private static let files = [
        Mutation("toolstack xm", fails: "FAIL  toolstack: saw xm, asked xl") {
            try $0.replace("TOOLSTACK=xl", with: "TOOLSTACK=xm", in: "etc/default/xen")
        },
        Mutation("xm by default", fails: "FAIL  toolstack: saw xm, asked xl") {
            try $0.remove("etc/default/xen")
            try $0.write("", to: "usr/lib/xen-4.4/bin/xm")
        },
        Mutation("last setting wins", fails: "FAIL  toolstack: saw xm, asked xl") {
            try $0.append("kind=m; TOOLSTACK=\"x$kind\"\n", to: "etc/default/xen")
        },
        Mutation(
            "guests are saved",
            fails: "FAIL  xendomains XENDOMAINS_SAVE: saw XENDOMAINS_SAVE=/var/lib/xen/save, asked XENDOMAINS_SAVE="
        ) {
            try $0.replace("SAVE=\n", with: "SAVE=/var/lib/xen/save\n", in: "etc/default/xendomains")
        },
        Mutation(
            "guests are restored",
            fails: "FAIL  xendomains XENDOMAINS_RESTORE: saw XENDOMAINS_RESTORE=false, asked XENDOMAINS_RESTORE="
        ) {
            try $0.replace("RESTORE=\n", with: "RESTORE=false\n", in: "etc/default/xendomains")
        },
        Mutation("unset is empty") {
            try $0.replace("XENDOMAINS_RESTORE=\n", with: "", in: "etc/default/xendomains")
        },
        Mutation(
            "values with blanks",
            fails: "FAIL  xendomains XENDOMAINS_SYSRQ: saw XENDOMAINS_SYSRQ=s  u, asked XENDOMAINS_SYSRQ=s  o"
        ) {
            try $0.append("XENDOMAINS_SYSRQ='s  u'\n", to: "etc/default/xendomains")
            try $0.append("xendomains XENDOMAINS_SYSRQ=s  o\n", to: "etc/xenseed/expect")
        },
    ]

    private static let expectations = [
        Mutation("unknown keyword", fails: "FAIL  expect line 25: saw colour blue, asked a known keyword") {
            try $0.append("colour blue\n", to: "etc/xenseed/expect")
        },
        Mutation("not in column one", fails: "FAIL  expect line 25: saw  # note, asked a known keyword") {
            try $0.append(" # note\n", to: "etc/xenseed/expect")
        },
        Mutation(
            "words missing",
            fails: "FAIL  expect line 25: saw address eth0, asked address INTERFACE ADDRESS/LENGTH",
            "FAIL  expect line 26: saw dom0-memory 1G, asked dom0-memory MIB",
            "FAIL  expect line 27: saw bridge ../eth0 eth1, asked bridge BRIDGE PORT...",
            "FAIL  expect line 28: saw dom0-vcpus 010, asked dom0-vcpus COUNT",
            "FAIL  expect line 29: saw grub-first linux, asked grub-first xen",
            "FAIL  expect line 30: saw xendomains XENDOMAINS_SAVE, asked xendomains VARIABLE=[VALUE]"
        ) {
            try $0.append(
                """
                address eth0
                dom0-memory 1G
                bridge ../eth0 eth1
                dom0-vcpus 010
                grub-first linux
                xendomains XENDOMAINS_SAVE
                """, to: "etc/xenseed/expect")
        },
    ]
}

/// The output for a machine that is as asked, with some lines failed. A failure whose name is not there is added.
func judged(_ expected: String, with failures: [String]) -> String {
    func name(_ line: String) -> String? { line.dropFirst(6).components(separatedBy: ": saw ").first }
    var lines = expected.split(separator: "\n").map(String.init)
    let summary = lines.removeLast().components(separatedBy: ": ").dropLast().joined(separator: ": ")
    for failure in failures {
        if let index = lines.firstIndex(where: { name($0) == name(failure) }) {
            lines[index] = failure
        } else {
            lines.append(failure)
        }
    }
    lines.append("\(summary): \(lines.count - failures.count) ok, \(failures.count) failed")
    return lines.joined(separator: "\n") + "\n"
}

// MARK: - The made-up machine

private let here = URL(filePath: #filePath).deletingLastPathComponent()
private let verifier = here.appending(path: "../../templates/xenseed-verify.sh").standardized

enum Shell: String, CaseIterable, Sendable {
    case dash
    case busybox

    /// busybox also stands in for awk, sed and the like with its own.
    var words: [String] { self == .dash ? ["dash"] : ["busybox", "ash"] }
}

enum Fixture: String, CaseIterable, Sendable {
    case jessie
    case bookworm

    var ports: [String] { self == .jessie ? ["eth1"] : ["eth1", "eth2", "vif3.0"] }

    func text(_ name: String) throws -> String {
        try String(contentsOf: here.appending(path: "Fixtures/\(rawValue)/\(name)"), encoding: .utf8)
    }

    func expected() throws -> String { try text("expected.txt") }
}

func withWorld(_ fixture: Fixture, _ body: (World) throws -> Void) throws {
    let world = try World(fixture)
    defer { try? FileManager.default.removeItem(at: world.root) }
    try body(world)
}

/// A folder that stands for the root of the machine, with the commands to ask it in its bin.
struct World: Sendable {
    let root: URL

    init(_ fixture: Fixture) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "verifier-\(UUID().uuidString)")
        let copies = [
            "etc/xenseed/expect": "expect",
            "etc/default/xen": "default-xen",
            "etc/default/xendomains": "default-xendomains",
            "etc/debian_version": "debian_version",
            "proc/sys/kernel/osrelease": "osrelease",
            "boot/grub/grub.cfg": "grub.cfg",
            "bin/xl-info.txt": "xl-info.txt",
            "bin/xl-list.txt": "xl-list.txt",
            "bin/xl-vcpu-list.txt": "xl-vcpu-list.txt",
            "bin/ip-addr.txt": "ip-addr.txt",
            "bin/ip-route.txt": "ip-route.txt",
            "bin/hostname.txt": "hostname.txt",
            "bin/dpkg-divert.txt": "dpkg-divert.txt",
        ]
        for (path, name) in copies { try write(fixture.text(name), to: path) }
        try write("control_d\n", to: "proc/xen/capabilities")
        try write("#!/bin/sh\n", to: "etc/grub.d/08_linux_xen")
        try write("0x1003\n", to: "sys/class/net/eth0/flags")
        try write("0x1003\n", to: "sys/class/net/xenbr0/flags")
        try write("up\n", to: "sys/class/net/xenbr0/operstate")
        try write("0\n", to: "sys/class/net/xenbr0/bridge/stp_state")
        for port in fixture.ports { try write("", to: "sys/class/net/xenbr0/brif/\(port)") }
        try write("", to: "dev/console")
        try command("xl", #"exec cat "${0%/*}/xl-$1.txt""#)
        try command("ip", #"exec cat "${0%/*}/ip-$3.txt""#)
        try command("hostname", #"exec cat "$0.txt""#)
        try command("dpkg-divert", #"exec cat "$0.txt""#)
    }

    func verify(_ shell: Shell, _ arguments: String...) throws -> Ran { try verify(shell, arguments) }

    /// The working folder is the root, so that whatever is wrongly made without a path is found there.
    func verify(_ shell: Shell, _ arguments: [String]) throws -> Ran {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try run(
            shell.words + [verifier.path] + arguments,
            environment: ["XENSEED_ROOT": root.path, "PATH": "\(root.path)/bin:\(path)"], in: root)
    }

    func report() throws -> [String: Any] {
        let data = try Data(contentsOf: root.appending(path: "var/lib/xenseed/report.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    func command(_ name: String, _ body: String) throws {
        try write("#!/bin/sh\n\(body)\n", to: "bin/\(name)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: root.appending(path: "bin/\(name)").path)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    func write(_ text: String, to path: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func append(_ text: String, to path: String) throws {
        try write(read(path) + text, to: path)
    }

    /// Replaces the first `old`, which must be there.
    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try read(path)
        let range = try #require(text.range(of: old), "\(path) has no \(old)")
        try write(text.replacingCharacters(in: range, with: new), to: path)
    }

    func remove(_ path: String) throws {
        try FileManager.default.removeItem(at: root.appending(path: path))
    }

    func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)
    }
}
