import FoundationEssentials

/// An absolute path on the node: ASCII letters, digits and `._+@%-` between slashes; no empty, `.` or `..` part.
///
/// Non-ASCII names depend on the process's locale in every archive tool and are refused.
public struct TargetPath: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "an absolute path", pattern: "^(/[A-Za-z0-9._+@%-]+)+$", example: "/etc/xen/auto")

    public init(text: String) throws(Malformed) {
        let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard text.first == "/", parts.allSatisfy({ isPathPart($0) }) else {
            throw Malformed("is not an absolute path (ASCII letters, digits and ._+@%- between slashes)")
        }
        description = text
    }

    public static func < (a: TargetPath, b: TargetPath) -> Bool { a.description < b.description }
}

/// A file or folder beside the lab file: a relative path that stays below it.
public struct BesidePath: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a path beside the lab file", pattern: "^[A-Za-z0-9._+@%-]+(/[A-Za-z0-9._+@%-]+)*$", example: "files")

    public init(text: String) throws(Malformed) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isPathPart($0) }) else {
            throw Malformed(
                "is not a path beside the lab file (relative, without .., ASCII letters, digits and ._+@%-)")
        }
        description = text
    }
}

/// Whether a name can be a part of a path in an overlay.
public func isPathPart(_ part: some StringProtocol) -> Bool {
    part != "." && part != ".." && part.utf8.count <= 100
        && part.consists(of: { isAlphanumeric($0) || [46, 95, 43, 64, 37, 45].contains($0) })
}

/// A disk of the node: a device node below /dev.
public struct DiskDevice: TextValue, Comparable, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a disk", pattern: "^/dev/(sd[a-z]{1,2}|vd[a-z]{1,2}|xvd[a-z]{1,2}|hd[a-z]|nvme[0-9]+n[0-9]+|mmcblk[0-9]+)$",
        example: "/dev/sda")

    public init(text: String) throws(Malformed) {
        guard DiskDevice.kind(of: text) != nil else {
            let whole = text.prefix { !($0.isASCII && $0.isNumber) }
            let hint = DiskDevice.kind(of: String(whole)) != nil && whole != text ? "try: \(whole)" : nil
            throw Malformed("is not a whole disk below /dev", hint: hint)
        }
        description = text
    }

    private static func kind(of text: String) -> Substring? {
        guard text.hasPrefix("/dev/") else { return nil }
        let name = text.dropFirst(5)
        for prefix in ["xvd", "sd", "vd"] where name.hasPrefix(prefix) {
            let rest = name.dropFirst(prefix.count)
            return (1...2).contains(rest.utf8.count) && rest.consists(of: isLower) ? name : nil
        }
        if name.hasPrefix("hd") { return name.utf8.count == 3 && name.dropFirst(2).consists(of: isLower) ? name : nil }
        if name.hasPrefix("mmcblk") { return name.dropFirst(6).consists(of: isDigit) ? name : nil }
        if name.hasPrefix("nvme") {
            let parts = name.dropFirst(4).split(separator: "n", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy({ $0.consists(of: isDigit) }) ? name : nil
        }
        return nil
    }

    public static func < (a: DiskDevice, b: DiskDevice) -> Bool { naturallyPrecedes(a.description, b.description) }
}

/// The name of a link in /dev/disk/by-id.
public struct DiskID: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a name in /dev/disk/by-id", pattern: "^[A-Za-z0-9._:+-]{3,128}$", example: "ata-VBOX_HARDDISK_VB1234")

    public init(text: String) throws(Malformed) {
        guard (3...128).contains(text.utf8.count),
            text.consists(of: { isAlphanumeric($0) || [46, 95, 58, 43, 45].contains($0) })
        else {
            throw Malformed(
                "is not a name in /dev/disk/by-id",
                hint: text.hasPrefix("/dev/disk/by-id/") ? "try: \(text.dropFirst(16))" : nil)
        }
        description = text
    }
}

/// The name of an LVM volume group (lvm(8)), without hyphens, which device mapper doubles.
public struct VolumeGroupName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a volume group's name", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+]{0,59}$", example: "vg0")

    public init(text: String) throws(Malformed) {
        guard (1...60).contains(text.utf8.count), let first = text.utf8.first, isAlphanumeric(first) || first == 95,
            text.consists(of: { isAlphanumeric($0) || [95, 46, 43].contains($0) })
        else { throw Malformed("is not a volume group's name (letters, digits, _, . and +)") }
        description = text
    }
}

/// One option of a command line that GRUB hands on: the hypervisor's or dom0's kernel's.
///
/// It passes through /etc/default/grub.d (a shell reads it in double quotes) and grub.cfg (GRUB's own script reads
/// it bare), so whatever is special to either is refused.
public struct BootOption: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a boot option", pattern: "^[A-Za-z0-9_.,:=/@%+-]+$", example: "loglvl=all")

    public init(text: String) throws(Malformed) {
        guard text.consists(of: { isAlphanumeric($0) || [95, 46, 44, 58, 61, 47, 64, 37, 43, 45].contains($0) }) else {
            throw Malformed(
                "would break out of GRUB's command line (letters, digits and _.,:=/@%+- only)",
                hint: text.contains(" ") ? "write each option as an item of its own" : nil)
        }
        guard !text.hasPrefix("---") && text != "--" else { throw Malformed("ends a command line") }
        description = text
    }
}

/// A serial port and its speed, as the kernel's `console=` writes them.
public struct SerialConsole: TextValue, CustomStringConvertible {
    /// 0 for ttyS0, which Xen calls com1.
    public let unit: Int
    /// Bits per second; 8 data bits, no parity, 1 stop bit.
    public let speed: Int

    public static let speeds = [9600, 19200, 38400, 57600, 115200]
    public static let syntax = TextSyntax(
        "a serial console", pattern: "^ttyS[01](,(9600|19200|38400|57600|115200))?$", example: "ttyS0,115200")

    public init(text: String) throws(Malformed) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let speed = parts.count == 2 ? Int(parts[1]) ?? 0 : 115200
        // Xen drives com1 and com2 only.
        guard parts.count <= 2, ["ttyS0", "ttyS1"].contains(parts[0]), Self.speeds.contains(speed),
            parts.count == 1 || parts[1].first != "+"
        else {
            throw Malformed(
                "is not a serial console", hint: "write ttyS0 or ttyS1, a comma and the speed: ttyS0,115200")
        }
        unit = parts[0] == "ttyS0" ? 0 : 1
        self.speed = speed
    }

    public var description: String { "ttyS\(unit),\(speed)" }
}

/// A locale, by the name that Debian's localechooser knows.
public struct LocaleName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a locale", pattern: "^[a-z]{2,3}_[A-Z]{2}(\\.[A-Za-z0-9-]+)?(@[a-z]+)?$", example: "en_US.UTF-8")

    public init(text: String) throws(Malformed) {
        let (name, modifier) = halves(text, at: "@")
        let (place, charset) = halves(name, at: ".")
        let (language, country) = halves(place, at: "_")
        guard (2...3).contains(language.utf8.count), language.consists(of: isLower), country?.utf8.count == 2,
            country?.consists(of: { (65...90).contains($0) }) == true,
            charset.map({ $0.consists(of: { isAlphanumeric($0) || $0 == 45 }) }) ?? true,
            modifier.map({ $0.consists(of: isLower) }) ?? true
        else {
            // The installer asks for a continent when it can't derive a country.
            throw Malformed("is not a locale with a language and a country", hint: "try: en_US.UTF-8")
        }
        description = text
    }
}

/// A time zone of the tz database, Area/Place or UTC.
public struct TimeZoneName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax(
        "a time zone", pattern: "^(UTC|[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2})$", example: "Europe/Berlin")

    public init(text: String) throws(Malformed) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let wellFormed =
            (2...3).contains(parts.count) && parts[0].consists(of: { isLower($0 | 32) })
            && parts[0].utf8.count > 1 && (65...90).contains(parts[0].utf8.first!)
            && parts.dropFirst().allSatisfy { $0.consists(of: { isAlphanumeric($0) || [95, 43, 45].contains($0) }) }
        guard text == "UTC" || wellFormed else {
            throw Malformed("is not a time zone (Area/Place, as in the tz database)")
        }
        description = text
    }
}

/// An XKB keymap's name, as keyboard-configuration/xkb-keymap takes it.
public struct KeymapName: TextValue, CustomStringConvertible {
    public let description: String

    public static let syntax = TextSyntax("a keymap", pattern: "^[a-z]{2,4}(\\([a-z0-9_-]+\\))?$", example: "de")

    public init(text: String) throws(Malformed) {
        let (layout, variant) = halves(text, at: "(")
        guard (2...4).contains(layout.utf8.count), layout.consists(of: isLower),
            variant.map({
                $0.hasSuffix(")") && $0.dropLast().consists(of: { isDigit($0) || isLower($0) || $0 == 95 || $0 == 45 })
            })
                ?? true
        else { throw Malformed("is not a keymap (us, gb, de, fr(latin9)…)") }
        description = text
    }
}

/// Splits at the first separator; the second half is nil without one.
private func halves(_ text: some StringProtocol, at separator: Character) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: separator) else { return (Substring(text), nil) }
    return (Substring(text[..<index]), Substring(text[text.index(after: index)...]))
}

/// An SSH public key as authorized_keys(5) takes it, without options: type, base64, comment.
public struct AuthorizedKey: TextValue, CustomStringConvertible {
    public let description: String

    static let types = [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]
    public static let syntax = TextSyntax(
        "an SSH public key", pattern: "^(sk-)?(ssh|ecdsa)-[A-Za-z0-9@.-]+ AAAA[A-Za-z0-9+/]+={0,3}( [ -~]+)?$",
        example: "ssh-ed25519 AAAAC3Nza… ann@desk")

    public init(text: String) throws(Malformed) {
        if text.utf8.contains("PRIVATE KEY".utf8) {
            throw Malformed("is a private key; it must never leave your machine")
        }
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, Self.types.contains(String(parts[0])), let blob = Data(base64Encoded: String(parts[1])),
            let fields = Self.fields(of: [UInt8](blob)), fields.count >= 2, fields[0].elementsEqual(parts[0].utf8),
            fields[1...].contains(where: { $0.count >= 32 }),
            parts[0] != "ssh-ed25519" || fields.map(\.count) == [11, 32],
            parts.count == 2
                || (parts[2].utf8.allSatisfy { (32...126).contains($0) } && !parts[2].isEmpty
                    && parts[2].last != " " && parts[2].first != " ")
        else {
            throw Malformed(
                "is not an SSH public key (type, base64, comment on one line)",
                hint: "copy the line of your ~/.ssh/id_ed25519.pub")
        }
        description = text
    }
}

extension AuthorizedKey {
    /// RFC 4253 section 6.6: a blob is a row of fields, each behind its length; the first is the key's type.
    private static func fields(of blob: [UInt8]) -> [ArraySlice<UInt8>]? {
        var fields: [ArraySlice<UInt8>] = []
        var rest = blob[...]
        while !rest.isEmpty {
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= 4 + count, rest.count >= 4 else { return nil }
            fields.append(rest.dropFirst(4).prefix(count))
            rest = rest.dropFirst(4 + count)
        }
        return fields
    }
}

/// A password's crypt(3) hash, well-formed for its method (crypt(5)).
public struct PasswordHash: TextValue, CustomStringConvertible {
    public let description: String
    /// `$6$` and its like.
    public let method: String

    public static let syntax = TextSyntax(
        "a crypt(3) hash", pattern: "^\\$(1|5|6|7|y|gy|2b)\\$[A-Za-z0-9./$=,]+$", example: "$6$salt$…")

    /// The shortest and the longest last field of each method.
    private static let methods: [String: (fields: ClosedRange<Int>, digest: Int)] = [
        "$1$": (2...2, 22), "$5$": (2...3, 43), "$6$": (2...3, 86), "$y$": (3...3, 43), "$gy$": (3...3, 43),
        "$7$": (2...2, 43), "$2b$": (2...2, 53),
    ]

    public init(text: String) throws(Malformed) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count > 2, fields[0].isEmpty else {
            throw Malformed(
                "is not a crypt(3) hash; a plain password is never taken", hint: "make one with: xenseed passwd")
        }
        let method = "$\(fields[1])$"
        guard let shape = Self.methods[method] else { throw Malformed("is of an unknown crypt(3) method") }
        let body = fields.dropFirst(2)
        let rounds = body.count == 3 && method != "$y$" && method != "$gy$" ? body.first : nil
        guard shape.fields.contains(body.count), body.last!.utf8.count == shape.digest,
            body.allSatisfy({ $0.consists(of: { isAlphanumeric($0) || [46, 47, 61].contains($0) }) }),
            rounds.map({ $0.hasPrefix("rounds=") && $0.dropFirst(7).consists(of: isDigit) }) ?? true,
            body.dropLast().last.map({
                $0.utf8.count <= 86 && (method != "$6$" && method != "$5$" || $0.utf8.count <= 16)
            })
                ?? true
        else {
            throw Malformed("is not a whole \(method) hash", hint: "copy it whole, or make one with: xenseed passwd")
        }
        description = text
        self.method = method
    }
}
