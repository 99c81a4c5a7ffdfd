import Foundation
import TestSupport
import Testing

/// The drawing of a lab: a person understands it, and its changes are small.
@Suite(.timeLimit(.minutes(15)))
struct DrawingTests {
    private func drawn(_ lab: String) throws -> (folder: TemporaryFolder, lines: [Substring]) {
        let folder = try TemporaryFolder()
        try folder.write(lab, to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        try #require(ran.status == 0, "\(ran.err)")
        return (folder, try folder.read("out/overview.svg").split(separator: "\n"))
    }

    /// In a browser, as wide as a phone and as a desktop, light and dark.
    @Test(arguments: [
        "lab.yaml", "Tests/ArtifactTests/Labs/three-nodes/lab.yaml", "Tests/ArtifactTests/Labs/one-nic/lab.yaml",
    ])
    func isReadable(file: String) throws {
        let text = try String(contentsOf: checkout.appending(path: file), encoding: .utf8)
        let (folder, _) = try drawn(text)
        let drawing = folder.url("out/overview.svg").path
        #expect(
            try run(["/usr/bin/python3", "-c", "import sys, xml.dom.minidom as x; x.parse(sys.argv[1])", drawing])
                .status == 0)
        let pictures = ProcessInfo.processInfo.environment["XENSEED_PICTURES"] ?? folder.url("pictures").path
        let ran = try run([
            "/usr/bin/python3", checkout.appending(path: "Tests/Page/drawing.py").path, drawing, pictures,
        ])
        try #require(ran.status == 0, "\(ran)")
        let views = try JSONSerialization.jsonObject(with: Data(ran.out.utf8)) as? [String: [String: Any]] ?? [:]
        #expect(views.count == 4)
        for (name, view) in views {
            #expect(
                (view["outside"] as? [String])?.isEmpty == true && (view["overlaps"] as? [[String]])?.isEmpty == true,
                "\(name): \(view)")
            // No wider than a phone, and no fainter than text may be.
            #expect(
                (view["width"] as? Double ?? 999) <= 390 + 28 * 2 && (view["contrast"] as? Double ?? 0) >= 4.5,
                "\(name): \(view)")
            #expect((view["texts"] as? Int ?? 0) > 4)
        }
        #expect(views["phone-light"]?["paper"] as? String != views["phone-dark"]?["paper"] as? String)
    }

    @Test func smallChangesAreSmall() throws {
        func changes(_ old: String, _ new: String) throws -> Int {
            let (a, b) = (try drawn(old).lines, try drawn(new).lines)
            return b.difference(from: a).insertions.count
        }
        let two = labText(nodes: 2)
        // A memory is in one line, and so is an address.
        #expect(try changes(two, labText(nodes: 2, memory: "3 GiB")) == 2)
        let reference = try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
        #expect(try changes(reference, reference.replacing("172.16.22.13", with: "172.16.22.15")) == 1)
        // Another node at the end: itself (7 lines), the picture's size in two and the number of nodes, and the network's line.
        #expect(try changes(two, labText(nodes: 3)) <= 7 + 3 + 2)
    }

    @Test func largeLabsHaveNone() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 101), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.url("out/overview.svg").path))
        #expect(try !folder.read("out/README.md").contains("overview.svg"))
    }
}
