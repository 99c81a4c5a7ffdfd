import Preseed

/// What people write instead of a value, and the value that they mean.
///
/// Every correction is a value that the field accepts, so a user can copy it into the lab file.
enum Correction {
    /// The maximum length in bytes of a text that is corrected: more than that of any value, such as an SSH key.
    private static let longest = 2000

    /// Returns the text of a type that a text stands for; nil when there is no plain correction.
    static func text(_ text: String, _ type: any TextValue.Type) -> String? {
        guard text.utf8.count <= longest else { return nil }
        let plain = normalized(text)
        return ([plain, plain.lowercased()] + candidates(plain, type)).first { $0 != text && isValid($0, type) }
    }

    /// Returns whether a text is a value of a type.
    static func isValid(_ text: String, _ type: any TextValue.Type) -> Bool { (try? type.init(text: text)) != nil }

    /// Returns `true` or `false` for a text that means it in other formats.
    static func boolean(_ text: String) -> String? {
        guard text.utf8.count <= longest else { return nil }
        return switch normalized(text).lowercased() {
        case "true", "yes", "y", "on", "1", "enabled", "enable": "true"
        case "false", "no", "n", "off", "0", "disabled", "disable", "none": "false"
        default: nil
        }
    }

    /// Returns the number in a text such as `4 cores` or `vlan30`, if it is the only one and in the range.
    static func number(_ text: String, in range: ClosedRange<Int>) -> String? {
        guard text.utf8.count <= longest else { return nil }
        if range.count == 1 { return "\(range.lowerBound)" }
        let numbers = text.split { !($0.isASCII && $0.isNumber) }
        guard numbers.count == 1, !text.contains("-"), let number = Int(numbers[0]), range.contains(number) else {
            let whole = text.split(separator: ".", omittingEmptySubsequences: false)
            guard whole.count == 2, whole[1].allSatisfy({ $0 == "0" }) else { return nil }
            return number(String(whole[0]), in: range)
        }
        return "\(number)"
    }

    /// Returns the items of a list that is written as one text, separated by commas or blanks; nil when one is malformed.
    static func items(_ text: String, _ type: any TextValue.Type) -> [String]? {
        guard text.utf8.count <= longest else { return nil }
        if ["none", "no", "false", "off"].contains(text.lowercased()) { return [] }
        if isValid(text, type) { return [text] }
        let items = text.split { ", ;".contains($0) }.map(String.init)
        let found = items.compactMap { isValid($0, type) ? $0 : self.text($0, type) }
        return found.count == items.count && !found.isEmpty ? found : nil
    }

    // MARK: Hints

    /// Returns the instruction to write a corrected value.
    static func hint(_ value: String, at path: FieldPath) -> String { line(YAMLValue.scalar(value), at: path) }

    /// Returns what to do instead of writing a text that is meant for another field; nil when there is no advice.
    static func advice(_ text: String, _ type: any TextValue.Type) -> String? {
        let isAddress = type == IPv4Address.self || type == OrNone<IPv4Address>.self
        return isAddress && ["dhcp", "dhcp4", "auto", "static", "manual"].contains(text.lowercased())
            ? "leave the field out; `dhcp` of the network says where addresses come from" : nil
    }

    /// Returns the instruction for a value that is of another kind than its field.
    static func hint(_ value: YAMLValue, for shape: Shape, at path: FieldPath) -> String? {
        switch (value, shape) {
        case (.scalar(let text, false, _), _):
            if let value = self.value(text, for: shape) { return line(value, at: path) }
            if case .list = shape { return "write each item on its own line, after a dash" }
        case (.list(let items, _), .table):
            if case .mapping(let entries, _)? = items.first, case .scalar(let name, false, _)? = entries.first?.value {
                let key = entries.count == 1 && entries[0].value.isNull ? entries[0].key : name
                return "use the name of each entry as its key, without a dash: \(YAMLValue.scalar(key)): {…}"
            }
            if case .scalar(let name, false, _)? = items.first {
                return line("{\(YAMLValue.scalar(name)): {…}}", at: path)
            }
        case (.list(let items, _), .object):
            if case .mapping? = items.first { return "write the fields without a dash" }
        case (.list(let items, _), .text), (.list(let items, _), .integer), (.list(let items, _), .boolean):
            if items.count == 1, case .scalar(let text, false, _) = items[0] { return hint(text, at: path) }
            return "the field has one value"
        case (.mapping(let entries, _), .list):
            return line("[\(entries.map { YAMLValue.scalar($0.key) }.joined(separator: ", "))]", at: path)
        case (.scalar, .text(let type)):
            return "give it a value, as in \(hint(type.syntax.example, at: path).dropFirst(6))"
        default: break
        }
        return nil
    }

    /// Returns the instruction to write a value in YAML: with its key, unless it is an item of a list.
    private static func line(_ yaml: String, at path: FieldPath) -> String {
        guard let key = path.keys.last, !key.hasSuffix("]") else { return "write \(yaml)" }
        return "write \(key): \(yaml)"
    }

    // MARK: Values of a different kind

    /// Returns the value of a field, in one line of YAML, that a single value stands for: `{device: /dev/sda}` for a disk,
    /// `[vim, tmux]` for packages.
    static func value(_ text: String, for shape: Shape) -> String? {
        switch shape {
        case .text(let type):
            return (isValid(text, type) ? text : self.text(text, type)).map(YAMLValue.scalar)
        case .integer(let range):
            return Int(text).flatMap { range.contains($0) ? "\($0)" : nil } ?? number(text, in: range)
        case .boolean: return boolean(text)
        case .list(let type):
            return items(text, type).map { "[\($0.map(YAMLValue.scalar).joined(separator: ", "))]" }
        case .object(let schema): return object(text, schema)
        case .table(let key, .object):
            return isValid(text, key) ? "{\(text): {…}}" : nil
        case .table, .name, .prose: return nil
        }
    }

    private static func object(_ text: String, _ schema: ObjectSchema) -> String? {
        guard text.utf8.count <= longest else { return nil }
        // An address with a port, and a URL with a directory, are two fields.
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        if schema["address"] != nil, schema["port"] != nil, parts.count == 2, isValid(parts[0], IPv4Address.self),
            Int(parts[1]) != nil
        {
            return "{address: \(parts[0]), port: \(parts[1])}"
        }
        if schema["host"] != nil, schema["directory"] != nil, let url = URLParts(text),
            isValid(url.host, HostAddress.self),
            isValid(url.directory, TargetPath.self)
        {
            return
                "{\(url.scheme == "http" ? "" : "protocol: \(url.scheme), ")host: \(url.host), directory: \(url.directory)}"
        }
        for field in schema.fields {
            switch field.shape {
            // Nearly every text is a full name, or the name of a file.
            case .text(let type) where type == FullName.self || type == RelativePath.self && field.requirement == .no:
                continue
            case .text, .integer, .list:
                if let value = value(text, for: field.shape) { return "{\(field.key): \(value)}" }
            case .boolean, .name, .prose, .object, .table: continue
            }
        }
        return nil
    }

    // MARK: Texts

    /// Returns a text without typographic quotes and with ordinary blanks.
    private static func normalized(_ text: String) -> String {
        let quotes: Set<Character> = ["“", "”", "„", "‘", "’", "«", "»", "\"", "'", "`"]
        return text.filter { !quotes.contains($0) }.replacing("\u{A0}", with: " ").replacing("\u{202F}", with: " ")
            .trimmed
    }

    private static func candidates(_ text: String, _ type: any TextValue.Type) -> [String] {
        let lower = text.lowercased()
        let withoutEnd = lower.hasSuffix("/") ? [String(text.dropLast())] : []
        switch ObjectIdentifier(type) {
        case ObjectIdentifier(CardAddress.self): return mac(lower)
        case ObjectIdentifier(IPv4Address.self), ObjectIdentifier(IPAddress.self),
            ObjectIdentifier(OrNone<IPv4Address>.self):
            return address(text)
        case ObjectIdentifier(IPv4Network.self): return subnet(text)
        case ObjectIdentifier(AddressRange.self):
            return subnet(text).filter { $0.split(separator: "/").first != "0.0.0.0" }
        case ObjectIdentifier(HostPrefix.self): return [hostPrefix(text), "\(text)/24"].compactMap { $0 }
        case ObjectIdentifier(Hostname.self): return hostname(lower)
        case ObjectIdentifier(DomainName.self):
            return [lower.split(separator: ".").joined(separator: "."), dashed(lower)]
        case ObjectIdentifier(ByteCount.self): return amount(lower)
        case ObjectIdentifier(OrNone<ByteCount>.self):
            let isNone = boolean(lower) == "false" || ["0", ""].contains(lower.prefix { !"mgtkb ".contains($0) })
            return isNone ? ["none"] : amount(lower)
        case ObjectIdentifier(DiskDevice.self), ObjectIdentifier(DiskPath.self): return disk(text)
        case ObjectIdentifier(SerialConsole.self): return console(lower)
        case ObjectIdentifier(InterfaceName.self), ObjectIdentifier(NetworkName.self): return [dashed(lower)]
        case ObjectIdentifier(HostAddress.self), ObjectIdentifier(TimeServer.self):
            return [URLParts(lower)?.host, lower.split(separator: "/").first.map(String.init)].compactMap { $0 }
        case ObjectIdentifier(ReportURL.self), ObjectIdentifier(ProxyURL.self):
            let rest = lower.hasPrefix("https://") ? String(text.dropFirst(8)) : text
            return ["http://\(rest)"]
        case ObjectIdentifier(RelativePath.self):
            let parts = text.split(separator: "/").filter { $0 != "." }
            return text.hasPrefix("/") ? [] : [parts.joined(separator: "/")]
        case ObjectIdentifier(TargetPath.self): return withoutEnd + ["/" + text]
        case ObjectIdentifier(OrNone<TargetPath>.self):
            return (boolean(lower) == "false" ? ["none"] : []) + withoutEnd
        case ObjectIdentifier(OrNone<InterfaceName>.self): return boolean(lower) == "false" ? ["none"] : []
        case ObjectIdentifier(FileMode.self): return lower.hasPrefix("0o") ? [String(lower.dropFirst(2))] : []
        default:
            let known = aliases[ObjectIdentifier(type)]?[lower]
            return [known, nearestName(to: lower, among: type.syntax.choices)].compactMap { $0 }
        }
    }

    /// Other names of the values of choices.
    private static let aliases: [ObjectIdentifier: [String: String]] = [
        ObjectIdentifier(Firmware.self): [
            "efi": "uefi", "legacy": "bios", "csm": "bios", "mbr": "bios", "gpt": "uefi",
        ],
        ObjectIdentifier(BondMode.self): [
            "0": "balance-rr", "1": "active-backup", "2": "balance-xor", "3": "broadcast", "4": "802.3ad",
            "5": "balance-tlb", "6": "balance-alb", "lacp": "802.3ad", "failover": "active-backup",
        ],
        ObjectIdentifier(SudoRule.self): [
            "yes": "true", "on": "true", "no": "false", "off": "false", "none": "false", "nopasswd: all": "nopasswd",
            "all": "true",
        ],
        ObjectIdentifier(IPv6Method.self): [
            "false": "off", "no": "off", "none": "off", "disabled": "off", "true": "auto", "yes": "auto", "on": "auto",
            "ra": "slaac", "dhcp": "auto",
        ],
        ObjectIdentifier(DiskRule.self): ["first": "only", "any": "only", "auto": "only"],
        ObjectIdentifier(LayoutKind.self): ["standard": "plain", "regular": "plain", "partition": "plain"],
    ]

    private static func dashed(_ text: String) -> String { text.replacing("_", with: "-").replacing(" ", with: "-") }

    private static func mac(_ text: String) -> [String] {
        let digits = text.replacing("o", with: "0").replacing("l", with: "1")
        let groups = digits.split { ":-. ".contains($0) }
        let pairs: [String]
        if groups.count == 6 {
            pairs = groups.map { $0.utf8.count == 1 ? "0\($0)" : String($0) }
        } else {
            let all = Array(groups.joined())
            guard all.count == 12 else { return [] }
            pairs = stride(from: 0, to: 12, by: 2).map { String(all[$0...$0 + 1]) }
        }
        return [pairs.joined(separator: ":")]
    }

    private static func address(_ text: String) -> [String] {
        let host = text.prefix { $0 != "/" }
        let octets = host.split { ".,".contains($0) }.map { octet in
            let digits = octet.drop { $0 == "0" }
            return digits.isEmpty ? "0" : String(digits)
        }
        return [octets.joined(separator: ".")]
    }

    /// Returns the subnet of an address with its prefix, with a dotted netmask, or with fewer octets.
    private static func subnet(_ text: String) -> [String] {
        let parts = text.split { "/ ".contains($0) }.map(String.init)
        guard let first = parts.first else { return [] }
        var octets = first.split { ".,".contains($0) }.map(String.init).filter { !["x", "X", "*"].contains($0) }
        let given = octets.count
        guard (1...4).contains(given) else { return [] }
        octets += Array(repeating: "0", count: 4 - given)
        let address = octets.joined(separator: ".")
        if parts.count == 2 {
            return [prefix(ofNetmask: parts[1]).map { "\(address)/\($0)" } ?? "\(address)/\(parts[1])"]
        }
        // Without a prefix, the zeros at the end tell it.
        let used = octets.lastIndex { $0 != "0" } ?? 3
        return ["\(address)/\(8 * max(1, min(3, used + 1)))"]
    }

    /// Returns the length of the prefix of a dotted netmask; nil for any other text.
    static func prefix(ofNetmask text: String) -> Int? {
        guard let mask = try? IPv4Address(text: text) else { return nil }
        let length = (~mask.bits).leadingZeroBitCount
        return mask.bits == (length == 0 ? 0 : UInt32.max << UInt32(32 - length)) ? length : nil
    }

    private static func hostPrefix(_ text: String) -> String? {
        let parts = text.split { "/ ".contains($0) }.map(String.init)
        guard parts.count == 2 else { return nil }
        return prefix(ofNetmask: parts[1]).map { "\(parts[0])/\($0)" }
    }

    private static func hostname(_ text: String) -> [String] {
        [text.prefix { $0 != "." }, Substring(dashed(text))].map(String.init)
    }

    /// Returns the amount of a number with a unit in another spelling, or with a fraction.
    private static func amount(_ text: String) -> [String] {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
        let unit = text.dropFirst(digits.count).trimmed
        guard let first = unit.first, "kmgt".contains(first) else { return [] }
        let name = first.uppercased() + (["b", "byte", "bytes"].contains(unit.dropFirst()) ? "B" : "iB")
        if let number = Int(digits), first != "k" { return ["\(number) \(name)"] }
        let (smaller, scale) =
            switch name {
            case "GiB": ("MiB", 1024.0)
            case "TiB": ("GiB", 1024.0)
            case "GB": ("MB", 1000.0)
            case "TB": ("GB", 1000.0)
            case "KiB": ("MiB", 1 / 1024.0)
            case "KB": ("MB", 1 / 1000.0)
            default: ("MiB", 1.0)
            }
        guard let number = Double(digits.replacing(",", with: ".")), number * scale < 1e9,
            let whole = Int(exactly: number * scale)
        else { return [] }
        return ["\(whole) \(smaller)"]
    }

    private static func disk(_ text: String) -> [String] {
        let name = text.hasPrefix("/dev/") ? String(text.dropFirst(5)) : text
        // The name of a partition ends in a number, after a `p` if the name of its disk ends in a number.
        let stem = name.dropLast(name.reversed().prefix { $0.isASCII && $0.isNumber }.count)
        let disks = [name, name.lowercased(), stem.hasSuffix("p") ? String(stem.dropLast()) : String(stem)]
        return disks.map { "/dev/\($0)" }
    }

    private static func console(_ text: String) -> [String] {
        let text = text.replacing("ttys", with: "ttyS").replacing("/dev/", with: "").replacing("console=", with: "")
        if boolean(text) == "true" { return ["ttyS0,115200"] }
        let parts = text.split { ", @:".contains($0) }
        let speed =
            parts.compactMap { Int($0.prefix { $0.isNumber }) }.first { SerialConsole.speeds.contains($0) } ?? 115200
        let unit = parts.first.map(String.init) ?? ""
        let port = ["com1": "ttyS0", "com2": "ttyS1", "serial": "ttyS0"][unit] ?? (Int(unit) == nil ? unit : "ttyS0")
        return ["\(port),\(speed)"]
    }
}

/// The parts of a URL such as `http://deb.debian.org/debian`.
private struct URLParts {
    var scheme: String
    var host: String
    /// The path without a slash at its end.
    var directory: String

    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        scheme = String(text[..<colon.lowerBound])
        let rest = text[colon.upperBound...]
        host = String(rest.prefix { $0 != "/" })
        directory = "/" + rest.dropFirst(host.count).split(separator: "/").joined(separator: "/")
    }
}

extension YAMLValue {
    /// Returns a text as a scalar of YAML, with quotes where it needs them.
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.first.map { $0.isLetter || $0.isNumber || "/.$".contains($0) } ?? false
            && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":")
            && !text.contains { ",[]{}\"'".contains($0) && $0 != "," } && text.last != " "
        return isPlain ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
