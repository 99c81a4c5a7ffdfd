import Preseed

/// Reads the top-level fields of a lab, its networks and its nodes.
struct LabReader {
    let reader: SpecReader
    /// The release that replaces the one in the lab file; nil when the lab file decides.
    let override: Release?
    /// The index that has to have every package of every node; nil when package names are not checked.
    let packages: PackageIndex?

    func read(_ root: YAMLValue) -> Lab? {
        let top = Cursor(layers: [.init(path: FieldPath(), value: root, mark: root.mark)])
        guard let fields = reader.fields(top, LabFields.lab.schema) else { return nil }
        let (release, assumed) = self.release(fields)
        let domain = fields.text("domain", DomainName.self)
        if let domain, ".\(domain.value)".hasSuffix(".localhost") {
            reader.add(
                .reservedName, at: domain.location,
                "names below localhost are reserved for the machine itself (RFC 6761)",
                hint: "use a domain of your own, such as hl.local")
        }
        let locale = fields.text("locale", LocaleName.self)
        let keymap = fields.text("keymap", KeymapName.self)
        let timeZone = fields.text("timezone", TimeZoneName.self)
        check(locale, keymap, timeZone, assumed)
        let mirror = self.mirror(fields.object("mirror"), assumed)
        let firmware = fields.boolean("nonfree_firmware")
        let timeServers = fields.list(
            "ntp", of: TimeServer.self, computed: assumed.timeServers.map { known(TimeServer.self, $0) }
        ).map(\.value)
        let server = fields["boot_server"] == nil ? nil : bootServer(fields.object("boot_server"))
        let reportURL = fields.text("report_url", ReportURL.self)
        let networks = NetworkReader(reader: reader).read(fields, server: server)
        let drafts = self.nodes(
            fields, release: assumed, networks: networks, mirror: mirror, firmware: firmware?.value,
            locale: locale?.value, domain: domain?.value, server: server)
        let nodes = drafts.compactMap(\.node)
        let (guests, replication, keys) = GuestReader(
            reader: reader, release: assumed, networks: networks, nodes: drafts,
            hasAllNodes: fields.isComplete("nodes", read: drafts.count)
        ).read(fields)
        if let server { check(server, networks) }
        if let packages, let mirror, let firmware {
            let check = PackageCheck(reader: reader, index: packages, release: assumed)
            let locations: [ImpliedPackage.Cause: FieldLocation] = [
                .release: fields.location("release"), .mirror: fields.object("mirror").location("protocol"),
                .firmware: fields.location("nonfree_firmware"), .time: fields.location("ntp"),
                .guests: fields.location("guests"),
            ]
            for node in nodes {
                check.check(
                    node.impliedPackages(assumed, mirror, firmware: firmware.value, timeServers: timeServers)
                        + guests.filter { $0.nodes.contains(node.name) }.impliedPackages(assumed), locations
                )
            }
        }
        guard let release, let domain, let locale, let keymap, let timeZone, let mirror, let firmware else {
            return nil
        }
        return Lab(
            sourceDigest: sha256(Array(root.canonical.utf8)), release: release, domain: domain.value,
            locale: locale.value, keymap: keymap.value,
            timeZone: timeZone.value, mirror: mirror, usesNonfreeFirmware: firmware.value, timeServers: timeServers,
            bootServer: server?.value,
            reportURL: reportURL?.value,
            networks: networks.byName.values.compactMap(\.network).sorted { $0.name < $1.name }, nodes: nodes,
            guests: guests,
            replication: replication, keys: keys)
    }

    /// Reports names that the installer of the release would ignore or for which it would ask.
    private func check(
        _ locale: Located<LocaleName>?, _ keymap: Located<KeymapName>?, _ timeZone: Located<TimeZoneName>?,
        _ release: Release
    ) {
        func add(_ code: DiagnosticCode, _ location: FieldLocation?, _ problem: RegionProblem?) {
            guard let location, let problem else { return }
            reader.add(
                code, at: location, problem.message,
                hint: problem.correction.map { Correction.hint($0, at: location.path) },
                severity: problem.isHarmless ? .warning : .error)
        }
        add(.unknownLocale, locale?.location, locale.flatMap { release.problem(locale: $0.value.description) })
        if let locale, !release.offers(locale: locale.value.description, onSerialConsole: false) {
            reader.add(
                .unofferedLanguage, at: locale.location,
                "only the graphical installer offers the language of \(locale.value); the text installer asks for one",
                hint: "use locale: en_US.UTF-8", severity: .warning)
        }
        add(.unknownKeymap, keymap?.location, keymap.flatMap { release.problem(keymap: $0.value.description) })
        add(.unknownTimeZone, timeZone?.location, timeZone.flatMap { release.problem(timeZone: $0.value.description) })
    }

    /// Returns the release; nil if the lab file has none that xenseed supports. The second one is the release against which
    /// other fields are checked: without a release or a similar name, it is the newest one, which refuses least, so that one
    /// mistake is not reported as several.
    private func release(_ fields: Fields) -> (release: Release?, assumed: Release) {
        if let override { return (override, override) }
        let newest = Release.all.last!
        guard let name = fields.string("release") else { return (nil, newest) }
        if let release = Release.named(name.value) { return (release, release) }
        let names = Release.all.map(\.codename)
        let list = "one of: \(names.joined(separator: ", "))"
        let message = "xenseed does not support the release “\(name.value)”"
        if let description = Release.description(ofUnsupported: name.value) {
            reader.add(.unknownRelease, at: name.location, "\(message): \(description)", hint: list)
            return (nil, newest)
        }
        let near = Release.meant(by: name.value) ?? nearestName(to: name.value, among: names).flatMap(Release.named)
        reader.add(
            .unknownRelease, at: name.location, message,
            hint: near.map { Correction.hint($0.codename, at: name.location.path) } ?? list)
        return (nil, near ?? newest)
    }

    private func mirror(_ fields: Fields, _ release: Release) -> Mirror? {
        let scheme = fields.text("protocol", MirrorScheme.self)
        let host = fields.text("host", computed: fields.computed(known(HostAddress.self, release.mirrorHost)))
        let directory = fields.text(
            "directory", computed: fields.computed(known(TargetPath.self, release.mirrorDirectory)))
        if let directory, directory.value.description.contains("%") {
            reader.add(
                .malformedPath, at: directory.location,
                "the directory of a mirror must not have %: apt would decode it, the installer would not")
        }
        if let host, release.debianHosts.lack(host.value.host) {
            reader.add(
                .releaseNotOnMirror, at: host.location, "\(host.value.host) does not have \(release.codename)",
                hint: Correction.hint(release.mirrorHost, at: host.location.path))
        }
        let components = self.components(fields, release)
        let proxy = fields.text("proxy", ProxyURL.self)
        let security = fields.boolean("security")
        if let scheme, scheme.value == .https, let refusal = release.httpsRefusal {
            reader.add(
                .httpsRefused, at: scheme.location, "the mirror can't be reached over https: \(refusal)",
                hint: "use http; what is installed is checked by other means (see docs/explanation/security.md)")
        }
        guard let scheme, let host, let directory, let security else { return nil }
        return Mirror(
            scheme: scheme.value, host: host.value, directory: directory.value, components: components,
            proxy: proxy?.value, security: security.value)
    }

    private func components(_ fields: Fields, _ release: Release) -> [Component] {
        let components = fields.list("components", of: Component.self)
        for component in components where !release.components.contains(component.value) {
            reader.add(
                .unknownComponent, at: component.location,
                "\(release.codename) has no component \(component.value.rawValue)",
                hint: "one of: \(release.components.map(\.rawValue).joined(separator: ", "))")
        }
        let named = Set(components.map(\.value))
        if !components.isEmpty, !named.contains(.main) {
            reader.add(
                .unknownComponent, at: fields.location("components"),
                "main is missing, and without it there is no base system to install",
                hint: "components: \(named.union([.main]).sorted().listText)")
        }
        return named.union([.main]).sorted()
    }

    private func bootServer(_ fields: Fields) -> Located<BootServer>? {
        let address = fields.text("address", IPv4Address.self)
        let port = fields.integer("port")
        guard let address, let port else { return nil }
        return Located(value: BootServer(address: address.value, port: port.value), location: address.location)
    }

    /// Reports a boot server that is not on a network of the lab, because its DHCP and TFTP would not reach the nodes.
    private func check(_ server: Located<BootServer>, _ networks: Networks) {
        let known = networks.byName.values.map(\.network)
        let address = Located(value: server.value.address, location: server.location)
        if let subnet = known.lazy.compactMap({ $0?.subnet }).first(where: { $0.contains(address.value) }) {
            NetworkReader(reader: reader).check(address, in: subnet, what: "the boot server")
        } else if networks.isComplete, !known.contains(where: { $0 == nil }) {
            reader.add(
                .outsideSubnet, at: server.location,
                "the boot server \(address.value) is not on a network of the lab",
                hint: "give its address on the network over which the nodes are installed")
        }
    }

    private func nodes(
        _ fields: Fields, release: Release, networks: Networks, mirror: Mirror?, firmware: Bool?, locale: LocaleName?,
        domain: DomainName?, server: Located<BootServer>?
    ) -> [PartialNode] {
        let defaults = fields["defaults"]
        if let defaults { _ = reader.fields(defaults, LabFields.node.schema) }
        let named = fields["nodes"] == nil ? [] : reader.table(fields.cursor, "nodes", keys: Hostname.self)
        let drafts = reader.inParallel(named) { [packages] reader, named in
            let layered = Cursor(layers: named.1.layers + (defaults?.layers ?? []))
            return reader.fields(layered, LabFields.node.schema).map { fields in
                NodeReader(
                    reader: reader, release: release, networks: networks, mirror: mirror, locale: locale,
                    usesNonfreeFirmware: firmware, index: packages
                )
                .read(named.key, fields)
            }
        }
        if drafts.isEmpty, reader.report.errors == 0 {
            reader.add(
                .missingField, at: fields.location("nodes"), "the lab has no node",
                hint: "add at least one under `nodes`")
        }
        LabRules(reader: reader).check(drafts, nodes: fields.location("nodes"), domain: domain, server: server)
        return drafts
    }
}

extension [Component] {
    /// The components in the form of a lab file: `[main, contrib]`.
    var listText: String { "[\(map(\.rawValue).joined(separator: ", "))]" }
}
