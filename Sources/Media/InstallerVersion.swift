import Releases

/// What an installer says it is.
struct InstallerVersion: Equatable {
    /// Its own words.
    var words: String
    var distribution: String
    /// `8`, `12`, or a suite's name where there is no number yet.
    var number: String
    var codename: String
    /// Empty when it does not say.
    var architectures: [String] = []

    /// - Parameter info: /.disk/info, as `Debian GNU/Linux 8.11.0 "Jessie" - Official amd64 NETINST …`. Nil when it is
    ///   not of that form.
    init?(info: String) {
        guard let match = info.wholeMatch(of: /(.+?) (\S+) "([^"]+)"(.*)/) else { return nil }
        words = info
        distribution = String(match.1)
        number = String(match.2.prefix { $0 != "." })
        codename = match.3.split(separator: " ")[0].lowercased()
        let known = [
            "amd64", "i386", "arm64", "armel", "armhf", "mips", "mipsel", "mips64el", "powerpc", "ppc64el", "s390x",
        ]
        architectures = match.4.split { $0 == " " || $0 == "/" }.map(String.init).filter(known.contains)
    }

    /// - Parameter release: /etc/lsb-release of an initrd, as debian-installer's build writes it:
    ///   `DISTRIB_RELEASE="12 (bookworm) - installer build …"`. Nil when it does not say.
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
        words = release + (values["X_INSTALLATION_MEDIUM"].map { ", \($0)" } ?? "")
        distribution = values["DISTRIB_ID"] ?? ""
        number = String(match.1.prefix { $0 != "." })
        codename = match.2.lowercased()
    }

    /// - Parameter text: /version.info of a netboot archive, with `Debian version:  12 (bookworm)` and
    ///   `Installer build: 20230607+deb12u15`.
    /// - Returns: also the installer's build; nil when the version is not there.
    static func netboot(versionInfo text: String) -> (Self, build: String)? {
        guard let match = text.firstMatch(of: /(?m)^(Debian) version: +((\S+) \((\S+)\))/) else { return nil }
        let build = text.firstMatch(of: /(?m)^Installer build: +(\S+)/)
        let version = Self(
            words: "\(match.1) \(match.2)", distribution: String(match.1), number: String(match.3.prefix { $0 != "." }),
            codename: match.4.lowercased())
        return (version, build.map { String($0.1) } ?? "unknown")
    }

    private init(words: String, distribution: String, number: String, codename: String) {
        self.words = words
        self.distribution = distribution
        self.number = number
        self.codename = codename
    }

    /// Whether it is plainly something else.
    func contradicts(_ release: Release) -> Bool {
        !distribution.hasPrefix("Debian") || (number != release.number && codename != release.codename)
            || (!architectures.isEmpty && !architectures.contains("amd64"))
    }
}
