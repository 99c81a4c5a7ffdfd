import Preseed

/// The rules that concern several nodes.
struct LabRules {
    let reader: SpecReader

    func check(_ drafts: [PartialNode], nodes: FieldLocation, domain: DomainName?, server: Located<BootServer>?) {
        if let domain { checkNames(drafts, domain) }
        checkMACs(drafts)
        checkUnknownCards(drafts)
        checkAddresses(drafts, server)
        checkSerials(drafts)
        checkAccess(drafts, nodes: nodes)
    }

    /// Reports host names of more than 64 characters, the limit of Linux (uname(2), HOST_NAME_MAX). The host name of a node is
    /// the full name with the domain.
    private func checkNames(_ drafts: [PartialNode], _ domain: DomainName) {
        for draft in drafts {
            let count = "\(draft.name).\(domain)".utf8.count
            guard count > 64 else { continue }
            reader.add(
                .malformedHostname, at: draft.location,
                "\(draft.name).\(domain) has \(count) characters; a host name has 64 at most",
                hint: "shorten the node's name or the domain")
        }
    }

    /// Warns of nodes on which nobody has a key or a password. Malformed keys and passwords have been reported already.
    private func checkAccess(_ drafts: [PartialNode], nodes: FieldLocation) {
        let closed = drafts.filter { $0.access.isClosed && !$0.configuresAccess }
        func warn(_ nodes: String, at location: FieldLocation) {
            reader.add(
                .nobodyCanLogIn, at: location,
                "there is no way to log in to \(nodes): access.authorized_keys has no key",
                hint: "add your public key: access: {authorized_keys: [\"ssh-ed25519 AAAA… you@desk\"]}",
                severity: .warning)
        }
        if closed.count == drafts.count, !closed.isEmpty {
            warn(closed.count == 1 ? "\(closed[0].name)" : "any node", at: nodes)
        } else {
            for draft in closed { warn("\(draft.name)", at: draft.location) }
        }
    }

    private func checkMACs(_ drafts: [PartialNode]) {
        var owners: [MACAddress: String] = [:]
        for draft in drafts {
            for nic in draft.links.interfaces {
                guard let mac = nic.mac else { continue }
                if let owner = owners.updateValue("\(nic.name) of \(draft.name)", forKey: mac.value) {
                    reader.add(.duplicateMAC, at: mac.location, "\(mac.value) is already the address of \(owner)")
                }
            }
        }
    }

    /// Reports nodes whose machines could not be told apart, and tells that a person has to confirm the others.
    private func checkUnknownCards(_ drafts: [PartialNode]) {
        let unknown = drafts.filter { draft in
            !draft.links.interfaces.isEmpty && draft.links.interfaces.allSatisfy { $0.mac?.value.isPlaceholder == true }
        }
        let nameless = unknown.filter { $0.serial == nil }
        for draft in nameless where nameless.count > 1 {
            let others = nameless.filter { $0.name != draft.name }.prefix(3).map(\.name.description)
            reader.add(
                .indistinguishable, at: draft.location / "serial",
                "\(draft.name) could be the same machine as \(others.joined(separator: ", ")): neither MAC addresses nor "
                    + "serial numbers tell them apart",
                hint: "add `serial`, or the MAC address of a card; only one node may be without")
        }
        for draft in drafts where nameless.count < 2 || !nameless.contains(where: { $0.name == draft.name }) {
            guard let card = draft.links.interfaces.first(where: { $0.mac?.value.isPlaceholder == true }) else {
                continue
            }
            reader.add(
                .confirmation, at: card.mac!.location,
                "install \(draft.name) from a medium (xenseed iso); its installer asks on the console whether the machine is "
                    + "\(draft.name)",
                hint: "after the installation, copy the addresses from /etc/xenseed/expect of the node into the lab",
                severity: .note)
        }
    }

    private func checkSerials(_ drafts: [PartialNode]) {
        var owners: [SystemSerial: Hostname] = [:]
        for draft in drafts {
            guard let serial = draft.serial else { continue }
            if let owner = owners.updateValue(draft.name, forKey: serial.value) {
                reader.add(
                    .duplicateSerial, at: serial.location, "\(serial.value) is already the serial number of \(owner)")
            }
        }
    }

    private func checkAddresses(_ drafts: [PartialNode], _ server: Located<BootServer>?) {
        var owners: [IPAddress: String] = [:]
        if let server { owners[IPAddress(server.value.address)] = "the boot server" }
        for draft in drafts {
            for link in draft.links.links {
                let own = link.addressing
                var addresses = own.more.map { Located(value: $0.value.address, location: $0.location) }
                if let address = own.address {
                    addresses.append(Located(value: IPAddress(address.value), location: address.location))
                }
                if let address = own.ipv6 {
                    addresses.append(Located(value: IPAddress(address.value), location: address.location))
                }
                for address in addresses {
                    if let owner = owners.updateValue("\(link.name) of \(draft.name)", forKey: address.value) {
                        reader.add(
                            .duplicateAddress, at: address.location,
                            "\(address.value) is already the address of \(owner)")
                    }
                }
            }
        }
    }
}
