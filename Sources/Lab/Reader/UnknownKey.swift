import Preseed

/// The advice for a key that an object of the lab file does not have.
enum UnknownKey {
    /// Keys that people try, and what a lab file has instead.
    struct Row: Sendable {
        var keys: [String]
        var advice: Advice

        enum Advice: Sendable {
            /// The paths of fields that have this meaning.
            case fields([String])
            /// A sentence, for what is not a field.
            case sentence(String)
        }

        init(_ keys: String, fields: String...) {
            (self.keys, advice) = (keys.split(separator: " ").map(String.init), .fields(fields))
        }

        init(_ keys: String, _ sentence: String) {
            (self.keys, advice) = (keys.split(separator: " ").map(String.init), .sentence(sentence))
        }
    }

    static let rows = [
        Row("hosts machines servers", fields: "nodes"),
        Row(
            "hostname host_name fqdn",
            "the name of a node is its key under `nodes`; the domain is the lab's field `domain`"),
        Row("name", "the name is the key of the entry itself, as in `nodes: {xen01: …}`"),
        Row("dist distribution distro os suite codename", fields: "release"),
        Row("arch architecture", "xenseed installs only amd64; leave the key out"),
        Row("cpu cores", fields: "nodes.*.cpus"),
        Row("ram mem", fields: "nodes.*.memory"),
        Row("vcpus", fields: "nodes.*.dom0.vcpus"),
        Row("uefi bios efi", fields: "nodes.*.firmware"),
        Row("disks drives", fields: "nodes.*.disk"),
        Row("partitions partitioning", fields: "nodes.*.disk.layout", "nodes.*.disk.recipe"),
        Row("lvm vg", fields: "nodes.*.disk.layout", "nodes.*.disk.volume_group"),
        Row("luks encrypt encryption encrypted crypto", "xenseed does not encrypt disks"),
        Row("nic nics ethernet ethernets cards", fields: "nodes.*.interfaces"),
        Row("hwaddr hwaddress macaddress mac_address", fields: "nodes.*.interfaces.*.mac"),
        Row(
            "ip ips ip_address ipaddr addr address addresses", fields: "nodes.*.interfaces.*.address",
            "nodes.*.bridges.*.address"),
        Row("netmask mask cidr prefix", fields: "networks.*.subnet"),
        Row("gateway gateway4 default_gateway router", fields: "networks.*.gateway"),
        Row("nameserver nameservers dns_servers resolvers", fields: "networks.*.dns"),
        Row("dhcp4", fields: "networks.*.dhcp"),
        Row("vlan vlan_id", fields: "networks.*.vlan"),
        Row("bond bonding", fields: "nodes.*.bonds"),
        Row("wifi wlan ssid wpa psk wireless", "xenseed does not support Wi-Fi; nodes need a wired card"),
        Row(
            "ssh_key ssh_keys sshkeys pubkey pubkeys public_keys", fields: "nodes.*.access.authorized_keys",
            "nodes.*.access.users.*.keys"),
        Row("user accounts people", fields: "nodes.*.access.users"),
        Row("password passwd", fields: "nodes.*.access.root_password", "nodes.*.access.users.*.password"),
        Row("sudoers", fields: "nodes.*.access.users.*.sudo"),
        // What a program that writes YAML 1.1 makes of `on`.
        Row("true", fields: "guests.*.on"),
        Row("guests guest vms domains domus domu", fields: "guests"),
        Row("drbd", fields: "replication"),
        Row("tz time_zone", fields: "timezone"),
        Row("lang language", fields: "locale"),
        Row("keyboard", fields: "keymap"),
        Row("ntp_servers time_servers timeservers", fields: "ntp"),
        Row("apt repository repositories sources", fields: "mirror"),
        Row("http_proxy", fields: "mirror.proxy"),
        Row("serial_console", fields: "nodes.*.console"),
        Row("cmdline kernel_options kernel_parameters", fields: "nodes.*.grub.linux_options"),
        Row("xen_options", fields: "nodes.*.dom0.options"),
        Row("script post_install late_command postinst", fields: "nodes.*.late_script"),
    ]

    private static let byKey = Dictionary(
        uniqueKeysWithValues: rows.flatMap { row in row.keys.map { ($0, row.advice) } })

    /// Returns what to write instead of a key.
    /// - Parameters:
    ///   - field: The field of the same object that the key stands for, if there is one.
    ///   - schema: The object that does not have the key.
    ///   - path: The path of the object in the lab file.
    static func hint(_ key: String, for field: Field?, in schema: ObjectSchema, at path: FieldPath) -> String {
        switch byKey[key] {
        case .sentence(let sentence)?: return sentence
        case .fields(let fields)?: return field.map { "write it as \($0.key)" } ?? write(fields, at: path)
        case nil: break
        }
        if let field { return "did you mean \(field.key)?" }
        let everywhere = LabFields.lab.schema.paths.map(\.path).filter {
            ".\($0)".hasSuffix("." + key) && !$0.hasPrefix(ResolvedLab.merged + ".")
        }
        let ownNode = isInNode(path) ? everywhere.filter { $0.hasPrefix("nodes.") } : []
        let others = ownNode.isEmpty ? everywhere : ownNode
        if !others.isEmpty, others.count <= 3 { return write(others, at: path) }
        return "it takes: \(schema.fields.map(\.key).joined(separator: ", "))"
    }

    /// Returns the field of the same object that a key stands for; nil when there is none.
    static func field(_ key: String, in schema: ObjectSchema) -> Field? {
        switch byKey[key] {
        case .sentence?: return nil
        case .fields(let fields)?:
            // The fields that are in the object, or in one of its objects.
            let inside = fields.filter { named in
                let names = named.split(separator: ".")
                return names.indices.contains { LabFields.lab.schema.object(at: names[..<$0])?.name == schema.name }
            }
            return inside.count == 1 ? inside[0].split(separator: ".").last.flatMap { schema[String($0)] } : nil
        case nil:
            // The name is similar, or is the last part of the key: `mode` for `bond_mode`.
            let last = key.split { "_-".contains($0) }.last.map { $0.lowercased() }
            return nearestName(to: key, among: schema.fields.map(\.key)).flatMap { schema[$0] }
                ?? last.flatMap { schema[$0] }
        }
    }

    /// Returns whether the value of a key that is not a field can be read as that of a field. A field with a default is not
    /// missing, and a value that the field does not take would be a second mistake.
    static func stands(_ value: YAMLValue, for field: Field) -> Bool {
        switch (value, field.shape) {
        case (.mapping, .object), (.mapping, .table), (.list, .list): true
        case (.scalar(let text, false, _), .text(let type)):
            field.fallback == .none && Correction.isValid(text, type)
        case (.scalar(let text, false, _), .integer(let range)):
            field.fallback == .none && (Int(text).map(range.contains) ?? false)
        default: false
        }
    }

    /// Returns the instruction to write fields. A field of a node is named from the node if the object belongs to a node.
    private static func write(_ fields: [String], at path: FieldPath) -> String {
        let isInNode = isInNode(path)
        let names = fields.map { field in
            let own = isInNode && field.hasPrefix("nodes.*.") ? String(field.dropFirst(8)) : field
            return own.replacing("*", with: "NAME")
        }
        let isOfNode = !isInNode && fields.allSatisfy { $0.hasPrefix("nodes.*.") }
        let alternative = isOfNode ? " (or under `\(ResolvedLab.merged)` for all nodes)" : ""
        return "write it as \(names.joined(separator: " or "))\(alternative)"
    }

    /// Returns whether an object belongs to a node or to the settings that nodes share.
    private static func isInNode(_ path: FieldPath) -> Bool {
        path.keys.first == ResolvedLab.merged || path.keys.first == "nodes" && path.keys.count > 1
    }
}
