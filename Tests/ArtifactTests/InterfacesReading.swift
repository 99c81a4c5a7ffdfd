import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// How ifupdown interprets an interfaces file.
struct InterfacesReading: Equatable, Sendable {
    /// The interfaces that are brought up at boot, in order.
    var auto: [String] = []
    /// The options of every stanza, by interface.
    var options: [String: [String: String]] = [:]
    /// The commands that ifup would run, as arguments. For a DHCP client, only the interface is recorded.
    var commands: [[String]] = []
    /// The programs' error messages.
    var errors = ""

    /// Computes the expected result from the plan of a node.
    init(of node: Node, on release: Release) {
        auto = ["lo"]
        options["lo"] = [:]
        commands = [["ip", "link", "set", "dev", "lo", "up"]]
        for nic in node.interfaces where nic.bridge != nil { options[nic.name.description] = [:] }
        for link in node.links {
            let (name, network) = (link.name.description, link.addressing.network)
            var values: [String: String] = [:]
            if network.isDHCP {
                commands.append(["dhclient", name])
            } else {
                let (address, netmask) = (link.addressing.address!.description, network.subnet.netmask.description)
                let broadcast = network.subnet.broadcast.description
                values = ["address": address, "netmask": netmask, "broadcast": broadcast]
                commands += [
                    ["ip", "addr", "add", "\(address)/\(netmask)", "broadcast", broadcast, "dev", name, "label", name],
                    ["ip", "link", "set", "dev", name, "up"],
                ]
                if let gateway = network.gateway?.description {
                    values["gateway"] = gateway
                    commands.append(["ip", "route", "add", "default", "via", gateway, "dev", name])
                }
            }
            if let bridge = link.bridge {
                values["bridge_ports"] = node.ports(of: bridge).map(\.name.description).joined(separator: " ")
                values["bridge_stp"] = bridge.stp ? "on" : "off"
                values["bridge_waitport"] = "\(bridge.waitport)"
                values["bridge_fd"] = "\(bridge.forwardDelay)"
                values["bridge_maxwait"] = "\(bridge.maxwait)"
                if release.bridgeNeedsAddress { values["bridge_hw"] = link.mac(on: release).description }
            }
            auto.append(name)
            options[name] = values
        }
    }

    private init() {}

    /// Runs ifquery and ifup (with `--no-act`) on interfaces files and returns what they print for each of them.
    static func read(_ files: [String]) throws -> [InterfacesReading] {
        let state = try TemporaryFolder()
        let ran = try shell(
            """
            # Jessie's keeps its state in one place only.
            state="--state-dir $1"
            ifquery --help | grep -q -e --state-dir || state=
            [ -n "$state" ] || mkdir -p /run/network
            shift
            mark=$(printf '\\001')
            for file in "$@"; do
                echo "${mark}file"
                ifquery --interfaces "$file" $state --list 2>&1
                for link in $(sed -n 's/^iface \\([^ ]*\\) .*/\\1/p' "$file"); do
                    echo "${mark}link $link"
                    ifquery --interfaces "$file" $state "$link" 2>&1 || echo "${mark}failed"
                done
                echo "${mark}up"
                ifup --no-act --interfaces "$file" $state -a 2>&1 || echo "${mark}failed"
            done
            """, [state.path] + files, needs: ["ifquery", "ifup"])
        try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        // The part before the first mark is empty.
        let readings = ran.out.components(separatedBy: "\u{1}file\n").dropFirst().map(reading)
        try #require(readings.count == files.count)
        return readings
    }

    private static func reading(_ text: String) -> InterfacesReading {
        var reading = InterfacesReading()
        for (index, part) in text.components(separatedBy: "\u{1}").enumerated() {
            var lines = part.split(separator: "\n").map(String.init)
            if index == 0 {
                reading.auto = lines
                continue
            }
            let head = lines.removeFirst()
            if head.hasPrefix("link ") {
                let pairs = lines.map { line in
                    let cut = line.firstRange(of: ": ")
                    return (
                        String(line[..<(cut?.lowerBound ?? line.endIndex)]),
                        String(line[(cut?.upperBound ?? line.endIndex)...])
                    )
                }
                reading.options[String(head.dropFirst(5))] = Dictionary(pairs) { "\($0) and \($1)" }
            } else if head == "up" {
                for line in lines where !line.hasPrefix("run-parts ") {
                    // Newer versions of ifupdown add `onlink` to the route.
                    let words = line.split { " \t".contains($0) }.map(String.init).filter { $0 != "onlink" }
                    if words.contains("dhclient") {
                        reading.commands.append(["dhclient", words.last!])
                    } else {
                        reading.commands.append(words)
                    }
                }
            } else {
                reading.errors += "failed; "
            }
        }
        return reading
    }
}
