import Lab
import Preseed
import Templates

/// The drawing of a lab: what of it is connected with what.
///
/// A network is a line that comes down beside the nodes, and a card a line that leads to it. A node is placed as one piece, so that a
/// change to one node moves others and changes nothing in them.
private enum Drawing {
    static let margin = 16
    static let row = 20
    /// The right edge of a node.
    static let edge = 296
    static let gap = 14
    static let rail = 28
    static let colours = 6
}

extension Planner {
    /// Of more nodes, a drawing says less than a table.
    var isDrawn: Bool { lab.nodes.count <= 100 }

    /// None for a large lab.
    func overview() throws(TemplateSet.Invalid) -> [MediaFile] {
        guard isDrawn else { return [] }
        let networks = lab.networks
        let places = Dictionary(uniqueKeysWithValues: networks.enumerated().map { ($1.name, $0) })
        // The first network's line comes down at the right, so that no line that starts below crosses it.
        func x(_ network: Int) -> Int { Drawing.edge + Drawing.rail * (networks.count - network) }
        var top = Drawing.margin + 22 * networks.count + Drawing.gap
        var ends = networks.indices.map { Drawing.margin + 22 * $0 + 8 }
        var nodes: [Context] = []
        for node in lab.nodes {
            var y = 30
            var rows: [Context] = []
            var bridges: [Context] = []
            func wire(_ network: NetworkName) -> ContextValue {
                let place = places[network]!
                ends[place] = top + y + 10
                return .optional([
                    "colour": .init(place % Drawing.colours), "x": .init(x(place)), "y": .init(y + 10),
                    "card": .init(y + 5),
                ])
            }
            for link in node.links {
                let network = link.addressing.network.name
                let address = link.addressing.address?.description ?? "DHCP"
                guard let bridge = link.bridge else {
                    rows.append([
                        "indent": "28", "baseline": .init(y + 14), "link": .init(link.name), "address": .text(address),
                        "wires": wire(network),
                    ])
                    y += Drawing.row
                    continue
                }
                let ports = node.ports(of: bridge)
                y += 3
                bridges.append(["top": .init(y), "height": .init(Drawing.row * (1 + ports.count))])
                rows.append([
                    "indent": "36", "baseline": .init(y + 14), "link": .init(link.name), "address": .text(address),
                    "wires": .list([]),
                ])
                y += Drawing.row
                for port in ports {
                    rows.append([
                        "indent": "52", "baseline": .init(y + 14), "link": .text("port \(port.name)"), "address": "",
                        "wires": wire(network),
                    ])
                    y += Drawing.row
                }
                y += 4
            }
            y += 8
            nodes.append([
                "top": .init(top), "height": .init(y), "name": .init(node.name),
                "memory": .text(node.memory?.description ?? ""),
                "dom0": .init(node.dom0.memory), "rows": .list(rows), "bridges": .list(bridges),
            ])
            top += y + Drawing.gap
        }
        let rows = networks.enumerated().map { place, network -> Context in
            let y = Drawing.margin + 22 * place
            return [
                "name": .init(network.name), "subnet": .init(network.subnet), "colour": .init(place % Drawing.colours),
                "way": .text(network.isDHCP ? "DHCP" : network.gateway == nil ? "closed" : "routed"),
                "baseline": .init(y + 12), "edge": .init(Drawing.edge), "rail": .init(y + 8), "x": .init(x(place)),
                "end": .init(ends[place]),
            ]
        }
        let content = try templates.render(
            .overview,
            [
                "width": .init(x(0) + Drawing.margin), "height": .init(top), "domain": .init(lab.domain),
                "count": .text(lab.nodes.count == 1 ? "One node" : "\(lab.nodes.count) nodes"), "networks": .list(rows),
                "nodes": .list(nodes),
            ])
        return [MediaFile(path: "overview.svg", content: content)]
    }
}
