import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// Compares the generated files with the recorded ones, byte for byte.
///
/// `out` contains the complete files of the reference lab. For every other lab and release, `Golden` contains the
/// differences from these, in one file for each lab (``GoldenDifference``).
/// With `XENSEED_RECORD=1`, the tests record `Golden` again and fail; `make lab` writes `out`.
@Suite(.timeLimit(.minutes(15)))
struct GoldenTests {
    private static let isRecording = ProcessInfo.processInfo.environment["XENSEED_RECORD"] == "1"
    private static let folder = LabCase.here.appending(path: "Golden")

    @Test func referenceLabIsInOut() async throws {
        let tree = try await LabCase.tracked.tree()
        let written = try StoredTree(tree.root, of: tree.lab, keepsModes: false)
        let out = try StoredTree(checkout.appending(path: "out"), of: tree.lab, keepsModes: false)
        let places = Set(written.files.keys).union(out.files.keys)
        for (old, new) in places.map({ (out.files[$0], written.files[$0]) }) where old?.text != new?.text {
            let path = new?.path ?? old?.path ?? ""
            let difference = unifiedDiff(old: old?.text ?? [], new: new?.text ?? [], oldName: path, newName: "written")
            Issue.record("out is not what is written:\n\(difference)")
        }
    }

    @Test(arguments: LabCase.names)
    func asRecorded(_ name: String) async throws {
        let file = Self.folder.appending(path: "\(name).diff")
        let written = try await Self.difference(of: name)
        let head = Self.head(of: name)
        if Self.isRecording {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try Data((head + written.text).utf8).write(to: file)
            Issue.record("\(name): recorded; read the diff")
            return
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        if text == head + written.text { return }
        let recorded = GoldenDifference(parsing: text)
        let isAsWritten =
            text == head + recorded.text && recorded.sections.map(\.title) == recorded.sections.map(\.title).sorted()
        #expect(isAsWritten, "Golden/\(name).diff has other lines at its beginning, or sections in another order")
        let titles = Set(written.sections.map(\.title)).union(recorded.sections.map(\.title)).sorted()
        for title in titles {
            let (old, new) = (recorded.text(title), written.text(title))
            if old == new { continue }
            let difference = unifiedDiff(
                old: Array(old.utf8), new: Array(new.utf8), oldName: "Golden/\(name).diff", newName: "written")
            Issue.record("\(name) is not as recorded: \(title)\n\(difference)")
        }
    }

    @Test func nothingElseIsRecorded() throws {
        let expected = Set(LabCase.names.map { "\($0).diff" })
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) where !expected.contains(name)
        {
            if Self.isRecording { try FileManager.default.removeItem(at: Self.folder.appending(path: name)) }
            Issue.record("Golden/\(name) is of no lab")
        }
    }

    /// Returns the name of the lab that a lab is compared with.
    private static func base(of name: String) -> String { name == "everything-uefi" ? "everything" : "reference" }

    private static func baseName(of name: String) -> String { name == "reference" ? "out" : base(of: name) }

    private static func head(of name: String) -> String {
        """
        What xenseed writes for \(name), as differences from \(baseName(of: name)) (its first node); of the other nodes, as
        differences from the first one. A hunk without a release is the same on all of them.

        """
    }

    private static func difference(of name: String) async throws -> GoldenDifference {
        var releases: [(codename: String, files: [String: (old: [UInt8], new: [UInt8])])] = []
        for lab in LabCase.all where lab.name == name && lab != .tracked {
            var base = LabCase(name: base(of: name), codename: lab.codename)
            if name == "reference" { base = .tracked }
            let old = try await base.stored()
            let new = try await lab.stored()
            var files: [String: (old: [UInt8], new: [UInt8])] = [:]
            for (place, file) in new.files {
                // All thirty nodes are alike; the first one is enough.
                if name == "thirty", place.node ?? 0 > 0, !place.pattern.hasPrefix("pxe/") { continue }
                let isFurther = place.node ?? 0 > 0
                let before = isFurther ? new.files[.init(pattern: place.pattern, node: 0)] : old.files[place]
                let beforeName = isFurther ? name : Self.baseName(of: name)
                let title = "diff \(before.map { "\(beforeName)/\($0.path)" } ?? "/dev/null") \(name)/\(file.path)"
                files[title] = (before?.text ?? [], file.text)
            }
            releases.append((lab.codename, files))
        }
        return GoldenDifference(releases)
    }

    /// Overlay files that are unchanged copies of a template.
    private static let verbatim = [
        "usr/local/sbin/xenseed-verify": "xenseed-verify.sh",
        "etc/systemd/system/xenseed-verify.service": "xenseed-verify.service",
        "usr/local/sbin/xenseed-cards": "xenseed-cards.sh",
        "etc/systemd/system/xenseed-cards.service": "xenseed-cards.service",
    ]

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
        let root = try await lab.tree().root
        let ran = try shell(
            """
            LC_ALL=C; export LC_ALL
            echo '# Written by xenseed: every file that it wrote here, and no other.'
            {
                find . -type f ! -path ./SHA256SUMS -printf '%P\\0' | xargs -0 sha256sum
                find . -type l -printf '# link %P\\n'
            } | sort -t ' ' -k 3
            """, [], needs: ["find", "sha256sum", "sort", "xargs"], in: root)
        let sums = try String(contentsOf: root.appending(path: "SHA256SUMS"), encoding: .utf8)
        #expect(ran.status == 0 && sums == ran.out, "\(ran.err)")
    }

    @Test(arguments: LabCase.all)
    func secondBuildChangesNothing(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let output = try OutputTree(tree.root.path, plan: tree.plan)
        #expect(try await output.check().differences.map(\.text) == [])
        #expect(try await output.build().isUnchanged)
    }

    @Test func refusedByTheOlderRelease() throws {
        let lab = LabCase.refused
        let (_, report) = Spec.read(try lab.text(), file: "lab.yaml", labFiles: lab.labFiles, release: lab.release)
        #expect(Set(report.diagnostics.map(\.code.id)) == ["X0223", "X0318", "X0404", "X0605", "X0611"])
    }

    /// The `everything` labs use every field of the schema except `select`, which excludes `device` and `by_id`.
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
