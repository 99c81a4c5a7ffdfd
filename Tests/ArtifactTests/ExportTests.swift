import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// Reads the files of `xenseed export` with the programs that they are for.
@Suite(.timeLimit(.minutes(15)))
struct ExportTests {
    /// A lab with names that a format could take for something else, and with host keys in its files.
    private static let awkward = """
        release: bookworm
        domain: hl.local
        networks:
          lan: {subnet: 10.8.8.0/26, gateway: 10.8.8.1, dns: [10.8.8.1]}
          on_: {subnet: 10.8.8.64/26}
          b-c: {subnet: 172.20.16.0/20}
          c: {subnet: 10.99.0.0/16}
        defaults:
          cpus: 2
          access: {users: {zoe: {keys: ["\(key)"], sudo: nopasswd}, amy: {keys: ["\(key)"]}}}
        nodes:
          "no": {interfaces: {eth0: {mac: "08:00:27:00:00:01", network: lan, address: 10.8.8.11}}}
          "null": {interfaces: {eth0: {mac: unknown, network: lan, address: 10.8.8.12}}}
          a:
            files: {folder: files}
            interfaces:
              eth0: {mac: "08:00:27:00:00:03", network: lan, address: 10.8.8.13}
              eth1: {mac: "08:00:27:00:01:03", network: b-c, address: 172.20.17.13}
              eth2: {mac: "08:00:27:00:02:03", network: on_, address: 10.8.8.73}
          a-b:
            interfaces:
              eth0: {mac: "08:00:27:00:00:04", network: lan, address: 10.8.8.14}
              eth1: {mac: "08:00:27:00:01:04", network: c, address: 10.99.0.14}

        """
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5 ann@desk"

    private func awkward() throws -> Lab {
        let labFiles = LabFiles(
            read: { _ throws(LabError) in throw LabError("no such file") },
            list: { _ in
                [
                    .init(
                        path: "etc/ssh/ssh_host_ed25519_key.pub", isExecutable: false,
                        content: Array("\(Self.key)\n".utf8))
                ]
            })
        let (lab, report) = Spec.read(Self.awkward, file: "lab.yaml", labFiles: labFiles)
        return try #require(lab, "\(report.text())")
    }

    /// The labs on one release, and the lab with awkward names.
    private func labs() throws -> [(name: String, lab: Lab)] {
        try LabCase.names.map { ($0, try LabCase(name: $0, codename: "bookworm").read()) } + [
            ("awkward", try awkward())
        ]
    }

    private func export(_ lab: Lab) throws -> LabExport {
        LabExport(lab, authority: .init(nameServer: try DomainName(text: "localhost"), serial: 7))
    }

    /// Writes the files of a format of every lab into `folder`, each lab's into a directory with its name.
    private func write(_ format: LabExport.Format, in folder: TemporaryFolder) throws -> [(name: String, lab: Lab)] {
        let labs = try labs()
        for (name, lab) in labs {
            for file in try export(lab).files(format) {
                let place = folder.url("\(name)/\(file.path)")
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.content).write(to: place)
            }
        }
        return labs
    }

    /// The address over which a node is installed, if the lab has it.
    private func mainAddress(_ node: Node) -> String? {
        let addressing = node.installLink.addressing
        return addressing.address?.description ?? addressing.ipv6?.description
    }

    /// Every name of a node with the addresses that the lab has under it, as `NAME ADDRESS`.
    private func records(of lab: Lab) -> Set<String> {
        var records: Set<String> = []
        for node in lab.nodes {
            for link in node.links {
                let other = "\(node.name)-\(link.addressing.network.name)".replacing("_", with: "-")
                    .trimmingCharacters(in: CharacterSet(charactersIn: "-"))
                let own = link.name == node.installLink.name ? "\(node.name)" : other
                for address in [link.addressing.address?.description, link.addressing.ipv6?.description] {
                    if let address { records.insert("\(own).\(lab.domain) \(address)") }
                }
                for more in link.addressing.more { records.insert("\(other).\(lab.domain) \(more.address)") }
            }
        }
        // The name a-b-c is that of the node a on the network b-c, so the node a-b has none on the network c.
        records.remove("a-b-c.hl.local 10.99.0.14")
        return records
    }

    @Test func ansible() throws {
        let folder = try TemporaryFolder()
        let labs = try write(.ansible, in: folder)
        for (name, lab) in labs where ["everything", "users", "awkward"].contains(name) {
            let ran = try tool(
                ["ansible-inventory", "-i", folder.url("\(name)/ansible.yaml").path, "--list"],
                environment: ["ANSIBLE_LOCAL_TEMP": folder.url("ansible").path, "HOME": folder.path])
            #expect(ran.status == 0 && ran.err.isEmpty, "\(name): \(ran.err)")
            let read = try #require(try JSONSerialization.jsonObject(with: Data(ran.out.utf8)) as? [String: Any])
            func hosts(_ group: String) -> [String] {
                ((read[group] as? [String: Any])?["hosts"] as? [String] ?? []).sorted()
            }
            let names = lab.nodes.map(\.name.description).sorted()
            #expect(hosts("xen_hosts") == names && hosts("release_bookworm") == names)
            for network in lab.networks {
                let members = lab.nodes.filter { $0.links.contains { $0.addressing.network.name == network.name } }
                #expect(
                    hosts("network_\(network.name)".replacing("-", with: "_"))
                        == members.map(\.name.description).sorted())
            }
            let variables = try #require((read["_meta"] as? [String: Any])?["hostvars"] as? [String: [String: Any]])
            for node in lab.nodes {
                let own = try #require(variables[node.name.description])
                #expect(own["ansible_host"] as? String == mainAddress(node) ?? lab.fullName(node.name))
                let xenseed = try #require(own["xenseed"] as? [String: Any])
                #expect(xenseed["cpus"] as? Int == node.cpus)
                #expect(xenseed["serial"] as? String == node.serial?.description)
                #expect((own["xenseed_lab"] as? [String: Any])?["domain"] as? String == lab.domain.description)
            }
            if name == "awkward" {
                #expect(
                    variables["no"]?["ansible_user"] as? String == "zoe"
                        && variables["no"]?["ansible_become"] as? Bool == true)
                #expect((variables["null"]?["xenseed"] as? [String: Any])?["install_mac"] is NSNull)
            }
        }
    }

    /// ssh finds the address and the account of each node by both of its names.
    @Test func sshConfiguration() throws {
        let folder = try TemporaryFolder()
        for (name, lab) in try write(.ssh, in: folder) {
            let nodes = lab.nodes.count < 10 ? lab.nodes : [lab.nodes[0], lab.nodes[lab.nodes.count - 1]]
            let names = nodes.flatMap { [$0.name.description, lab.fullName($0.name)] }
            let ran = try shell(
                """
                file=$1
                shift
                for name in "$@"; do
                    ssh -G -F "$file" "$name" || exit 1
                done | sed -n 's/^hostname //p; s/^user /as /p'
                """, [folder.url("\(name)/ssh_config").path] + names, needs: ["ssh", "sed"])
            let read = Set(ran.out.split(separator: "\n").map(String.init))
            for node in nodes {
                #expect(read.contains(mainAddress(node) ?? lab.fullName(node.name)), "\(name): \(ran)")
                if !node.access.authorizedKeys.isEmpty { #expect(read.contains("as root"), "\(name): \(ran)") }
            }
            if name == "awkward" || name == "users" {
                #expect(read.contains(name == "users" ? "as ann" : "as zoe") && !read.contains("as root"), "\(ran)")
            }
        }
    }

    /// ssh-keygen finds the key of the one node whose key is in the lab, by each of its names and addresses.
    @Test func knownHosts() throws {
        let folder = try TemporaryFolder()
        _ = try write(.knownHosts, in: folder)
        let file = folder.url("awkward/known_hosts").path
        let names = [
            "a", "a.hl.local", "10.8.8.13", "a-b-c", "a-b-c.hl.local", "172.20.17.13", "a-on.hl.local", "10.8.8.73",
        ]
        let found = try shell(
            "file=$1; shift; for name in \"$@\"; do ssh-keygen -F \"$name\" -f \"$file\" || exit 1; done",
            [file] + names,
            needs: ["ssh-keygen"])
        let key = Self.key.split(separator: " ")[1]
        #expect(
            found.status == 0 && found.out.split(separator: "\n").count { $0.hasSuffix(key) } == names.count, "\(found)"
        )
        #expect(try tool(["ssh-keygen", "-F", "a-b", "-f", file]).status == 1)
        let text = try String(contentsOf: folder.url("awkward/known_hosts"), encoding: .utf8)
        #expect(text.contains("\n# a-b makes its host keys when it is installed: ssh-keyscan 10.8.8.14\n"), "\(text)")
    }

    /// The system's resolver finds each name with all of its addresses, and nothing else.
    @Test func hostsFile() throws {
        let folder = try TemporaryFolder()
        for (name, lab) in try write(.hosts, in: folder) {
            let records = records(of: lab)
            let names = Set(records.map { $0.split(separator: " ")[0] }).sorted()
            let ran = try shell(
                """
                exec unshare --mount sh -euc '
                    mount --bind "$1" /etc/hosts
                    shift
                    for name in "$@"; do
                        getent -s hosts:files ahosts "$name" | sed "s/ .*//" | sort -u | sed "s/^/$name /"
                        [ "$(getent -s hosts:files ahosts "$name")" = "$(getent -s hosts:files ahosts "${name%%.*}")" ]
                    done' sh "$@"
                """, [folder.url("\(name)/hosts").path] + names.map(String.init), needs: ["unshare", "getent"])
            #expect(ran.status == 0 && ran.err.isEmpty, "\(name): \(ran.err)")
            #expect(Set(ran.out.split(separator: "\n").map(String.init)) == records, "\(name)")
        }
    }

    /// named-checkzone accepts the zones and has the same records. Each address is in one zone, which names its owner.
    @Test func zones() throws {
        let folder = try TemporaryFolder()
        let labs = try write(.dns, in: folder)
        let ran = try shell(
            """
            for zone in */dns/*.zone; do
                name=${zone##*/}
                named-checkzone -q -i full -o - -s full "${name%.zone}" "$zone" | sed "s|^|${zone%%/*} |" || exit 1
                named-checkzone -i full "${name%.zone}" "$zone" >checked || exit 1
                grep -q 'loaded serial 7' checked || exit 1
            done
            """, [], needs: ["named-checkzone"], in: URL(filePath: folder.path))
        #expect(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        var names: [String: Set<String>] = [:]
        var pointers: [String: Set<String>] = [:]
        for line in ran.out.split(separator: "\n") {
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard fields.count == 6, fields[3] == "IN" else { continue }
            let (lab, owner, value) = (fields[0], String(fields[1].dropLast()), fields[5])
            switch fields[4] {
            case "A", "AAAA": names[lab, default: []].insert("\(owner) \(value)")
            case "PTR": pointers[lab, default: []].insert("\(value.dropLast()) \(owner)")
            default: break
            }
        }
        let reversed = try tool(
            [
                "/usr/bin/python3", "-c",
                """
                import ipaddress, sys
                for line in sys.stdin:
                    name, address = line.split()
                    print(name, ipaddress.ip_address(address).reverse_pointer)
                """,
            ], input: labs.flatMap { records(of: $0.lab).sorted() }.joined(separator: "\n"))
        let expected = Set(reversed.out.split(separator: "\n").map(String.init))
        for (name, lab) in labs { #expect(names[name, default: []] == records(of: lab), "\(name)") }
        #expect(pointers.values.reduce(into: Set()) { $0.formUnion($1) } == expected)
        let count = labs.reduce(0) { $0 + records(of: $1.lab).count }
        #expect(pointers.values.reduce(0) { $0 + $1.count } == count)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url("awkward/dns").path).sorted() == [
                "20.172.in-addr.arpa.zone", "8.8.10.in-addr.arpa.zone", "hl.local.zone",
            ])
    }

    /// The attributes of all nodes have the same names and types, as the elements of a map in Terraform need.
    @Test func variables() throws {
        let folder = try TemporaryFolder()
        let labs = try write(.terraform, in: folder)
        let ran = try tool(
            [
                "/usr/bin/python3", "-c",
                """
                import json, sys

                def merged(a, b):
                    if a is None or b is None: return b if a is None else a
                    if type(a) is not type(b): raise SystemExit(f"{a} and {b}")
                    if isinstance(a, dict):
                        if list(a) != list(b): raise SystemExit(f"{list(a)} and {list(b)}")
                        return {key: merged(a[key], b[key]) for key in a}
                    if isinstance(a, list):
                        shape = None
                        for item in a + b: shape = merged(shape, item)
                        return [] if shape is None else [shape]
                    return a

                shape = None
                for name in sys.argv[1:]:
                    lab = json.load(open(f"{name}/xenseed.auto.tfvars.json"))
                    if list(lab) != ["xenseed_lab", "xenseed_nodes"]: raise SystemExit(list(lab))
                    for node in lab["xenseed_nodes"].values():
                        shape = merged(shape, node)
                        print(name, node["fqdn"], node["address"], node["memory_mib"], len(node["links"]), node["preseed_url"])
                """,
            ] + labs.map(\.name), in: URL(filePath: folder.path))
        let expected = labs.flatMap { name, lab in
            lab.nodes.map { node in
                let url = lab.bootServer.map { "\($0.url)/nodes/\(node.name)/preseed.cfg" } ?? "None"
                return
                    "\(name) \(node.name).\(lab.domain) \(mainAddress(node) ?? "None") \(node.machineMemory.mebibytes) \(node.links.count) \(url)"
            }
        }
        #expect(ran.status == 0 && ran.out.split(separator: "\n").map(String.init) == expected, "\(ran)")
    }

    /// The tables have columns of NetBox's import forms, and refer to rows before them. NetBox itself is not run.
    @Test func tables() throws {
        let folder = try TemporaryFolder()
        let labs = try write(.netbox, in: folder)
        let ran = try tool(
            [
                "/usr/bin/python3", "-c",
                """
                import csv, glob, ipaddress, sys

                # Required columns and some of the others, by netbox/dcim/forms/bulk_import.py and
                # netbox/ipam/forms/bulk_import.py of NetBox 4.2 to 4.4.
                FORMS = {
                    "01-sites": ("name slug status", ""), "02-manufacturers": ("name slug", ""),
                    "03-device-types": ("manufacturer model slug u_height", ""),
                    "04-device-roles": ("name slug color", ""), "05-platforms": ("name slug", ""),
                    "06-devices": ("name role manufacturer device_type site status", "serial platform"),
                    "07-vlans": ("vid name status", "site"), "08-prefixes": ("prefix status", "vlan description"),
                    "09-interfaces": ("device name type", "parent bridge lag mtu description"),
                    "10-mac-addresses": ("mac_address", "device interface"),
                    "11-ip-addresses": ("address status", "dns_name device interface is_primary"),
                }

                def need(condition, *said):
                    if not condition: raise SystemExit(" ".join(map(str, said)))

                for lab in sys.argv[1:]:
                    tables = {}
                    for path in sorted(glob.glob(f"{lab}/netbox/*.csv")):
                        name = path.split("/")[-1].removesuffix(".csv")
                        with open(path, newline="") as file: rows = list(csv.DictReader(file, strict=True))
                        required, others = (set(text.split()) for text in FORMS[name])
                        for row in rows:
                            need(required <= set(row) <= required | others and None not in row.values(), path, row)
                            need(all(row[column] for column in required), path, row)
                        tables[name[3:]] = rows
                    need(len(tables) == len(FORMS), lab, sorted(tables))
                    names = {name: {row.get("name") or row.get("model") for row in rows} for name, rows in tables.items()}
                    for row in tables["devices"]:
                        need(row["site"] in names["sites"] and row["role"] in names["device-roles"], row)
                        need(row["device_type"] in names["device-types"] and row["platform"] in names["platforms"], row)
                        need(row["manufacturer"] in names["manufacturers"], row)
                    for row in tables["prefixes"]:
                        need(not row["vlan"] or row["vlan"] in {vlan["vid"] for vlan in tables["vlans"]}, row)
                        ipaddress.ip_network(row["prefix"])
                    interfaces = {}
                    for row in tables["interfaces"]:
                        own = interfaces.setdefault(row["device"], {})
                        need(row["device"] in names["devices"] and row["name"] not in own, row)
                        for column, kind in (("parent", None), ("bridge", "bridge"), ("lag", "lag")):
                            need(not row[column] or own.get(row[column]) in ({kind} if kind else {"lag", "other"}), row)
                        own[row["name"]] = row["type"]
                    for row in tables["mac-addresses"]: need(interfaces[row["device"]][row["interface"]] == "other", row)
                    primary = {}
                    for row in tables["ip-addresses"]:
                        address = ipaddress.ip_interface(row["address"])
                        need(row["interface"] in interfaces[row["device"]], row)
                        # A row that is not primary takes the role away from the one before it.
                        chosen = address.ip if row["is_primary"] == "true" else None
                        primary[row["device"], address.version] = chosen
                    print(lab, len(tables["devices"]), *sorted(map(str, filter(None, primary.values()))))
                """,
            ] + labs.map(\.name), in: URL(filePath: folder.path))
        let expected = labs.map { name, lab in
            let main = lab.nodes.flatMap { node in
                let addressing = node.installLink.addressing
                return [addressing.address?.description, addressing.ipv6?.description].compactMap(\.self)
            }
            return ([name, "\(lab.nodes.count)"] + main.sorted()).joined(separator: " ")
        }
        #expect(ran.status == 0 && ran.out.split(separator: "\n").map(String.init) == expected, "\(ran)")
    }

    /// No export contains a secret of the lab.
    @Test func noSecrets() throws {
        for name in ["everything", "users"] {
            let lab = try LabCase(name: name, codename: "bookworm").read()
            for file in try export(lab).files(.all) {
                #expect(!String(decoding: file.content, as: UTF8.self).contains("$6$"), "\(file.path)")
            }
        }
    }
}
