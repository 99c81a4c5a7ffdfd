import Lab
import Preseed

/// The formats with the nodes' names and addresses: the configuration of SSH, /etc/hosts and DNS zones.
extension LabExport {
    /// Returns the client configuration of SSH (ssh_config(5)).
    func sshConfiguration() -> File {
        var lines = ["# \(Plan.madeBy)", "# In ~/.ssh/config: Include PATH_OF_THIS_FILE"]
        for host in hosts {
            lines += ["", "Host \(host.node.name) \(host.fullName)", "    HostName \(host.destination)"]
            lines.append(
                host.account.map { "    User \($0.name)" } ?? "    # Nobody can log in to \(host.node.name) over SSH.")
        }
        return File("ssh_config", lines: lines)
    }

    /// Returns the host keys that are in the users' files for the nodes, as lines of known_hosts (sshd(8)). The other nodes
    /// make their keys themselves.
    func knownHosts() -> File {
        var lines = ["# \(Plan.madeBy)"]
        for host in hosts {
            let keys = host.node.hostKeys
            if keys.isEmpty {
                lines.append(
                    "# \(host.node.name) makes its host keys when it is installed: ssh-keyscan \(host.destination)")
            }
            let names = host.addresses.flatMap { address in
                (address.label.map { [$0, "\($0).\(lab.domain)"] } ?? []) + ["\(address.address)"]
            }
            let all = [host.node.name.description, host.fullName] + names
            // The node's own name is also that of its main address.
            let unique = all.indices.filter { !all[..<$0].contains(all[$0]) }.map { all[$0] }
            lines += keys.map { "\(unique.joined(separator: ",")) \($0)" }
        }
        return File("known_hosts", lines: lines)
    }

    /// Returns the addresses for /etc/hosts (hosts(5)).
    func hostsFile() -> File {
        let width = hosts.flatMap(\.addresses).map { $0.address.description.utf8.count }.max() ?? 0
        var lines = ["# \(Plan.madeBy)"]
        for host in hosts {
            if host.mainAddress == nil { lines.append("# \(host.fullName): its address is not in the lab") }
            for address in host.addresses {
                guard let label = address.label else { continue }
                lines.append("\(address.address.description.padded(to: width))  \(label).\(lab.domain) \(label)")
            }
        }
        return File("hosts", lines: lines)
    }

    /// Returns the zone of the lab's domain and those of its addresses, as master files (RFC 1035, section 5).
    func zones() -> [File] {
        let named = hosts.flatMap(\.addresses).filter { $0.label != nil }
        let width = named.map { $0.label!.utf8.count }.max() ?? 0
        var forward = head(of: lab.domain.description)
        for host in hosts where host.mainAddress == nil {
            forward.append("; \(host.node.name): its address is not in the lab")
        }
        forward += named.map {
            "\($0.label!.padded(to: width)) IN \($0.address.isIPv6 ? "AAAA" : "A   ") \($0.address)"
        }

        // Where a zone of the lab is inside another one, the inner one has the address.
        let zones = Set(named.map { ReverseZone(of: $0.address, prefix: $0.prefix) })
        var members: [ReverseZone: [(name: String, target: String)]] = [:]
        for entry in named.sorted(by: { $0.address < $1.address }) {
            guard let zone = zones.filter({ $0.contains(entry.address) }).max(by: { $0.labels < $1.labels }) else {
                continue
            }
            members[zone, default: []].append((zone.owner(of: entry.address), "\(entry.label!).\(lab.domain)."))
        }
        let reverse = members.sorted { $0.key.name < $1.key.name }.map { zone, members in
            let width = members.map(\.name.utf8.count).max() ?? 0
            return File(
                "dns/\(zone.name).zone",
                lines: head(of: zone.name) + members.map { "\($0.name.padded(to: width)) IN PTR \($0.target)" })
        }
        return [File("dns/\(lab.domain).zone", lines: forward)] + reverse
    }

    private func head(of zone: String) -> [String] {
        [
            "; \(Plan.madeBy)", "$ORIGIN \(zone).", "$TTL 3600",
            // Refresh, retry, expiry and the time to keep negative answers, in seconds.
            "@ IN SOA \(authority.nameServer). hostmaster.\(lab.domain). \(authority.serial) 3600 900 1209600 300",
            "@ IN NS  \(authority.nameServer).",
        ]
    }
}

/// A zone of in-addr.arpa or ip6.arpa: the smallest one, at the border of an octet or of a hexadecimal digit, that contains a
/// subnet.
private struct ReverseZone: Hashable {
    let isIPv6: Bool
    /// The number of octets or hexadecimal digits in the name of the zone.
    let labels: Int
    /// The bits of the subnet's prefix up to that border.
    private let bits: UInt128

    init(of address: IPAddress, prefix: Int) {
        isIPv6 = address.isIPv6
        let (size, count) = Self.shape(isIPv6)
        labels = min(max(prefix / size, 1), count - 1)
        bits = address.bits >> UInt128((count - labels) * size)
    }

    /// Returns the number of bits of a label, and the number of labels of an address.
    private static func shape(_ isIPv6: Bool) -> (size: Int, count: Int) { isIPv6 ? (4, 32) : (8, 4) }

    func contains(_ address: IPAddress) -> Bool {
        let (size, count) = Self.shape(isIPv6)
        return address.isIPv6 == isIPv6 && address.bits >> UInt128((count - labels) * size) == bits
    }

    var name: String { "\(text(bits, labels)).\(isIPv6 ? "ip6" : "in-addr").arpa" }

    /// Returns the name of an address relative to the zone.
    func owner(of address: IPAddress) -> String { text(address.bits, Self.shape(isIPv6).count - labels) }

    /// Returns the last labels of a number, the least significant one first.
    private func text(_ bits: UInt128, _ count: Int) -> String {
        let size = Self.shape(isIPv6).size
        return (0..<count).map { index in
            String(
                UInt64(truncatingIfNeeded: bits >> UInt128(index * size)) & (1 << UInt64(size) - 1),
                radix: isIPv6 ? 16 : 10)
        }.joined(separator: ".")
    }
}

extension Node {
    /// The public host keys of SSH in the user's files, each as its type and its base64 text.
    fileprivate var hostKeys: [String] {
        files.compactMap { file in
            let path = file.path.description
            guard path.hasPrefix("/etc/ssh/ssh_host_"), path.hasSuffix("_key.pub"), case .file(let bytes) = file.kind,
                let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first,
                let key = try? AuthorizedKey(text: String(line))
            else { return nil }
            return key.description.split(separator: " ").prefix(2).joined(separator: " ")
        }
    }
}
