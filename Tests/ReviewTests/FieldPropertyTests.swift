import Foundation
import Preseed
import TestSupport
import Testing

@testable import Build
@testable import Lab
@testable import Review

/// Tests properties of the review that hold for every field of the schema and every value.
@Suite(.timeLimit(.minutes(10)))
struct FieldPropertyTests {
    private static func planned(_ text: String = FieldTests.lab) async throws -> PlannedSnapshot {
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: FieldTests.labFiles)
        return try await PlannedSnapshot(
            Plan(lab: try #require(lab, "\(report.text())"), templates: try TemplateSet()), name: "lab")
    }

    private static func resolved(_ text: String = FieldTests.lab) throws -> FieldValue {
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: FieldTests.labFiles)
        return ResolvedLab.value(of: try #require(lab, "\(report.text())"))
    }

    /// A change of any field in any object is reported with at least the field's risk. The change names the field, and
    /// the node or every node that it concerns.
    @Test func everyOtherValueIsTold() async throws {
        let seed = SplitMix64.seed(or: 20_261_130)
        var random = SplitMix64(seed: seed)
        let before = try await Self.planned()
        let lab = try Self.resolved()
        var told: Set<String> = []
        for place in Place.all(in: lab) {
            for value in place.values(&random) where value != place.value {
                var edited = lab
                edited.set(place.path[...], value)
                let after = try Edited(before, lab: edited)
                for (a, b) in [(before as any Snapshot, after as any Snapshot), (after, before)] {
                    let review = try Review(from: a, to: b)
                    let field = place.path.joined(separator: ".")
                    let found = review.changes.filter { $0.field == field && $0.risk >= place.field.risk }
                    let comment = "XENSEED_SEED=\(seed): \(field): \(place.value) and \(value): \(review.text())"
                    #expect(!found.isEmpty && review.highest ?? .cosmetic >= place.field.risk, "\(comment)")
                    #expect(review.problems.isEmpty && review.notes.isEmpty, "\(comment)")
                    switch place.path[0] {
                    case "guests":
                        let nodes: Set = place.path[1] == "db1" ? ["xen01"] : ["xen01", "xen02"]
                        #expect(
                            place.field.risk == .cosmetic || Set(found.compactMap(\.node)).isSuperset(of: nodes),
                            "\(comment)")
                    case "nodes": #expect(found.contains { $0.node == place.path[1] }, "\(comment)")
                    case _ where place.field.risk > .cosmetic:
                        let nodes = place.path[0] == "networks" ? Self.members[place.path[1]]! : ["xen01", "xen02"]
                        #expect(Set(found.compactMap(\.node)) == nodes, "\(comment)")
                    default: break
                    }
                }
                told.insert(place.pattern)
            }
        }
        // Every field was tested.
        let leaves = LabFields.lab.schema.paths.filter { $0.field.wording != nil && !$0.path.hasPrefix("defaults.") }
        let tables: Set = [
            "guests", "networks.*.routes", "nodes.*.files.modes", "nodes.*.files.owners", "nodes.*.access.users",
            "nodes.*.disk.volumes", "nodes.*.volume_groups.*.volumes",
        ]
        #expect(told == Set(leaves.map(\.path)).subtracting(tables))
    }

    /// The nodes in each network of the lab that has nodes.
    private static let members: [String: Set<String>] = [
        "lan": ["xen01"], "side": ["xen01", "xen02"], "drbd": ["xen01", "xen02"], "wan": ["xen02"],
        "sync": ["xen01"], "san": ["xen01"], "five": ["xen01"],
    ]

    /// A leaf of the schema in a resolved lab, with its value.
    private struct Place {
        var path: [String]
        var pattern: String
        var field: Field
        var value: FieldValue
        var object: FieldValue

        static func all(in lab: FieldValue) -> [Place] {
            var places: [Place] = []
            func simulation(_ value: FieldValue, _ schema: ObjectSchema, _ path: [String], _ pattern: String) {
                for field in schema.fields {
                    guard let content = value[field.key] else { continue }
                    let (path, pattern) = (path + [field.key], pattern + field.key)
                    switch (field.shape, content) {
                    case (.object(let inner), .object): simulation(content, inner, path, pattern + ".")
                    case (.object, _): break
                    case (.table(_, .object(let inner)), .object(let entries)):
                        for entry in entries where path != ["networks"] || members[entry.name] != nil {
                            simulation(entry.value, inner, path + [entry.name], pattern + ".*.")
                        }
                    case (.table, .object(let entries)):
                        for entry in entries {
                            places.append(
                                Place(
                                    path: path + [entry.name], pattern: pattern + ".*", field: field,
                                    value: entry.value, object: value))
                        }
                    default:
                        places.append(Place(path: path, pattern: pattern, field: field, value: content, object: value))
                    }
                }
            }
            simulation(lab, LabFields.lab.schema, [], "")
            return places
        }

        /// Returns values that the field can have.
        func values(_ random: inout SplitMix64) -> [FieldValue] {
            switch field.shape {
            case .boolean: return [.flag(true), .flag(false)]
            case .integer(let range):
                return [range.lowerBound, range.upperBound, 7].filter(range.contains).map { .number($0) }
            case .name(let syntax): return (syntax.choices + ["other"]).map { .text($0) }
            case .prose: return [.text("a :: 1 1 1 free ."), .text("b :: 1 1 1 free ."), .none]
            case .text(let type) where type == PasswordHash.self:
                return [.none, .digest(of: "one"), .digest(of: "two")]
            case .text(let type), .table(_, .text(let type)):
                return texts(type, &random).map { .text($0) } + (field.requirement == .no ? [.none] : [])
            case .list(let type):
                let texts = texts(type, &random)
                return [.list([]), .list(texts.map { .text($0) }), .list(texts.reversed().map { .text($0) })]
            case .object, .table: return []
            }
        }

        /// Returns texts that the type accepts: known ones, and variants of them with changed characters.
        private func texts(_ type: any TextValue.Type, _ random: inout SplitMix64) -> [String] {
            var texts = type.syntax.choices + [field.example, type.syntax.example].compactMap { $0 }
            // A regression: a name with a full stop was truncated there.
            if type == DiskID.self { texts += ["nvme-eui.0025388b710116a1", "nvme-eui.0025388b710116a2"] }
            if case .text(let text) = value { texts.append(text) }
            let known = texts
            for _ in 0..<60 where texts.count < 12 {
                var bytes = Array(known.randomElement(using: &random)!.utf8)
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 33...126, using: &random)
                texts.append(String(decoding: bytes, as: UTF8.self))
            }
            var seen: Set<String> = []
            return texts.compactMap { (try? type.init(text: $0))?.text }.filter { seen.insert($0).inserted }
        }
    }

    // MARK: Names

    /// A machine that is recognized by its cards or disk is reported as renamed, without erasing its disk.
    @Test func aRenameIsNotANewNode() async throws {
        let before = try await Self.planned()
        let named = FieldTests.lab.replacing("xen02", with: "xen09")
        let review = try Review(from: before, to: try await Self.planned(named))
        let change = try #require(review.changes.first { $0.node == "xen09" })
        #expect(
            change.risk == .reboot
                && change.sentence
                    == "xen02 is now xen09, by the MAC address 08:00:27:08:08:14: the new host name needs a reboot, and nothing on /dev/disk/by-id/ata-DISK_1 is erased"
        )
        #expect(review.highest == .reboot, "\(review.text())")
        #expect(!review.changes.contains { $0.node == "xen02" }, "\(review.text())")
        // The other node has the name in /etc/hosts.
        #expect(
            review.changes.contains {
                $0.node == "xen01" && $0.isDerived
                    && $0.sentence == "/etc/hosts: changed content, which follows from xen02, xen09"
            })

        let moved = named.replacing("{by_id: ata-DISK_1}", with: "{by_id: ata-DISK_2}")
        let erased = try Review(from: before, to: try await Self.planned(moved))
        #expect(
            erased.changes.contains {
                $0.node == "xen09" && $0.risk == .erases
                    && $0.sentence
                        == "xen02 is now xen09, by the MAC address 08:00:27:08:08:14: its installation ERASES /dev/disk/by-id/ata-DISK_2"
            }, "\(erased.text())")

        // If all cards are new, the machine is recognized by its disk.
        let cards = named.replacing("08:00:27:16:22:14", with: "08:00:27:16:22:24")
            .replacing("08:00:27:08:08:14", with: "08:00:27:08:08:24")
            .replacing("08:00:27:08:08:34", with: "08:00:27:08:08:44")
        let byDisk = try Review(from: before, to: try await Self.planned(cards))
        #expect(byDisk.changes.contains { $0.sentence.hasPrefix("xen02 is now xen09, by the disk ata-DISK_1: ") })
        #expect(byDisk.highest == .network, "\(byDisk.text())")
        // If the disk is new as well, the machine is not recognized.
        let other = cards.replacing("{by_id: ata-DISK_1}", with: "{by_id: ata-DISK_2}")
        let new = try Review(from: before, to: try await Self.planned(other))
        #expect(
            new.changes.contains {
                $0.sentence == "a new node; its installation ERASES /dev/disk/by-id/ata-DISK_2" && $0.node == "xen09"
            }, "\(new.text())")
        #expect(new.changes.contains { $0.node == "xen02" && $0.sentence.hasPrefix("removed from the lab") })
    }

    // MARK: Files

    /// A difference in a file that no changed field explains is reported by the file's path.
    @Test func whatFieldsDoNotExplain() async throws {
        let before = try await Self.planned()
        let byHand = try Edited(before) { member in
            if member.path.description == "etc/default/xen" { member.replace("TOOLSTACK=xl", with: "TOOLSTACK=xm") }
        }
        let review = try Review(from: before, to: byHand)
        #expect(review.changes.contains { $0.risk == .reboot && $0.sentence == "/etc/default/xen: changed content" })
        // The other file has a change that a field explains.
        let both = try Edited(try await Self.planned(FieldTests.lab.replacing("timeout: 1", with: "timeout: 5"))) {
            if $0.path.description == "etc/default/xen" { $0.replace("TOOLSTACK=xl", with: "TOOLSTACK=xm") }
        }
        let found = try Review(from: before, to: both).changes.filter { $0.node == "xen01" }
        #expect(
            found.map(\.sentence).sorted() == ["/etc/default/xen: changed content", "GRUB's menu is shown 1 s → 5 s"],
            "\(found)")
        // A preseed with different partitioning erases the disk, even if no field explains the difference.
        var preseed = try Edited(before)
        let path = "nodes/xen02/preseed.cfg"
        let text = String(decoding: preseed[path] ?? [], as: UTF8.self)
        preseed[path] = Array((text + "d-i partman/mount_style select label\n").utf8)
        #expect(try Review(from: before, to: preseed).highest == .erases)
        // The same holds next to a change of a field that has nothing to do with disks.
        var hidden = try Edited(
            try await Self.planned(FieldTests.lab.replacing("timezone: UTC", with: "timezone: CET")))
        let cet = String(decoding: hidden[path] ?? [], as: UTF8.self)
        hidden[path] = Array((cet + "d-i partman/mount_style select label\n").utf8)
        #expect(try Review(from: before, to: hidden).highest == .erases)
    }

    /// Another release changes every file, but is reported as one change, because the node is installed again.
    @Test func aReleaseIsOneChange() async throws {
        let before = try await Self.planned()
        let after = try await Self.planned(FieldTests.lab.replacing("release: bookworm", with: "release: trixie"))
        let review = try Review(from: before, to: after)
        let told = Set(review.changes.filter { $0.node == "xen01" }.map(\.sentence))
        #expect(told == ["Debian bookworm → trixie: reinstall, ERASES"], "\(told)")
    }

    /// For a tree of a version that wrote no lab.json, the review compares files and says so. No change gets a lower
    /// risk than with fields.
    @Test func treesWithoutAResolvedLab() async throws {
        let whole = try await Self.planned()
        var before = try Edited(whole)
        before[ResolvedLab.path] = nil
        before.name = "old"
        let same = try Review(from: before, to: whole)
        #expect(same.changes.isEmpty && same.problems.isEmpty)
        #expect(
            same.notes == [
                "old has no lab.json (it was built by an earlier version): files are compared, not fields"
            ])
        #expect(same.text().hasPrefix("note: old has no lab.json"))
        #expect(
            same.json.contains("\"notes\" : [\n    \"old has no lab.json")
                && same.markdown().contains("> old has no lab")
        )
        for (edit, risk) in [
            (("by_id: ata-DISK_1", "by_id: nvme-eui.0025388b710116a1"), .erases),
            (("swap: 1 GiB", "swap: 2 GiB"), .erases),
            (("stp: false", "stp: true"), .network), (("panic=10", "panic=20"), .reboot),
        ] as [((String, String), Risk)] {
            let after = try await Self.planned(FieldTests.lab.replacing(edit.0, with: edit.1))
            #expect(try Review(from: before, to: after).highest ?? .cosmetic >= risk, "\(edit)")
        }
        // A lab.json that can't be read or belongs to another tree is a problem.
        for (text, says) in [
            ("{\"schema_version\": 1}", "does not belong to this tree: only one of them has xen01, xen02"),
            ("{", "is not JSON"), ("{}", "has the schema version unknown"),
            ("{\"schema_version\": 2}", "has the schema version 2; this xenseed compares version 1"),
        ] {
            before[ResolvedLab.path] = Array(text.utf8)
            let review = try Review(from: before, to: whole)
            #expect(review.problems.contains { $0.hasPrefix("old: lab.json \(says)") }, "\(review.problems)")
        }
    }
}

extension FieldValue {
    /// Sets a value at a path of names.
    fileprivate mutating func set(_ path: ArraySlice<String>, _ value: FieldValue) {
        guard let name = path.first, case .object(var entries) = self else {
            self = value
            return
        }
        for index in entries.indices where entries[index].name == name {
            if path.count == 1 {
                entries[index].value = value
            } else {
                entries[index].value.set(path.dropFirst(), value)
            }
        }
        self = .object(entries)
    }
}
