import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// What is written, byte for byte, against what was written when somebody last looked at it.
///
/// `XENSEED_RECORD=1` writes Golden anew and fails.
struct GoldenTests {
    static let isRecording = ProcessInfo.processInfo.environment["XENSEED_RECORD"] == "1"

    @Test(arguments: LabCase.recorded)
    func asRecorded(_ lab: LabCase) async throws {
        let folder = LabCase.here.appending(path: "Golden/\(lab.name)/\(lab.codename)")
        let written = try Self.stored(try await lab.tree(), of: lab)
        if Self.isRecording {
            try? FileManager.default.removeItem(at: folder)
            for (path, bytes) in written {
                let file = folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(bytes).write(to: file)
            }
            Issue.record("\(lab.testDescription): recorded; read the diff")
            return
        }
        #expect(regularFiles(below: folder) == written.keys.sorted())
        for (path, bytes) in written.sorted(by: { $0.key < $1.key }) {
            guard let data = try? Data(contentsOf: folder.appending(path: path)) else { continue }
            let golden = [UInt8](data)
            if golden != bytes {
                let name = "\(lab.name)/\(lab.codename)/\(path)"
                Issue.record("\(unifiedDiff(old: golden, new: bytes, oldName: name, newName: "written"))")
            }
        }
    }

    /// Overlay files that are templates as they stand; their digests would change every golden tree with them.
    static let verbatim = [
        "usr/local/sbin/xenseed-verify": "xenseed-verify.sh",
        "etc/systemd/system/xenseed-verify.service": "xenseed-verify.service",
        "usr/local/sbin/xenseed-cards": "xenseed-cards.sh",
        "etc/systemd/system/xenseed-cards.service": "xenseed-cards.service",
    ]

    /// What of a tree is stored. An archive's bytes depend on the library that packed it, so its digest, and all digests
    /// that follow from it, are stored by name.
    static func stored(_ tree: Tree, of lab: LabCase) throws -> [String: [UInt8]] {
        var names: [(old: String, new: String)] = []
        let sums = try String(contentsOf: tree.root.appending(path: "SHA256SUMS"), encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { (digest: String($0.prefix(64)), path: String($0.dropFirst(66))) }
        for (digest, path) in sums {
            let file = tree.root.appending(path: path)
            let member = path.components(separatedBy: "/overlay/").dropFirst().first
            if let member, verbatim[member] != nil {
                let size = try Data(contentsOf: file).count
                names.append((" size=\(size) sha256digest=\(digest)", " {as the template}"))
                names.append((digest, "{as the template}"))
            } else if ["late-command.sh", "overlay.mtree", "overlay.tar.gz", "preseed.cfg"].contains(
                file.lastPathComponent)
            {
                names.append((digest, "{sha256 of \(file.lastPathComponent)}"))
            }
            if file.lastPathComponent == "preseed.cfg" {
                let ran = try tool(["md5sum", file.path])
                names.append((String(ran.out.prefix(32)), "{md5 of preseed.cfg}"))
            }
        }
        // What starts a node names its preseed's digest.
        for (digest, path) in sums where !path.hasPrefix("nodes/") {
            let text = String(decoding: try Data(contentsOf: tree.root.appending(path: path)), as: UTF8.self)
            if path == "usb/seed.cpio.gz" || names.contains(where: { text.contains($0.old) }) {
                names.append((digest, "{sha256 of \(path.split(separator: "/").last!)}"))
            }
        }
        var stored: [String: [UInt8]] = [:]
        for path in regularFiles(below: tree.root) where isStored(path, tree, lab) {
            let data = try Data(contentsOf: tree.root.appending(path: path))
            if var text = String(data: data, encoding: .utf8), text.contains(where: \.isHexDigit) {
                for (old, new) in names { text = text.replacing(old, with: new) }
                stored[path] = Array(text.utf8)
            } else {
                stored[path] = [UInt8](data)
            }
        }
        return stored
    }

    private static func isStored(_ path: String, _ tree: Tree, _ lab: LabCase) -> Bool {
        if path.hasSuffix(".gz") || verbatim.keys.contains(where: { path.hasSuffix("/overlay/\($0)") }) {
            return false
        }
        // Long scripts, alike but for a few lines.
        if ["qemu/lab", "usb/seed/xenseed/find-node.sh", "virtualbox/lab"].contains(path) {
            return ["everything", "everything-uefi", "reference"].contains(lab.name)
        }
        switch lab.name {
        // Thirty nodes are alike, and these four differ by little.
        case "thirty": return !path.hasPrefix("nodes/") || path.hasPrefix("nodes/\(tree.lab.nodes[0].name)/")
        case "disks": return ["README.md", "late-command.sh", "preseed.cfg"].contains(path.split(separator: "/").last)
        default: return true
        }
    }

    @Test(arguments: LabCase.all)
    func verifierAsTemplate(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for (path, template) in Self.verbatim {
            if tree.lab.release.udevExchangesNames, path.contains("xenseed-cards") { continue }
            let expected = [UInt8](try Data(contentsOf: checkout.appending(path: "templates/\(template)")))
            for node in tree.lab.nodes { #expect(try tree.bytes(node, "overlay/\(path)") == expected) }
        }
    }

    @Test(arguments: LabCase.all)
    func sumsHold(_ lab: LabCase) async throws {
        let ran = try tool(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], in: try await lab.tree().root)
        #expect(ran.status == 0, "\(ran.out)\(ran.err)")
    }

    @Test(arguments: LabCase.all)
    func secondBuildChangesNothing(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let output = try OutputTree(tree.root.path, planner: tree.planner)
        #expect(try await output.check().differences.map(\.text) == [])
        #expect(try await output.build().isUnchanged)
    }

    @Test func refusedByTheOlderRelease() throws {
        let lab = LabCase.refused
        let (_, report) = Spec.read(try lab.text(), file: "lab.yaml", labFiles: lab.labFiles, release: lab.release)
        #expect(Set(report.diagnostics.map(\.code.id)) == ["X0223", "X0318", "X0404", "X0605", "X0611"])
    }

    /// `everything` is what its name says: every field of the schema is in it, but for the third way to name a disk.
    @Test(arguments: ["everything", "everything-uefi"])
    func everyField(_ name: String) throws {
        let text = try LabCase(name: name, codename: "bookworm").text()
        let schema = try JSONSerialization.jsonObject(with: Data(LabSchema.json().utf8))
        let missing = Self.fields(schema).filter { field in
            text.firstRange(of: try! Regex("(?m)(^|[ {])\(field):")) == nil
        }
        #expect(missing == ["select"])
    }

    private static func fields(_ schema: Any) -> Set<String> {
        guard let object = schema as? [String: Any] else { return [] }
        let properties = object["properties"] as? [String: Any] ?? [:]
        let inner = Array(properties.values) + ["items", "additionalProperties"].compactMap { object[$0] }
        return inner.reduce(into: Set(properties.keys)) { $0.formUnion(fields($1)) }
    }
}
