import Preseed

/// A position in the lab file. For a field of a node it has two layers: the node itself, then `defaults`.
///
/// It implements the rule for overriding: mappings are merged key by key, and a scalar or a list replaces the default.
struct Cursor {
    /// The layers, never empty. The first one determines the kind of the value.
    var layers: [Layer]

    struct Layer {
        var path: FieldPath
        var value: YAMLValue
        /// The position of the key if the value is a mapping or a list, otherwise that of the value.
        var mark: SourceMark?
    }

    var location: FieldLocation { FieldLocation(path: layers[0].path, mark: layers[0].mark) }

    /// Returns the layers that have a key; nil when none has it.
    func child(_ key: String) -> Cursor? {
        let found = layers.compactMap { layer -> Layer? in
            guard case .mapping(let entries, _) = layer.value, let entry = entries.first(where: { $0.key == key })
            else { return nil }
            return Layer(path: layer.path / key, entry: entry)
        }
        // A scalar or a list replaces the layers behind it.
        guard let first = found.first else { return nil }
        guard case .mapping = first.value else { return Cursor(layers: first.value.isNull ? found : [first]) }
        return Cursor(layers: found.filter { if case .mapping = $0.value { true } else { false } })
    }

    /// Returns the cursor with different entries in its mappings.
    /// - Parameter change: Returns the entry that takes the place of an entry; nil to leave it out.
    func changing(_ change: (YAMLValue.Entry) -> YAMLValue.Entry?) -> Cursor {
        var cursor = self
        for index in cursor.layers.indices {
            guard case .mapping(let entries, let mark) = cursor.layers[index].value else { continue }
            cursor.layers[index].value = .mapping(entries.compactMap(change), mark)
        }
        return cursor
    }

    /// The keys of all layers; a key of several layers is repeated.
    var keys: [String] {
        layers.flatMap { layer -> [String] in
            if case .mapping(let entries, _) = layer.value { entries.map(\.key) } else { [] }
        }
    }

    /// The keys of all layers with their content, each with its position in the first layer that has it.
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

/// The path of a field and its position in the lab file, for diagnostics.
struct FieldLocation {
    var path: FieldPath
    var mark: SourceMark?

    /// Returns the location of a missing field: its path, with the position of the object that should have it.
    static func / (location: FieldLocation, key: String) -> FieldLocation {
        FieldLocation(path: location.path / key, mark: location.mark)
    }
}

/// A value with the location of its field, or of the object in which the field is missing.
struct Located<Value: Sendable>: Sendable {
    var value: Value
    var location: FieldLocation
}
