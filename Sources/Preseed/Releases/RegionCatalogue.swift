import Synchronization

/// The time zones, locales, languages and old names of keymaps of one release's installer and the system it installs.
public struct RegionCatalogue: Sendable {
    private let codename: String

    /// The time zones of the package tzdata, which every new system has. The installer ignores any other name (tzsetup,
    /// post-base-installer.d/05tzsetup), and the node then keeps UTC.
    public var timeZones: Set<String> { Self.timeZones.of(codename) }
    /// The names that only the package tzdata-legacy has, which the installer does not install, with the name in
    /// ``timeZones`` that replaces each of them.
    public var oldTimeZones: [String: String] { Self.oldTimeZones.of(codename) }
    /// The locales of the package locales, which are also those that the installer accepts (localechooser, /etc/SUPPORTED-short).
    public var locales: Set<String> { Self.locales.of(codename) }
    /// The default locale of each language in the installer's list. Without its language in this list, the installer
    /// ignores a preseeded locale and asks for the language (localechooser).
    public var languages: [String: String] { Self.languages.of(codename) }
    /// The display that the installer needs to offer a language, from localechooser's list: 0 is a serial console, 1 and 2 a
    /// text console, 3 a framebuffer, 4 the graphical installer.
    public var displayLevels: [String: Int] { Self.displayLevels.of(codename) }
    /// The names that debian-installer/keymap used before xkb-keymap, with the choice of xkb-keymap that replaces each of them
    /// (keyboard-configuration.config).
    public var oldKeymaps: [String: String] { Self.oldKeymaps.of(codename) }

    /// The catalogue of a release. Each kind of names is read on first use.
    init(of codename: String) { self.codename = codename }

    /// Returns whether ``timeZones`` has a name. It does not read the other names.
    func has(timeZone name: String) -> Bool { has(name, as: "zone") }

    /// Returns whether ``locales`` has a name. It does not read the other names.
    func has(locale name: String) -> Bool { has(name, as: "locale") }

    private struct Query: Hashable {
        var codename: String
        var kind: String
        var name: String
    }

    /// The names that were looked up, because the preseeds of a lab's nodes have the same ones.
    private static let answers = Mutex<[Query: Bool]>([:])

    private func has(_ name: String, as kind: String) -> Bool {
        let query = Query(codename: codename, kind: kind, name: name)
        if let known = Self.answers.withLock({ $0[query] }) { return known }
        let rows = name.isEmpty ? [] : tableRows(of: codename, containing: name, in: regionTable)
        let answer = rows.contains { $0[1] == kind && $0.list(3).contains(name) }
        Self.answers.withLock { $0[query] = answer }
        return answer
    }

    private static let timeZones = Catalogues { Set(rows("zone", $0).flatMap { $0.list(3) }) }
    private static let oldTimeZones = Catalogues { groups("old-zone", $0) }
    private static let locales = Catalogues { Set(rows("locale", $0).flatMap { $0.list(3) }) }
    private static let languages = Catalogues { codename in
        [String: String](
            uniqueKeysWithValues: languageRows(codename).flatMap { row in row.locales.map { ($0.language, $0.locale) } }
        )
    }
    private static let displayLevels = Catalogues { codename in
        [String: Int](
            uniqueKeysWithValues: languageRows(codename).flatMap { row in row.locales.map { ($0.language, row.level) } }
        )
    }
    private static let oldKeymaps = Catalogues { groups("old-keymap", $0) }

    /// Returns the rows of one kind, in the format that `Catalogue/README.md` describes.
    private static func rows(_ kind: String, _ codename: String) -> [Row] {
        tableRows(of: codename, containing: "\t\(kind)\t", in: regionTable)
    }

    /// Returns the group of each value in the rows of one kind.
    private static func groups(_ kind: String, _ codename: String) -> [String: String] {
        [String: String](uniqueKeysWithValues: rows(kind, codename).flatMap { row in row.list(3).map { ($0, row[2]) } })
    }

    private static func languageRows(
        _ codename: String
    ) -> [(level: Int, locales: [(language: String, locale: String)])] {
        rows("language", codename).map { row in
            (
                Int(row[2])!,
                row.list(3).map { item in
                    let parts = item.split(separator: "=")
                    return (String(parts[0]), String(parts[1]))
                }
            )
        }
    }
}
