import Foundation
import Testing

@testable import Server

/// What the page and the JSON have about a node.
@Suite(.timeLimit(.minutes(15)))
struct NodeStatusTests {
    private func status(_ lab: ExampleLab, _ number: Int = 1) throws -> NodeStatusStore.Status {
        try #require(lab.store.statuses().statuses.first { $0.node == ExampleLab.name(number) })
    }

    @Test func whatTheLabSays() throws {
        let node = try status(ExampleLab(nodes: 2), 2)
        #expect(node.fullName == "xen002.hl.local" && node.disk == "/dev/sda")
        #expect(node.cards.map(\.name) == ["eth1", "eth0"])
        #expect(node.cards.map(\.mac) == ["08:00:27:00:00:02", "08:00:27:00:01:02"])
        #expect(node.addresses.map { "\($0.link) \($0.address)" } == ["eth0 172.16.1.2", "xenbr0 10.8.1.2"])
        let raid = try status(
            ExampleLab(nodes: 1, more: "    disk: {devices: [/dev/sda, /dev/sdb], raid: 1}"))
        #expect(raid.disk == "/dev/sda and /dev/sdb")
    }

    /// The files of a node that is not armed can't be fetched.
    @Test func bootFiles() throws {
        let lab = try ExampleLab(nodes: 1, more: "    firmware: uefi")
        let names = try status(lab).files.compactMap { $0.split(separator: "/").last }
        #expect(
            names == ["01-08-00-27-00-00-01", "mac-08-00-27-00-00-01.ipxe", "grub.cfg-01-08-00-27-00-00-01"])
        lab.apply(.disarmed, 1, at: 1)
        #expect(try status(lab).files.isEmpty)
    }

    /// A post whose answer the node did not receive comes again.
    @Test func aRepeatedPost() throws {
        let lab = try ExampleLab(nodes: 1)
        func post(_ time: Int) {
            lab.post(1, at: time, "early - start 12.5")
            lab.post(1, at: time, "late packages failed 900.0 exit code 100", "+E: Unable to locate package x")
        }
        post(1)
        let once = try status(lab)
        post(2)
        let twice = try status(lab)
        #expect(twice.seconds == once.seconds && twice.log == once.log && twice.timeline.count == 2)
        #expect(twice.state == .failed)
    }

    @Test func failure() throws {
        let lab = try ExampleLab(nodes: 1)
        lab.post(
            1, at: 1, "late packages failed 900.0 exit code 100", "+xenseed/1 xen001 late packages start 890.0 ",
            "+Reading package lists...", "+E: Unable to locate package x",
            "+xenseed/1 xen001 late packages failed 900.0 exit code 100")
        let node = try status(lab)
        #expect(node.log.count == 4 && node.timeline.count == 1)
        #expect(
            node.reason == "E: Unable to locate package x" && node.advice?.hasPrefix("Check that the mirror") == true)
        #expect(node.failure?.message == "exit code 100" && node.secondsLeft == nil)
        lab.post(1, at: 2, "late - start 950.0")
        #expect(try status(lab).reason == nil)
    }

    /// The first installation of a lab is an example for the next ones, whichever node it was.
    @Test func timeLeft() throws {
        let lab = try ExampleLab(nodes: 3)
        lab.post(2, at: 1, "early - start 100.0", "base - start 200.0")
        #expect(try status(lab, 2).secondsLeft == nil)
        for line in ExampleLab.installation { lab.post(1, at: 2, line) }
        #expect(try status(lab, 1).secondsLeft == nil)
        #expect(try status(lab, 2).secondsLeft == 800 && status(lab, 2).isLeftFromRuns == true)
        // It remains an example when its node is installed again, and when the server has started again.
        lab.apply(.armed, 1, at: 3)
        lab.post(1, at: 4, "early - start 90.0")
        #expect(try status(lab, 1).secondsLeft == 900)
        for line in ExampleLab.installation { lab.post(3, at: 5, line) }
        let restarted = try ExampleLab(nodes: 3)
        for record in lab.store.records() { restarted.store.apply(record) }
        #expect(try status(restarted, 2).secondsLeft == 800)
    }

    @Test func json() throws {
        let lab = try ExampleLab(nodes: 2)
        let text = try LabStatus(lab.plan, lab.store.statuses().statuses, time: 5).json()
        let shown = try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
        #expect(shown["lab"] as? String == "hl.local" && shown["release"] as? String == "bookworm")
        #expect(shown["files"] as? [String] == ["README.md", "overview.svg", "SHA256SUMS"])
        #expect((shown["nodes"] as? [[String: Any]])?.count == 2)
        // A large lab has no drawing.
        let large = try ExampleLab(nodes: 101)
        #expect(LabStatus(large.plan, [], time: 5).files == ["README.md", "SHA256SUMS"])
    }
}

/// How a browser shows the files of the built tree.
@Suite(.timeLimit(.minutes(15)))
struct PresentationTests {
    @Test(arguments: [
        ("README.md", "text/plain; charset=utf-8"), ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("overview.svg", "image/svg+xml"), ("pxe/tftp/ipxe/mac-1.ipxe", "text/plain; charset=utf-8"),
        ("nodes/xen01/preseed.cfg", "application/octet-stream"), ("usb/seed.cpio.gz", "application/octet-stream"),
        ("nodes/xen01/overlay/x.svg", "application/octet-stream"),
    ]) func types(path: String, type: String) {
        #expect(Routes.Route(path: path, sum: "0").type == type)
    }

    @Test func installer() {
        #expect(Routes.Route(path: "pxe/tftp/debian-installer/amd64/linux").type == "application/octet-stream")
    }
}
