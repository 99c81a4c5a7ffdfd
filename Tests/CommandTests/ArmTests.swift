import Foundation
import TestSupport
import Testing

/// The state of a node (armed or disarmed) is kept: `build` follows it, and only `arm`, `disarm` and the nodes'
/// progress change it, with a running server and without one.
@Suite(.timeLimit(.minutes(15)))
struct ArmTests {
    private static let amd64 = "out/pxe/tftp/debian-installer/amd64"
    /// Returns the path of the PXELINUX file of node1 or node2.
    private static func mark(_ node: Int) -> String { "\(amd64)/pxelinux.cfg/01-08-00-27-00-00-0\(node)" }
    private static func bootFiles(_ node: Int) -> [String] {
        [
            mark(node), "\(amd64)/grub/grub.cfg-01-08-00-27-00-00-0\(node)",
            "out/pxe/tftp/ipxe/mac-08-00-27-00-00-0\(node).ipxe",
        ]
    }

    private static func lab(nodes: Int = 2, memory: String = "2 GiB") -> String {
        labText(nodes: nodes, release: "bookworm", memory: memory)
            .replacing("networks:", with: "boot_server: {address: 10.8.0.1, port: 8000}\nnetworks:")
            .replacing("  cpus: 2\n", with: "  cpus: 2\n  firmware: uefi\n")
    }

    private static func built() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(lab(), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        try #require(ran.status == 0, "\(ran)")
        return folder
    }

    private static func isThere(_ paths: [String], in folder: TemporaryFolder) -> [Bool] {
        paths.map { FileManager.default.fileExists(atPath: folder.url($0).path) }
    }

    private static let none = [false, false, false]
    private static let all = [true, true, true]

    @Test func aNewNodeIsArmedByItsFirstBuild() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.lab(), to: "lab.yaml")
        let first = try xenseed("build", in: folder)
        #expect(
            first.err.contains(
                """
                armed: node1, node2: booting from the network installs them and ERASES their disks
                newly armed, new in this tree and never installed: node1, node2

                """), "\(first.err)")
        let second = try xenseed("build", in: folder)
        #expect(second.err.hasPrefix("armed: node1, node2: ") && !second.err.contains("newly"), "\(second.err)")
        try folder.write(Self.lab(nodes: 3), to: "lab.yaml")
        let third = try xenseed("build", in: folder)
        #expect(third.err.contains("\nnewly armed, new in this tree and never installed: node3\n"), "\(third.err)")
        #expect(Self.isThere(Self.bootFiles(3), in: folder) == Self.all)
    }

    /// Without a server, `disarm` and `arm` move the boot files at once, for any TFTP and web server that serves the
    /// tree.
    @Test func withoutAServer() throws {
        let folder = try Self.built()
        let whole = try folder.snapshot("out")
        let disarmed = try xenseed("disarm", "node1", in: folder)
        #expect(disarmed.status == 0 && disarmed.out.isEmpty, "\(disarmed)")
        #expect(disarmed.err == "node1 is disarmed: it boots from its own disk\n")
        #expect(Self.isThere(Self.bootFiles(1), in: folder) == Self.none)
        #expect(Self.isThere(Self.bootFiles(2), in: folder) == Self.all)
        // A disarmed node is neither a difference from the lab, nor damage, nor a change on the machines.
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        #expect(try xenseed("inspect", "out", in: folder).status == 0)
        #expect(try xenseed("diff", "out", "lab.yaml", in: folder).status == 0)
        let sums = try run(
            ["sha256sum", "--quiet", "--ignore-missing", "-c", "SHA256SUMS"], in: folder.url("out"))
        #expect(sums.status == 0, "\(sums)")
        let again = try xenseed("build", in: folder)
        #expect(again.err.contains("\nnot armed, by xenseed disarm: node1\n"), "\(again.err)")
        #expect(again.err.hasSuffix("nothing changed\n"))

        let armed = try xenseed("arm", "node1", in: folder)
        #expect(
            armed.err == "node1 is armed: it is installed when it starts from the network, and its disk is ERASED\n",
            "\(armed)")
        #expect(try folder.snapshot("out") == whole)
        #expect(try xenseed("build", in: folder).err.hasPrefix("armed: node1, node2: "))
        #expect(!(try FileManager.default.contentsOfDirectory(atPath: folder.path)).contains { $0.hasPrefix(".out") })
    }

    /// A build never arms a disarmed node again, no matter what changed in the lab, and reports that it is not armed.
    @Test func aBuildNeverArmsAgain() throws {
        let folder = try Self.built()
        #expect(try xenseed("disarm", "node1", in: folder).status == 0)
        for (number, change) in [
            // Changes the preseed, the disk that is erased, the network card, and removes the whole tree.
            { $0 = Self.lab(memory: "3 GiB") },
            { $0 = $0.replacing("  cpus: 2\n", with: "  cpus: 2\n  disk: {device: /dev/sdb}\n") },
            { $0 = $0.replacing("08:00:27:00:00:01", with: "08:00:27:00:00:09") }, { _ in },
        ].enumerated() as EnumeratedSequence<[(inout String) -> Void]> {
            var text = try folder.read("lab.yaml")
            change(&text)
            try folder.write(text, to: "lab.yaml")
            if number == 3 { try FileManager.default.removeItem(at: folder.url("out")) }
            let ran = try xenseed("build", in: folder)
            #expect(ran.status == 0, "\(ran)")
            #expect(ran.err.contains("armed: node2: ") && ran.err.contains("\nnot armed, by xenseed disarm: node1\n"))
            if number != 2 {
                #expect(
                    ran.err.contains(
                        "\nnot armed, but their installation files have changed: node1; to install again: xenseed arm node1\n"
                    ),
                    "\(number): \(ran.err)")
            }
            let marks = try FileManager.default.contentsOfDirectory(
                atPath: folder.url("\(Self.amd64)/pxelinux.cfg").path)
            #expect(marks.sorted() == ["01-08-00-27-00-00-02", "default"], "\(number)")
            #expect(try xenseed("build", "--check", in: folder).status == 0)
        }
    }

    /// A build follows the server's journal, also while the server runs.
    @Test func whatANodePostsCounts() throws {
        let served = try ServeTests.Served(
            Self.lab().replacing("networks:", with: "report_url: http://10.8.0.1:8000\nnetworks:"))
        try served.post("xenseed/1 node1 reboot - start 900.5")
        #expect(Self.isThere(Self.bootFiles(1), in: served.folder) == Self.none)
        for isRunning in [true, false] {
            if !isRunning { served.kill() }
            let memory = isRunning ? "3 GiB" : "4 GiB"
            try served.folder.write(
                try served.folder.read("lab.yaml").replacing(#/memory: .*/#, with: "memory: \(memory)"), to: "lab.yaml")
            let ran = try xenseed("build", in: served.folder)
            #expect(ran.err.contains("\nnot armed, installed: node1\n"), "\(ran.err)")
            #expect(Self.isThere(Self.bootFiles(1), in: served.folder) == Self.none)
            #expect(Self.isThere(Self.bootFiles(2), in: served.folder) == Self.all)
        }
        let armed = try xenseed("arm", "node1", in: served.folder)
        #expect(armed.status == 0, "\(armed)")
        #expect(Self.isThere(Self.bootFiles(1), in: served.folder) == Self.all)
        try served.start()
        #expect(try served.get("nodes/node1/preseed.cfg").out.hasSuffix(" [200]"))
    }

    /// With a running server, the server arms and disarms, and the command waits until it is done.
    @Test func withAServer() throws {
        let served = try ServeTests.Served(Self.lab())
        let disarmed = try xenseed("disarm", "node2", "node1", in: served.folder)
        #expect(disarmed.status == 0, "\(disarmed)")
        #expect(disarmed.err == "node2: disarmed by the server\nnode1: disarmed by the server\n")
        #expect(Self.isThere(Self.bootFiles(1) + Self.bootFiles(2), in: served.folder) == Self.none + Self.none)
        #expect(
            try served.get("nodes/node1/preseed.cfg").out.hasSuffix(
                "to install it again, run xenseed arm node1\n [403]"))
        #expect(try xenseed("arm", "node1", in: served.folder).err == "node1: armed by the server\n")
        #expect(Self.isThere(Self.bootFiles(1) + Self.bootFiles(2), in: served.folder) == Self.all + Self.none)
        #expect(try served.get("nodes/node1/preseed.cfg").out.hasSuffix(" [200]"))
        #expect(try served.status().map { $0["isArmed"] as? Bool } == [true, false])
        // A restarted server has the same state.
        served.kill()
        try served.start()
        #expect(try served.status().map { $0["isArmed"] as? Bool } == [true, false])
    }

    /// A build does not restore a boot file that a user removed, and removes a boot file that git restored for a
    /// disarmed node.
    @Test func filesMovedByHand() throws {
        let folder = try Self.built()
        try FileManager.default.removeItem(at: folder.url(Self.mark(1)))
        #expect(try xenseed("build", "--check", in: folder).status == 4)
        let built = try xenseed("build", in: folder)
        #expect(
            built.err.contains("\nnot armed, the boot file was removed from the tree: node1\n"), "\(built.err)")
        #expect(Self.isThere(Self.bootFiles(1), in: folder) == Self.none)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        #expect(try xenseed("arm", "node1", in: folder).status == 0)
        let text = try folder.read(Self.mark(1))
        #expect(try xenseed("disarm", "node1", in: folder).status == 0)
        try folder.write(text, to: Self.mark(1))
        let checked = try xenseed("build", "--check", in: folder)
        #expect(
            checked.status == 4 && checked.out.contains("this node is not armed; xenseed build removes the file"),
            "\(checked)")
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(Self.isThere(Self.bootFiles(1), in: folder) == Self.none)
    }

    /// The server retries a failed disarming, and logs the failure once.
    @Test func aFailedDisarmIsTriedAgain() throws {
        let served = try ServeTests.Served(
            Self.lab().replacing("networks:", with: "report_url: http://10.8.0.1:8000\nnetworks:"))
        let mark = served.folder.url(Self.mark(1)).path
        let text = try served.folder.read(Self.mark(1))
        // A directory can't be unlinked.
        #expect(try run(["sh", "-ec", "rm \"$1\"; mkdir \"$1\"", "sh", mark]).status == 0)
        #expect(try served.post("xenseed/1 node1 reboot - start 900.5") == "stored\n [200]")
        usleep(1_200_000)
        let complaint = "node1: its boot files can't be removed"
        #expect(served.log.components(separatedBy: complaint).count == 2, "\(served.log)")
        #expect(try run(["rmdir", mark]).status == 0)
        try served.folder.write(text, to: Self.mark(1))
        for _ in 0..<100 where Self.isThere(Self.bootFiles(1), in: served.folder).contains(true) { usleep(50_000) }
        #expect(Self.isThere(Self.bootFiles(1), in: served.folder) == Self.none)
        usleep(200_000)
        #expect(served.log.contains("node1 is not armed and boots from its own disk: removed"), "\(served.log)")
    }

    @Test func refuses() throws {
        let folder = try Self.built()
        let whole = try folder.snapshot("out")
        for (words, status, says) in [
            (["arm"], 2, "Missing expected argument"),
            (["arm", "nod1"], 2, "the lab has no node nod1; did you mean node1?"),
            (["disarm", "node1", "node9"], 2, "the lab has no node node9"),
            (["arm", "--lab", "none.yaml", "node1"], 3, "none.yaml: No such file"),
            (["arm", "--output", "none", "node1"], 4, "run xenseed build first"),
            (["disarm", "--state", "out", "node1"], 3, "out is not a state directory of xenseed: it holds README.md"),
        ] {
            let ran = try run([program] + words, in: URL(filePath: folder.path))
            #expect(ran.status == status && ran.err.contains(says), "\(words): \(ran)")
        }
        // The tree was built from another lab.
        try folder.write(Self.lab().replacing("address: 10.8.0.1", with: "address: 10.8.0.2"), to: "lab.yaml")
        let stale = try xenseed("arm", "node1", in: folder)
        #expect(stale.status == 4 && stale.err.contains("was not built from the current state of this lab"), "\(stale)")
        #expect(try folder.snapshot("out") == whole)
        #expect(!FileManager.default.fileExists(atPath: folder.url(".xenseed").path))
    }

    /// Two labs share an output directory: the tree belongs to the lab that was built last, and the state of the other
    /// lab does not arm its nodes.
    @Test func twoLabsWithOneOutput() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.lab(nodes: 1), to: "a/lab.yaml")
        try folder.write(Self.lab().replacing("hl.local", with: "other.lab"), to: "b/lab.yaml")
        #expect(try xenseed("build", "--output", "out", "a/lab.yaml", in: folder).status == 0)
        #expect(try xenseed("disarm", "--output", "out", "--lab", "a/lab.yaml", "node1", in: folder).status == 0)
        let other = try xenseed("build", "--output", "out", "b/lab.yaml", in: folder)
        // The machine was armed in this tree before and then disarmed.
        #expect(other.err.contains("not armed, the boot file was removed from the tree: node1\n"), "\(other.err)")
        #expect(other.err.contains("newly armed, new in this tree and never installed: node2\n"), "\(other.err)")
        let stale = try xenseed("arm", "--output", "out", "--lab", "a/lab.yaml", "node1", in: folder)
        #expect(stale.status == 4, "\(stale)")
        let first = try xenseed("build", "--output", "out", "a/lab.yaml", in: folder)
        #expect(first.err.contains("not armed, by xenseed disarm: node1\n"), "\(first.err)")
    }
}
