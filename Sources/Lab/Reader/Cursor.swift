import Preseed

/// A place in the lab file: for a node's field, the node's own words first, then those under `defaults`.
///
/// This is the one rule of overriding: mappings are merged key by key, everything else is replaced.
struct Cursor {
    /// Never empty; the first one decides what kind of value stands here.
    var layers: [Layer]

    struct Layer {
        var path: FieldPath
        var value: YAMLValue
        /// The key's place when the value is a mapping or a list, else the value's.
        var mark: SourceMark?
    }

    var location: FieldLocation { FieldLocation(path: layers[0].path, mark: layers[0].mark) }

    /// The layers that say something about `key`.
    func child(_ key: String) -> Cursor? {
        let found = layers.compactMap { layer -> Layer? in
            guard case .mapping(let entries, _) = layer.value, let entry = entries.first(where: { $0.key == key })
            else { return nil }
            return Layer(path: layer.path / key, entry: entry)
        }
        // What is replaced by something other than a mapping is not looked at any more.
        guard let first = found.first else { return nil }
        guard case .mapping = first.value else { return Cursor(layers: first.value.isNull ? found : [first]) }
        return Cursor(layers: found.filter { if case .mapping = $0.value { true } else { false } })
    }

    /// The keys of all layers; one that several have stands several times.
    var keys: [String] {
        layers.flatMap { layer -> [String] in
            if case .mapping(let entries, _) = layer.value { entries.map(\.key) } else { [] }
        }
    }

    /// The keys of all layers with their content, each with the place of the first layer that has it.
    var children: [(key: String, keyLocation: FieldLocation, Cursor)] {
        var children: [(key: String, keyLocation: FieldLocation, Cursor)] = []
        var seen: Set<String> = []
        for layer in layers {
            guard case .mapping(let entries, _) = layer.value else { continue }
            for entry in entries where seen.insert(entry.key).inserted {
                let path = layer.path / entry.key
                let content =
                    layers.count == 1 ? Cursor(layers: [Layer(path: path, entry: entry)]) : child(entry.key)!
                children.append((entry.key, FieldLocation(path: path, mark: entry.keyMark), content))
            }
        }
        return children
    }
}

extension Cursor.Layer {
    init(path: FieldPath, entry: YAMLValue.Entry) {
        let isScalar = if case .scalar(_, false, _) = entry.value { true } else { false }
        self.init(path: path, value: entry.value, mark: isScalar ? entry.value.mark : entry.keyMark)
    }
}

/// Where a diagnostic points.
struct FieldLocation {
    var path: FieldPath
    var mark: SourceMark?

    /// A field that is absent points at the record that needs it.
    static func / (location: FieldLocation, key: String) -> FieldLocation {
        FieldLocation(path: location.path / key, mark: location.mark)
    }
}

/// A value and where it was written, or where it could have been.
struct Located<Value: Sendable>: Sendable {
    var value: Value
    var location: FieldLocation
}
