import Build
import Lab
import Server

/// Which nodes a build left armed, which it newly armed and why, and which it left alone.
func bootReport(_ boot: [NodeBoot], _ states: [String: ArmState]) -> [String] {
    func names(_ nodes: [NodeBoot]) -> String { nodes.map(\.node.name.description).joined(separator: ", ") }
    func cause(_ node: NodeBoot) -> ArmState.Cause { states[node.node.name.description]?.cause ?? .neverInstalled }
    var lines: [String] = []
    let armed = boot.filter(\.isArmed)
    if !armed.isEmpty {
        lines.append("armed: \(names(armed)): starting from the network installs them and ERASES their disks")
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
        let words = changed.map(\.node.name.description).joined(separator: " ")
        lines.append(
            "not armed, and what installs them has changed: \(names(changed)); to install again: xenseed arm \(words)")
    }
    return lines
}

extension StateDirectory {
    /// The names of nodes that are not to be installed.
    static func disarmed(_ states: [String: ArmState]) -> Set<String> {
        Set(states.filter { !$0.value.isArmed }.keys)
    }
}
