import Lab
import Preseed

/// Compares two resolved labs field by field.
struct FieldReview {
    /// A field whose value changed.
    struct Difference {
        /// The name of the node; nil when the field is not of a single node.
        var node: String?
        /// The path of the field with the names of the lab: `nodes.xen01.dom0.memory`.
        var path: String
        /// The path with `*` for names: `nodes.*.dom0.memory`.
        var pattern: String
        /// The change to report; nil when the change of another field, or of the whole object, covers it.
        var change: UnplacedChange?
    }

    /// A machine that has another name in the new lab.
    struct Rename {
        var old: String
        var new: String
        /// The identification that both labs have, such as `the MAC address 08:00:27:08:08:13`.
        var mark: String
    }

    private(set) var differences: [Difference] = []
    /// The new and the old names of the nodes that are in both labs.
    private(set) var nodes: [(new: String, old: String)] = []
    private(set) var renames: [Rename] = []
    /// The sorted names of the nodes that only the new lab has.
    private(set) var added: [String] = []
    /// The sorted names of the nodes that only the old lab has.
    private(set) var removed: [String] = []

    private let old: FieldValue
    private let new: FieldValue
    /// The nodes of the old lab by name.
    private let before: [String: FieldValue]
    /// The nodes of the new lab by name.
    private let after: [String: FieldValue]

    init(_ old: FieldValue, _ new: FieldValue) {
        (self.old, self.new) = (old, new)
        (before, after) = (Self.entries(old["nodes"]), Self.entries(new["nodes"]))
        pairNodes()
        compareLab()
        let schema = LabFields.node.schema
        for (name, former) in nodes {
            compare(
                schema, before[former]!, after[name]!,
                Place(node: name, path: "nodes.\(name).", pattern: "nodes.*.", subject: ""))
            compareLogins(before[former]!, after[name]!, node: name)
        }
    }

    /// Returns the disks that an installation of a node erases, as text for a person.
    static func disk(of node: FieldValue) -> String? {
        let schema = LabFields.disk.schema
        let disk = node["disk"] ?? .none
        var system = ["device", "by_id", "devices"].lazy.compactMap { key in
            disk[key].flatMap { $0 == .none ? nil : shown($0, schema[key]!.wording) }
        }.first
        if case .text(let text)? = disk["select"], let rule = DiskRule(rawValue: text) {
            system = rule.words(size: disk["size"].flatMap { shown($0, nil) })
        }
        let groups = entries(node["volume_groups"]).values.filter { $0["erase"] != FieldValue.none }
            .compactMap { $0["devices"].flatMap { shown($0, nil) } }
        return system.map { ([$0] + groups.sorted()).joined(separator: " ") }
    }

    /// Returns a node of the new lab.
    func node(_ name: String) -> FieldValue { after[name] ?? .none }

    /// Returns the known MAC addresses of the cards of a node in the new lab.
    func cards(of node: String) -> [MACAddress] {
        Self.entries(after[node]?["interfaces"]).values.compactMap { card in
            if case .text(let text)? = card["mac"] { try? MACAddress(text: text) } else { nil }
        }
    }

    /// A node that changed, was added or was removed.
    struct ChangedNode {
        var node: String
        /// The patterns of the fields whose values differ; nil for a node that is in only one of the labs or has another
        /// name.
        var fields: Set<String>?
    }

    /// The nodes that changed.
    var changedNodes: [ChangedNode] {
        let others = (added + removed + renames.flatMap { [$0.old, $0.new] }).map { ChangedNode(node: $0, fields: nil) }
        let known = Set(others.map(\.node))
        let patterns = Dictionary(grouping: differences.filter { $0.node != nil }) { $0.node! }
        return others
            + patterns.filter { !known.contains($0.key) }.map { node, differences in
                ChangedNode(node: node, fields: Set(differences.map(\.pattern)))
            }
    }

    /// What explains the differences of files that are not of a single node.
    var explained: FileReview.Explained {
        let fields = Set(differences.map(\.pattern))
        return .init(
            fields: fields,
            rendersEveryFile: !added.isEmpty || !removed.isEmpty || !renames.isEmpty || fields.contains("release"))
    }

    // MARK: Nodes

    private static func entries(_ value: FieldValue?) -> [String: FieldValue] {
        guard case .object(let entries) = value else { return [:] }
        return Dictionary(entries.map { ($0.name, $0.value) }) { $1 }
    }

    private mutating func pairNodes() {
        var gone = Set(before.keys.filter { after[$0] == nil })
        // The names of the nodes that are gone, by the identifications of their machines.
        var known: [String: String] = [:]
        for name in gone.sorted(by: >) { for mark in Self.marks(of: before[name]!) { known[mark] = name } }
        for name in after.keys.sorted() {
            if before[name] != nil {
                nodes.append((name, name))
            } else if let mark = Self.marks(of: after[name]!).first(where: { known[$0].map(gone.contains) == true }) {
                let former = gone.remove(known[mark]!)!
                renames.append(Rename(old: former, new: name, mark: mark))
                nodes.append((name, former))
            } else {
                added.append(name)
            }
        }
        removed = gone.sorted()
    }

    /// Returns the identifications of a machine that do not depend on its name; the most reliable comes first.
    private static func marks(of node: FieldValue) -> [String] {
        func text(_ value: FieldValue?, _ what: String) -> [String] {
            if case .text(let text)? = value, text != "unknown" { ["\(what) \(text)"] } else { [] }
        }
        let cards = entries(node["interfaces"]).values.flatMap { text($0["mac"], "the MAC address") }
        return cards.sorted() + text(node["disk"]?["by_id"], "the disk") + text(node["serial"], "the serial number")
    }

    // MARK: Logins

    /// Reports the removal of the last way to log in to a node.
    private mutating func compareLogins(_ old: FieldValue, _ new: FieldValue, node: String) {
        guard Self.hasLogin(old), !Self.hasLogin(new) else { return }
        let change = UnplacedChange(.network, "nobody can log in any more")
        differences.append(
            Difference(node: node, path: "nodes.\(node).access", pattern: "nodes.*.access", change: change))
    }

    /// Returns whether root or a user of a node has a key or a password.
    private static func hasLogin(_ node: FieldValue) -> Bool {
        func isSet(_ value: FieldValue?) -> Bool { value.map { ![.none, .list([])].contains($0) } ?? false }
        let access = node["access"]
        return isSet(access?["authorized_keys"]) || isSet(access?["root_password"])
            || entries(access?["users"]).values.contains { isSet($0["keys"]) || isSet($0["password"]) }
    }

    // MARK: Lab

    /// The place of an object in a resolved lab.
    private struct Place {
        var node: String?
        var path: String
        var pattern: String
        /// The prefix of each sentence, such as `eth1: `.
        var subject: String

        func below(_ key: String) -> Place {
            Place(node: node, path: "\(path)\(key).", pattern: "\(pattern)\(key).", subject: subject)
        }
    }

    /// Compares the fields of the lab itself. A change that affects machines is reported for each node.
    private mutating func compareLab() {
        let schema = LabFields.lab.schema
        let own = schema.fields.filter { !["networks", "guests", "nodes", ResolvedLab.merged].contains($0.key) }
        let found = collect { review in
            review.compare(
                ObjectSchema(name: schema.name, fields: own), review.old, review.new,
                Place(node: nil, path: "", pattern: "", subject: ""))
        }
        for difference in found { spread(difference, over: nodes.map { ($0.new, "") }) }
        compareNetworks(schema["networks"]!)
        compareGuests(ObjectSchema(name: schema.name, fields: [schema["guests"]!]))
    }

    /// Compares the guests. A change is reported for each node that has the guest in one of the labs.
    private mutating func compareGuests(_ schema: ObjectSchema) {
        let (before, after) = (Self.entries(old["guests"]), Self.entries(new["guests"]))
        let former = FieldValue.object([.init("guests", renamed(old["guests"] ?? .none))])
        let found = collect { review in
            review.compare(
                schema, former, review.new,
                Place(node: nil, path: "", pattern: "", subject: ""))
        }
        for difference in found {
            let name = String(difference.path.split(separator: ".")[1])
            let hosts = Set([before[name], after[name]].flatMap { Self.texts($0?["on"]) })
            spread(
                difference,
                over: nodes.filter { hosts.contains($0.new) || hosts.contains($0.old) }.map { ($0.new, "") })
        }
    }

    /// Returns the guests of the old lab with the new names of their nodes.
    private func renamed(_ guests: FieldValue) -> FieldValue {
        let names = Dictionary(uniqueKeysWithValues: renames.map { ($0.old, $0.new) })
        func renamed(_ value: FieldValue) -> FieldValue {
            switch value {
            case .text(let text): .text(names[text] ?? text)
            case .list(let items): .list(items.map(renamed))
            default: value
            }
        }
        guard !names.isEmpty, case .object(let entries) = guests else { return guests }
        return .object(
            entries.map { guest in
                guard case .object(let fields) = guest.value else { return guest }
                return .init(
                    guest.name,
                    .object(
                        fields.map { ["on", "start_on"].contains($0.name) ? .init($0.name, renamed($0.value)) : $0 }))
            })
    }

    /// Returns the texts of a list.
    private static func texts(_ value: FieldValue?) -> [String] {
        guard case .list(let items)? = value else { return [] }
        return items.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    /// Adds a difference for each node that it affects.
    /// - Parameter places: The names of the nodes, each with the prefix of the sentence.
    private mutating func spread(_ difference: Difference, over places: [(node: String, subject: String)]) {
        guard let change = difference.change, change.risk > .cosmetic, !places.isEmpty else {
            differences.append(difference)
            // The files of every node may depend on the field.
            differences += places.map { place in
                Difference(node: place.node, path: difference.path, pattern: difference.pattern, change: nil)
            }
            return
        }
        for (node, subject) in places {
            var own = difference
            own.node = node
            own.change?.sentence = subject + change.sentence
            differences.append(own)
        }
    }

    private mutating func compareNetworks(_ field: Field) {
        guard case .table(_, .object(let schema)) = field.shape else { return }
        let (before, after) = (Self.entries(old["networks"]), Self.entries(new["networks"]))
        for name in Set(before.keys).union(after.keys).sorted() {
            let path = "networks.\(name)"
            guard let a = before[name], let b = after[name] else {
                // Nodes that were on the network have a change of their own, which has the risk.
                let verb = before[name] == nil ? "added" : "removed"
                differences.append(
                    Difference(
                        node: nil, path: path, pattern: "networks.*",
                        change: UnplacedChange(.cosmetic, "network \(name): \(verb)")))
                continue
            }
            let found = collect {
                $0.compare(
                    schema, a, b, Place(node: nil, path: path + ".", pattern: "networks.*.", subject: ""))
            }
            let members = nodes.flatMap { node in links(of: node, on: name).map { (node.new, "\($0): ") } }
            for var difference in found {
                if members.isEmpty, let change = difference.change {
                    difference.change = UnplacedChange(.cosmetic, "network \(name): \(change.sentence)")
                }
                spread(difference, over: members)
            }
        }
    }

    /// Returns the sorted names of a node's interfaces, bonds, VLANs and bridges that are on a network in one of the labs.
    private func links(of node: (new: String, old: String), on network: String) -> [String] {
        func links(_ node: FieldValue?) -> [String] {
            let tagged = Self.entries(node?["vlans"]).keys.filter { $0 == network }
            return ["interfaces", "bonds", "bridges"].flatMap { key in
                Self.entries(node?[key]).filter { $0.value["network"] == .text(network) }.keys
            } + tagged
        }
        return Set(links(before[node.old]) + links(after[node.new])).sorted()
    }

    /// Returns the differences that a comparison adds, without adding them.
    private mutating func collect(_ compare: (inout FieldReview) -> Void) -> [Difference] {
        let before = differences
        differences = []
        compare(&self)
        defer { differences = before }
        return differences
    }

    // MARK: Objects

    private mutating func compare(_ schema: ObjectSchema, _ a: FieldValue, _ b: FieldValue, _ place: Place) {
        var compared: Set<String> = []
        for field in schema.fields {
            let group = [field] + schema.fields.filter { $0.instead == field.key }
            guard group.count > 1 else { continue }
            let (old, new) = (group.filter { Self.has($0, a) }, group.filter { Self.has($0, b) })
            guard old.count == 1, new.count == 1, old[0].key != new[0].key, field.wording != nil else { continue }
            // One field of the group has replaced another.
            let risk = max(old[0].risk, new[0].risk)
            let name = if case .value(let name, _, _, _)? = field.wording { name } else { field.key }
            let sentence = changeText(
                place.subject + name, Self.shown(a[old[0].key]!, old[0].wording),
                Self.shown(b[new[0].key]!, new[0].wording))
            add(new[0], place, UnplacedChange(risk, sentence + Self.note(risk)))
            for field in group where field.key != new[0].key { add(field, place, nil) }
            compared.formUnion(group.map(\.key))
        }
        for field in schema.fields where !compared.contains(field.key) {
            // A field that only one of the versions knows is not a change.
            guard let x = a[field.key], let y = b[field.key], x != y else { continue }
            compare(field, x, y, a, b, place)
        }
    }

    private static func has(_ field: Field, _ object: FieldValue) -> Bool {
        object[field.key].map { $0 != .none } ?? false
    }

    private mutating func compare(
        _ field: Field, _ x: FieldValue, _ y: FieldValue, _ a: FieldValue, _ b: FieldValue, _ place: Place
    ) {
        switch field.shape {
        case .object(let schema):
            compare(
                schema, x == .none ? Self.nothing(schema) : x, y == .none ? Self.nothing(schema) : y,
                place.below(field.key))
        case .table(_, .object(let schema)):
            let (before, after) = (Self.entries(x), Self.entries(y))
            for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
                var inner = place.below(field.key)
                let noun = if case .items(let noun)? = field.wording { noun + " " } else { "" }
                inner = Place(
                    node: inner.node, path: "\(inner.path)\(name).", pattern: inner.pattern + "*.",
                    subject: "\(noun)\(name): ")
                guard let old = before[name], let new = after[name] else {
                    addWhole(after[name] == nil ? "no longer configured" : "new", schema, inner)
                    continue
                }
                compare(schema, old, new, inner)
            }
        case .table:
            let (before, after) = (Self.entries(x), Self.entries(y))
            for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
                let inner = place.below(field.key)
                add(
                    field, path: inner.path + name, pattern: inner.pattern + "*", place.node,
                    Self.changes(field, before[name] ?? .none, after[name] ?? .none, subject: "\(name): "))
            }
        default:
            // The change of the field that this one takes its value from covers it.
            if case .sameAs(let other) = field.fallback, x == a[other], y == b[other] { return add(field, place, nil) }
            add(
                field, path: place.path + field.key, pattern: place.pattern + field.key, place.node,
                Self.changes(field, x, y, subject: place.subject))
        }
    }

    /// Adds the change of an object that is in only one of the labs. It has the highest risk of the object's fields.
    private mutating func addWhole(_ sentence: String, _ schema: ObjectSchema, _ place: Place) {
        let risk = schema.fields.map(\.risk).max() ?? .cosmetic
        let change = UnplacedChange(risk, place.subject + sentence)
        for (index, field) in schema.fields.enumerated() { add(field, place, index == 0 ? change : nil) }
    }

    private mutating func add(_ field: Field, _ place: Place, _ change: UnplacedChange?) {
        let changes = change.map { [$0] } ?? []
        add(field, path: place.path + field.key, pattern: place.pattern + field.key, place.node, changes)
    }

    private mutating func add(
        _ field: Field, path: String, pattern: String, _ node: String?, _ changes: [UnplacedChange]
    ) {
        let entries: [UnplacedChange?] = changes.isEmpty ? [nil] : changes
        differences += entries.map { Difference(node: node, path: path, pattern: pattern, change: $0) }
    }

    /// Returns an object whose fields have no values.
    private static func nothing(_ schema: ObjectSchema) -> FieldValue {
        .object(
            schema.fields.map { field in
                switch field.shape {
                case .object(let inner): .init(field.key, nothing(inner))
                case .list: .init(field.key, .list([]))
                case .table: .init(field.key, .object([]))
                case .text, .name, .integer, .boolean, .prose: .init(field.key, .none)
                }
            })
    }

    // MARK: Sentences

    private static func note(_ risk: Risk) -> String { risk == .erases ? ": reinstall, ERASES" : "" }

    /// Returns the changes for a changed value, at least one, in the wording of the field.
    private static func changes(
        _ field: Field, _ old: FieldValue, _ new: FieldValue, subject: String
    ) -> [UnplacedChange] {
        func change(_ sentence: String) -> UnplacedChange {
            UnplacedChange(field.risk, subject + sentence + note(field.risk))
        }
        switch field.wording {
        case .value(let name, _, _, let note)?:
            return [change(changeText(name, shown(old, field.wording), shown(new, field.wording)) + note)]
        case .capacity(let name, let need)?:
            let rise = size(new) > size(old) && old != .none ? ": needs \(need) in the machine itself" : ""
            return [change(changeText(name, shown(old, nil), shown(new, nil)) + rise)]
        case .volume(let name)?:
            let sentence = subject + changeText(name, shown(old, nil), shown(new, nil))
            if size(new) < size(old), new != .none {
                return [
                    UnplacedChange(
                        .erases, "\(sentence): smaller, ERASES the end of the volume", needsInstallation: false)
                ]
            }
            return [UnplacedChange(field.risk, sentence)]
        case .items(let name)?: return items(old, new).map { change("\(name) \($0.text): \($0.verb)") }
        case .keys(let name)?: return items(old, new).map { change("\(name) \(key($0.text)): \($0.verb)") }
        case .flag(let on, let off)?: return [change(new == .flag(true) ? on : off)]
        case .sentence(let sentence, let none)?:
            let text = shown(new, field.wording)
            return [change(text == nil || text == "none" ? none : sentence.replacing("%", with: text!))]
        case .secret(let name)?:
            return [change("\(name): \(old == .none ? "set" : new == .none ? "removed" : "changed")")]
        case nil: return [change(changeText(field.key, shown(old, nil), shown(new, nil)))]
        }
    }

    /// Returns a number, or a size in bytes; 0 when there is none.
    private static func size(_ value: FieldValue) -> Int {
        switch value {
        case .number(let number): number
        case .text(let text): (try? ByteCount(text: text))?.bytes ?? 0
        case .none, .flag, .list, .object: 0
        }
    }

    /// Returns a value as text for a sentence; nil when there is none.
    private static func shown(_ value: FieldValue, _ wording: Wording?) -> String? {
        var (prefix, unit) = ("", "")
        if case .value(_, let before, let behind, _)? = wording { (prefix, unit) = (before, behind) }
        switch value {
        case .none: return nil
        case .text(let text): return text == "none" ? text : prefix + text + unit
        case .number(let number): return prefix + "\(number)" + unit
        case .flag(let flag): return "\(flag)"
        case .list(let items): return items.compactMap { shown($0, wording) }.joined(separator: " ")
        case .object(let entries): return entries.map(\.name).joined(separator: " ")
        }
    }

    /// Returns the items that were added to a list and those that were removed; an item that moved is in both.
    private static func items(_ old: FieldValue, _ new: FieldValue) -> [(text: String, verb: String)] {
        func texts(_ value: FieldValue) -> [String] {
            if case .list(let items) = value { items.compactMap { shown($0, nil) } } else { [] }
        }
        return texts(new).difference(from: texts(old)).map { change in
            switch change {
            case .insert(_, let text, _): (text, "added")
            case .remove(_, let text, _): (text, "removed")
            }
        }
    }

    /// Returns a short form of an SSH key: its comment and its last characters.
    private static func key(_ text: String) -> String {
        let parts = text.split(separator: " ", maxSplits: 2)
        let end = parts.count > 1 ? "…\(parts[1].suffix(8))" : ""
        return parts.count > 2 ? "\(parts[2]) (\(end))" : end
    }
}

/// Returns the text for a changed value: `NAME OLD → NEW`, `NAME NEW: added` or `NAME OLD: removed`.
func changeText(_ name: String, _ old: String?, _ new: String?) -> String {
    switch (old?.isEmpty == true ? "none" : old, new?.isEmpty == true ? "none" : new) {
    case (let old?, let new?): "\(name) \(old) → \(new)"
    case (nil, let new?): "\(name) \(new): added"
    case (let old?, nil): "\(name) \(old): removed"
    case (nil, nil): name
    }
}
