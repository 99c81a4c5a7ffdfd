import Build
import Foundation
import Lab
import Review
import TestSupport
import Testing

/// The origin of each line is correct: if a field changes a line, the line's origin names the field.
@Suite(.timeLimit(.minutes(15)))
struct ProvenanceTests {
    private static func provenance(_ text: String) async throws -> Provenance {
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: FieldTests.labFiles)
        return try await Provenance(try #require(lab, "\(report.text())"))
    }

    @Test func everyLineHasAnOrigin() async throws {
        let schema = LabFields.lab.schema
        for text in [FieldTests.lab, try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8)] {
            let provenance = try await Self.provenance(text)
            #expect(provenance.files.count > 40)
            for (path, origins) in provenance.files {
                #expect(provenance.text(of: path, line: origins.count) != nil, "\(path)")
                #expect(provenance.text(of: path, line: origins.count + 1) == nil, "\(path)")
                for (number, origin) in origins.enumerated() {
                    #expect(
                        origin.template != nil || !origin.fields.isEmpty || !origin.facts.isEmpty,
                        "\(path):\(number + 1)")
                    let unknown = origin.fields.filter { schema.field(at: $0.split(separator: ".")) == nil }
                    #expect(unknown == [], "\(path):\(number + 1)")
                }
            }
        }
    }

    @Test func whereAFieldEndsUp() async throws {
        let provenance = try await Self.provenance(FieldTests.lab)
        func lines(_ field: String) -> Set<String> {
            Set(provenance.places(of: field).map { "\($0.path): \(provenance.text(of: $0.path, line: $0.line) ?? "")" })
        }
        let memory = lines("nodes.xen01.dom0.memory")
        let option =
            "GRUB_CMDLINE_XEN=\"dom0_mem=1024M,min:512M,max:2048M dom0_max_vcpus=2 dom0_vcpus_pin iommu=on com1=115200,8n1 console=com1,vga\""
        #expect(memory.contains("nodes/xen01/overlay/etc/default/grub.d/50-xenseed.cfg: \(option)"))
        #expect(memory.contains("nodes/xen01/overlay/etc/xenseed/expect: dom0-memory 1024"))
        #expect(!memory.contains { $0.hasPrefix("nodes/xen02/") })
        // In a file for all nodes, only the lines of this node.
        for path in ["README.md", "overview.svg", "qemu/lab", "virtualbox/lab"] {
            #expect(memory.contains { $0.hasPrefix("\(path): ") }, "\(path)")
        }
        #expect(!memory.contains { $0.contains("xen02") }, "\(memory.filter { $0.contains("xen02") })")
        #expect(
            lines("nodes.xen01.dom0").isSuperset(of: memory)
                && lines("nodes.*.dom0.memory").contains { $0.hasPrefix("nodes/xen02/") })
        #expect(
            lines("timezone") == [
                "nodes/xen01/preseed.cfg: d-i time/zone string UTC",
                "nodes/xen02/preseed.cfg: d-i time/zone string UTC", "lab.json:   \"timezone\": \"UTC\",",
            ])
        #expect(
            lines("nodes.xen01.grub.timeout") == [
                "nodes/xen01/overlay/etc/default/grub.d/50-xenseed.cfg: GRUB_TIMEOUT=1",
                "lab.json:         \"timeout\": 1,",
            ])
        // Each node that has the field has one line.
        #expect(provenance.places(of: "nodes.xen01.grub.timeout").count { $0.path == "lab.json" } == 1)
        #expect(provenance.places(of: "nodes.*.grub.timeout").count { $0.path == "lab.json" } == 2)
    }

    @Test func aChangedLineNamesItsField() async throws {
        func lines(_ provenance: Provenance, _ path: String) -> [String] {
            (1...max(1, provenance.files[path]!.count)).map { provenance.text(of: path, line: $0) ?? "" }
        }
        // Lines with digests change with every file.
        func withoutDigests(_ lines: [String]) -> [String] {
            lines.map { $0.utf8.count > 31 ? $0.replacing(#/[0-9a-f]{32,64}/#, with: "…") : $0 }
        }
        let before = try await Self.provenance(FieldTests.lab)
        let linesBefore = before.files.keys.reduce(into: [:]) { $0[$1] = lines(before, $1) }
        for row in FieldTests.rows where !row.isResolved {
            let after = try await Self.provenance(FieldTests.lab.replacing(row.old, with: row.new))
            var missing: [String] = []
            for path in Set(before.files.keys).intersection(after.files.keys).sorted() where !path.hasSuffix(".mtree") {
                let (old, new) = (linesBefore[path]!, lines(after, path))
                guard old != new else { continue }
                let (a, b) = (withoutDigests(old), withoutDigests(new))
                guard a != b else { continue }
                let known = Set(a)
                for change in b.difference(from: a) {
                    // A line that was moved is not a new one.
                    guard case .insert(let offset, let text, _) = change, !known.contains(text) else { continue }
                    let origin = after.files[path]![offset]
                    if !origin.fields.contains(row.field) {
                        missing.append(
                            "\(path):\(offset + 1): \(text.prefix(90)) [\(origin.fields.joined(separator: " ").prefix(80))]"
                        )
                    }
                }
            }
            #expect(missing.isEmpty, "\(row.field):\n\(missing.prefix(6).joined(separator: "\n"))")
        }
    }
}
