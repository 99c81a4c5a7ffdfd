import Foundation
import TestSupport
import Testing

/// Runs the nodes' verifier, unchanged, with the shells of a node, on a simulated machine: a directory in place of `/`,
/// and a few commands that print what was recorded on Xen 4.4 and 4.17.
@Suite(.timeLimit(.minutes(15)))
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
            let status: Int32 =
                mutation.failures.contains { $0.hasPrefix("FAIL") } ? 1 : mutation.failures.isEmpty ? 0 : 3
            #expect(outcome == Ran(status: status, out: expected))
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
            #expect(report["passed"] as? Int == 27)
            #expect(report["failed"] as? Int == 1)
            let time = try Date(#require(report["time"] as? String), strategy: .iso8601)
            #expect((start...Date(timeIntervalSinceNow: 1)).contains(time))

            let checks = try #require(report["checks"] as? [[String: Any]])
            let lines = try checks.map { check in
                let name = try #require(check["name"] as? String)
                let seen = try #require(check["seen"] as? String)
                let asked = try #require(check["asked"] as? String)
                return try #require(check["ok"] as? Bool)
                    ? "ok    \(name): saw \(seen)" : "FAIL  \(name): saw \(seen), expected \(asked)"
            }
            #expect(lines == outcome.out.split(separator: "\n").dropLast().map(String.init))
            #expect(
                lines[15...17] == [
                    "ok    lease xenbr0: saw 10.8.8.13",
                    "ok    default-route: saw xenbr0 via 10.8.8.1",
                    "ok    diversion /etc/grub.d/20_linux_xen: saw /etc/grub.d/08_linux_xen",
                ])
            #expect(checks[2]["asked"] as? String == "xen01.hl.local")
            #expect(try world.names(in: "var/lib/xenseed") == ["report.json"])
        }
    }

    /// Bonds, VLANs, IPv6 addresses and routes that are as expected pass.
    @Test(arguments: Shell.allCases)
    func bondsAndVLANs(shell: Shell) throws {
        try withWorld(.jessie) { world in
            try world.bonds()
            try world.write(
                """
                bond bond0 802.3ad eth0 eth1
                vlan bond0.20 20 bond0
                mtu eth0 1500
                more-address eth0 2001:db8::13/64
                ipv6-address eth0 2001:db8::13/64
                slaac eth0
                no-address intbr0
                no-ipv6 intbr0
                route 10.30.0.0/16 10.8.8.254 xenbr0
                route 2001:db8:30::/48 fe80::2 eth0
                route 10.31.0.1/32 10.8.8.254 xenbr0
                ipv6-default-route eth0
                search hl.local example.org
                bridge intbr0
                bridge xenbr0 eth1

                """, to: "etc/xenseed/expect")
            let outcome = try world.verify(shell)
            #expect(
                outcome.out.split(separator: "\n").dropFirst(2) == [
                    "ok    bond bond0: saw 802.3ad with eth0 eth1", "ok    vlan bond0.20: saw 20 on bond0",
                    "ok    mtu eth0: saw 1500",
                    "ok    more-address eth0 2001:db8::13/64: saw 172.16.22.13/24, 2001:db8::13/64, fe80::1/64",
                    "ok    ipv6-address eth0: saw 2001:db8::13/64, fe80::1/64", "ok    slaac eth0: saw 2001:db8::13/64",
                    "ok    no-address intbr0: saw no address", "ok    no-ipv6 intbr0: saw no IPv6 address",
                    "ok    route 10.30.0.0/16: saw via 10.8.8.254 on xenbr0",
                    "ok    route 2001:db8:30::/48: saw via fe80::2 on eth0",
                    "ok    route 10.31.0.1/32: saw via 10.8.8.254 on xenbr0",
                    "ok    ipv6-default-route: saw eth0 via fe80::1", "ok    search: saw hl.local example.org",
                    "ok    bridge intbr0: saw up with no port",
                    "ok    bridge xenbr0: saw up with eth1=08:00:27:08:08:13",
                    "xenseed-verify: xen01.hl.local: 17 ok, 0 failed",
                ])
            #expect(outcome.status == 0)
        }
    }

    /// Deviations within the tolerances, to the MiB, are accepted. The mutations have a deviation of one MiB more.
    @Test(arguments: Shell.allCases)
    func aLittleLess(shell: Shell) throws {
        try withWorld(.jessie) { world in
            try world.replace("  1023 ", with: "  1008 ", in: "bin/xl-list.txt")
            try world.replace(": 2047", with: ": 1688", in: "bin/xl-info.txt")
            let expected = try Fixture.jessie.expected()
                .replacing("saw 1023 MiB", with: "saw 1008 MiB").replacing("saw 2047 MiB", with: "saw 1688 MiB")
            #expect(try world.verify(shell) == Ran(status: 0, out: expected))
        }
    }

    /// The volumes of the system must have the lab's sizes, so that the rest of the group is free for guests. The
    /// numbers are those of `lvs` after an installation in which swap got the rest of the group.
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
                ?? "FAIL  volume vg0/swap: saw \(whole.isEmpty ? "nothing" : "\(whole) MiB"), expected 1024 MiB"
            #expect(outcome.status == (size.good == nil ? 1 : 0))
            #expect(outcome.out.split(separator: "\n").dropLast().last.map(String.init) == line)
        }
    }

    /// The total memory is accepted on healthy machines and refused on machines that lack a module, with and without
    /// the firmware's list of modules.
    @Test(arguments: Shell.allCases, MemoryCase.all)
    func memory(shell: Shell, memory: MemoryCase) throws {
        try withWorld(.jessie) { world in
            try world.replace(": 2047", with: ": \(memory.seen)", in: "bin/xl-info.txt")
            try world.write("total-memory \(memory.asked)\n", to: "etc/xenseed/expect")
            switch memory.list {
            case .none: break
            case .table: try world.write(SMBIOS(memory.modules).table, to: "sys/firmware/dmi/tables/DMI")
            case .entries:
                for (name, entry) in SMBIOS(memory.modules).entries {
                    try world.write(entry, to: "sys/firmware/dmi/entries/\(name)/raw")
                }
            }
            let outcome = try world.verify(shell)
            let line = try #require(outcome.out.split(separator: "\n").first { $0.contains(" total-memory: ") })
            #expect(line.hasPrefix(memory.isHealthy ? "ok " : "FAIL "), "\(line)")
            #expect(outcome.status == (memory.isHealthy ? 0 : 1))
            let shown =
                "saw \(memory.seen) MiB"
                + (memory.list == .none
                    ? ""
                    : " of \(memory.modules.reduce(0, +)) MiB in \(memory.modules.count) module\(memory.modules.count == 1 ? "" : "s")")
            #expect(line.contains(shown), "\(line)")
        }
    }

    /// With one CPU, Xen does not tell whether dom0 is pinned, so both expectations are accepted.
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

    /// Unknown values are null in the report.
    @Test(arguments: Shell.allCases)
    func reportWithoutXen(shell: Shell) throws {
        try withWorld(.jessie) { world in
            for path in ["bin/xl", "etc/debian_version", "proc/sys/kernel/osrelease"] { try world.remove(path) }
            #expect(try world.verify(shell).status == 1)
            let report = try world.report()
            for key in ["release", "kernel", "xen"] { #expect(report[key] is NSNull, "\(key)") }
        }
    }

    /// Output of files and commands is never executed or interpreted as control characters.
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
                        + "expected xen01.hl.local",
                    "FAIL  xen-option dom0_vcpus_pin: saw dom0_vcpus_pin=`touch${IFS}broken`, expected dom0_vcpus_pin",
                    "FAIL  expect line 31: saw xendomains X[$(touch broken)]=, expected xendomains VARIABLE=[VALUE]",
                    "FAIL  expect line 32: saw hostname * ; touch broken, expected hostname NAME",
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

    /// The verifier writes its progress to the console and posts it to the lab's server, which also gets the report.
    @Test(
        arguments: Shell.allCases, [("", "28 ok, 0 failed", "ok"), ("other.hl.local\n", "27 ok, 1 failed", "failed")])
    func tells(shell: Shell, _ kind: (name: String, count: String, outcome: String)) throws {
        try withWorld(.jessie) { world in
            try world.write("61.20 9.00\n", to: "proc/uptime")
            if !kind.name.isEmpty { try world.write(kind.name, to: "bin/hostname.txt") }
            let (ran, posts) = try world.verify(shell, ["--console"], answers: [])
            #expect(ran.status == (kind.outcome == "ok" ? 0 : 1) && ran.err.isEmpty, "\(ran)")
            var lines = ["boot - ok 61.20 ", "verify - start 61.20 "]
            if kind.outcome == "failed" {
                lines.append("verify hostname failed 61.20 saw other.hl.local, expected xen01.hl.local")
            }
            let last = "xenseed/1 xen01 verify - \(kind.outcome) 61.20 \(kind.count)"
            lines = lines.map { "xenseed/1 xen01 \($0)" }
            let shown = try world.read("dev/console").components(separatedBy: "\r\n").filter {
                $0.hasPrefix("xenseed/1")
            }
            #expect(shown == lines + [last])
            let report = try world.read("var/lib/xenseed/report.json")
            // When the server gets the result, it has the report.
            var expected = [("/lab/progress", lines[..<2].map { $0 + "\n" }.joined())]
            if kind.outcome == "failed" { expected.append(("/lab/progress", lines[2] + "\n")) }
            expected += [("/lab/report", report), ("/lab/progress", last + "\n")]
            #expect(posts.map(\.path) == expected.map(\.0) && posts.map(\.body) == expected.map(\.1))
            #expect(posts.allSatisfy { $0.isStored && $0.token == "Bearer \(World.token)" })
            #expect(try world.names(in: "var/lib/xenseed") == ["report.json", "token"])
        }
    }

    /// From the second run after a boot on, the console gets only failures and warnings, and a progress line if the
    /// result has changed.
    @Test(arguments: Shell.allCases)
    func again(shell: Shell) throws {
        try withWorld(.jessie) { world in
            func shown(_ change: () throws -> Void) throws -> [String] {
                try change()
                try world.write("", to: "dev/console")
                _ = try world.verify(shell, "--console")
                return try world.read("dev/console").components(separatedBy: "\r\n").filter { !$0.isEmpty }
            }
            try world.write("61.20 9.00\n", to: "proc/uptime")
            #expect(try shown {}.count == 28 + 1 + 3)
            #expect(try world.read("run/xenseed-verify") == "ok\n")
            #expect(try shown {}.isEmpty)
            let warning =
                "WARN  current xen: saw Xen 4.4.1 of Tue Mar 15 22:37:15 CET 2016, but xen-4.4-amd64.gz is another build, expected the installed build"
            let summary = "xenseed-verify: xen01.hl.local: 28 ok, 0 failed, restart needed"
            let restart = [warning, summary]
            let upgraded = try shown {
                try world.remove("boot/xen-4.4-amd64.gz")
                try world.hypervisor("xen-4.4-amd64", built: "Mon Jan  1 00:00:00 UTC 2018")
            }
            #expect(upgraded == restart + ["xenseed/1 xen01 verify - restart 61.20 28 ok, 0 failed, restart needed"])
            let report = try #require(try world.report()["checks"] as? [[String: Any]])
            #expect(report.filter { $0["restart"] as? Bool == true }.map { $0["name"] as? String } == ["current xen"])
            #expect(report.allSatisfy { $0["ok"] as? Bool == true })
            #expect(try shown {} == restart)
            // A boot empties /run.
            #expect(try shown { try world.remove("run") }.count == 28 + 1 + 3)
        }
    }

    /// A console that can't be written to does not change the result.
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
            let failures = ["FAIL  lease xenbr0: saw nothing, expected an address"]
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

    /// A missing tool fails its test; no test is skipped.
    @Test(arguments: [
        ["dash", "-n", verifier.path],
        ["busybox", "ash", "-n", verifier.path],
        ["shellcheck", "--shell=sh", "--enable=quote-safe-variables", verifier.path],
    ])
    func isPlainShell(words: [String]) throws {
        #expect(try run(words) == Ran(status: 0, out: ""))
    }
}

// MARK: - Memory

struct MemoryCase: Sendable, CustomTestStringConvertible {
    enum List: Sendable, CaseIterable { case none, table, entries }

    /// Amounts are in MiB; `modules` are those that the firmware finds.
    var asked: Int
    var seen: Int
    var modules: [Int]
    var list: List
    var isHealthy: Bool

    var testDescription: String { "\(seen) of \(asked), \(modules.count) modules, \(list), \(isHealthy)" }

    static let all = healthy + missing + disabled

    /// Measured values: the memory in the lab, the memory that Xen reports, and modules that such machines have.
    private static let healthy = [
        (16384, 16308, [8192, 8192]), (16384, 14234, [8192, 8192]), (16384, 14234, [16384]),
        (32768, 32673, [8192, 8192, 8192, 8192]), (131072, 130724, Array(repeating: 16384, count: 8)),
        (786432, 785069, Array(repeating: 32768, count: 24)), (2048, 2047, [2048]),
    ].flatMap { asked, seen, modules in
        List.allCases.map { MemoryCase(asked: asked, seen: seen, modules: modules, list: $0, isHealthy: true) }
    }

    /// One of several equal modules is not found. Without a list, a missing module of less than 4 GiB can't be
    /// distinguished from memory that a graphics adapter uses.
    private static let missing = [2, 4, 8, 12, 24].flatMap { count in
        [2048, 4096, 65536].flatMap { size in
            List.allCases.filter { $0 != .none || size >= 4096 }.map { list in
                MemoryCase(
                    asked: count * size, seen: (count - 1) * size - (list == .table ? 76 : 0),
                    modules: Array(repeating: size, count: count - 1), list: list, isHealthy: false)
            }
        }
    }

    /// All modules are found, but the firmware has disabled one.
    private static let disabled = [2, 8, 24].map { count in
        MemoryCase(
            asked: count * 2048, seen: (count - 1) * 2048 - 76, modules: Array(repeating: 2048, count: count),
            list: .table, isHealthy: false)
    }
}

/// A firmware's list of memory modules (DSP0134), including entries that must not be counted: an empty socket and a
/// flash ROM.
struct SMBIOS {
    private let structures: [(type: Int, bytes: [UInt8])]

    init(_ modules: [Int]) {
        func word(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
        func array(_ handle: Int, use: UInt8) -> (Int, [UInt8]) {
            // Location: system board; use; no error correction; capacity and error handle unknown; one socket.
            (16, [16, 15] + word(handle) + [3, use, 3, 0, 0, 0, 128, 254, 255, 1, 0] + Array("\0\0".utf8))
        }
        func module(_ handle: Int, in array: Int, size: Int, large: Int = 0) -> (Int, [UInt8]) {
            (
                17,
                [17, 34] + word(handle) + word(array) + [254, 255, 72, 0, 64, 0] + word(size) + [
                    9, 0, 1, 2, 24, 128, 0,
                ]
                    + [0, 0, 0, 0, 0, 0, 0] + word(large) + word(large >> 16) + word(0)
                    + Array("DIMM 1\0BANK 1\0\0".utf8)
            )
        }
        structures =
            [(0, [0, 4, 0, 0] + Array("Vendor\0\0".utf8)), array(16, use: 3), array(17, use: 5)]
            + modules.enumerated().map { index, size in
                size < 32767
                    ? module(100 + index, in: 16, size: size)
                    : module(100 + index, in: 16, size: 32767, large: size)
            }
            + [module(90, in: 16, size: 0), module(91, in: 17, size: 4096 | 0x8000), (127, [127, 4, 255, 254, 0, 0])]
    }

    var table: Data { Data(structures.flatMap(\.bytes)) }

    /// The entries by their names in /sys/firmware/dmi/entries.
    var entries: [(String, Data)] {
        var counts: [Int: Int] = [:]
        return structures.map { type, bytes in
            defer { counts[type, default: 0] += 1 }
            return ("\(type)-\(counts[type, default: 0])", Data(bytes))
        }
    }
}

// MARK: - Mutations and their failures

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

    static let all = xen + memoryAndCPU + network + boot + upgrades + time + files + expectations

    private static let grub =
        "expected xen with dom0_mem=1024M,max:1024M dom0_max_vcpus=1 dom0_vcpus_pin"

    private static let xen = [
        Mutation(
            "bare Linux",
            fails: "FAIL  xen-running: saw nothing, expected control_d",
            "FAIL  xl-info: saw nothing, expected an answer",
            "FAIL  xen-version: saw nothing, expected 4.4",
            "FAIL  xen-option dom0_mem: saw nothing, expected dom0_mem=1024M,max:1024M",
            "FAIL  xen-option dom0_max_vcpus: saw nothing, expected dom0_max_vcpus=1",
            "FAIL  xen-option dom0_vcpus_pin: saw nothing, expected dom0_vcpus_pin",
            "FAIL  dom0-memory: saw nothing, expected 1024 MiB",
            "FAIL  dom0-vcpus: saw nothing, expected 1",
            "FAIL  dom0-pinned: saw nothing, expected yes",
            "FAIL  total-memory: saw nothing, expected 2048 MiB",
            "FAIL  current xen: saw nothing, expected the installed build"
        ) {
            try $0.remove("proc/xen/capabilities")
            try $0.command("xl", "echo xl: no hypervisor >&2; exit 1")
        },
        Mutation("a guest, not dom0", fails: "FAIL  xen-running: saw nothing, expected control_d") {
            try $0.write("\n", to: "proc/xen/capabilities")
        },
        Mutation("another Xen", fails: "FAIL  xen-version: saw 4.17, expected 4.4") {
            try $0.replace("xen_minor              : 4", with: "xen_minor              : 17", in: "bin/xl-info.txt")
        },
        Mutation("part of a number", .bookworm, fails: "FAIL  xen-version: saw 4.17, expected 4.1") {
            try $0.append("xen-version 4.1\n", to: "etc/xenseed/expect")
        },
        Mutation(
            "no dom0 limits",
            fails: "FAIL  xen-option dom0_mem: saw nothing, expected dom0_mem=1024M,max:1024M",
            "FAIL  xen-option dom0_max_vcpus: saw nothing, expected dom0_max_vcpus=1",
            "FAIL  xen-option dom0_vcpus_pin: saw nothing, expected dom0_vcpus_pin"
        ) {
            try $0.replace(
                " dom0_mem=1024M,max:1024M dom0_max_vcpus=1 dom0_vcpus_pin", with: "", in: "bin/xl-info.txt")
        },
        Mutation(
            "other dom0 limit",
            fails: "FAIL  xen-option dom0_mem: saw dom0_mem=1024M, expected dom0_mem=1024M,max:1024M"
        ) {
            try $0.replace("1024M,max:1024M", with: "1024M", in: "bin/xl-info.txt")
        },
    ]

    private static let memoryAndCPU = [
        Mutation("all memory in dom0", fails: "FAIL  dom0-memory: saw 2047 MiB, expected 1024 MiB") {
            try $0.replace("  1023 ", with: "  2047 ", in: "bin/xl-list.txt")
        },
        Mutation("dom0 above its limit", fails: "FAIL  dom0-memory: saw 1025 MiB, expected 1024 MiB") {
            try $0.replace("  1023 ", with: "  1025 ", in: "bin/xl-list.txt")
        },
        Mutation("dom0 ballooned down", fails: "FAIL  dom0-memory: saw 1007 MiB, expected 1024 MiB") {
            try $0.replace("  1023 ", with: "  1007 ", in: "bin/xl-list.txt")
        },
        Mutation("smaller machine", fails: "FAIL  total-memory: saw 1687 MiB, expected 2048 MiB") {
            try $0.replace(": 2047", with: ": 1687", in: "bin/xl-info.txt")
        },
        Mutation("larger machine", fails: "FAIL  total-memory: saw 4095 MiB, expected 2048 MiB") {
            try $0.replace(": 2047", with: ": 4095", in: "bin/xl-info.txt")
        },
        Mutation("two vcpus", fails: "FAIL  dom0-vcpus: saw 2, expected 1") {
            try $0.replace("  1023     1 ", with: "  1023     2 ", in: "bin/xl-list.txt")
        },
        Mutation("unpinned, 4.4", fails: "FAIL  dom0-pinned: saw no (vcpu 0 on any cpu), expected yes") {
            try $0.replace("38.4  0", with: "38.4  any cpu", in: "bin/xl-vcpu-list.txt")
        },
        Mutation("a range, 4.4", fails: "FAIL  dom0-pinned: saw no (vcpu 0 on cpus 0-1), expected yes") {
            try $0.replace("38.4  0", with: "38.4  0-1", in: "bin/xl-vcpu-list.txt")
        },
        Mutation(
            "unpinned, 4.17", .bookworm,
            fails: "FAIL  dom0-pinned: saw no (vcpu 0 on any cpu, vcpu 1 on any cpu), expected yes"
        ) {
            try $0.replace("170.2  0 / all", with: "170.2  all / all", in: "bin/xl-vcpu-list.txt")
            try $0.replace("142.4  1 / all", with: "142.4  all / 0", in: "bin/xl-vcpu-list.txt")
        },
        Mutation(
            "half pinned", .bookworm,
            fails: "FAIL  dom0-pinned: saw partly (vcpu 0 on cpu 0, vcpu 1 on any cpu), expected yes"
        ) {
            try $0.replace("142.4  1 / all", with: "142.4  all / all", in: "bin/xl-vcpu-list.txt")
        },
        Mutation("pinned against the wish", fails: "FAIL  dom0-pinned: saw yes (vcpu 0 on cpu 0), expected no") {
            try $0.replace("dom0-pinned yes", with: "dom0-pinned no", in: "etc/xenseed/expect")
        },
    ]

    private static let network = [
        Mutation("other host name", fails: "FAIL  hostname: saw xen01, expected xen01.hl.local") {
            try $0.write("xen01\n", to: "bin/hostname.txt")
        },
        Mutation("other address", fails: "FAIL  address eth0: saw 172.16.22.99/24, expected 172.16.22.13/24") {
            try $0.replace("172.16.22.13/24", with: "172.16.22.99/24", in: "bin/ip-addr.txt")
        },
        Mutation("other netmask", fails: "FAIL  address eth0: saw 172.16.22.13/16, expected 172.16.22.13/24") {
            try $0.replace("172.16.22.13/24", with: "172.16.22.13/16", in: "bin/ip-addr.txt")
        },
        Mutation("no address", fails: "FAIL  address eth0: saw nothing, expected 172.16.22.13/24") {
            try $0.replace(": eth0 ", with: ": eth7 ", in: "bin/ip-addr.txt")
        },
        Mutation(
            "no interface", fails: "FAIL  card eth0: saw no such interface, expected 08:00:27:16:22:13",
            "FAIL  address eth0: saw no such interface, expected 172.16.22.13/24"
        ) {
            try $0.remove("sys/class/net/eth0")
        },
        Mutation(
            "bridge without its port",
            fails: "FAIL  bridge xenbr0: saw up with no port, expected up with eth1=08:00:27:08:08:13"
        ) {
            try $0.remove("sys/class/net/xenbr0/brif/eth1")
        },
        Mutation(
            "bridge without one port", .bookworm,
            fails: "FAIL  bridge xenbr0: saw up with eth1=08:00:27:08:08:14 vif3.0=fe:ff:ff:ff:ff:ff, "
                + "expected up with eth1=08:00:27:08:08:14 eth2=08:00:27:08:08:24"
        ) {
            try $0.remove("sys/class/net/xenbr0/brif/eth2")
        },
        Mutation(
            "bridge not up",
            fails: "FAIL  bridge xenbr0: saw down with eth1=08:00:27:08:08:13, expected up with eth1=08:00:27:08:08:13"
        ) {
            try $0.write("0x1002\n", to: "sys/class/net/xenbr0/flags")
        },
        Mutation(
            "bridge without carrier",
            fails: "FAIL  bridge xenbr0: saw down with eth1=08:00:27:08:08:13, expected up with eth1=08:00:27:08:08:13"
        ) {
            try $0.write("down\n", to: "sys/class/net/xenbr0/operstate")
        },
        Mutation("no bridge", fails: "FAIL  bridge xenbr0: saw no such bridge, expected up with eth1=08:00:27:08:08:13")
        {
            try $0.remove("sys/class/net/xenbr0/bridge")
        },
        Mutation(
            "cards exchanged",
            fails: "FAIL  card eth0: saw 08:00:27:08:08:13 (08:00:27:16:22:13 is eth1), expected 08:00:27:16:22:13",
            "FAIL  card eth1: saw 08:00:27:16:22:13 (08:00:27:08:08:13 is eth0), expected 08:00:27:08:08:13",
            "FAIL  bridge xenbr0: saw up with eth1=08:00:27:16:22:13, expected up with eth1=08:00:27:08:08:13"
        ) {
            try $0.write("08:00:27:08:08:13\n", to: "sys/class/net/eth0/address")
            try $0.write("08:00:27:16:22:13\n", to: "sys/class/net/eth1/address")
        },
        Mutation("another address since, which ip tells") {
            try $0.write("02:00:00:00:00:01\n", to: "sys/class/net/eth0/address")
            try $0.write("02:00:00:00:00:01\n", to: "sys/class/net/eth1/address")
            try $0.write(
                """
                2: eth0: <BROADCAST,UP> mtu 1500 state UP \\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff \
                permaddr 08:00:27:16:22:13 promiscuity 0
                3: eth1@if7: <BROADCAST,UP> mtu 1500 master xenbr0 state UP \\    link/ether 02:00:00:00:00:01 \
                brd ff:ff:ff:ff:ff:ff permaddr 08:00:27:08:08:13 promiscuity 1

                """, to: "bin/ip-link.txt")
            try $0.command(
                "ip", #"case $3 in link) exec cat "${0%/*}/ip-link.txt" ;; *) exec cat "${0%/*}/ip-$3.txt" ;; esac"#)
        },
        Mutation("port of a bond") {
            try $0.write("02:00:00:00:00:01\n", to: "sys/class/net/eth0/address")
            try $0.write("08:00:27:16:22:13\n", to: "sys/class/net/eth0/bonding_slave/perm_hwaddr")
        },
        Mutation("no lease", fails: "FAIL  lease xenbr0: saw nothing, expected 10.8.8.13") {
            try $0.replace("4: xenbr0 ", with: "4: virbr0 ", in: "bin/ip-addr.txt")
        },
        Mutation("other lease", fails: "FAIL  lease xenbr0: saw 10.8.8.213, expected 10.8.8.13") {
            try $0.replace("inet 10.8.8.13/24", with: "inet 10.8.8.213/24", in: "bin/ip-addr.txt")
        },
        Mutation(
            "two default routes",
            fails: "FAIL  default-route: saw xenbr0 via 10.8.8.1, eth0 via 172.16.22.1, expected xenbr0"
        ) {
            try $0.append("default via 172.16.22.1 dev eth0 metric 100\n", to: "bin/ip-route.txt")
        },
        Mutation("no default route", fails: "FAIL  default-route: saw none, expected xenbr0") {
            try $0.replace("default via 10.8.8.1 dev xenbr0 \n", with: "", in: "bin/ip-route.txt")
        },
        Mutation("unwanted default route", fails: "FAIL  default-route: saw xenbr0 via 10.8.8.1, expected none") {
            try $0.replace("default-route xenbr0", with: "default-route none", in: "etc/xenseed/expect")
        },
        Mutation(
            "bonds, VLANs and IPv6",
            fails:
                "FAIL  bond bond1: saw balance-rr, down, with eth2 eth3 (down), eth2 active, no LACP partner, expected 802.3ad with eth2 eth4",
            "FAIL  vlan bond0.30: saw nothing, expected 30 on bond0", "FAIL  mtu eth0: saw 1500, expected 9000",
            "FAIL  ipv6-address eth0: saw 2001:db8::13/64, fe80::1/64, expected 2001:db8::14/64",
            "FAIL  slaac eth1: saw nothing, expected an address",
            "FAIL  no-address eth0: saw 172.16.22.13/24, 2001:db8::13/64, fe80::1/64, expected no address",
            "FAIL  no-ipv6 eth0: saw 2001:db8::13/64, fe80::1/64, expected no IPv6 address",
            "FAIL  route 10.30.0.0/16: saw via 10.8.8.254 on xenbr0, expected via 10.8.8.253 on xenbr0",
            "FAIL  search: saw hl.local example.org, expected hl.local",
            "FAIL  bridge br9: saw no such bridge, expected up"
        ) {
            try $0.bonds()
            try $0.append(
                """
                bond bond1 802.3ad eth2 eth4
                vlan bond0.30 30 bond0
                mtu eth0 9000
                ipv6-address eth0 2001:db8::14/64
                slaac eth1
                no-address eth0
                no-ipv6 eth0
                route 10.30.0.0/16 10.8.8.253 xenbr0
                search hl.local
                bridge br9

                """, to: "etc/xenseed/expect")
        },
    ]

    private static let boot = [
        Mutation(
            "Linux first", fails: "FAIL  grub-first: saw Debian GNU/Linux, without a hypervisor, \(grub)",
            "FAIL  current grub: saw nothing, expected the newest installed"
        ) {
            let entry = "menuentry 'Debian GNU/Linux' --class debian {\n\tlinux\t/boot/vmlinuz root=/dev/sda1\n}\n"
            try $0.replace("set timeout=1\n", with: "set timeout=1\n" + entry, in: "boot/grub/grub.cfg")
        },
        Mutation(
            "submenu first", fails: "FAIL  grub-first: saw submenu Old kernels, \(grub)",
            "FAIL  current grub: saw nothing, expected the newest installed"
        ) {
            try $0.replace("set timeout=1\n", with: "submenu \"Old kernels\" {\n}\n", in: "boot/grub/grub.cfg")
        },
        Mutation(
            "memory test first", fails: "FAIL  grub-first: saw Memory test, without a hypervisor, \(grub)",
            "FAIL  current grub: saw nothing, expected the newest installed"
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
        Mutation(
            "no grub.cfg", fails: "FAIL  grub-first: saw no entry, \(grub)",
            "FAIL  current grub: saw nothing, expected the newest installed"
        ) {
            try $0.remove("boot/grub/grub.cfg")
        },
        Mutation(
            "no diversion",
            fails: "FAIL  diversion /etc/grub.d/20_linux_xen: saw no diversion, expected /etc/grub.d/08_linux_xen"
        ) {
            try $0.write("/etc/grub.d/20_linux_xen\n", to: "bin/dpkg-divert.txt")
        },
        Mutation(
            "diverted, not renamed",
            fails: "FAIL  diversion /etc/grub.d/20_linux_xen: saw /etc/grub.d/08_linux_xen, which does not exist, "
                + "expected /etc/grub.d/08_linux_xen"
        ) {
            try $0.remove("etc/grub.d/08_linux_xen")
        },
    ]

    private static let upgrades = [
        Mutation(
            "newer hypervisor, old menu",
            fails: "FAIL  current grub: saw xen-4.4-amd64.gz, vmlinuz-3.16.0-4-amd64, initrd.img-3.16.0-4-amd64; "
                + "not xen-4.10-amd64.gz, expected the newest installed",
            "WARN  current xen: saw Xen 4.4.1 of Tue Mar 15 22:37:15 CET 2016, but xen-4.10-amd64.gz is another build, "
                + "expected the installed build"
        ) {
            try $0.hypervisor("xen-4.10-amd64", built: "Mon Jan  1 00:00:00 UTC 2018")
        },
        Mutation(
            "newer kernel without an initramfs",
            fails: "FAIL  current grub: saw xen-4.4-amd64.gz, vmlinuz-3.16.0-10-amd64; "
                + "no initrd.img-3.16.0-10-amd64 in /boot, expected the newest installed",
            "WARN  current kernel: saw 3.16.0-4-amd64 #1 SMP Debian 3.16.7-ckt20-1+deb8u3 (2016-01-17), "
                + "but vmlinuz-3.16.0-10-amd64 is #1 SMP Debian 3.16.81-1 (2020-01-17), expected the installed build"
        ) {
            try $0.kernel("3.16.0-10-amd64", "#1 SMP Debian 3.16.81-1 (2020-01-17)")
            try $0.remove("boot/initrd.img-3.16.0-10-amd64")
            try $0.replace("module\t/boot/initrd.img-3.16.0-4-amd64\n", with: "", in: "boot/grub/grub.cfg")
            try $0.replace("vmlinuz-3.16.0-4-amd64", with: "vmlinuz-3.16.0-10-amd64", in: "boot/grub/grub.cfg")
        },
        Mutation(
            "initramfs not in the menu",
            fails: "FAIL  current grub: saw xen-4.4-amd64.gz, vmlinuz-3.16.0-4-amd64; not initrd.img-3.16.0-4-amd64, "
                + "expected the newest installed"
        ) {
            try $0.replace("module\t/boot/initrd.img-3.16.0-4-amd64\n", with: "", in: "boot/grub/grub.cfg")
        },
        // Security updates keep the file names of kernel and hypervisor.
        Mutation(
            "upgraded in place", .bookworm,
            fails: "WARN  current xen: saw Xen 4.17.8-pre of Sat Jun  6 10:14:02 UTC 2026, but "
                + "xen-4.17-amd64.gz is another build, expected the installed build",
            "WARN  current kernel: saw 6.1.0-50-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.174-1 (2026-05-20), "
                + "but vmlinuz-6.1.0-50-amd64 is #1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-01), "
                + "expected the installed build"
        ) {
            try $0.remove("boot/xen-4.17-amd64.gz")
            try $0.hypervisor("xen-4.17-amd64", built: "Sat Jul  4 10:14:02 UTC 2026")
            try $0.kernel("6.1.0-50-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-01)")
        },
        Mutation("a newer kernel that can't be dom0", .bookworm) {
            try $0.kernel("6.12.0-1-cloud-amd64", "#1 SMP Debian 6.12.1-1 (2026-07-01)")
            try $0.write("CONFIG_XEN=y\n# CONFIG_XEN_DOM0 is not set\n", to: "boot/config-6.12.0-1-cloud-amd64")
        },
        Mutation(
            "no hypervisor",
            fails: "FAIL  current grub: saw xen-4.4-amd64.gz, vmlinuz-3.16.0-4-amd64, initrd.img-3.16.0-4-amd64; "
                + "no hypervisor in /boot, expected the newest installed",
            "FAIL  current xen: saw no hypervisor in /boot, expected the installed build"
        ) {
            try $0.remove("boot/xen-4.4-amd64.gz")
        },
    ]

    private static let time = [
        Mutation(
            "other time servers", .bookworm,
            fails: "FAIL  time-service: saw active, enabled, 10.8.8.1 192.0.2.1, expected active, enabled, 10.8.8.1"
        ) {
            try $0.write("[Time]\n NTP = 192.0.2.1\n", to: "etc/systemd/timesyncd.conf.d/20-more.conf")
        },
        Mutation("time servers anew", .bookworm) {
            try $0.write("[Time]\n#NTP=192.0.2.9\nNTP=192.0.2.1\n", to: "etc/systemd/timesyncd.conf")
            try $0.write("[Time]\nNTP=\nNTP=10.8.8.1\n", to: "etc/systemd/timesyncd.conf.d/10-xenseed.conf")
        },
        Mutation(
            "no time service", .bookworm,
            fails: "FAIL  time-service: saw inactive, disabled, 10.8.8.1, expected active, enabled, 10.8.8.1"
        ) {
            try $0.command("systemctl", "printf 'UnitFileState=disabled\\nActiveState=inactive\\n'")
        },
    ]

    private static let files = [
        Mutation("toolstack xm", fails: "FAIL  toolstack: saw xm, expected xl") {
            try $0.replace("TOOLSTACK=xl", with: "TOOLSTACK=xm", in: "etc/default/xen")
        },
        Mutation("xm by default", fails: "FAIL  toolstack: saw xm, expected xl") {
            try $0.remove("etc/default/xen")
            try $0.write("", to: "usr/lib/xen-4.4/bin/xm")
        },
        Mutation("last setting wins", fails: "FAIL  toolstack: saw xm, expected xl") {
            try $0.append("kind=m; TOOLSTACK=\"x$kind\"\n", to: "etc/default/xen")
        },
        Mutation(
            "guests are saved",
            fails: "FAIL  xendomains XENDOMAINS_SAVE: saw XENDOMAINS_SAVE=/var/lib/xen/save, expected XENDOMAINS_SAVE="
        ) {
            try $0.replace("SAVE=\n", with: "SAVE=/var/lib/xen/save\n", in: "etc/default/xendomains")
        },
        Mutation(
            "guests are restored",
            fails: "FAIL  xendomains XENDOMAINS_RESTORE: saw XENDOMAINS_RESTORE=false, expected XENDOMAINS_RESTORE="
        ) {
            try $0.replace("RESTORE=\n", with: "RESTORE=false\n", in: "etc/default/xendomains")
        },
        Mutation("unset is empty") {
            try $0.replace("XENDOMAINS_RESTORE=\n", with: "", in: "etc/default/xendomains")
        },
        Mutation(
            "values with blanks",
            fails: "FAIL  xendomains XENDOMAINS_SYSRQ: saw XENDOMAINS_SYSRQ=s  u, expected XENDOMAINS_SYSRQ=s  o"
        ) {
            try $0.append("XENDOMAINS_SYSRQ='s  u'\n", to: "etc/default/xendomains")
            try $0.append("xendomains XENDOMAINS_SYSRQ=s  o\n", to: "etc/xenseed/expect")
        },
    ]

    private static let expectations = [
        Mutation("unknown keyword", fails: "FAIL  expect line 31: saw colour blue, expected a known keyword") {
            try $0.append("colour blue\n", to: "etc/xenseed/expect")
        },
        Mutation("not in column one", fails: "FAIL  expect line 31: saw  # note, expected a known keyword") {
            try $0.append(" # note\n", to: "etc/xenseed/expect")
        },
        Mutation(
            "words missing",
            fails: "FAIL  expect line 31: saw address eth0, expected address INTERFACE ADDRESS/LENGTH",
            "FAIL  expect line 32: saw dom0-memory 1G, expected dom0-memory MIB",
            "FAIL  expect line 33: saw bridge ../eth0 eth1, expected bridge BRIDGE [PORT[=MAC]...]",
            "FAIL  expect line 34: saw dom0-vcpus 010, expected dom0-vcpus COUNT",
            "FAIL  expect line 35: saw grub-first linux, expected grub-first xen",
            "FAIL  expect line 36: saw xendomains XENDOMAINS_SAVE, expected xendomains VARIABLE=[VALUE]"
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

/// Returns the expected output with some lines replaced by failures. A failure with a new name is appended.
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
    let failed = failures.count { $0.hasPrefix("FAIL") }
    let restart = failed < failures.count ? ", restart needed" : ""
    lines.append("\(summary): \(lines.count - failed) ok, \(failed) failed\(restart)")
    return lines.joined(separator: "\n") + "\n"
}

// MARK: - The simulated machine

private let here = URL(filePath: #filePath).deletingLastPathComponent()
private let verifier = here.appending(path: "../../templates/xenseed-verify.sh").standardized

enum Shell: String, CaseIterable, Sendable {
    case dash
    case busybox

    /// The command that starts the shell. busybox also replaces awk, sed and others by its own.
    var words: [String] { self == .dash ? ["dash"] : ["busybox", "ash"] }
}

enum Fixture: String, CaseIterable, Sendable {
    case jessie
    case bookworm

    var ports: [String] { self == .jessie ? ["eth1"] : ["eth1", "eth2", "vif3.0"] }

    var addresses: [String: String] {
        self == .jessie
            ? ["eth0": "08:00:27:16:22:13", "eth1": "08:00:27:08:08:13", "xenbr0": "08:00:27:08:08:13"]
            : [
                "eth0": "08:00:27:16:22:14", "eth1": "08:00:27:08:08:14", "eth2": "08:00:27:08:08:24",
                "vif3.0": "fe:ff:ff:ff:ff:ff", "xenbr0": "08:00:27:08:08:14",
            ]
    }
    var kernel: String { self == .jessie ? "3.16.0-4-amd64" : "6.1.0-50-amd64" }
    /// The hypervisor in /boot, without `.gz`.
    var xen: String { self == .jessie ? "xen-4.4-amd64" : "xen-4.17-amd64" }
    /// The build date in the fixture's `xl info`.
    var built: String { self == .jessie ? "Tue Mar 15 22:37:15 CET 2016" : "Sat Jun  6 10:14:02 UTC 2026" }

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

/// A directory that replaces the root of the machine, with commands in `bin` that print the recorded output.
struct World: Sendable {
    let root: URL

    init(_ fixture: Fixture) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "verifier-\(UUID().uuidString)")
        let copies = [
            "etc/xenseed/expect": "expect",
            "etc/default/xen": "default-xen",
            "etc/default/xendomains": "default-xendomains",
            "etc/debian_version": "debian_version",
            fixture == .jessie
                ? "etc/systemd/timesyncd.conf" : "etc/systemd/timesyncd.conf.d/10-xenseed.conf": "timesyncd.conf",
            "proc/sys/kernel/version": "version",
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
        for (name, address) in fixture.addresses {
            try write(address + "\n", to: "sys/class/net/\(name)/address")
            if name.hasPrefix("eth") { try write("", to: "sys/class/net/\(name)/device") }
        }
        try kernel(fixture.kernel, try fixture.text("version").trimmingCharacters(in: .newlines))
        try hypervisor(fixture.xen, built: fixture.built)
        // Other files in /boot from the packages of Xen.
        try write("", to: "boot/\(fixture.xen).efi")
        try write("", to: "boot/\(fixture.xen).config")
        try command("systemctl", "printf 'UnitFileState=enabled\\nActiveState=active\\n'")
        try write("", to: "dev/console")
        try command("xl", #"exec cat "${0%/*}/xl-$1.txt""#)
        try command("ip", #"exec cat "${0%/*}/ip-$3.txt""#)
        try command("hostname", #"exec cat "$0.txt""#)
        try command("dpkg-divert", #"exec cat "$0.txt""#)
    }

    /// Creates two bonds, a VLAN, a bridge without a port, IPv6 addresses and routes. bond0 is healthy; bond1 has lost a
    /// member.
    func bonds() throws {
        let bonds: [(name: String, files: [String: String])] = [
            (
                "bond0",
                [
                    "mode": "802.3ad 4", "slaves": "eth0 eth1", "active_slave": "",
                    "ad_partner_mac": "02:00:00:00:00:99",
                ]
            ),
            (
                "bond1",
                ["mode": "balance-rr 0", "slaves": "eth2 eth3", "active_slave": "eth2"]
            ),
        ]
        for (name, files) in bonds {
            for (file, text) in files { try write(text + "\n", to: "sys/class/net/\(name)/bonding/\(file)") }
            try write("0x1403\n", to: "sys/class/net/\(name)/flags")
            try write("\(name == "bond0" ? "up" : "down")\n", to: "sys/class/net/\(name)/operstate")
        }
        for (member, state) in [("eth0", "up"), ("eth1", "up"), ("eth2", "up"), ("eth3", "down")] {
            try write(state + "\n", to: "sys/class/net/\(member)/bonding_slave/mii_status")
        }
        for (card, mac) in [("eth0", "08:00:27:16:22:13"), ("eth1", "08:00:27:08:08:13")] {
            try write(mac + "\n", to: "sys/class/net/\(card)/bonding_slave/perm_hwaddr")
        }
        try write("1500\n", to: "sys/class/net/eth0/mtu")
        try write("0x1003\n", to: "sys/class/net/intbr0/flags")
        try write("down\n", to: "sys/class/net/intbr0/operstate")
        try write("0\n", to: "sys/class/net/intbr0/bridge/stp_state")
        try write(
            """
            VLAN Dev name\t | VLAN ID
            Name-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD
            bond0.20       | 20  | bond0

            """, to: "proc/net/vlan/config")
        try write("search hl.local example.org\nnameserver 10.8.8.1\n", to: "etc/resolv.conf")
        try append(
            "10.30.0.0/16 via 10.8.8.254 dev xenbr0 \n10.31.0.1 via 10.8.8.254 dev xenbr0 \n", to: "bin/ip-route.txt")
        try write(
            """
            2: eth0    inet6 2001:db8::13/64 scope global \\       valid_lft forever preferred_lft forever
            2: eth0    inet6 2001:db8::99/64 scope global tentative \\       valid_lft forever preferred_lft forever
            2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever

            """, to: "bin/ip6-addr.txt")
        try write(
            """
            2001:db8:30::/48 via fe80::2 dev eth0 metric 1024 pref medium
            default via fe80::1 dev eth0 metric 1024 onlink pref medium
            default via fe80::3 dev eth0 proto ra metric 1024 expires 1700sec hoplimit 64 pref medium

            """, to: "bin/ip6-route.txt")
        try command("ip", #"case $2 in -6) exec cat "${0%/*}/ip6-$3.txt" ;; *) exec cat "${0%/*}/ip-$3.txt" ;; esac"#)
    }

    /// Creates a dom0 kernel in the form of a bzImage: its header, then release, builder and version, ended by a zero
    /// byte.
    func kernel(_ release: String, _ version: String) throws {
        try write("MZ\0\u{1}HdrS\0\(release) (builder@debian.org) \(version)\0\u{2}\0", to: "boot/vmlinuz-\(release)")
        try write("CONFIG_X86=y\nCONFIG_XEN_DOM0=y\n", to: "boot/config-\(release)")
        try write("", to: "boot/initrd.img-\(release)")
    }

    /// Creates a hypervisor, compressed by gzip, with its build date among other texts.
    func hypervisor(_ name: String, built: String) throws {
        try write("\u{2}\0Xen version %d.%d%s\0\(built)\0\u{1}GenuineIntel\0", to: "boot/\(name)")
        let gzip = try run(["gzip", "-n", root.appending(path: "boot/\(name)").path])
        #expect(gzip.status == 0)
    }

    func verify(_ shell: Shell, _ arguments: String...) throws -> Ran { try verify(shell, arguments) }

    /// Runs the verifier. The root is the current directory, so that a file that is created with a relative path is
    /// found there.
    func verify(_ shell: Shell, _ arguments: [String]) throws -> Ran {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try run(
            shell.words + [verifier.path] + arguments,
            environment: ["XENSEED_ROOT": root.path, "PATH": "\(root.path)/bin:\(path)"], in: root)
    }

    /// The token that the server of ``verify(_:_:answers:)`` expects.
    static let token = String(repeating: "0", count: 32)

    /// Runs the verifier of a node that has the token, beside the server `posts.py`.
    /// - Parameter answers: the server's first answers; nil for no server.
    /// - Returns: also what the server has received.
    func verify(_ shell: Shell, _ arguments: [String], answers: [String]?) throws -> (ran: Ran, posts: [Post]) {
        let expect = try read("etc/xenseed/expect")
        defer { try? write(expect, to: "etc/xenseed/expect") }
        if !FileManager.default.fileExists(atPath: root.appending(path: "no-token").path) {
            try write(Self.token, to: "var/lib/xenseed/token")
        }
        let script = """
            server=$1 answers=$2
            shift 2
            port=9
            if [ "$answers" != none ]; then
                rm -f port
                # Each answer is a word.
                # shellcheck disable=SC2086
                python3 "$server" . 0 $answers &
                until [ -s port ]; do
                    kill -0 $! || exit 9
                    sleep 0.1
                done
                port=$(cat port)
            fi
            echo "report 127.0.0.1 $port /lab" >>etc/xenseed/expect
            "$@"
            status=$?
            [ "$answers" = none ] || kill $!
            exit $status
            """
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let server = here.appending(path: "../Support/posts.py").standardized.path
        let ran = try run(
            ["/bin/sh", "-c", script, "sh", server, answers?.joined(separator: " ") ?? "none"] + shell.words
                + [verifier.path] + arguments,
            environment: ["XENSEED_ROOT": root.path, "PATH": "\(root.path)/bin:\(path)"], in: root)
        return (ran, try Post.read(root.appending(path: "requests").path))
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

    func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

    func write(_ content: Data, to path: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: file)
    }

    func append(_ text: String, to path: String) throws {
        try write(read(path) + text, to: path)
    }

    /// Replaces the first occurrence of `old`, which must exist.
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
