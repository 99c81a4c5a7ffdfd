import Foundation
import TestSupport
import Testing

/// Tests the verifier's checks of guests. What the stand-ins print is that of bookworm's lvm2 2.03.16 and of xenseed-guests.
@Suite(.timeLimit(.minutes(15)))
struct GuestTests {
    /// An assertion, what the programs answer, and the line that the verifier prints.
    struct Case: Sendable, CustomTestStringConvertible {
        var assertion: String
        var line: String
        var size = "  4100.00"
        var state = "Connected Secondary/Secondary UpToDate/UpToDate"
        var peer = "exit 0"
        var hasFile = true

        var testDescription: String { "\(assertion): \(line)" }
    }

    private static let good = "expected Connected, UpToDate/UpToDate, at most one primary"

    static let cases: [Case] = [
        Case(assertion: "guest web1 vg0 4100", line: "ok    guest web1: saw /etc/xen/web1.cfg, 4100 MiB in vg0"),
        Case(
            assertion: "guest web1 vg0 4100", line: "ok    guest web1: saw /etc/xen/web1.cfg, 4100 MiB in vg0",
            size: "  4104.00"),
        Case(
            assertion: "guest web1 vg0 4100",
            line:
                "FAIL  guest web1: saw /etc/xen/web1.cfg, 2048 MiB in vg0, expected /etc/xen/web1.cfg, 4100 MiB in vg0",
            size: "  2048.00"),
        Case(
            assertion: "guest web1 vg0 4100",
            line: "FAIL  guest web1: saw no /etc/xen/web1.cfg, no in vg0, expected /etc/xen/web1.cfg, 4100 MiB in vg0",
            size: "", hasFile: false),
        Case(
            assertion: "replication web1",
            line: "ok    replication web1: saw Connected Secondary/Secondary UpToDate/UpToDate"),
        Case(
            assertion: "replication web1",
            line: "ok    replication web1: saw Connected Primary/Secondary UpToDate/UpToDate",
            state: "Connected Primary/Secondary UpToDate/UpToDate"),
        // Only while a guest moves.
        Case(
            assertion: "replication web1",
            line: "FAIL  replication web1: saw Connected Primary/Primary UpToDate/UpToDate, \(good)",
            state: "Connected Primary/Primary UpToDate/UpToDate"),
        Case(
            assertion: "replication web1",
            line: "FAIL  replication web1: saw SyncTarget Secondary/Secondary Inconsistent/UpToDate, \(good)",
            state: "SyncTarget Secondary/Secondary Inconsistent/UpToDate"),
        Case(
            assertion: "replication web1",
            line: "FAIL  replication web1: saw WFConnection Primary/Unknown UpToDate/DUnknown, \(good)",
            state: "WFConnection Primary/Unknown UpToDate/DUnknown"),
        Case(assertion: "replication web1", line: "FAIL  replication web1: saw missing, \(good)", state: "missing"),
        Case(assertion: "replication web1", line: "FAIL  replication web1: saw nothing, \(good)", state: ""),
        Case(
            assertion: "migration-peer xen02 172.16.22.14 web1",
            line: "ok    migration-peer xen02: saw answers at 172.16.22.14"),
        Case(
            assertion: "migration-peer xen02 172.16.22.14 web1",
            line: "FAIL  migration-peer xen02: saw Host key verification failed., expected answers at 172.16.22.14",
            peer: "printf 'No ED25519 host key is known.\\nHost key verification failed.\\n' >&2; exit 255"),
        Case(
            assertion: "guest web1", line: "FAIL  expect line 31: saw guest web1, expected guest NAME GROUP MIB"),
        Case(
            assertion: "replication", line: "FAIL  expect line 31: saw replication, expected replication NAME"),
        Case(
            assertion: "migration-peer xen02",
            line: "FAIL  expect line 31: saw migration-peer xen02, expected migration-peer NODE ADDRESS NAME"),
    ]

    @Test(arguments: cases)
    func says(guest: Case) throws {
        try withWorld(.jessie) { world in
            try world.append(guest.assertion + "\n", to: "etc/xenseed/expect")
            if guest.hasFile { try world.write("name = \"web1\"\n", to: "etc/xen/web1.cfg") }
            try world.command("lvs", guest.size.isEmpty ? "exit 5" : "echo '\(guest.size)'")
            try world.command(
                "xenseed-guests", "[ \"$*\" = 'check web1' ] || exit 9; printf '%s\\n' '\(guest.state)'")
            try world.command("xenseed-migrate", "[ \"$*\" = '--ask web1' ] || exit 9; \(guest.peer)")
            let outcome = try world.verify(.dash)
            #expect(outcome.out.split(separator: "\n").dropLast().last.map(String.init) == guest.line, "\(outcome)")
            #expect(outcome.status == (guest.line.hasPrefix("ok") ? 0 : 1), "\(outcome)")
        }
    }
}
