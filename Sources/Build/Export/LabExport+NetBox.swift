import Lab
import Preseed

/// The tables for NetBox 4.2 and newer. Their columns are fields of its import forms (netbox/dcim/forms/bulk_import.py and
/// netbox/ipam/forms/bulk_import.py).
extension LabExport {
    /// Returns a table in CSV for each type of objects, in the order in which NetBox has to import them.
    func netBox() -> [File] {
        let tables = [
            Table(
                "sites", ["name", "slug", "status"],
                [[site, site.replacing(".", with: "-"), "active"]]),
            Table("manufacturers", ["name", "slug"], [[Self.unknown, Self.unknown.lowercased()]]),
            Table(
                "device-types", ["manufacturer", "model", "slug", "u_height"],
                [[Self.unknown, Self.model, "xen-host", "1"]]),
            Table("device-roles", ["name", "slug", "color"], [[Self.model, "xen-host", "2196f3"]]),
            Table(
                "platforms", ["name", "slug"], [[platform, "debian-\(lab.release.number.replacing(".", with: "-"))"]]),
            devices, vlans, prefixes, interfaces, macAddresses, ipAddresses,
        ]
        return tables.enumerated().map { index, table in
            File("netbox/\(index < 9 ? "0" : "")\(index + 1)-\(table.name).csv", table.csv)
        }
    }

    private static let unknown = "Unknown"
    private static let model = "Xen host"
    private var site: String { lab.domain.description }
    private var platform: String { "Debian \(lab.release.number)" }

    private var devices: Table {
        Table(
            "devices", ["name", "role", "manufacturer", "device_type", "serial", "platform", "site", "status"],
            lab.nodes.map { node in
                [
                    "\(node.name)", Self.model, Self.unknown, Self.model, node.serial?.description ?? "", platform,
                    site,
                    "active",
                ]
            })
    }

    private var vlans: Table {
        Table(
            "vlans", ["vid", "name", "site", "status"],
            lab.networks.compactMap { network in network.vlan.map { ["\($0)", "\(network.name)", site, "active"] } })
    }

    private var prefixes: Table {
        Table(
            "prefixes", ["prefix", "vlan", "status", "description"],
            lab.networks.flatMap { network in
                [network.subnet?.description, network.ipv6.subnet?.description].compactMap(\.self).map {
                    [$0, network.vlan.map(String.init) ?? "", "active", "\(network.name)"]
                }
            })
    }

    /// The interfaces of each node. An interface follows those that its row refers to.
    private var interfaces: Table {
        Table(
            "interfaces", ["device", "name", "type", "parent", "bridge", "lag", "mtu", "description"],
            lab.nodes.flatMap { node -> [[String]] in
                func row(
                    _ name: InterfaceName, _ type: String, parent: InterfaceName? = nil, lag: InterfaceName? = nil,
                    mtu: Int?
                ) -> [String] {
                    let bridge = node.links.first { $0.bridge != nil && $0.ports.contains { $0.name == name } }?.name
                    let network = node.links.first { $0.name == name }?.addressing.network.name
                    return [
                        "\(node.name)", "\(name)", type, parent?.description ?? "", bridge?.description ?? "",
                        lag?.description ?? "", mtu.map(String.init) ?? "", network?.description ?? "",
                    ]
                }
                let bridges = node.links.filter { $0.bridge != nil }.map {
                    row($0.name, "bridge", mtu: node.mtu(of: $0))
                }
                let bonds = node.bonds.map { row($0.name, "lag", mtu: node.mtu(ofBase: $0.name)) }
                let cards = node.interfaces.map {
                    row($0.name, "other", lag: $0.bond, mtu: node.mtu(ofBase: $0.bond ?? $0.name))
                }
                let tagged = node.links.flatMap { link in
                    link.ports.filter { $0.vlan != nil }.map {
                        row($0.name, "virtual", parent: $0.base, mtu: node.mtu(of: link))
                    }
                }
                return bridges + bonds + cards + tagged
            })
    }

    private var macAddresses: Table {
        Table(
            "mac-addresses", ["mac_address", "device", "interface"],
            lab.nodes.flatMap { node in
                node.interfaces.filter { !$0.mac.isPlaceholder }.map { ["\($0.mac)", "\(node.name)", "\($0.name)"] }
            })
    }

    /// The addresses. The primary ones of a device are its last: each row that is not primary takes this role from the device
    /// again (netbox/ipam/forms/bulk_import.py, IPAddressImportForm.save).
    private var ipAddresses: Table {
        Table(
            "ip-addresses", ["address", "status", "dns_name", "device", "interface", "is_primary"],
            hosts.flatMap { host in
                host.addresses.reversed().map { address in
                    [
                        "\(address.address)/\(address.prefix)",
                        address.isLease ? "dhcp" : "active",
                        address.label.map { "\($0).\(lab.domain)" } ?? "", "\(host.node.name)", "\(address.link.name)",
                        "\(address.isMain)",
                    ]
                }
            })
    }
}

/// A table in CSV (RFC 4180).
private struct Table {
    let name: String
    let columns: [String]
    let rows: [[String]]

    init(_ name: String, _ columns: [String], _ rows: [[String]]) {
        (self.name, self.columns, self.rows) = (name, columns, rows)
    }

    var csv: [UInt8] {
        // No value of a lab contains a quotation mark, a comma or a line feed.
        Array(([columns] + rows).map { $0.joined(separator: ",") + "\n" }.joined().utf8)
    }
}
