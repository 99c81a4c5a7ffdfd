import Foundation
import Preseed
import Testing

@testable import Lab

/// What a user is told who tries a key that a lab file does not have.
@Suite(.timeLimit(.minutes(15)))
struct UnknownKeyTests {
    /// Every field that the table names exists, no key of the table is itself a field of an object that would need it, and no
    /// key is in the table twice.
    @Test func tableNamesFields() {
        let paths = Set(LabFields.lab.schema.paths.map(\.path))
        for row in UnknownKey.rows {
            if case .fields(let fields) = row.advice {
                #expect(!fields.isEmpty && paths.isSuperset(of: fields), "\(row.keys)")
            }
        }
        let keys = UnknownKey.rows.flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
    }

    /// A key, the object in which it is tried, and the advice. `lab` is the top level.
    @Test(arguments: [
        ("lab", "hosts", "write it as nodes"),
        ("lab", "swap", "write it as nodes.NAME.disk.swap (or under `defaults` for all nodes)"),
        ("lab", "disks", "write it as nodes.NAME.disk (or under `defaults` for all nodes)"),
        ("lab", "dom0", "write it as nodes.NAME.dom0 (or under `defaults` for all nodes)"),
        ("lab", "users", "write it as nodes.NAME.access.users (or under `defaults` for all nodes)"),
        ("lab", "proxy", "write it as mirror.proxy"),
        ("lab", "arch", "xenseed installs only amd64; leave the key out"),
        ("lab", "distribution", "write it as release"),
        ("lab", "tz", "write it as timezone"),
        ("lab", "network", "did you mean networks?"),
        ("node", "hostname", "the name of a node is its key under `nodes`; the domain is the lab's field `domain`"),
        ("node", "name", "the name is the key of the entry itself, as in `nodes: {xen01: …}`"),
        ("node", "arch", "xenseed installs only amd64; leave the key out"),
        ("node", "disks", "write it as disk"),
        ("node", "users", "write it as access.users"),
        ("node", "user", "write it as access.users"),
        ("node", "ssh_keys", "write it as access.authorized_keys or access.users.NAME.keys"),
        ("node", "password", "write it as access.root_password or access.users.NAME.password"),
        ("node", "ip", "write it as interfaces.NAME.address or bridges.NAME.address"),
        ("node", "address", "write it as interfaces.NAME.address or bridges.NAME.address"),
        ("node", "gateway", "write it as networks.NAME.gateway"),
        ("node", "dns", "write it as networks.NAME.dns"),
        ("node", "netmask", "write it as networks.NAME.subnet"),
        ("node", "root", "write it as disk.root or access.root"),
        ("node", "ram", "write it as memory"),
        ("node", "wifi", "xenseed does not support Wi-Fi; nodes need a wired card"),
        ("node", "bridge", "did you mean bridges?"),
        ("node", "mac", "write it as interfaces.NAME.mac"),
        ("defaults", "sudo", "write it as access.users.NAME.sudo"),
        ("interface", "ip", "write it as address"),
        ("interface", "gateway", "write it as networks.NAME.gateway"),
        ("lab", "raid", "write it as nodes.NAME.disk.raid (or under `defaults` for all nodes)"),
        ("node", "raid", "write it as disk.raid"),
        ("node", "bond", "write it as bonds"),
        ("lab", "bond", "write it as nodes.NAME.bonds (or under `defaults` for all nodes)"),
        ("node", "vlan", "write it as networks.NAME.vlan"),
        ("interface", "vlan", "write it as networks.NAME.vlan"),
        ("node", "mtu", "write it as networks.NAME.mtu"),
        ("node", "devices", "write it as disk.devices or volume_groups.NAME.devices"),
        ("disk", "luks", "xenseed does not encrypt disks"),
        ("disk", "encryption", "xenseed does not encrypt disks"),
        ("network", "nameservers", "write it as dns"),
        ("access", "keys", "write it as access.users.NAME.keys"),
        (
            "access", "colour",
            "it takes: authorized_keys, root_password, root_password_file, root, users, ssh_passwords"
        ),
        ("access", "password", "write it as access.root_password or access.users.NAME.password"),
    ])
    func advice(place: String, key: String, hint: String) throws {
        func more(_ object: String) -> String { place == object ? ", \(key): 1" : "" }
        let text = """
            {domain: hl.local\(more("lab")),
             networks: {lan: {subnet: 10.8.8.0/24, dhcp: true\(more("network"))}},
             defaults: {cpus: 2\(more("defaults"))},
             nodes: {xen01: {memory: 4 GiB\(more("node")),
               disk: {device: /dev/sda\(more("disk"))},
               access: {root_password: $6$saltsalt$JcVDtuB6d1BHhCd5RPBh8g8xX/1CbY8EU2PN0MTaj2/Mypw4P./C6dN4j0HALhzBDTocyW1Jm.gYaTPjFGCV40\(more("access"))},
               interfaces: {eth0: {mac: "08:00:27:08:08:13", network: lan\(more("interface"))}}}}}
            """
        let report = Spec.read(text, file: "lab.yaml", labFiles: .empty).report
        // One line for one mistake.
        let found = try #require(report.diagnostics.first, "\(report.text())")
        #expect(report.diagnostics.count == 1 && found.code.id == "X0104" && found.hint == hint, "\(report.text())")
    }
}
