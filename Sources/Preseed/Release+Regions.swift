/// A problem of one release with the name of a time zone, a locale or a keymap.
public struct RegionProblem: Sendable, Equatable {
    /// The problem as a sentence, which includes the name.
    public var message: String
    /// The corrected name; nil when no name is similar.
    public var correction: String?
    /// Whether the installer continues with a different value that serves the same purpose.
    public var isHarmless = false

    /// The hint with the corrected name.
    public var hint: String? { correction.map { "try: \($0)" } }
}

extension Release {
    /// Returns the problem with a time zone; nil when new systems of this release have it.
    /// - Parameter name: `Area/Place`, or a short name such as `UTC`.
    public func problem(timeZone name: String) -> RegionProblem? {
        if regions.has(timeZone: name) { return nil }
        if let current = regions.oldTimeZones[name] {
            return RegionProblem(
                message:
                    "\(codename) does not install the time zone “\(name)”, which is only in the package tzdata-legacy",
                correction: current)
        }
        let place = name.replacing(" ", with: "_").lowercased()
        let zones = regions.timeZones.sorted()
        let match =
            zones.first { $0.lowercased() == place }
            ?? zones.first { $0.lowercased().split(separator: "/").last.map(String.init) == place }
            ?? nearestName(to: name, among: zones)
        return RegionProblem(
            message: "\(codename) has no time zone “\(name)”", correction: match)
    }

    /// Returns the problem with a locale; nil when the installer of this release accepts it unchanged.
    public func problem(locale name: String) -> RegionProblem? {
        let language = Self.languages(of: name).first { regions.languages[$0] != nil }
        guard let language else {
            return RegionProblem(
                message:
                    "\(codename)'s installer has no language for the locale “\(name)”, so it would ask for one",
                correction: "en_US.UTF-8")
        }
        if regions.has(locale: name) { return nil }
        // Without a locale of that name, localechooser uses the language and the country.
        let place = name.replacing("-", with: "_").prefix { $0 != "." && $0 != "@" }
        if let match = regions.locales.first(where: { $0.lowercased() == "\(place).utf-8".lowercased() }) {
            return RegionProblem(
                message: "\(codename) has no locale “\(name)”; its installer uses \(match) instead",
                correction: match, isHarmless: true)
        }
        return RegionProblem(
            message: "\(codename) has no locale “\(name)”", correction: regions.languages[language])
    }

    /// Returns whether the text installer offers the language of a locale. It ignores a locale whose language it does not
    /// offer, and asks for one (localechooser, `do_preseed`).
    /// - Parameters:
    ///   - locale: The locale, such as `de_DE.UTF-8`.
    ///   - onSerialConsole: Whether the console of the installer is a serial port; otherwise it has a framebuffer.
    public func offers(locale: String, onSerialConsole: Bool) -> Bool {
        let level = Self.languages(of: locale).lazy.compactMap { regions.displayLevels[$0] }.first ?? 0
        return level <= (onSerialConsole ? 0 : 3)
    }

    /// Returns the names that localechooser looks up in its list of languages: `zh_CN` and `zh` for `zh_CN.UTF-8`.
    static func languages(of locale: String) -> [String] {
        let place = locale.prefix { $0 != "." }
        return [String(place), String(place.prefix { $0 != "_" })]
    }

    /// Returns the problem with a keymap; nil when the installer of this release offers it.
    public func problem(keymap name: String) -> RegionProblem? {
        guard let question = questions["keyboard-configuration/xkb-keymap"], !question.takesOthers,
            !question.choices.contains(name)
        else { return nil }
        let choices = question.choices
        // keyboard-configuration.config also accepts the old names with this ending.
        let stem = name.hasSuffix("-latin1") ? String(name.dropLast(7)) : name
        let layout = String(name.prefix { $0 != "(" && $0 != "-" && $0 != "_" })
        let match =
            regions.oldKeymaps[name] ?? (choices.contains(stem) ? stem : regions.oldKeymaps[stem])
            ?? (layout == "en"
                ? "us" : choices.contains(layout) ? layout : choices.first { $0.hasPrefix(layout + "(") })
            ?? nearestName(to: name.lowercased(), among: choices)
        return RegionProblem(
            message: "\(codename)'s installer does not offer the keymap “\(name)”", correction: match)
    }
}
