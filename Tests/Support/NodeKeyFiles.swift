import Lab

extension LabFiles.File {
    /// Returns the files that `xenseed keys` makes for nodes, with keys of their own in each run.
    package static func keys(of nodes: [String]) -> [LabFiles.File] {
        nodes.flatMap { node in
            ["migration", "host"].flatMap { purpose in
                let (key, name) = (SSHPrivateKey(), "\(node).\(purpose)")
                return [
                    LabFiles.File(path: name, mode: 0o600, kind: .file(key.content(comment: name))),
                    LabFiles.File(
                        path: name + ".pub", mode: 0o644, kind: .file(Array("\(key.publicKey(comment: name))\n".utf8))),
                ]
            }
        }
    }
}
