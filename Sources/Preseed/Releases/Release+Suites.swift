extension Release {
    /// The codenames of Debian's releases since 2005.
    private static let codenames: Set<String> = [
        "sarge", "etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie",
        "forky",
    ]

    /// Returns the codename in the name of a suite, such as `bookworm-updates`, `jessie/updates` or `debian-jessie`, if it is that
    /// of a different release of Debian; nil otherwise.
    func otherCodename(in suite: some StringProtocol) -> String? {
        String(suite).utf8.split { $0 == 45 || $0 == 47 }.map { String(Substring($0)) }.first {
            $0 != codename && Self.codenames.contains($0)
        }
    }

    /// Returns what replaces a package that this release does not have: a package, or nil when there is none. The result is nil
    /// when the release has the package, as far as is known.
    func replacement(forGone package: String) -> String?? {
        if let known = gonePackages[package] { return .some(known) }
        return gonePackages.first { $0.key.hasSuffix("*") && package.hasPrefix($0.key.dropLast()) }.map {
            .some($0.value)
        } ?? nil
    }
}
