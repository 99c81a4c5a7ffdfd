/// Where the installer gets a preseed file from, and so when.
public enum PreseedSource: String, CaseIterable, Sendable {
    /// Over the network (`url=`), when the network is up.
    case pxe
    /// From a CD (`file=/cdrom/…`), when it is mounted.
    case iso
    /// From a stick with the hd-media installer (`file=/hd-media/…`), when that is mounted.
    case usb
    /// In the RAM disk (`/preseed.cfg`), before everything else.
    case initrd

    /// Parts of the installer that have asked by the time the file is read (menu item numbers of their udebs: localechooser
    /// 1000, console-setup 1200, cdrom-detect 1300, ethdetect 1700, netcfg 1800, network-preseed 1850).
    func hasAsked(_ question: String, isAutomatic: Bool) -> Bool {
        // Read when the system is installed, not when the network comes up.
        if question == "netcfg/target_network_config" { return false }
        func isOf(_ prefixes: [String]) -> Bool { prefixes.contains { question.utf8.starts(with: $0.utf8) } }
        let language = [
            "debian-installer/locale", "debian-installer/language", "debian-installer/country", "localechooser/",
            "keyboard-configuration/", "debian-installer/keymap", "console-setup/",
        ]
        switch self {
        case .initrd: return false
        case .iso, .usb: return !isAutomatic && isOf(language) || isOf(["cdrom-detect/"])
        case .pxe: return !isAutomatic && isOf(language) || isOf(["netcfg/", "ethdetect/", "cdrom-detect/"])
        }
    }
}

/// The installer's kernel command line, as env2debconf reads it: words with a slash are questions, some have short names.
public struct KernelLine: Sendable {
    /// Answers by question.
    public let answers: [String: String]

    /// Locale and keyboard are asked after a preseed from the network has been read.
    public var isAutomatic: Bool { answers["auto-install/enable"] == "true" }
    /// Questions below this priority are not shown.
    public var priority: String? { answers["debconf/priority"] }

    /// Short names, from the installer's own list (`/etc/preseed_aliases`, the same in jessie's and bookworm's RAM disk).
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

    /// The short name of a question, or its whole name.
    static func shortest(_ question: String) -> String {
        aliases.first { $0.value == question }?.key ?? question
    }

    /// Whether the line answers this question, or one that takes its place.
    func answers(_ question: String) -> Bool {
        answers[question] != nil || question == "netcfg/get_hostname" && answers["netcfg/hostname"] != nil
    }

    public init(_ text: String) {
        var answers: [String: String] = [:]
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }) {
            guard let equals = word.firstIndex(of: "=") else {
                if word == "auto" { answers["auto-install/enable"] = "true" }
                continue
            }
            // `owner:question`, and `?=` for a default that is still asked.
            var name = String(word[..<equals])
            if name.hasSuffix("?") { continue }
            name = Self.aliases[name] ?? name
            if let colon = name.firstIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
            if name.contains("/") { answers[name] = String(word[word.index(after: equals)...]) }
        }
        self.answers = answers
    }

    /// Of a boot loader's entry: the first line of PXELINUX's `append`, GRUB's `linux` or iPXE's `kernel`; all of the text when it
    /// has none.
    public init(entry: String) {
        for line in entry.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if let first = words.first, ["append", "linux", "linuxefi", "kernel"].contains(first.lowercased()),
                words.count > 2
            {
                self.init(words.dropFirst().joined(separator: " "))
                return
            }
        }
        self.init(entry)
    }
}

extension PreseedFile {
    /// Answers that come when the question has been asked.
    func checkTime(on medium: PreseedSource, kernelLine: KernelLine?, report: inout DiagnosticReport) {
        for answer in answers
        where medium.hasAsked(answer.question, isAutomatic: kernelLine?.isAutomatic ?? false)
            && kernelLine?.answers(answer.question) != true
        {
            let word = "\(KernelLine.shortest(answer.question))=\(answer.value)"
            report.add(
                .init(
                    code: .tooLate, severity: .warning,
                    message: "\(answer.question) has been asked before a preseed from \(medium.rawValue) is read",
                    mark: answer.mark,
                    hint: answer.value.isEmpty || answer.value.contains(" ")
                        ? "answer it in a preseed in the RAM disk" : "say it on the kernel's command line, too: \(word)"
                ))
        }
    }
}
