import Diagnostics
import Lab
import Releases

/// Reads the lab's own fields, its networks and its nodes.
struct LabReader {
    let reader: SpecReader
    let override: Release?

    func read(_ root: YAMLValue) -> Lab? {
        let top = Cursor(layers: [.init(path: FieldPath(), value: root, mark: root.mark)])
        guard let fields = reader.fields(top, .lab) else { return nil }
        let release = self.release(fields)
        let domain = fields.text("domain", DomainName.self)
        let locale = fields.text("locale", default: known(LocaleName.self, "en_US.UTF-8"))
        let keymap = fields.text("keymap", default: known(KeymapName.self, "us"))
        let timeZone = fields.text("timezone", default: known(TimeZoneName.self, "UTC"))
        // What a release decides is checked against the default one when the file names none that exists.
        let assumed = release ?? Release.all[0]
        if let keymap { check(keymap, assumed) }
        let mirror = self.mirror(fields.record("mirror"), assumed)
        let timeServers =
            fields["ntp"] == nil
            ? assumed.timeServers.map { known(TimeServer.self, $0) }
            : fields.list("ntp", of: TimeServer.self).map(\.value)
        let server = fields["boot_server"] == nil ? nil : bootServer(fields.record("boot_server"))
        let reportURL = fields["report_url"] == nil ? nil : fields.text("report_url", ReportURL.self)
        let networks = NetworkReader(reader: reader).read(fields, server: server)
        let nodes = self.nodes(
            fields, release: assumed, networks: networks, mirror: mirror, domain: domain?.value, server: server)
        if let server { check(server, networks) }
        guard let release, let domain, let locale, let keymap, let timeZone, let mirror else { return nil }
        return Lab(
            release: release, domain: domain.value, locale: locale.value, keymap: keymap.value,
            timeZone: timeZone.value, mirror: mirror, timeServers: timeServers, bootServer: server?.value,
            reportURL: reportURL?.value,
            networks: networks.byName.values.compactMap(\.network).sorted { $0.name < $1.name }, nodes: nodes)
    }

    private func check(_ keymap: Placed<KeymapName>, _ release: Release) {
        guard let question = release.questions["keyboard-configuration/xkb-keymap"], !question.takesOthers else {
            return
        }
        let name = keymap.value.description
        if question.choices.contains(name) { return }
        reader.add(
            .unknownKeymap, at: keymap.spot, "\(release.codename)'s installer does not offer the keymap “\(name)”",
            hint: nearest(to: name, among: question.choices).map { "try: \($0)" })
    }

    private func release(_ fields: Fields) -> Release? {
        if let override { return override }
        guard fields["release"] != nil else { return Release.all[0] }
        guard let name = fields.string("release") else { return nil }
        if let release = Release.named(name.value) { return release }
        let names = Release.all.map(\.codename)
        reader.add(
            .unknownRelease, at: name.spot, "there is no release “\(name.value)” here",
            hint: nearest(to: name.value, among: names).map { "did you mean \($0)?" }
                ?? "one of: \(names.joined(separator: ", "))")
        return nil
    }

    private func mirror(_ fields: Fields, _ release: Release) -> Mirror? {
        let scheme = fields.text("protocol", default: MirrorScheme.http)
        let host = fields.text("host", default: known(HostAddress.self, release.mirrorHost))
        let directory = fields.text("directory", default: known(TargetPath.self, release.mirrorDirectory))
        if let directory, directory.value.description.contains("%") {
            reader.add(
                .malformedPath, at: directory.spot,
                "a mirror's folder has no %: apt would decode it, the installer would not")
        }
        let proxy = fields["proxy"] == nil ? nil : fields.text("proxy", ProxyURL.self)
        let security = fields.boolean("security", default: true)
        if let scheme, scheme.value == .https, let refusal = release.httpsRefusal {
            reader.add(
                .httpsRefused, at: scheme.spot, "the mirror can't be reached over https: \(refusal)",
                hint: "use http; what is installed is checked by other means (see the README on integrity)")
        }
        guard let scheme, let host, let directory, let security else { return nil }
        return Mirror(
            scheme: scheme.value, host: host.value, directory: directory.value, proxy: proxy?.value,
            security: security.value)
    }

    private func bootServer(_ fields: Fields) -> Placed<BootServer>? {
        let address = fields.text("address", IPv4Address.self)
        let port = fields.integer("port", default: 80)
        guard let address, let port else { return nil }
        return Placed(value: BootServer(address: address.value, port: port.value), spot: address.spot)
    }

    /// It has to be on a network of the lab: DHCP and TFTP are spoken on the wire.
    private func check(_ server: Placed<BootServer>, _ networks: Networks) {
        let known = networks.byName.values.map(\.network)
        let address = Placed(value: server.value.address, spot: server.spot)
        if let network = known.compactMap({ $0 }).first(where: { $0.subnet.contains(address.value) }) {
            NetworkReader(reader: reader).check(address, in: network.subnet, what: "the boot server")
        } else if networks.isComplete, !known.contains(where: { $0 == nil }) {
            reader.add(
                .outsideSubnet, at: server.spot, "the boot server \(address.value) is on none of the lab's networks",
                hint: "give its address on the network over which the nodes are installed")
        }
    }

    private func nodes(
        _ fields: Fields, release: Release, networks: Networks, mirror: Mirror?, domain: DomainName?,
        server: Placed<BootServer>?
    ) -> [Node] {
        let defaults = fields["defaults"]
        if let defaults { _ = reader.fields(defaults, .node) }
        let named = fields["nodes"] == nil ? [] : reader.table(fields.cursor, "nodes", keys: Hostname.self)
        let drafts = reader.sideBySide(named) { reader, named in
            let layered = Cursor(layers: named.1.layers + (defaults?.layers ?? []))
            return reader.fields(layered, .node).map { fields in
                NodeReader(reader: reader, release: release, networks: networks, mirror: mirror)
                    .read(named.key, fields)
            }
        }
        if drafts.isEmpty, reader.report.errors == 0 {
            reader.add(
                .missingField, at: fields.spot("nodes"), "the lab has no node", hint: "name at least one under `nodes`")
        }
        LabRules(reader: reader).check(drafts, nodes: fields.spot("nodes"), domain: domain, server: server)
        return drafts.compactMap(\.node)
    }
}

/// A default of ours, which is well-formed by construction.
func known<Value: TextValue>(_: Value.Type, _ text: String) -> Value {
    guard let value = try? Value(text: text) else { preconditionFailure("\(text) is not \(Value.syntax.name)") }
    return value
}
