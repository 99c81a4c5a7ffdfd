import Preseed

extension Inspection {
    /// The result as text for a person. Nothing in it controls a terminal: a medium that is inspected may be made to look like
    /// another one.
    package var text: String {
        var lines = ["\(path): \(kind.displayName)"]
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("  \(name)\(String(repeating: " ", count: max(1, 14 - name.count)))\(value)")
        }
        add("says", says)
        add("volume", volume)
        add("starts by", boot.joined(separator: ", "))
        for installer in installers {
            var details = [installer.version ?? "unknown version"]
            if let archives = installer.archives {
                details.append(archives == 1 ? "1 archive" : "\(archives) archives")
                details.append(installer.hasSeed == true ? "with the seed of a lab" : "without a seed")
            }
            add(
                installer.archives == nil ? "kernel" : "initrd", "\(installer.path): \(details.joined(separator: ", "))"
            )
        }
        for node in nodes {
            lines.append("node \(node.name)")
            add(
                "release",
                node.release.map { name in Release.named(name).map { "Debian \($0.number) (\(name))" } ?? name })
            add("MAC", node.macs.joined(separator: " "))
            add("serial", node.serial)
            add("erases", node.erases)
            add("password", node.password)
            add("preseed", node.preseed)
            add("late command", node.lateCommand)
            add("overlay", node.overlay)
            if node.isChained {
                add("chain", "the preseed has the digest of the late command, the late command that of the overlay")
            }
            for problem in node.damage { add("DAMAGED", problem) }
        }
        if !armed.isEmpty {
            lines.append("nodes that are installed when they boot from the network, and their boot files")
        }
        for file in armed { add(file.node ?? "?", "\(file.mac) \(file.url ?? "") (\(file.path))") }
        for problem in damage { lines.append("DAMAGED: \(problem)") }
        return lines.map { DiagnosticReport.printable($0) + "\n" }.joined()
    }
}

extension Inspection.Kind {
    fileprivate var displayName: String {
        switch self {
        case .image: "an ISO 9660 image"
        case .initrd: "an installer's initrd"
        case .seed: "the seed of a lab, to append to an installer's initrd"
        case .overlay: "a node's overlay"
        case .outputTree: "the output tree of a lab"
        case .netbootTree: "a TFTP root directory"
        case .netbootArchive: "Debian's netboot archive"
        case .nodeFolder: "the files that install one node"
        }
    }
}
