import Releases

extension Inspection {
    /// For a person.
    public var text: String {
        var lines = ["\(path): \(kind.words)"]
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("  \(name)\(String(repeating: " ", count: max(1, 14 - name.count)))\(value)")
        }
        add("says", says)
        add("volume", volume)
        add("starts by", boot.joined(separator: ", "))
        for installer in installers {
            var words = [installer.version ?? "of unknown version"]
            if let archives = installer.archives {
                words.append(archives == 1 ? "1 archive" : "\(archives) archives")
                words.append(installer.hasSeed == true ? "with a lab's seed" : "without a seed")
            }
            add(installer.archives == nil ? "kernel" : "initrd", "\(installer.path): \(words.joined(separator: ", "))")
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
            if node.isChained { add("chain", "the preseed names the late command, that the overlay") }
            for problem in node.damage { add("DAMAGED", problem) }
        }
        if !armed.isEmpty { lines.append("installed over the network, while these files are there") }
        for file in armed { add(file.node ?? "?", "\(file.mac) \(file.url ?? "") (\(file.path))") }
        for problem in damage { lines.append("DAMAGED: \(problem)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Inspection.Kind {
    fileprivate var words: String {
        switch self {
        case .image: "an ISO 9660 image"
        case .initrd: "an installer's initrd"
        case .seed: "a lab's seed, to append to an installer's initrd"
        case .overlay: "a node's overlay"
        case .outputTree: "what xenseed built from a lab"
        case .netbootTree: "a TFTP root"
        case .netbootArchive: "Debian's netboot archive"
        case .nodeFolder: "what installs one node"
        }
    }
}
