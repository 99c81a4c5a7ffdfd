extension Release {
    /// Returns whether tasksel of this release knows a task; it ignores all others without a message (`list_to_tasks`).
    func hasTask(_ name: String) -> Bool {
        if tasks.contains(name) || Self.languageTasks.contains(name) { return true }
        for ending in ["-kde-desktop", "-gnome-desktop", "-gnome-flashback-desktop", "-desktop"]
        where name.hasSuffix(ending) {
            return Self.languageTasks.contains(String(name.dropLast(ending.utf8.count)))
        }
        return false
    }

    /// The tasks of the desktops (tasksel 3.31 and 3.73, debian-tasks.desc).
    static let desktopTasks: Set<String> = [
        "desktop", "gnome-desktop", "gnome-flashback-desktop", "kde-desktop", "xfce-desktop", "lxde-desktop",
        "lxqt-desktop", "mate-desktop", "cinnamon-desktop",
    ]

    /// The languages that have a task, or one for a desktop (tasksel 3.31 and 3.73).
    private static let languageTasks: Set<String> = Set(
        """
        albanian amharic arabic asturian basque belarusian bengali bosnian brazilian-portuguese british bulgarian catalan
        chinese-s chinese-t croatian cyrillic czech danish dutch dzongkha english esperanto estonian finnish french
        galician georgian german greek gujarati hebrew hindi hungarian icelandic indonesian irish italian japanese kannada
        kazakh khmer korean kurdish latvian lithuanian macedonian malayalam marathi nepali northern-sami norwegian persian
        polish portuguese punjabi romanian russian serbian sinhala slovak slovenian south-african-english spanish swedish
        tagalog tamil telugu thai turkish ukrainian uyghur vietnamese welsh xhosa
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
