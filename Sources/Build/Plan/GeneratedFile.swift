import Lab
import Templates

/// The generated files of a tree and the sources that decide them, independently of a lab.
package enum GeneratedFile {
    /// Returns the fields of the lab that decide the content of a file or whether the file exists, such as
    /// `nodes.*.dom0.memory`; nil for a file whose content comes from the user.
    /// - Parameter path: The path relative to `nodes/NAME/`; members of the overlay are below `overlay/`.
    package static func fields(behind path: String) -> Set<String>? { table[key(of: path)]?.fields }

    /// Returns the path in ``table`` for a path; the files of all guests have one entry.
    private static func key(of path: String) -> String {
        guard path.hasPrefix(overlay), let file = GuestPath(path: String(path.dropFirst(overlay.count))) else {
            return path
        }
        return overlay + file.path(of: "*")
    }

    /// Returns whether a file of a node depends on the other nodes of the lab, as `/etc/hosts` does.
    /// - Parameter path: The path relative to `nodes/NAME/`.
    package static func dependsOnOtherNodes(_ path: String) -> Bool {
        table[key(of: path)].map { $0.facts.isSuperset(of: Sources.eachNode.facts) } ?? false
    }

    /// Returns the fields of the lab that decide the content of a file outside of the nodes' directories; nil for an
    /// unknown file.
    /// - Parameter path: The path in the tree.
    package static func fields(behindLabFile path: String) -> Set<String>? {
        if PXEPath.isBootFile(path) { return bootFiles.fields }
        if path.hasPrefix("libvirt/networks/") { return labTable["libvirt/networks/"]?.fields }
        if path.hasPrefix("libvirt/nodes/") { return labTable["libvirt/nodes/"]?.fields }
        return labTable[path]?.fields
    }

    /// Returns the origin of all lines of a file that is not rendered from a template.
    /// - Parameter path: The path relative to `nodes/NAME/`.
    package static func origin(of path: String) -> Origin {
        Origin(template: nil, line: 1, untemplated[path] ?? (path.hasPrefix(overlay) ? Plan.ownFiles : digests))
    }

    private static let overlay = "overlay/"
    private static let digests = Sources.fact("the members of the overlay with their modes and digests")

    private static let table: [String: Sources] = {
        var table = Dictionary(
            uniqueKeysWithValues: members.compactMap { member in
                member.sources.map { (overlay + member.path.rawValue, $0) }
            })
        for member in Plan.guestMembers {
            table[overlay + member.file.path(of: "*")] = member.template.erased.sources
        }
        table["preseed.cfg"] = Plan.preseed.erased.sources
        table["late-command.sh"] = Plan.lateCommand.erased.sources
        return table
    }()

    private static let bootFiles = [Plan.pxelinuxNode, Plan.ipxeNode, Plan.grubNode].reduce(into: Sources()) {
        $0.formUnion($1.erased.sources)
    }

    private static let labTable: [String: Sources] = {
        var table: [String: Sources] = [
            "README.md": Plan.readme.erased.sources, "overview.svg": Plan.overview.erased.sources,
            "virtualbox/lab": Plan.virtualBox.erased.sources, "qemu/lab": Plan.qemu.erased.sources,
            "libvirt/lab": Plan.libvirt.erased.sources, "libvirt/networks/": Plan.libvirtNetwork.erased.sources,
            "libvirt/nodes/": Plan.libvirtNode.erased.sources,
        ]
        let seed = [
            "preseed.cfg": Plan.seedPreseed, "xenseed/find-node.sh": Plan.findNode,
            "xenseed/find-node.templates": Plan.findNodeQuestions, "xenseed/nodes": Plan.seedNodes,
        ]
        for (path, definition) in seed { table[Seed.directory + path] = definition.erased.sources }
        let network = [
            "pxe/dnsmasq.conf": Plan.dnsmasq, "pxe/dnsmasq-proxy.conf": Plan.dnsmasqProxy, "pxe/dhcpd.conf": Plan.dhcpd,
            PXEPath.pxelinuxDefault: Plan.pxelinuxDefault, PXEPath.ipxe: Plan.ipxe, PXEPath.grub: Plan.grubNetboot,
        ]
        for (path, definition) in network {
            // The files exist only with a boot server.
            table[path] = [definition.erased.sources, "boot_server.address"]
        }
        return table
    }()

    private static let untemplated = Dictionary(
        uniqueKeysWithValues: members.compactMap { member in
            member.untemplatedSources.map { (overlay + member.path.rawValue, $0) }
        })

    private static let members =
        Plan.ownMembers.map(AnyMember.init) + Plan.commonMembers.map(AnyMember.init)

    /// A member of the overlay without the type of its subject.
    private struct AnyMember {
        var path: OverlayPath
        /// The sources that decide whether the member exists and what it contains; nil if its content comes from the
        /// user.
        var sources: Sources?
        /// The sources of a content that is not rendered from a template.
        var untemplatedSources: Sources?

        init<Subject>(_ member: OverlayMemberDefinition<Subject>) {
            path = member.path
            var sources = member.condition?.sources ?? []
            switch member.content {
            case .template(let definition): sources.formUnion(definition.erased.sources)
            case .text(let own, _), .secret(let own, _):
                sources.formUnion(own)
                untemplatedSources = own
            case .foreign(let own, _):
                untemplatedSources = own
                return
            case .folder, .link: break
            }
            self.sources = sources
        }
    }
}

extension AnyTemplateDefinition {
    /// The sources of the values that xenseed's own template uses.
    var sources: Sources {
        let partials = Dictionary(uniqueKeysWithValues: Template.partials.map { ($0.rawValue, $0.text) })
        guard
            let compiled = try? CompiledTemplate(
                name: template.rawValue, text: template.text, values: values, partials: partials)
        else {
            preconditionFailure("\(template.rawValue) does not compile")
        }
        return compiled.sources
    }
}
