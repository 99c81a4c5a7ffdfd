/// The time zones, locales, languages and old names of keymaps of one release's installer and the system it installs.
public struct RegionCatalogue: Sendable {
    /// The time zones of the package tzdata, which every new system has. The installer ignores any other name (tzsetup,
    /// post-base-installer.d/05tzsetup), and the node then keeps UTC.
    public let timeZones: Set<String>
    /// The names that only the package tzdata-legacy has, which the installer does not install, with the name in
    /// ``timeZones`` that replaces each of them.
    public let oldTimeZones: [String: String]
    /// The locales of the package locales, which are also those that the installer accepts (localechooser, /etc/SUPPORTED-short).
    public let locales: Set<String>
    /// The default locale of each language in the installer's list. Without its language in this list, the installer
    /// ignores a preseeded locale and asks for the language (localechooser).
    public let languages: [String: String]
    /// The display that the installer needs to offer a language, from localechooser's list: 0 is a serial console, 1 and 2 a
    /// text console, 3 a framebuffer, 4 the graphical installer.
    public let displayLevels: [String: Int]
    /// The names that debian-installer/keymap used before xkb-keymap, with the choice of xkb-keymap that replaces each of them
    /// (keyboard-configuration.config).
    public let oldKeymaps: [String: String]

    /// - Parameter table: A table in the format that `Catalogue/README.md` describes.
    init(of codename: String, in table: String) {
        var timeZones: Set<String> = []
        var oldTimeZones: [String: String] = [:]
        var locales: Set<String> = []
        var languages: [String: String] = [:]
        var displayLevels: [String: Int] = [:]
        var oldKeymaps: [String: String] = [:]
        for row in tableRows(of: codename, in: table) {
            let (kind, group) = (row[1], row[2])
            for value in row.list(3) {
                switch kind {
                case "zone": timeZones.insert(value)
                case "old-zone": oldTimeZones[value] = group
                case "locale": locales.insert(value)
                case "language":
                    let parts = value.split(separator: "=")
                    languages[String(parts[0])] = String(parts[1])
                    displayLevels[String(parts[0])] = Int(group)
                case "old-keymap": oldKeymaps[value] = group
                default: preconditionFailure("the table of regions has no kind \(kind)")
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
