/// The source from which the installer reads a preseed file, which also determines when it is read.
public enum PreseedSource: String, CaseIterable, Sendable {
    /// The network (`url=`), when it is up.
    case pxe
    /// A CD (`file=/cdrom/…`), when it is mounted.
    case iso
    /// The network (`url=`), although the installer was started from a CD.
    case isoURL = "iso-url"
    /// A USB stick with the hd-media installer (`file=/hd-media/…`), when it is mounted.
    case usb
    /// The RAM disk (`/preseed.cfg`), before everything else.
    case initrd

    /// Whether the installer was started from a CD, which then is a source of packages.
    var isCD: Bool { self == .iso || self == .isoURL }

    /// Returns whether the installer asks a question before it reads the file. The order is that of the menu item numbers of
    /// the udebs: localechooser 1000, console-setup 1200, cdrom-detect 1300, ethdetect 1700, netcfg 1800, network-preseed 1850.
    /// - Parameter isAutomatic: Whether the installer asks for the locale and the keyboard only after it has read the file
    ///   (``KernelLine/isAutomatic``).
    func hasAsked(_ question: String, isAutomatic: Bool) -> Bool {
        // This answer is read when the system is installed, not when the network is configured.
        if question == "netcfg/target_network_config" { return false }
        func isOf(_ prefixes: [String]) -> Bool { prefixes.contains { question.utf8.starts(with: $0.utf8) } }
        let language = [
            "debian-installer/locale", "debian-installer/language", "debian-installer/country", "localechooser/",
            "keyboard-configuration/", "debian-installer/keymap", "console-setup/",
        ]
        switch self {
        case .initrd: return false
        case .iso, .usb: return !isAutomatic && isOf(language) || isOf(["cdrom-detect/"])
        case .pxe, .isoURL: return !isAutomatic && isOf(language) || isOf(["netcfg/", "ethdetect/", "cdrom-detect/"])
        }
    }
}

/// The kernel command line of the installer, as env2debconf reads it: a parameter with a slash in its name is an answer to
/// a question, and some questions have short names.
public struct KernelLine: Sendable {
    /// The answers by question.
    public let answers: [String: String]

    /// Whether the installer asks for the locale and the keyboard after it has read a preseed from the network.
    public var isAutomatic: Bool { answers["auto-install/enable"] == "true" }
    /// The priority below which questions are not shown; nil when the command line does not set it.
    public var priority: String? { answers["debconf/priority"] }

    /// Whether the installer shows no question at all, and takes the defaults. Only the variable DEBIAN_FRONTEND does that: without it,
    /// the installer selects newt, and the question debconf/frontend is not read (rootskel, S60frontend; cdebconf, frontend.c;
    /// tried with bookworm's installer).
    public let isNoninteractive: Bool

    /// The short names, from the installer's list (`/etc/preseed_aliases`, the same in jessie's and bookworm's RAM disk).
    static let aliases = [
        "auto": "auto-install/enable", "classes": "auto-install/classes", "country": "debian-installer/country",
        "desktop": "tasksel:tasksel/desktop", "dmraid": "disk-detect/dmraid/enable", "domain": "netcfg/get_domain",
        "fb": "debian-installer/framebuffer", "file": "preseed/file", "firmware": "hw-detect/load_firmware",
        "hostname": "netcfg/get_hostname", "interface": "netcfg/choose_interface",
        "keymap": "keyboard-configuration/xkb-keymap",
        "language": "debian-installer/language", "locale": "debian-installer/locale", "modules": "anna/choose_modules",
        "preseed-md5": "preseed/file/checksum", "priority": "debconf/priority", "protocol": "mirror/protocol",
        "recommends": "base-installer/install-recommends", "suite": "mirror/suite", "tasks": "tasksel:tasksel/first",
        "theme": "debian-installer/theme", "url": "preseed/url",
    ]

    /// Returns the short name of a question or, if it has none, its full name.
    static func shortName(_ question: String) -> String {
        aliases.first { $0.value == question }?.key ?? question
    }

    /// Returns whether the command line answers a question, or a question that replaces it.
    func answers(_ question: String) -> Bool {
        answers[question] != nil || question == "netcfg/get_hostname" && answers["netcfg/hostname"] != nil
    }

    public init(_ text: String) {
        var answers: [String: String] = [:]
        var isNoninteractive = false
        for parameter in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }) {
            guard let equals = parameter.firstIndex(of: "=") else {
                if parameter == "auto" { answers["auto-install/enable"] = "true" }
                continue
            }
            // A name may be `owner:question`. An answer with `?=` is only a default, and the question is still asked.
            var name = String(parameter[..<equals])
            if name.hasSuffix("?") { continue }
            if name == "DEBIAN_FRONTEND" { isNoninteractive = parameter.hasSuffix("=noninteractive") }
            name = Self.aliases[name] ?? name
            if let colon = name.firstIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
            if name.contains("/") { answers[name] = String(parameter[parameter.index(after: equals)...]) }
        }
        self.answers = answers
        self.isNoninteractive = isNoninteractive
    }

    /// Reads the command line in a boot loader's entry: the first line with `append` (PXELINUX), `linux` (GRUB) or `kernel`
    /// (iPXE); the whole text when there is no such line.
    public init(entry: String) {
        for line in entry.split(whereSeparator: \.isNewline) {
            let tokens = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if let first = tokens.first, ["append", "linux", "linuxefi", "kernel"].contains(first.lowercased()),
                tokens.count > 2
            {
                self.init(tokens.dropFirst().joined(separator: " "))
                return
            }
        }
        self.init(entry)
    }
}

extension PreseedFile {
    /// Warns of answers to questions that the installer asks before it reads the file (code X0817).
    func checkTime(on medium: PreseedSource, kernelLine: KernelLine?, report: inout DiagnosticReport) {
        for answer in answers
        where medium.hasAsked(answer.question, isAutomatic: kernelLine?.isAutomatic ?? false)
            && kernelLine?.answers(answer.question) != true
        {
            let parameter = "\(KernelLine.shortName(answer.question))=\(answer.value)"
            report.add(
                answer.located(
                    .init(
                        code: .tooLate, severity: .warning,
                        message: "\(answer.question) is asked before a preseed from \(medium.rawValue) is read",
                        mark: answer.mark,
                        hint: answer.value.isEmpty || answer.value.contains(" ")
                            ? "answer it in a preseed in the RAM disk"
                            : "add it to the kernel's command line: \(parameter)"
                    )))
        }
    }
}
