import Foundation
import TestSupport
import Testing

/// `xenseed export`: what goes to standard output, and which files are written. `Tests/ArtifactTests` reads their content.
@Suite(.timeLimit(.minutes(15)))
struct ExportTests {
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        // Only the first node has an address in the lab.
        try folder.write(
            labText().replacing("node1: {", with: "node1: {bridges: {xenbr0: {address: 10.8.0.13}}, "), to: "lab.yaml")
        return folder
    }

    @Test func oneFileGoesToStandardOutput() throws {
        let folder = try folder()
        let ran = try xenseed("export", "hosts", in: folder)
        #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
        #expect(
            ran.out.hasSuffix("\n10.8.0.13  node1.hl.local node1\n# node2.hl.local: its address is not in the lab\n"),
            "\(ran.out)")
        let zone = try xenseed("export", "dns", "--file", "dns/8.10.in-addr.arpa.zone", "--serial", "42", in: folder)
        #expect(
            zone.status == 0 && zone.out.contains(" 42 3600 ") && zone.out.hasSuffix("13.0 IN PTR node1.hl.local.\n"),
            "\(zone)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["lab.yaml"])
    }

    @Test func allFilesGoToADirectory() throws {
        let folder = try folder()
        let first = try xenseed("export", "all", "--output", "to/here", in: folder)
        #expect(first.status == 0 && first.err.isEmpty, "\(first)")
        let paths = first.out.split(separator: "\n").map(String.init)
        #expect(paths.count == 18 && paths.contains("to/here/netbox/06-devices.csv"), "\(paths)")
        for path in paths { #expect(FileManager.default.fileExists(atPath: folder.url(path).path), "\(path)") }
        try folder.write("mine", to: "to/here/hosts")
        let second = try xenseed("export", "hosts", "--output", "to/here", in: folder)
        #expect(
            second.status == 3 && second.err == "xenseed: to/here/hosts exists already; --force replaces it\n",
            "\(second)")
        #expect(try folder.read("to/here/hosts") == "mine")
        #expect(try xenseed("export", "hosts", "--output", "to/here", "--force", in: folder).status == 0)
        #expect(try folder.read("to/here/hosts").contains("10.8.0.13  node1.hl.local node1\n"))
    }

    @Test(arguments: [
        (
            ["dns"],
            "dns has 2 files: give a directory with --output, or choose one with --file: dns/hl.local.zone, dns/8.10"
        ),
        (["dns", "--file", "x"], "dns has no file x; it has: dns/hl.local.zone, "),
        (["hosts", "--file", "x"], "hosts has no file x; it has: hosts"),
        (
            ["dns", "--name-server", "ns.hl.local", "--output", "x"],
            "the lab has no address for the name server ns.hl.local"
        ),
        (
            ["dns", "--name-server", "node2.hl.local", "--output", "x"],
            "the lab has no address for the name server node2.hl.local"
        ),
        (
            ["dns", "--name-server", "ns.example.net.", "--output", "x"],
            "--name-server needs a host name without a dot at its end."
        ),
        (["hosts", "--force"], "--force needs --output."), (["hots"], "The value 'hots' is invalid for '<format>'"),
    ]) func wrongCommandLine(_ words: [String], _ message: String) throws {
        let folder = try folder()
        let ran = try run([program, "export"] + words, in: URL(filePath: folder.path))
        #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains(message), "\(ran)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["lab.yaml"])
    }

    @Test func aNodeCanBeTheNameServer() throws {
        let folder = try folder()
        let ran = try xenseed(
            "export", "dns", "--file", "dns/hl.local.zone", "--name-server", "node1.hl.local", in: folder)
        #expect(ran.status == 0 && ran.out.contains("@ IN NS  node1.hl.local.\n"), "\(ran)")
    }
}
