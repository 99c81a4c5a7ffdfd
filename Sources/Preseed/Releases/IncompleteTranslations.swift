/// The languages into which an installer is translated incompletely: before it continues in one of them, it warns and asks at
/// priority high, even if the language was preseeded (localechooser 2.112, state 12 and translation-check).
struct IncompleteTranslations: Sendable {
    /// The languages with a severe warning, after which the default is another language.
    var severe: Set<String>
    /// The languages with a light warning.
    var light: Set<String>

    init(severe: String, light: String = "") {
        func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
        (self.severe, self.light) = (words(severe), words(light))
    }

    /// Returns the question that warns of a language; nil when its translation is complete.
    /// - Parameter names: The names under which the installer looks for the language, the first one that it has counts.
    func question(for names: [String]) -> String? {
        for name in names {
            if severe.contains(name) { return "localechooser/translation/warn-severe" }
            if light.contains(name) { return "localechooser/translation/warn-light" }
        }
        return nil
    }
}
