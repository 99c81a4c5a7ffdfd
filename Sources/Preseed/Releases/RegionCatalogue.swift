/// Time zones, locales, languages and old names of keymaps, as one release's installer and its new system know them.
public struct RegionCatalogue: Sendable {
    /// Time zones of the package tzdata, which every new system has. The installer ignores any other name (tzsetup,
    /// post-base-installer.d/05tzsetup), and the node then keeps UTC.
    public let timeZones: Set<String>
    /// Names that only the package tzdata-legacy has, which the installer does not install. Each has the name in
    /// ``timeZones`` that replaces it.
    public let oldTimeZones: [String: String]
    /// Locales of the package locales, which are also those that the installer takes (localechooser, /etc/SUPPORTED-short).
    public let locales: Set<String>
    /// The locale that goes with a language in the installer's list. Without its language in this list, the installer
    /// ignores a preseeded locale and asks for the language (localechooser).
    public let languages: [String: String]
    /// The display that the installer needs to offer a language, from localechooser's list: 0 is a serial console, 1 and 2 a
    /// text console, 3 a framebuffer, 4 the graphical installer.
    public let displayLevels: [String: Int]
    /// Names that debian-installer/keymap took before xkb-keymap, and the choice of xkb-keymap that each stands for
    /// (keyboard-configuration.config).
    public let oldKeymaps: [String: String]

    /// - Parameter table: rows as `Catalogue/README.md` describes them.
    init(of codename: String, in table: String) {
        var timeZones: Set<String> = []
        var oldTimeZones: [String: String] = [:]
        var locales: Set<String> = []
        var languages: [String: String] = [:]
        var displayLevels: [String: Int] = [:]
        var oldKeymaps: [String: String] = [:]
        for row in tableRows(of: codename, in: table, columns: 4) {
            let group = row[2]
            for value in row[3].split(separator: "|").map(String.init) {
                switch row[1] {
                case "zone": timeZones.insert(value)
                case "old-zone": oldTimeZones[value] = group
                case "locale": locales.insert(value)
                case "language":
                    let parts = value.split(separator: "=")
                    languages[String(parts[0])] = String(parts[1])
                    displayLevels[String(parts[0])] = Int(group)
                case "old-keymap": oldKeymaps[value] = group
                default: preconditionFailure("the table of regions has no kind \(row[1])")
                }
            }
        }
        self.timeZones = timeZones
        self.oldTimeZones = oldTimeZones
        self.locales = locales
        self.languages = languages
        self.displayLevels = displayLevels
        self.oldKeymaps = oldKeymaps
    }
}
