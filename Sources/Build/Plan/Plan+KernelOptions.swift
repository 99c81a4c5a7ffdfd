import Lab

extension Plan {
    /// Returns the kernel options of the installer for a node: the settings that it needs before it can fetch the
    /// preseed.
    /// - Parameters:
    ///   - base: The URL at which the output directory is served, without a slash at its end.
    ///   - preseedSum: The MD5 of the node's preseed in hexadecimal. The installer accepts no other kind of checksum
    ///     here.
    func kernelOptions(_ node: Node, base: String, preseedSum: String) -> [String] {
        [
            "auto=true", "priority=critical", "url=\(base)/\(NodeFile.preseed.path(of: node.name))",
            "preseed/url/checksum=\(preseedSum)",
            // The installer needs these before it has the preseed.
            "netcfg/link_wait_timeout=\(Self.linkWait)", "netcfg/dhcp_timeout=\(Self.dhcpWait)",
            // Without an answer, the question is not shown at this priority, and the detection of network cards fails
            // when firmware is missing (hw-detect 1.108 and 1.159, check-missing-firmware).
            "hw-detect/load_firmware=false",
        ] + installerOptions(node)
    }

    /// Returns the options that identify the node to the installer. They do not depend on the source of the preseed.
    func installerOptions(_ node: Node) -> [String] {
        let link = node.installLink
        let network = link.addressing.network
        var options = [
            "netcfg/hostname=\(node.name)", "domain=\(lab.domain)", "interface=\(node.installMAC)",
            "locale=\(lab.locale)", "keymap=\(lab.keymap)",
        ]
        if !network.isDHCP {
            options += [
                "netcfg/disable_autoconfig=true", "netcfg/get_ipaddress=\(link.addressing.address!)",
                "netcfg/get_netmask=\(network.subnet!.netmask)",
                "netcfg/get_gateway=\(network.gateway?.description ?? "none")",
                "netcfg/confirm_static=true",
            ]
        }
        // netcfg accepts several, separated by blanks, which a kernel option can't contain.
        if let first = network.dns.first { options.append("netcfg/get_nameservers=\(first)") }
        if let console = node.console { options.append("console=\(console)n8") }
        return options
    }

    /// The URL at which the output directory is served; its host is `SERVER` if the lab has no boot server.
    var baseURL: String { lab.bootServer?.url ?? "http://SERVER:\(Self.port)" }
    /// The port of the web server if the lab has no boot server: the default of Python's http.server.
    static let port = 8000
}

extension Sources {
    /// The sources of the installer's kernel options (`Plan.kernelOptions`).
    static let kernelOptions: Sources = [
        "boot_server.address", "boot_server.port", installCard, addresses, "networks.*.subnet", "networks.*.dns",
        "domain", "locale", "keymap", "nodes.*.console",
        .fact("the MD5 of the preseed, which depends on all its content"),
        .fact("the time that the installer waits for links and leases"),
    ]
}
