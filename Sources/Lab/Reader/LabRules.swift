import Preseed

/// The rules that concern several nodes.
struct LabRules {
    let reader: SpecReader

    func check(_ drafts: [PartialNode], nodes: FieldLocation, domain: DomainName?, server: Located<BootServer>?) {
        if let domain { checkNames(drafts, domain) }
        checkMACs(drafts)
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
            for nic in draft.interfaces {
                guard let mac = nic.mac else { continue }
                if let owner = owners.updateValue("\(nic.name) of \(draft.name)", forKey: mac.value) {
                    reader.add(.duplicateMAC, at: mac.location, "\(mac.value) is already the address of \(owner)")
                }
            }
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
        var owners: [IPv4Address: String] = [:]
        if let server { owners[server.value.address] = "the boot server" }
        for draft in drafts {
            let addresses = draft.interfaces.map { ($0.name, $0.address) } + draft.bridges.map { ($0.name, $0.address) }
            for case (let name, let address?) in addresses {
                if let owner = owners.updateValue("\(name) of \(draft.name)", forKey: address.value) {
                    reader.add(
                        .duplicateAddress, at: address.location, "\(address.value) is already the address of \(owner)")
                }
            }
        }
    }
}
