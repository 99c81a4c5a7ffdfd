import Foundation
import TestSupport
import Testing

/// Tests the drawing of a lab: it is readable, and small changes of the lab change few of its lines.
@Suite(.timeLimit(.minutes(15)))
struct DrawingTests {
    private func drawn(_ lab: String) throws -> (folder: TemporaryFolder, lines: [Substring]) {
        let folder = try TemporaryFolder()
        try folder.write(lab, to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        try #require(ran.status == 0, "\(ran.err)")
        return (folder, try folder.read("out/overview.svg").split(separator: "\n"))
    }

    /// A browser shows the drawing as wide as a phone and as a desktop, light and dark: texts are neither cut off nor
    /// overlapping.
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
            // The drawing fits a phone's width, and texts have the contrast that WCAG requires.
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
        // The memory takes one line for each node, an address one line.
        #expect(try changes(two, labText(nodes: 2, memory: "3 GiB")) == 2)
        let reference = try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)
        #expect(try changes(reference, reference.replacing("172.16.22.13", with: "172.16.22.15")) == 1)
        // A node added at the end changes its own 7 lines, three with the size of the drawing and the number of nodes,
        // and the network's lines.
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
