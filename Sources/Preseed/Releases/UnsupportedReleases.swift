extension Release {
    /// What a name is that people give as a release, and that is not one of ``all``; nil when the name is unknown.
    public static func description(ofUnsupported name: String) -> String? {
        let lower = name.lowercased()
        if let number = debian[lower] { return "\(lower) is Debian \(number)" }
        if ubuntu.contains(lower) { return "\(lower) is a release of Ubuntu, and xenseed installs Debian" }
        if distributions.contains(lower) { return "xenseed installs Debian" }
        if suites.contains(lower) { return "\(lower) is a different release over time" }
        return nil
    }

    /// Returns the release that a name stands for which is not a codename: its number, or a spelling with the name of Debian.
    public static func meant(by name: String) -> Release? {
        let word = name.lowercased().replacing("debian", with: "").filter { $0.isLetter || $0.isNumber || $0 == "." }
        return all.first { $0.codename == word || $0.number == word || word.hasPrefix($0.number + ".") }
    }

    private static let debian: [String: String] = [
        "lenny": "5", "squeeze": "6", "wheezy": "7", "stretch": "9", "buster": "10", "bullseye": "11", "forky": "14",
        "duke": "15", "sid": "unstable",
    ]
    private static let ubuntu: Set = [
        "trusty", "xenial", "bionic", "focal", "jammy", "kinetic", "lunar", "mantic", "noble", "oracular", "plucky",
        "questing", "resolute", "ubuntu",
    ]
    private static let distributions: Set = [
        "alma", "almalinux", "alpine", "arch", "centos", "devuan", "fedora", "gentoo", "mint", "opensuse", "proxmox",
        "redhat", "rhel", "rocky", "suse", "xcp-ng", "xenserver",
    ]
    private static let suites: Set = ["stable", "oldstable", "oldoldstable", "testing", "unstable", "experimental"]
}
