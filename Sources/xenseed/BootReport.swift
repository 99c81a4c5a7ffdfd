import Build
import Lab
import Server

/// Returns the lines of a build's output about armed nodes: which are armed, which were newly armed and why, and which are
/// not armed and why.
func bootReport(_ boot: [NodeBoot], _ states: [String: ArmState]) -> [String] {
    func names(_ nodes: [NodeBoot]) -> String { nodes.map(\.node.name.description).joined(separator: ", ") }
    func cause(_ node: NodeBoot) -> ArmState.Cause { states[node.node.name.description]?.cause ?? .neverInstalled }
    var lines: [String] = []
    let armed = boot.filter(\.isArmed)
    if !armed.isEmpty {
        lines.append("armed: \(names(armed)): booting from the network installs them and ERASES their disks")
    }
    let groups: [(String, (NodeBoot) -> Bool)] = [
        ("newly armed, new in this tree and never installed", { $0.state == .newlyArmed && cause($0) != .armed }),
        ("newly armed, by xenseed arm", { $0.state == .newlyArmed && cause($0) == .armed }),
        ("not armed, installed", { $0.state == .disarmed && cause($0) == .installed }),
        ("not armed, by xenseed disarm", { $0.state == .disarmed && cause($0) != .installed }),
        ("not armed, the boot file was removed from the tree", { $0.state == .removed }),
    ]
    for (text, belongs) in groups {
        let nodes = boot.filter(belongs)
        if !nodes.isEmpty { lines.append("\(text): \(names(nodes))") }
    }
    let changed = boot.filter { !$0.isArmed && $0.isChanged }
    if !changed.isEmpty {
        let arguments = changed.map(\.node.name.description).joined(separator: " ")
        lines.append(
            "not armed, but their installation files have changed: \(names(changed)); to install again: xenseed arm \(arguments)"
        )
    }
    return lines
}

extension StateDirectory {
    /// Returns the names of the nodes that are not armed.
    static func disarmed(_ states: [String: ArmState]) -> Set<String> {
        Set(states.filter { !$0.value.isArmed }.keys)
    }
}
