import Lab
import Preseed

/// The formats with the nodes as data: an inventory of Ansible and variables of Terraform and Packer.
extension LabExport {
    /// Returns the inventory, in Ansible's YAML format. The nodes are in groups by release, firmware and network.
    func ansible() -> File {
        var groups: [(name: String, hosts: [Hostname])] = []
        func group(_ name: String, _ isMember: (Node) -> Bool) {
            // Ansible's group names have no hyphens.
            let name = name.replacing("-", with: "_")
            let members = lab.nodes.filter(isMember).map(\.name)
            if let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].hosts += members.filter { !groups[place].hosts.contains($0) }
            } else if !members.isEmpty {
                groups.append((name, members))
            }
        }
        group("release_\(lab.release.codename)") { _ in true }
        for firmware in [Firmware.bios, .uefi] { group("firmware_\(firmware.rawValue)") { $0.firmware == firmware } }
        for network in lab.networks {
            group("network_\(network.name)") { $0.links.contains { $0.addressing.network.name == network.name } }
        }
        let hosts = hosts.map { host in
            var variables: [FieldValue.Entry] = [.init("ansible_host", .text(host.destination))]
            if let account = host.account {
                variables.append(.init("ansible_user", .text(account.name)))
                if account.usesSudo { variables.append(.init("ansible_become", .flag(true))) }
            }
            return FieldValue.Entry("\(host.node.name)", .object(variables + [.init("xenseed", value(of: host))]))
        }
        // A host's name has no underscore, so it is never that of a group.
        let all = FieldValue.Entry(
            "xen_hosts",
            .object([.init("hosts", .object(hosts)), .init("vars", .object([.init("xenseed_lab", shared)]))]))
        let others = groups.map { group in
            FieldValue.Entry(
                group.name, .object([.init("hosts", .object(group.hosts.map { .init("\($0)", .object([])) }))]))
        }
        let inventory = FieldValue.object([.init("all", .object([.init("children", .object([all] + others))]))])
        return File("ansible.yaml", Array("# \(Plan.madeBy)\n".utf8) + inventory.yaml)
    }

    /// Returns the variables `xenseed_lab` and `xenseed_nodes` for Terraform and Packer. Every node has the same attributes.
    func variables() -> File {
        let nodes = hosts.map { FieldValue.Entry("\($0.node.name)", value(of: $0)) }
        return File(
            "xenseed.auto.tfvars.json",
            FieldValue.object([.init("xenseed_lab", shared), .init("xenseed_nodes", .object(nodes))]).json)
    }

    /// The settings of the whole lab.
    private var shared: FieldValue {
        .object([
            .init("domain", .text("\(lab.domain)")), .init("release", .text(lab.release.codename)),
            .init("locale", .text("\(lab.locale)")), .init("timezone", .text("\(lab.timeZone)")),
            .init("mirror", .text(lab.mirror.url)),
            .init("boot_server", lab.bootServer.map { .text($0.url) } ?? .none),
            .init("report_url", lab.reportURL.map { .text("\($0)") } ?? .none),
        ])
    }

    private func value(of host: ExportedHost) -> FieldValue {
        let node = host.node
        func text(_ value: (some CustomStringConvertible)?) -> FieldValue {
            value.map { .text($0.description) } ?? .none
        }
        // A card whose address is unknown has a made-up one in other files.
        func mac(_ address: MACAddress?) -> FieldValue { text(address.flatMap { $0.isPlaceholder ? nil : $0 }) }
        let preseed = NodeFile.preseed.path(of: node.name)
        return .object([
            .init("fqdn", .text(host.fullName)), .init("address", text(host.mainAddress)),
            .init("user", text(host.account?.name)), .init("serial", text(node.serial)),
            .init("firmware", .text(node.firmware.rawValue)), .init("cpus", .number(node.cpus)),
            .init("memory_mib", .number(node.machineMemory.mebibytes)),
            .init("console", text(node.console)), .init("install_interface", text(node.installInterface)),
            .init("install_mac", mac(node.installMAC)), .init("preseed", .text(preseed)),
            .init("preseed_url", lab.bootServer.map { .text("\($0.url)/\(preseed)") } ?? .none),
            .init(
                "interfaces",
                .list(
                    node.interfaces.map { card in
                        .object([
                            .init("name", text(card.name)), .init("mac", mac(card.mac)),
                            .init("network", text(node.cableNetwork(of: card).name)),
                        ])
                    })),
            .init(
                "links",
                .list(
                    node.links.map { link in
                        .object([
                            .init("name", text(link.name)), .init("network", text(link.addressing.network.name)),
                            .init("mac", mac(link.mac(on: lab.release))),
                            .init(
                                "addresses",
                                .list(
                                    host.addresses.filter { $0.link.name == link.name }.map {
                                        .text("\($0.address)/\($0.prefix)")
                                    })),
                        ])
                    })),
            .init(
                "disks",
                .list(
                    Machine(node, in: .qemu).disks.map { disk in
                        .object([
                            .init("name", .text(disk.name)), .init("size_mib", .number(disk.sizeInMebibytes)),
                            .init("system", .flag(disk.isSystem)),
                        ])
                    })),
        ])
    }
}

extension FieldValue {
    /// The value as YAML in block style, with a line feed at the end.
    var yaml: [UInt8] {
        var lines: [String] = []
        append(to: &lines, indentation: 0)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// Appends the lines of an object or of a list that is not empty.
    private func append(to lines: inout [String], indentation: Int) {
        let blanks = String(repeating: " ", count: indentation)
        switch self {
        case .object(let entries):
            for entry in entries {
                let key = "\(blanks)\(Self.scalar(entry.name)):"
                if let text = entry.value.line {
                    lines.append("\(key) \(text)")
                } else {
                    lines.append(key)
                    entry.value.append(to: &lines, indentation: indentation + 2)
                }
            }
        case .list(let items):
            for item in items {
                guard item.line == nil else {
                    lines.append("\(blanks)- \(item.line!)")
                    continue
                }
                let first = lines.count
                item.append(to: &lines, indentation: indentation + 2)
                lines[first] = "\(blanks)- \(lines[first].dropFirst(indentation + 2))"
            }
        case .none, .text, .number, .flag: preconditionFailure("a scalar is on the line of its key")
        }
    }

    /// The value on one line; nil for an object or a list with entries.
    private var line: String? {
        switch self {
        case .none: "null"
        case .text(let text): Self.scalar(text)
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        case .list(let items): items.isEmpty ? "[]" : nil
        case .object(let entries): entries.isEmpty ? "{}" : nil
        }
    }

    /// Returns a text as a scalar of YAML 1.1, in quotation marks unless it can't be taken for another value.
    private static func scalar(_ text: String) -> String {
        let others = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        let isPlain = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 || $0 == 45 }
        if isPlain, let first = text.utf8.first, (97...122).contains(first), !others.contains(text) { return text }
        return String(decoding: FieldValue.text(text).json.dropLast(), as: UTF8.self)
    }
}
