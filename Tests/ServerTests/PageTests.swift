import Foundation
import TestSupport
import Testing

@testable import Server

/// Tests the page that `xenseed serve` shows, in a browser. `Tests/CommandTests` has the page with the real server.
@Suite(.timeLimit(.minutes(15)))
struct PageTests {
    /// Every colour that the style sheet uses is defined for light and dark. An undefined one has no effect, and
    /// browsers don't report it.
    @Test func everyColourIsDefinedForLightAndDark() throws {
        let style = try String(
            contentsOf: checkout.appending(path: "Sources/Server/Page/lab.css"), encoding: .utf8)
        func names(_ pattern: Regex<(Substring, Substring)>, in text: some StringProtocol) -> Set<Substring> {
            Set(String(text).matches(of: pattern).map(\.1))
        }
        let used = names(#/var\((--[a-z]+)\)/#, in: style)
        let roots = style.split(separator: ":root").dropFirst().map { $0.prefix { $0 != "}" } }
        #expect(roots.count == 2 && used.count > 8)
        for root in roots { #expect(names(#/(--[a-z]+):/#, in: root) == used) }
    }

    // MARK: In a browser

    /// The time of the server, at which the clock of the browser stands.
    private static let now = 1_800_000_000

    /// A lab of 200 nodes of which some have failed and others are installed, and the messages that follow.
    private static func messages() throws -> [LabStatus] {
        let lab = try ExampleLab(nodes: 200)
        func message(_ nodes: [NodeStatusStore.Status]) -> LabStatus { LabStatus(lab.plan, nodes, time: now) }
        for number in 10...19 { for line in ExampleLab.installation { lab.post(number, at: now - 3600, line) } }
        lab.post(20, at: now - 60, "verify - restart 90000.0 24 ok, 0 failed, restart needed")
        // It was armed again, and its old system still runs.
        lab.apply(.armed, 13, at: now - 60)
        lab.post(13, at: now - 50, "verify - ok 200.0 24 ok, 0 failed")
        let report = """
            {"format": 1, "node": "xen010.hl.local", "release": "12.1", "kernel": "6.1\u{202E}0-18", "xen": "4.17",
             "time": "2026-11-24T17:36:12Z", "passed": 0, "failed": 1,
             "checks": [{"name": "xen-running", "ok": false, "seen": "<b>\\u202e\\u0007", "asked": "control_d"}]}
            """
        lab.apply(.report(report), 10, at: now - 30)
        // The times that are left come from those ten installations, which took 1,000 s.
        lab.post(7, at: now - 20, "early - start 100.0", "partitioning - start 130.0", "base - start 230.0")
        lab.post(33, at: now, "early - start 100.0", "packages - start 400.0")
        lab.post(150, at: now, "early - start 130.0")
        lab.post(
            50, at: now - 30, "early - start 100.0", "late packages failed 900.2 exit code 100",
            "+xenseed: step packages",
            "+xenseed/1 xen050 late packages start 890.0 ", "+Reading package lists...",
            "+E: Unable to locate package <img src=x onerror=alert(1)>", "+xenseed: step packages FAILED with code 100")
        lab.post(
            120, at: now - 30, "early choose-disk failed 130.0 exit code 1",
            "+there is no /dev/sda; the disks are: vda (30000 MB) ")
        lab.apply(.disarmed, 200, at: now - 10)
        let (first, version) = lab.store.statuses()

        lab.post(199, at: now, "early check-firmware failed 99.0 exit code 1", "+Secure Boot is on")
        let (idle, next) = lab.store.statuses(after: version)
        lab.post(90, at: now, "early - start 100.0")
        lab.post(3, at: now, "early check-overlay failed 99.0 exit code 1", "+/tmp/xenseed/overlay.tar.gz: FAILED")
        lab.post(100, at: now, "early - start 100.0")
        lab.post(50, at: now, "late x ok 901.0")
        let (busy, _) = lab.store.statuses(after: next)
        return [message(first), message(idle), message(busy), message(lab.store.statuses().statuses.dropLast())]
    }

    private struct Example: Encodable {
        var policy = ContentSecurityPolicy.page
        var messages: [LabStatus]
        /// The nodes whose rows are looked at.
        var rows: [String]
        var filters: [String]
    }

    /// What Tests/Page/use.py found.
    private struct Found: Decodable {
        struct Row: Decodable, Equatable {
            var state: String
            var note = ""
            var advice = ""
            var left = ""
            var time = ""
        }
        struct Dialog: Decodable {
            var question, effect, concerned, answer, confirm, cancel, focused: String
            /// Whether it asks for the token.
            var token: Bool
        }
        struct Post: Decodable, Equatable {
            var path, token, body: String
            /// Whether the browser sent the origin.
            var origin: Bool
        }
        struct View: Decodable {
            var wide, width, contrast, button: Double
            var background: String
        }
        /// Where the token is after its use.
        struct Kept: Decodable, Equatable {
            var session, cookie, url: String
            var local: Int
        }

        var views: [String: View]
        var first, states, failed, failedAndInstalling, idle, busy, sorted, links, console: [String]
        var title, busyTitle, sort, sortAfter, spoken, panel, report, selected, closed, typed, focused, lost: String
        var rows, later: [String: Row]
        var filtered: [String: [String]]
        var nothing, kept: Bool
        var moved: Double
        var elements, reconnected: Int
        var asked, refused, armed, known, conflict: Dialog
        var forgotten: String?
        var posts: [Post]
        var keptToken: Kept
    }

    /// A lab of 200 nodes: order, filter, title, times, details and arming, and that nothing moves while it is read.
    @Test func use() throws {
        let folder = try TemporaryFolder()
        let encoder = JSONEncoder()
        let example = Example(
            messages: try Self.messages(),
            rows: ["xen007", "xen033", "xen150", "xen050", "xen120", "xen013", "xen020", "xen200"],
            filters: ["XEN01", "08-00-27-00-00-21", "10.8.1.3 xen", "armed", "no such node"])
        try encoder.encode(example).write(to: folder.url("example.json"))
        let pictures = ProcessInfo.processInfo.environment["XENSEED_PICTURES"] ?? folder.url("pictures").path
        let ran = try run([
            "/usr/bin/python3", checkout.appending(path: "Tests/Page/use.py").path, folder.url("example.json").path,
            pictures,
        ])
        try #require(ran.status == 0, "\(ran)")
        let found = try JSONDecoder().decode(Found.self, from: Data(ran.out.utf8))
        expectRows(found)
        expectOrder(found)
        expectDetails(found)
        expectArming(found)
        #expect(found.typed == "jk" && found.focused == "xen003")
        #expect(found.lost == "Connection lost since 08:01:30; trying again" && found.reconnected == 2)
        for (name, view) in found.views {
            #expect(view.wide <= view.width, "\(name) is wider than its window")
            #expect(view.contrast >= 4.5 && view.button >= 40, "\(name): \(view)")
        }
        #expect(found.views.count == 4)
        #expect(found.views["phone-light"]?.background != found.views["phone-dark"]?.background)
    }

    private func expectRows(_ found: Found) {
        let again = "Select Continue in the installer's dialog to repeat the step."
        let rows: [String: Found.Row] = [
            "xen007": .init(state: "installing", note: "base", left: "about 13 min left", time: "00:04:10"),
            "xen033": .init(state: "installing", note: "packages", left: "about 9 min left", time: "00:06:40"),
            "xen150": .init(state: "installing", note: "early", left: "about 15 min left", time: "00:02:10"),
            "xen050": .init(
                state: "failed", note: "late packages: E: Unable to locate package <img src=x onerror=alert(1)>",
                advice: "Check that the mirror answers and has these packages for this release. \(again)",
                time: "00:15:00"),
            "xen120": .init(
                state: "failed", note: "early choose-disk: there is no /dev/sda; the disks are: vda (30000 MB)",
                advice: "Compare the disks of the machine with the field disk of the lab. \(again)", time: "00:02:10"),
            "xen013": .init(state: "verified, armed", note: "verify ok: 24 ok, 0 failed", time: "00:03:20"),
            "xen020": .init(
                state: "restart needed", note: "verify restart: 24 ok, 0 failed, restart needed", time: "25:00:00"),
            "xen200": .init(state: "waiting, boots from disk"),
        ]
        #expect(found.rows == rows)
        // 90 seconds later without a message, only the times of the nodes under way are other ones.
        #expect(
            found.later["xen007"]
                == .init(state: "installing", note: "base", left: "about 12 min left", time: "00:05:40"))
        #expect(found.later["xen033"]?.left == "about 7 min left" && found.later["xen150"]?.time == "00:03:40")
        #expect(found.later.filter { $0.value.state != "installing" } == rows.filter { $0.value.state != "installing" })
    }

    private func expectOrder(_ found: Found) {
        /// The nodes in the order of the lab, with some of them in front.
        func order(_ first: Int...) -> [String] {
            (first + (1...200).filter { !first.contains($0) }).map(ExampleLab.name)
        }
        #expect(found.first == order(50, 120, 7, 33, 150))
        #expect(found.title == "2 failed, 3 installing – hl.local")
        #expect(found.states == ["2 failed", "3 installing", "1 restart needed", "10 verified", "184 waiting"])
        #expect(
            found.filtered == [
                "XEN01": (10...19).map(ExampleLab.name), "08-00-27-00-00-21": ["xen033"],
                "10.8.1.3 xen": ([33, 3] + (30...39).filter { $0 != 33 }).map(ExampleLab.name), "armed": ["xen013"],
                "no such node": [],
            ])
        #expect(found.nothing)
        #expect(found.failed == ["xen050", "xen120"])
        #expect(found.failedAndInstalling == ["xen050", "xen120", "xen007", "xen033", "xen150"])
        #expect(found.idle == order(50, 120, 199, 7, 33, 150))
        #expect(found.spoken == "xen199 failed, early check-firmware: Secure Boot is on")
        // Rows don't move while they are read, until the reader wants it.
        #expect(found.busy == found.idle && abs(found.moved) < 1)
        #expect(found.busyTitle == "4 failed, 5 installing – hl.local")
        #expect(found.sort == "1 new failure – sort again" && found.sortAfter.isEmpty)
        #expect(found.sorted == order(3, 50, 120, 199, 7, 33, 90, 100, 150))
    }

    private func expectDetails(_ found: Found) {
        for text in [
            "Disk\n/dev/sda, which an installation erases\n",
            "Network cards\neth1 08:00:27:00:00:32 (for the installation)\neth0 08:00:27:00:01:32\n",
            "Addresses\neth0 172.16.1.50\nxenbr0 10.8.1.50\n", "Last post\n08:00:00 from 10.8.1.50\n",
            "E: Unable to locate package <img src=x onerror=alert(1)>\n",
            "\n00:15:00\nlate packages failed: exit code 100\n",
        ] { #expect(found.panel.contains(text), "\(found.panel)") }
        // A message changes only what is new, and does not end a selection.
        #expect(found.kept)
        // Characters that change the direction of text are shown as codes.
        #expect(found.report.contains(#"0 ok, 1 failed · Xen 4.17 · 6.1\u{202e}0-18 · 2026"#), "\(found.report)")
        #expect(
            found.report.contains(#"differs: xen-running, saw <b>\u{202e}\u{7}, expected control_d"#), "\(found.report)"
        )
        let boot = "pxe/tftp/debian-installer/amd64/pxelinux.cfg/01-08-00-27-00-00-32"
        #expect(found.links.contains(boot) && Array(found.links.prefix(3)) == ["README.md", "SHA256SUMS", "lab.json"])
        #expect(found.links.allSatisfy { !$0.hasPrefix("nodes/") && !$0.contains(":") })
        #expect(found.elements == 0 && found.console.isEmpty, "\(found.console)")
    }

    private func expectArming(_ found: Found) {
        #expect(found.selected == "2 selected" && found.asked.question == "Arm 2 nodes?")
        #expect(found.asked.effect.hasSuffix("everything on these disks is ERASED:"))
        #expect(found.asked.concerned == "xen050: /dev/sda\nxen100: /dev/sda")
        #expect(found.asked.confirm == "Arm and erase" && found.asked.token && found.asked.focused == "token")
        #expect(found.refused.answer == "The server does not accept this token." && found.refused.focused == "token")
        #expect(found.refused.token && found.forgotten == nil)
        #expect(found.armed.answer == "xen050 is armed\nxen100 is armed")
        #expect(found.armed.cancel == "Close" && found.armed.focused == "cancel" && found.closed == "Select all")
        #expect(found.known.confirm == "Disarm" && !found.known.token && found.known.focused == "cancel")
        #expect(
            found.conflict.answer == "the tree was not built from this lab" && found.conflict.confirm == "Arm and erase"
        )
        #expect(
            found.posts == [
                .init(path: "/arm", token: "Bearer wrong", body: "xen050\nxen100\n", origin: true),
                .init(path: "/arm", token: "Bearer operators-token", body: "xen050\nxen100\n", origin: true),
                .init(path: "/disarm", token: "Bearer operators-token", body: "xen001\n", origin: true),
                .init(path: "/arm", token: "Bearer operators-token", body: "xen002\n", origin: true),
            ])
        #expect(found.keptToken == .init(session: "operators-token", cookie: "", url: "/", local: 0))
    }
}
