/// The format of a question's value, beyond its type.
///
/// The installer checks some values only when they are typed in. For a malformed preseeded value it asks the question, or
/// uses the value unchecked.
enum ValueFormat {
    case address, netmask, addresses, gateway
    case host, domain, hostOrPort, hostAndPath, directory, proxy, url([String]), key
    case interface, seconds, user, number
    case disks, bootDevices, volumeGroup, groupSize, recipe
    case hash, checksums, packages, repository
    case locale, keymap, timeZone
    case method, raidRecipe, suite, groups, tasks, securityHost, mirrorHost
    case command

    /// The formats by the names that the questions have in the catalogue.
    private static let table: [String: ValueFormat] = [
        "netcfg/get_ipaddress": .address, "netcfg/get_netmask": .netmask, "netcfg/get_gateway": .gateway,
        "netcfg/get_nameservers": .addresses, "netcfg/get_pointopoint": .address,
        "netcfg/get_hostname": .host, "netcfg/hostname": .host, "netcfg/get_domain": .domain,
        "netcfg/choose_interface": .interface, "netcfg/link_wait_timeout": .seconds, "netcfg/dhcp_timeout": .seconds,
        "netcfg/dhcpv6_timeout": .seconds,
        "mirror/http/hostname": .mirrorHost, "mirror/https/hostname": .mirrorHost, "mirror/ftp/hostname": .mirrorHost,
        "mirror/suite": .suite, "mirror/udeb/suite": .suite, "mirror/codename": .suite,
        "mirror/http/directory": .directory, "mirror/https/directory": .directory, "mirror/ftp/directory": .directory,
        "mirror/http/proxy": .proxy, "mirror/https/proxy": .proxy, "mirror/ftp/proxy": .proxy,
        "apt-setup/security_host": .securityHost, "apt-setup/volatile_host": .hostAndPath,
        "apt-setup/local0/repository": .repository, "apt-setup/local0/key": .key,
        "preseed/url": .url(["http", "https", "ftp", "tftp"]), "preseed/url/checksum": .checksums,
        "preseed/file/checksum": .checksums, "preseed/include/checksum": .checksums, "preseed/run/checksum": .checksums,
        "clock-setup/ntp-server": .hostOrPort, "time/zone": .timeZone,
        "debian-installer/locale": .locale, "keyboard-configuration/xkb-keymap": .keymap,
        "partman-auto/disk": .disks, "grub-installer/bootdev": .bootDevices,
        "partman-auto-lvm/new_vg_name": .volumeGroup, "partman-auto-lvm/guided_size": .groupSize,
        "partman-auto/expert_recipe": .recipe, "partman-auto/method": .method, "partman-auto-raid/recipe": .raidRecipe,
        "passwd/user-default-groups": .groups, "tasksel/first": .tasks,
        "passwd/root-password-crypted": .hash, "passwd/user-password-crypted": .hash,
        "grub-installer/password-crypted": .hash, "passwd/username": .user, "passwd/user-uid": .number,
        "pkgsel/include": .packages,
    ]

    /// Returns the format of a question's value; nil when only its type is known.
    static func of(_ question: String) -> ValueFormat? {
        if question.utf8.suffix(8).elementsEqual("_command".utf8) { return .command }
        return table[QuestionCatalogue.template(of: question)]
    }
}

/// The problem with a value.
struct ValueProblem: Equatable {
    /// The part of the value that is wrong; nil when it is the whole value.
    var part: String?
    /// A clause that follows the value, or that part, in a message.
    var message: String
    var hint: String?
    /// The offset in the value, in bytes.
    var offset = 0
    /// The severity: a warning if the value may be intended.
    var severity = Severity.error
}

extension ValueFormat {
    /// Returns the problem with a value of this format; nil when it is valid.
    func problem(of value: String, for release: Release) -> ValueProblem? {
        if value.isEmpty { return nil }
        switch self {
        case .address: return Self.refusal(IPv4Address.self, value).flatMap { Self.isIPv6(value) ? nil : $0 }
        case .netmask: return Self.netmaskProblem(value)
        case .gateway: return value == "none" || Self.isIPv6(value) ? nil : Self.refusal(IPv4Address.self, value)
        case .addresses:
            return Self.items(value, commas: false).lazy.compactMap { item in
                guard !Self.isIPv6(item.text), var problem = Self.refusal(IPv4Address.self, item) else { return nil }
                if item.text.utf8.contains(44) { problem.hint = "separate the addresses by blanks" }
                return problem
            }.first
        case .host: return Self.hostProblem(value)
        case .domain:
            // netcfg removes leading dots and checks nothing (netcfg-common.c, netcfg_get_domain).
            let isName = value.consists { isAlphanumeric($0) || [45, 46, 95].contains($0) }
            return isName ? nil : ValueProblem(message: "is not a domain (letters, digits, hyphens and dots)")
        case .hostOrPort: return Self.refusal(HostAddress.self, value.lowercased())
        case .hostAndPath:
            return Self.refusal(HostAddress.self, String(value.prefix { $0 != "/" }).lowercased())
        case .mirrorHost: return Self.mirrorProblem(value, release)
        case .securityHost: return Self.securityProblem(value, release)
        case .suite:
            return release.otherCodename(in: value).map {
                ValueProblem(
                    message: "is a suite of \($0), not of \(release.codename)", hint: "try: \(release.codename)")
            }
        case .key: return Self.keyProblem(value, release)
        case .method:
            return ["regular", "lvm", "crypto", "raid"].contains(value)
                ? nil
                : ValueProblem(
                    message: "is not a method of partitioning, so the installer partitions nothing",
                    hint: "one of: regular, lvm, crypto, raid")
        case .groups: return Self.groupsProblem(value)
        case .tasks: return Self.tasksProblem(value, release)
        case .raidRecipe: return RaidRecipe.problem(of: value)
        case .directory:
            return value.hasPrefix("/")
                ? nil : ValueProblem(message: "is not a directory on a mirror", hint: "try: /\(value)")
        case .proxy: return Self.urlProblem(value, ["http", "https"])
        case .url(let schemes): return Self.urlProblem(value, schemes)
        case .interface: return Self.interfaceProblem(value)
        case .seconds, .number:
            return value.consists(of: isDigit) && value.utf8.count < 10 ? nil : ValueProblem(message: "is not a number")
        case .user:
            let isName =
                value.utf8.first.map(isLower) == true
                && value.consists { isLower($0) || isDigit($0) || [45, 95].contains($0) }
            guard isName else {
                return ValueProblem(message: "is not a user's name (a-z first, then a-z, 0-9, - or _)")
            }
            return Release.reservedUserNames.contains(value)
                ? ValueProblem(
                    message: "is a reserved name, so the installer asks for another one", hint: "use another name")
                : nil
        case .disks: return Self.disksProblem(value)
        case .bootDevices: return value == "default" || value.hasPrefix("(") ? nil : Self.disksProblem(value)
        case .volumeGroup:
            let isName =
                value.consists { isAlphanumeric($0) || [43, 46, 95, 45].contains($0) } && !value.hasPrefix("-")
            return isName && value != "." && value != ".."
                ? nil : ValueProblem(message: "is not a volume group's name (letters, digits, +, _, . and -)")
        case .groupSize: return Self.sizeProblem(value)
        case .hash: return Self.hashProblem(value, release)
        case .checksums: return Self.checksumProblem(value)
        case .packages: return Self.packagesProblem(value)
        case .repository: return Self.repositoryProblem(value, release)
        case .locale: return Self.localeProblem(value, release)
        case .keymap: return Self.keymapProblem(value, release)
        case .timeZone:
            // The package tzdata has these directories, too.
            let name =
                ["posix/", "right/"].first { value.hasPrefix($0) }.map { String(value.dropFirst($0.count)) } ?? value
            return Self.refusal(TimeZoneName.self, name)
                ?? release.problem(timeZone: name).map {
                    // An old name is meant, and has no effect.
                    ValueProblem(
                        message: "is not a time zone that \(release.codename) installs", hint: $0.hint,
                        severity: release.regions.oldTimeZones[name] == nil ? .error : .warning)
                }
        case .recipe:
            guard case .failure(let fault) = PartitionRecipe.parse(value, standsAlone: false) else { return nil }
            return ValueProblem(message: fault.message, hint: nil)
        case .command: return nil
        }
    }

    // MARK: Items

    /// Returns the items of a list with their offsets in bytes.
    /// - Parameter commas: Whether commas separate items, as blanks do.
    static func items(_ value: String, commas: Bool = true) -> [(text: String, offset: Int)] {
        var items: [(String, Int)] = []
        let bytes = Array(value.utf8)
        var start: Int?
        for index in 0...bytes.count {
            let ends = index == bytes.count || bytes[index] == 32 || bytes[index] == 9 || (commas && bytes[index] == 44)
            if ends, let begin = start {
                items.append((String(decoding: bytes[begin..<index], as: UTF8.self), begin))
                start = nil
            } else if !ends, start == nil {
                start = index
            }
        }
        return items
    }

    private static func refusal<Value: TextValue>(_: Value.Type, _ text: String, at offset: Int = 0) -> ValueProblem? {
        do throws(ValueError) {
            _ = try Value(text: text)
            return nil
        } catch {
            return ValueProblem(message: error.problem, hint: error.hint, offset: offset)
        }
    }

    /// Returns the problem with an item of a list.
    private static func refusal<Value: TextValue>(_ type: Value.Type, _ item: (text: String, offset: Int))
        -> ValueProblem?
    {
        var problem = refusal(type, item.text, at: item.offset)
        problem?.part = item.text
        return problem
    }

    // MARK: Network

    /// Returns whether a text is an IPv6 address: eight groups of hex digits, or fewer with one gap (RFC 4291 section 2.2).
    /// Addresses that end with an IPv4 address are not recognized.
    static func isIPv6(_ text: String) -> Bool {
        func groups(_ part: Substring) -> Int? {
            let groups = part.isEmpty ? [] : part.split(separator: ":", omittingEmptySubsequences: false)
            return groups.allSatisfy {
                $0.utf8.count <= 4 && $0.consists { isDigit($0) || (97...102).contains($0 | 32) }
            }
                ? groups.count : nil
        }
        guard let gap = text.firstRange(of: "::") else { return groups(text[...]) == 8 }
        guard let before = groups(text[..<gap.lowerBound]), let behind = groups(text[gap.upperBound...]) else {
            return false
        }
        return before + behind < 8
    }

    private static func netmaskProblem(_ value: String) -> ValueProblem? {
        if isIPv6(value) { return nil }
        if let problem = refusal(IPv4Address.self, value) {
            return ValueProblem(
                message: "is not a netmask",
                hint: Int(value.drop { $0 == "/" }).flatMap {
                    (1...32).contains($0) ? IPv4Address(bits: ~UInt32(0) << UInt32(32 - $0)) : nil
                }
                .map { "try: \($0)" } ?? problem.hint)
        }
        guard let mask = try? IPv4Address(text: value) else { return nil }
        let gap = ~mask.bits
        return gap & (gap &+ 1) == 0 && mask.bits != 0
            ? nil : ValueProblem(message: "is not a netmask: its one bits are not all at the start")
    }

    private static func hostProblem(_ value: String) -> ValueProblem? {
        let lower = value.lowercased()
        let (label, _, domain) = value.parted(at: ".")
        if let problem = refusal(Hostname.self, label.lowercased()) { return problem }
        if !domain.isEmpty, let problem = refusal(DomainName.self, domain.lowercased()) { return problem }
        return value == lower
            ? nil
            : ValueProblem(
                message: "has upper-case letters, which some programs convert to lower case and others do not",
                hint: "try: \(lower)",
                severity: .note)
    }

    private static func interfaceProblem(_ value: String) -> ValueProblem? {
        if value == "auto" { return nil }
        if value.contains(":") { return refusal(MACAddress.self, value) }
        let isName = value.utf8.count <= 15 && value.consists { isAlphanumeric($0) || [46, 95, 45].contains($0) }
        return isName ? nil : ValueProblem(message: "is not an interface (a name, a MAC address with colons, or auto)")
    }

    private static func urlProblem(_ value: String, _ schemes: [String]) -> ValueProblem? {
        let (scheme, separator, rest) = value.parted(at: "://")
        guard !separator.isEmpty else {
            return ValueProblem(message: "is not a URL", hint: "try: \(schemes[0])://\(value)")
        }
        guard schemes.contains(scheme.lowercased()) else {
            return ValueProblem(
                message: "has the scheme \(scheme); the accepted schemes are \(schemes.joined(separator: ", "))")
        }
        if scheme == "file" {
            return rest.hasPrefix("/")
                ? nil : ValueProblem(message: "does not have the absolute path of a file", hint: "file:///path")
        }
        var host = String(rest.prefix { $0 != "/" && $0 != "?" })
        if let at = host.lastIndex(of: "@") { host = String(host[host.index(after: at)...]) }
        if host.hasPrefix("[") { return nil }
        if let problem = refusal(HostAddress.self, host.lowercased(), at: scheme.utf8.count + 3) { return problem }
        return value.utf8.contains { $0 <= 32 } ? ValueProblem(message: "contains a blank") : nil
    }

    private static func mirrorProblem(_ value: String, _ release: Release) -> ValueProblem? {
        if let problem = refusal(HostAddress.self, value.lowercased()) { return problem }
        guard release.debianHosts.lack(value.lowercased()) else { return nil }
        // The line was right while the mirrors had the release, and the network may have its own host of that name.
        return ValueProblem(
            message: "does not have \(release.codename)", hint: "try: \(release.mirrorHost)",
            severity: release.signaturesExpired ? .warning : .error)
    }

    private static func securityProblem(_ value: String, _ release: Release) -> ValueProblem? {
        let host = value.prefix { $0 != "/" }.lowercased()
        if let problem = refusal(HostAddress.self, host) { return problem }
        let right = release.securityURL.split(separator: "/")[1]
        return host != right && release.debianHosts.lack(host)
            ? ValueProblem(
                message: "does not have the security updates of \(release.codename)", hint: "try: \(right)") : nil
    }

    private static func keyProblem(_ value: String, _ release: Release) -> ValueProblem? {
        let (scheme, separator, _) = value.parted(at: "://")
        if scheme == "https", let refusal = release.httpsRefusal {
            return ValueProblem(message: "can't be fetched: \(refusal)")
        }
        if scheme == "base64", !separator.isEmpty, release.fetchSchemes.contains(scheme) { return nil }
        return urlProblem(value, release.fetchSchemes)
    }

    private static func repositoryProblem(_ value: String, _ release: Release) -> ValueProblem? {
        var items = items(value, commas: false)
        if items.first?.text == "deb" { items.removeFirst() }
        if items.first?.text.hasPrefix("[") == true {
            guard let end = items.firstIndex(where: { $0.text.hasSuffix("]") }) else {
                return ValueProblem(message: "has options that are not closed by ]")
            }
            items.removeFirst(end + 1)
        }
        guard let address = items.first, address.text.utf8.contains(":/".utf8) else {
            return ValueProblem(
                message: "is not a source of packages",
                hint: "address, suite, components: http://host/debian suite main")
        }
        let isFlat = items.count == 2 && items[1].text.hasSuffix("/")
        guard items.count >= 3 || isFlat else {
            return ValueProblem(
                message: "needs a suite and components after its address", hint: "\(address.text) suite main")
        }
        let host = Substring(address.text.parted(at: "://").2.utf8.prefix { $0 != 47 }).lowercased()
        if release.debianHosts.lack(host), host != "security.debian.org" || release.signaturesExpired,
            host != "archive.debian.org"
        {
            return ValueProblem(
                part: host, message: "does not have \(release.codename)", hint: "try: \(release.mirrorHost)",
                offset: address.offset)
        }
        return release.otherCodename(in: items[1].text).map {
            ValueProblem(
                part: items[1].text, message: "is a suite of \($0), not of \(release.codename)",
                hint: "try: \(release.codename)", offset: items[1].offset, severity: .warning)
        }
    }

    // MARK: Disks

    private static func disksProblem(_ value: String) -> ValueProblem? {
        for (path, offset) in items(value, commas: false) {
            let name = path.dropFirst(5)
            // The installer's scripts use the list without quotes, so the shell expands patterns: * ? [ ] ! ^
            let isDevice =
                path.hasPrefix("/dev/") && !path.hasSuffix("/")
                && name.consists {
                    isAlphanumeric($0) || [47, 45, 46, 95, 58, 43, 42, 63, 91, 93, 33, 94, 64, 61, 44].contains($0)
                }
            if !isDevice {
                return ValueProblem(
                    part: path, message: "is not a device",
                    hint: path.contains("/") || path.contains(":") ? nil : "try: /dev/\(path)", offset: offset)
            }
        }
        return nil
    }

    private static func sizeProblem(_ value: String) -> ValueProblem? {
        if value == "max" { return nil }
        let text = value.hasSuffix("%") ? String(value.dropLast()) : value
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].drop { $0 == " " }.uppercased()
        let isUnit = ["", "B", "K", "KB", "M", "MB", "G", "GB", "T", "TB", "KIB", "MIB", "GIB", "TIB"].contains(unit)
        guard let amount = Double(number), amount > 0, isUnit, !value.hasSuffix("%") || (unit.isEmpty && amount <= 100)
        else {
            return ValueProblem(
                message: "is not a size", hint: "max, a share like 80%, or a number with a unit like 20GB")
        }
        return nil
    }

    // MARK: Accounts and packages

    private static func hashProblem(_ value: String, _ release: Release) -> ValueProblem? {
        // An account that no password opens.
        if ["!", "*", "!!", "x"].contains(value) { return nil }
        if value.hasPrefix("$") {
            do throws(ValueError) {
                let hash = try PasswordHash(text: value)
                return release.cryptMethods.contains(hash.method)
                    ? nil
                    : ValueProblem(
                        message: "is hashed by \(hash.method), which \(release.codename)'s libc does not know")
            } catch { return ValueProblem(message: error.problem, hint: error.hint) }
        }
        // The traditional form of crypt(3), 13 characters; GRUB's own form follows.
        if value.utf8.count == 13 && value.consists(of: { isAlphanumeric($0) || [46, 47].contains($0) }) {
            return ValueProblem(
                message: "looks like a DES hash of crypt(3), which is easy to break, or like a plain password",
                severity: .warning)
        }
        if value.hasPrefix("grub.pbkdf2.") { return nil }
        if let quote = value.first, "\"'".contains(quote), value.last == quote {
            return ValueProblem(message: "is in quotes, which the installer does not remove", hint: "remove the quotes")
        }
        return ValueProblem(
            message: "is a plain password instead of a crypt(3) hash", hint: "make one with: xenseed passwd")
    }

    private static func checksumProblem(_ value: String) -> ValueProblem? {
        for (sum, offset) in items(value, commas: false)
        where sum.utf8.count != 32 || !sum.consists(of: { isDigit($0) || (97...102).contains($0) }) {
            return ValueProblem(
                part: sum, message: "is not an MD5 sum (32 digits and letters a to f)", offset: offset)
        }
        return nil
    }

    /// Reads the list as the installer does: `sh -c "apt-get -q -y install -- …"`, with commas replaced by blanks (pkgsel 0.43
    /// and 0.85).
    private static func packagesProblem(_ value: String) -> ValueProblem? {
        let words: [ShellCommand.Word]
        do throws(ShellSyntaxError) { words = try packageWords(value) } catch {
            return ValueProblem(
                message: "is read by the shell, which can't: \(error.message)", offset: error.offset)
        }
        for word in words {
            guard let text = word.literal, let reason = packageProblem(text) else { continue }
            return ValueProblem(part: word.source, message: reason.message, hint: reason.hint, offset: word.offset)
        }
        return nil
    }

    /// Returns the words of pkgsel/include as the shell reads them, with their offsets in the value.
    static func packageWords(_ value: String) throws(ShellSyntaxError) -> [ShellCommand.Word] {
        let command = "apt-get -- "
        let bytes = Array(command.utf8) + value.utf8.map { $0 == 44 ? 32 : $0 }
        let script: ShellCommand
        do throws(ShellSyntaxError) { script = try ShellCommand(bytes) } catch {
            throw ShellSyntaxError(message: error.message, offset: max(0, error.offset - command.utf8.count))
        }
        let words = script.commands.first { $0.words.first?.literal == "apt-get" }?.words.dropFirst(2) ?? []
        return words.map { word in
            var word = word
            word.offset -= command.utf8.count
            return word
        }
    }

    /// Returns the problem with an argument of apt-get install: a package, optionally with a version, a suite or an
    /// architecture; a task (`standard^`); a pattern; or the path of a file.
    private static func packageProblem(_ text: String) -> (message: String, hint: String?)? {
        if text.contains(" ") {
            return ("is one argument of apt-get, because the shell reads the quotes", "remove the quotes")
        }
        if text.hasPrefix("-") {
            return ("is read as a package, not as an option, because the installer writes -- before it", "remove it")
        }
        if text.hasPrefix("/") || text.hasPrefix("./") { return nil }
        let name = text.prefix { $0 != "=" && $0 != "/" && $0 != ":" }
        let isName =
            name.utf8.count > 1
            && name.consists {
                isAlphanumeric($0) || [43, 45, 46, 94, 42, 63, 126, 124, 40, 41, 36, 91, 93].contains($0)
            }
        if isName { return nil }
        return ("is not a package name (a-z, 0-9, +, - and ., at least two characters)", nil)
    }

    /// A group that does not exist is ignored (user-setup, `adduser … || true`).
    private static func groupsProblem(_ value: String) -> ValueProblem? {
        for (group, offset) in items(value, commas: false) {
            let isName = group.consists { isAlphanumeric($0) || [45, 95, 46].contains($0) }
            if !isName {
                return ValueProblem(
                    part: group, message: "is not the name of a group, and is ignored",
                    hint: group.contains(",") ? "separate the groups by blanks" : nil, offset: offset)
            }
        }
        return nil
    }

    private static func tasksProblem(_ value: String, _ release: Release) -> ValueProblem? {
        // `none` is no task either, and selects nothing.
        items(value).first { !release.hasTask($0.text) && $0.text != "none" }.map { name, offset in
            ValueProblem(
                part: name, message: "is not a task of \(release.codename), and is ignored",
                hint: release.tasks.sorted().first { editDistance(Array(name.utf8), Array($0.utf8)) <= 2 }
                    .map { "did you mean \($0)?" }, offset: offset)
        }
    }

    private static func keymapProblem(_ value: String, _ release: Release) -> ValueProblem? {
        let layout = value.prefix { $0 != "(" }
        let isForm = layout.utf8.count == value.utf8.count || value.hasSuffix(")")
        let layouts = layout.split(separator: ",", omittingEmptySubsequences: false)
        if isForm, layouts.allSatisfy({ keyboardLayouts.contains(String($0)) }) { return nil }
        return ValueProblem(
            message: "is not a keyboard layout of \(release.codename)", hint: release.problem(keymap: value)?.hint)
    }

    private static func localeProblem(_ value: String, _ release: Release) -> ValueProblem? {
        if value == "C" || value == "POSIX" { return nil }
        if value.uppercased().hasPrefix("C.UTF") {
            return ValueProblem(
                message: "has no country, so the installer asks for a continent", hint: "try: en_US.UTF-8")
        }
        if value.utf8.allSatisfy({ isLower($0) }), (2...3).contains(value.utf8.count) { return nil }
        return refusal(LocaleName.self, value)
            ?? release.problem(locale: value).flatMap { problem in
                // The installer continues with the same language and country.
                problem.isHarmless
                    ? nil
                    : ValueProblem(
                        message: "is not a locale that \(release.codename)'s installer takes", hint: problem.hint,
                        severity: .warning)
            }
    }
}

extension String {
    /// Returns the text before the first separator, the separator (empty when there is none), and the text after it.
    fileprivate func parted(at separator: String) -> (String, String, String) {
        guard let start = utf8.firstPosition(of: separator.utf8) else { return (self, "", "") }
        return (String(self[..<start]), separator, String(self[start...].utf8.dropFirst(separator.utf8.count)) ?? "")
    }
}
