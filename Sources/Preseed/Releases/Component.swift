/// A component of Debian's archive, as a line of sources.list names it (Debian Policy 2.2).
public enum Component: String, CaseIterable, Comparable, Sendable {
    case main, contrib
    case nonFree = "non-free"
    case nonFreeFirmware = "non-free-firmware"

    /// The order in which sources.list names them.
    public static func < (a: Component, b: Component) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}

/// The packages of one release that are known to be outside main, as `Catalogue/ComponentTable.swift` lists them.
public struct ComponentCatalogue: Sendable {
    private let components: [String: Component]

    /// The component of a package; nil for a package of main, and for one that is not in the table.
    public subscript(package: String) -> Component? { components[package] }

    /// - Parameter table: A table in the format that `Catalogue/README.md` describes.
    init(of codename: String, in table: String) {
        var components: [String: Component] = [:]
        for row in tableRows(of: codename, in: table) {
            guard let component = Component(rawValue: row[1]) else { continue }
            for name in row[2].split(separator: " ") { components[String(name)] = component }
        }
        self.components = components
    }
}
