import Lab

extension Plan {
    /// The installer's kernel options for a node: what has to be known before the preseed can be fetched.
    /// - Parameters:
    ///   - base: the address at which the output folder is served, without a slash at its end.
    ///   - preseedSum: the MD5 of its preseed, in hex: the only checksum that the installer takes here.
    func kernelOptions(_ node: Node, base: String, preseedSum: String) -> [String] {
        [
            "auto=true", "priority=critical", "url=\(base)/\(NodeFile.preseed.path(of: node.name))",
            "preseed/url/checksum=\(preseedSum)",
            // Before the preseed is there.
            "netcfg/link_wait_timeout=\(Self.linkWait)", "netcfg/dhcp_timeout=\(Self.dhcpWait)",
            // Unanswered, the question is not shown at this priority, and detecting network cards fails when firmware is missing
            // (hw-detect 1.108 and 1.159, check-missing-firmware).
            "hw-detect/load_firmware=false",
        ] + installerOptions(node)
    }

    /// The options that say who the machine is, wherever its preseed comes from.
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
                "netcfg/get_netmask=\(network.subnet.netmask)",
                "netcfg/get_gateway=\(network.gateway?.description ?? "none")",
                "netcfg/confirm_static=true",
            ]
        }
        // netcfg takes several, parted by blanks; a kernel line does not.
        if let first = network.dns.first { options.append("netcfg/get_nameservers=\(first)") }
        if let console = node.console { options.append("console=\(console)n8") }
        return options
    }

    /// Where the output folder is served; `SERVER` where the lab does not say.
    var baseURL: String { lab.bootServer?.url ?? "http://SERVER:\(Self.port)" }
    /// Of the web server, where the lab does not say: the one that Python's takes by itself.
    static let port = 8000
}

extension Sources {
    /// What the installer's kernel is told (Plan.kernelOptions`).
    static let kernelOptions: Sources = [
        "boot_server.address", "boot_server.port", installCard, addresses, "networks.*.subnet", "networks.*.dns",
        "domain", "locale", "keymap", "nodes.*.console", .fact("the preseed's MD5, and so whatever is in it"),
        .fact("how long the installer waits for links and leases"),
    ]
}
