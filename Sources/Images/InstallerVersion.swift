import Preseed

/// The version of an installer.
struct InstallerVersion: Equatable {
    /// The version text of the installer.
    var text: String
    var distribution: String
    /// The number of the release, such as `8` or `12`, or the name of a suite that has no number yet.
    var number: String
    var codename: String
    /// The architectures; empty when the text names none.
    var architectures: [String] = []

    /// Parses the description of an image; nil when it does not have this form.
    /// - Parameter info: The line of /.disk/info, such as `Debian GNU/Linux 8.11.0 "Jessie" - Official amd64 NETINST
    ///   …`.
    init?(info: String) {
        guard let match = info.wholeMatch(of: /(.+?) (\S+) "([^"]+)"(.*)/) else { return nil }
        text = info
        distribution = String(match.1)
        number = String(match.2.prefix { $0 != "." })
        codename = match.3.split(separator: " ")[0].lowercased()
        let known = [
            "amd64", "i386", "arm64", "armel", "armhf", "mips", "mipsel", "mips64el", "powerpc", "ppc64el", "s390x",
        ]
        architectures = match.4.split { $0 == " " || $0 == "/" }.map(String.init).filter(known.contains)
    }

    /// Parses the version of an initrd; nil when there is none.
    /// - Parameter text: The content of /etc/lsb-release, as the build of debian-installer writes it:
    ///   `DISTRIB_RELEASE="12 (bookworm) - installer build …"`.
    init?(lsbRelease text: String) {
        var values: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[parts[0]] = parts[1].split(separator: "\"").first.map(String.init) ?? ""
        }
        guard let release = values["DISTRIB_RELEASE"], let match = release.prefixMatch(of: /(\S+) \((\S+)\)/) else {
            return nil
        }
        self.text = release + (values["X_INSTALLATION_MEDIUM"].map { ", \($0)" } ?? "")
        distribution = values["DISTRIB_ID"] ?? ""
        number = String(match.1.prefix { $0 != "." })
        codename = match.2.lowercased()
    }

    /// Parses the version of a netboot archive.
    /// - Parameter text: The content of /version.info, with `Debian version:  12 (bookworm)` and `Installer build:
    ///   20230607+deb12u15`.
    /// - Returns: The version and the build of the installer; nil when there is no version.
    static func netboot(versionInfo text: String) -> (Self, build: String)? {
        guard let match = text.firstMatch(of: /(?m)^(Debian) version: +((\S+) \((\S+)\))/) else { return nil }
        let build = text.firstMatch(of: /(?m)^Installer build: +(\S+)/)
        let version = Self(
            text: "\(match.1) \(match.2)", distribution: String(match.1), number: String(match.3.prefix { $0 != "." }),
            codename: match.4.lowercased())
        return (version, build.map { String($0.1) } ?? "unknown")
    }

    private init(text: String, distribution: String, number: String, codename: String) {
        self.text = text
        self.distribution = distribution
        self.number = number
        self.codename = codename
    }

    /// Whether the installer is of another release or architecture than the lab.
    func contradicts(_ release: Release) -> Bool {
        !distribution.hasPrefix("Debian") || (number != release.number && codename != release.codename)
            || (!architectures.isEmpty && !architectures.contains("amd64"))
    }
}
