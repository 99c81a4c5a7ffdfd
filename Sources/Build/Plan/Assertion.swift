import Lab
import Preseed

/// A condition that the verifier of a node checks. /etc/xenseed/expect is rendered from the assertions of a node, and
/// reports of the verifier are compared with them.
package struct Assertion: Sendable, Equatable {
    /// The kind of an assertion: the first word of its line in /etc/xenseed/expect. xenseed-verify.sh describes these
    /// lines.
    package enum Kind: String, Sendable {
        case hostname
        case xenVersion = "xen-version"
        case xenOption = "xen-option"
        case dom0Memory = "dom0-memory"
        case dom0VCPUs = "dom0-vcpus"
        case dom0Pinned = "dom0-pinned"
        case totalMemory = "total-memory"
        case card, volume, address, bridge, lease, bond, vlan, mtu, slaac, route, search
        case moreAddress = "more-address"
        case ipv6Address = "ipv6-address"
        case noAddress = "no-address"
        case noIPv6 = "no-ipv6"
        case ipv6DefaultRoute = "ipv6-default-route"
        case array, group
        case bootLoader = "boot-loader"
        case defaultRoute = "default-route"
        case diversion
        case grubFirst = "grub-first"
        case current, toolstack, xendomains
        case timeService = "time-service"
        case ssh, login
        case guest, replication
        case peer = "migration-peer"
        // The verifier checks these on every node, without a line.
        case xenRunning = "xen-running"
        case xlInfo = "xl-info"
    }

    let kind: Kind
    /// The arguments, which follow the kind in the line.
    let arguments: [String]
    /// The name in the verifier's report, such as `bridge xenbr0`.
    package let name: String
    /// The expected value in the verifier's report, such as `up with eth1`.
    package let expected: String

    /// Creates an assertion.
    /// - Parameters:
    ///   - subject: The object that is checked, such as a bridge; nil if a node has one assertion of the kind.
    ///   - arguments: The arguments in the line.
    ///   - expected: The expected value in the report; by default the arguments, separated by spaces.
    package init(
        _ kind: Kind, _ subject: String? = nil, arguments: [String], expected: String? = nil
    ) {
        self.kind = kind
        self.arguments = arguments
        name = kind.rawValue + (subject.map { " \($0)" } ?? "")
        self.expected = expected ?? arguments.joined(separator: " ")
    }

    /// The line of the assertion in /etc/xenseed/expect.
    package var line: String { ([kind.rawValue] + arguments).joined(separator: " ") }
}

/// The definition of the assertions of one kind: how they are computed from the lab, and the sources that decide them.
struct AssertionDefinition: Sendable {
    let kind: Assertion.Kind
    let sources: Sources
    let assertions: @Sendable (NodeSubject) -> [Assertion]

    init(_ kind: Assertion.Kind, from sources: Sources, _ assertions: @escaping @Sendable (NodeSubject) -> [Assertion])
    {
        (self.kind, self.sources, self.assertions) = (kind, sources, assertions)
    }

    /// Creates the definition of a kind with one assertion, whose expected value is its argument.
    init(_ kind: Assertion.Kind, from sources: Sources, value: @escaping @Sendable (NodeSubject) -> String) {
        self.init(kind, from: sources) { [Assertion(kind, arguments: [value($0)])] }
    }

    /// Creates the definition of a kind with at most one assertion, which is about an amount of memory.
    init(_ kind: Assertion.Kind, from sources: Sources, memory: @escaping @Sendable (NodeSubject) -> ByteCount?) {
        self.init(kind, from: sources) { subject in
            memory(subject).map {
                [Assertion(kind, arguments: ["\($0.mebibytes)"], expected: "\($0.mebibytes) MiB")]
            } ?? []
        }
    }
}

extension Plan {
    /// Returns the assertions of a node in the order in which the verifier reports them.
    package func assertions(of node: Node) -> [Assertion] {
        [
            Assertion(.xenRunning, arguments: [], expected: "control_d"),
            Assertion(.xlInfo, arguments: [], expected: "an answer"),
        ] + Self.definitions.flatMap { $0.assertions(NodeSubject(self, node)) }
    }

    /// The values of the template `expect`: for each kind of assertion a section with its lines.
    @TemplateValues<NodeSubject>
    static var assertionLines: [TemplateValue<NodeSubject>] {
        definitions.map { definition in
            TemplateValue(
                texts: definition.kind.rawValue.replacing("-", with: "_"), from: definition.sources
            ) { definition.assertions($0).map(\.line) }
        }
    }

    private static let definitions: [AssertionDefinition] = ownDefinitions + networkDefinitions + guestDefinitions

    private static let ownDefinitions: [AssertionDefinition] = [
        .init(.hostname, from: ["domain", .nodeName], value: { $0.lab.fullName($0.node.name) }),
        .init(
            .xenVersion, from: ["release", .fact("the Xen version of the release")],
            value: { $0.lab.release.xenVersion }),
        .init(.xenOption, from: .xenOptions) { subject in
            subject.plan.xenOptions(subject.node).map { option in
                Assertion(.xenOption, String(option.prefix { $0 != "=" }), arguments: [option])
            }
        },
        .init(.dom0Memory, from: "nodes.*.dom0.memory", memory: { $0.node.dom0.memory }),
        .init(.dom0VCPUs, from: "nodes.*.dom0.vcpus", value: { "\($0.node.dom0.vcpus)" }),
        .init(.dom0Pinned, from: "nodes.*.dom0.pin", value: { $0.node.dom0.pinsVCPUs ? "yes" : "no" }),
        .init(.totalMemory, from: "nodes.*.memory", memory: { $0.node.memory }),
        .init(.card, from: "nodes.*.interfaces.*.mac") { subject in
            subject.node.interfaces.map {
                Assertion(.card, "\($0.name)", arguments: ["\($0.name)", "\($0.mac)"], expected: "\($0.mac)")
            }
        },
        .init(.array, from: [.disk, .layout]) { subject in
            let count = subject.node.disk.selector.paths.count
            return subject.node.disk.arrays.map { array in
                Assertion(
                    .array, array.content, arguments: [array.content, "\(count)"],
                    expected: "\(count) of \(count) members")
            }
        },
        .init(.bootLoader, from: [.disk, "nodes.*.firmware"]) { subject in
            guard subject.node.disk.isMirrored else { return [] }
            return [
                Assertion(.bootLoader, arguments: [subject.node.firmware.rawValue], expected: "each disk")
            ]
        },
        .init(.group, from: .volumeGroups) { subject in
            subject.node.volumeGroups.map { group in
                let count = group.devices.count
                return Assertion(
                    .group, "\(group.name)", arguments: ["\(group.name)", "\(count)"],
                    expected: "\(count) disk\(count == 1 ? "" : "s")")
            }
        },
        .init(.volume, from: [.layout, .guestVolumes]) { subject in
            let guests = subject.node.guestVolumes.map { (name: "\($0.group)/\($0.volume.name)", size: $0.volume.size) }
            return (subject.node.disk.layout.volumes + guests).map { name, size in
                Assertion(
                    .volume, name, arguments: [name, "\(size.mebibytes)"], expected: "\(size.mebibytes) MiB")
            }
        },
        .init(.address, from: [.cards, .addresses, "networks.*.dhcp", "networks.*.subnet"]) { subject in
            subject.node.links.compactMap { link in
                guard !link.usesDHCP, let subnet = link.addressing.network.subnet, let address = link.addressing.address
                else { return nil }
                let expected = "\(address)/\(subnet.prefix)"
                return Assertion(.address, "\(link.name)", arguments: ["\(link.name)", expected], expected: expected)
            }
        },
        .init(.bridge, from: .cards) { subject in
            subject.node.links.filter { $0.bridge != nil }.map { link in
                // A bond or a VLAN on it has the address of any member.
                let ports = link.ports.map { port in
                    port.cards[0].name == port.name ? "\(port.name)=\(port.mac)" : "\(port.name)"
                }
                return Assertion(
                    .bridge, "\(link.name)", arguments: ["\(link.name)"] + ports,
                    expected: ports.isEmpty ? "up" : "up with \(ports.joined(separator: " "))")
            }
        },
        .init(.lease, from: ["networks.*.dhcp", .cards, .addresses]) { subject in
            subject.node.links.filter(\.usesDHCP).map { link in
                let address = link.addressing.address?.description
                return Assertion(
                    .lease, "\(link.name)", arguments: ["\(link.name)"] + (address.map { [$0] } ?? []),
                    expected: address ?? "an address")
            }
        },
        .init(
            .defaultRoute, from: [.cards, .waysOut],
            value: { $0.node.links.first(where: \.leadsOut)?.name.description ?? "none" }),
        .init(
            .diversion,
            from: [
                .fact("the path of GRUB's script for Xen in Debian"),
                .fact("a path that sorts before GRUB's script for Linux"),
            ]
        ) { _ in
            [Assertion(.diversion, diverted, arguments: [diverted, divertedTo], expected: divertedTo)]
        },
        .init(
            .grubFirst, from: [.xenOptions, .fact("the rule that Xen is the first entry of GRUB's menu")]
        ) { subject in
            let options = subject.plan.xenOptions(subject.node)
            let expected = ["xen"] + (options.isEmpty ? [] : ["with"] + options)
            return [Assertion(.grubFirst, arguments: ["xen"], expected: expected.joined(separator: " "))]
        },
        .init(.current, from: .fact("the rule that the running system is the installed one")) { _ in
            [
                ("grub", "the newest installed"), ("xen", "the installed build"), ("kernel", "the installed build"),
            ].map { Assertion(.current, $0, arguments: [$0], expected: $1) }
        },
        .init(.toolstack, from: "nodes.*.toolstack", value: { $0.node.toolstack }),
        .init(
            .xendomains,
            from: [
                "nodes.*.xendomains.save", "nodes.*.xendomains.restore", "nodes.*.xendomains.auto",
                "nodes.*.xendomains.stop_maxwait",
            ]
        ) { subject in
            let settings = subject.node.xendomains
            let variables: [(name: String, value: String)] = [
                ("XENDOMAINS_SAVE", settings.save?.description ?? ""),
                ("XENDOMAINS_RESTORE", settings.restores ? "true" : ""),
                ("XENDOMAINS_AUTO", settings.auto?.description ?? ""),
                ("XENDOMAINS_STOP_MAXWAIT", "\(settings.stopMaxWait)"),
            ]
            return variables.map { Assertion(.xendomains, $0.name, arguments: ["\($0.name)=\($0.value)"]) }
        },
        .init(.timeService, from: .timeServers) { subject in
            let servers = subject.lab.timeServers(subject.node).map(\.description)
            let expected = "active, enabled, \(servers.joined(separator: " "))"
            return servers.isEmpty ? [] : [Assertion(.timeService, arguments: servers, expected: expected)]
        },
        .init(.ssh, from: [.sshAccess, "nodes.*.access.root", "guests.*.on"]) {
            $0.node.access.sshAssertions(replicates: $0.replicates)
        },
        .init(
            .login,
            from: [
                .rootPassword, .users, "nodes.*.access.root", "nodes.*.access.authorized_keys",
                "nodes.*.access.users.*.sudo",
            ]
        ) {
            $0.node.access.loginAssertions
        },
    ]
}
