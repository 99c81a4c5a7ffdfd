extension Release {
    /// The codenames of Debian's releases since 2005.
    private static let codenames: Set<String> = [
        "sarge", "etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie",
        "forky",
    ]

    /// Returns the codename in the name of a suite, such as `bookworm-updates` or `jessie/updates`, if it is that of a
    /// different release of Debian; nil otherwise.
    func otherCodename(in suite: some StringProtocol) -> String? {
        let codename = String(suite.prefix { $0 != "-" && $0 != "/" })
        return codename != self.codename && Self.codenames.contains(codename) ? codename : nil
    }
}
