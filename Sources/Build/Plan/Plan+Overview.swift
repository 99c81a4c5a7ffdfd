import Lab
import Preseed
import Templates

/// The dimensions of the drawing of a lab, which shows how its nodes and networks are connected.
///
/// A network is a line that runs down beside the nodes, and a card is a line that leads to it. The parts of a node are
/// placed relative to the node, so that a change to one node moves other nodes but does not change their parts.
private enum Drawing {
    static let margin = 16
    static let row = 20
    /// The right edge of a node.
    static let edge = 296
    static let gap = 14
    static let rail = 28
    static let colours = 6
}

extension Plan {
    /// Whether the lab has a drawing. With more nodes, a drawing is less useful than a table.
    package var isDrawn: Bool { lab.nodes.count <= 100 }

    /// Returns the drawing; empty for a large lab.
    func overview() -> [PlannedFile] {
        guard isDrawn else { return [] }
        let content = templates.render(Self.overview, DrawingSubject(self))
        return [PlannedFile("overview.svg", content)]
    }

    static let overview = TemplateDefinition<DrawingSubject>(.overview) {
        labValues()
        TemplateValue("width", from: .placing) { $0.width }
        TemplateValue("height", from: .placing) { $0.height }
        TemplateValue("count", from: .fact("the number of nodes in the lab")) {
            $0.lab.nodes.count == 1 ? "One node" : "\($0.lab.nodes.count) nodes"
        }
        TemplateValue(list: "networks", from: .placing, of: { $0.networks }) {
            TemplateValue("name") { $0.network.name }
            TemplateValue(
                "subnet",
                from: [
                    "networks.*.subnet", "networks.*.vlan", "networks.*.mtu", "networks.*.ipv6.method",
                    "networks.*.ipv6.subnet",
                ]
            ) { $0.network.words }
            TemplateValue("way", from: .waysOut) {
                $0.network.isDHCP ? "DHCP" : $0.network.gateway == nil ? "closed" : "routed"
            }
            TemplateValue("colour") { $0.colour }
            TemplateValue("baseline") { $0.y + 12 }
            TemplateValue("edge") { _ in Drawing.edge }
            TemplateValue("rail") { $0.y + 8 }
            TemplateValue("x") { $0.x }
            TemplateValue("end") { $0.end }
        }
        TemplateValue(list: "nodes", from: .placing, of: { $0.nodes }) {
            TemplateValue("top") { $0.top }
            TemplateValue("height") { $0.height }
            TemplateValue("name", from: .nodeName) { $0.node.name }
            TemplateValue("memory", from: "nodes.*.memory") { $0.node.memory }
            TemplateValue("dom0", from: "nodes.*.dom0.memory") { $0.node.dom0.memory }
            TemplateValue(list: "bridges", of: { $0.bridges }) {
                TemplateValue("top") { $0.top }
                TemplateValue("height") { $0.height }
            }
            TemplateValue(list: "rows", of: { $0.rows }) {
                TemplateValue("indent") { $0.indent }
                TemplateValue("baseline") { $0.y + 14 }
                TemplateValue("link") { $0.name }
                TemplateValue("address", from: [.addresses, "networks.*.dhcp"]) { $0.address }
                TemplateValue(optional: "wires", of: { $0.wire }) {
                    TemplateValue("colour") { $0.colour }
                    TemplateValue("x") { $0.x }
                    TemplateValue("y") { $0.y + 10 }
                    TemplateValue("card") { $0.y + 5 }
                }
            }
        }
    }
}

extension Sources {
    /// The sources of a position, which depends on everything above it.
    fileprivate static let placing: Sources = [
        cards, addresses, disk, volumeGroups, .fact("the layout of the drawing"),
    ]
}

/// A lab with the position of each part of its drawing.
struct DrawingSubject: TemplateSubject {
    let plan: Plan
    private(set) var networks: [NetworkLine] = []
    private(set) var nodes: [NodeBox] = []
    let width: Int
    private(set) var height: Int

    struct NetworkLine: Sendable {
        var network: Network
        var colour: Int
        var y: Int
        /// The x-coordinate of the vertical part of the line, which ends at the y-coordinate `end`.
        var x: Int
        var end: Int
    }

    struct NodeBox: Sendable {
        var node: Node
        var top: Int
        var height = 30
        var rows: [Row] = []
        var bridges: [(top: Int, height: Int)] = []
    }

    /// The row of a link or of a bridge's port.
    struct Row: Sendable {
        var indent: Int
        var y: Int
        var name: String
        var address = ""
        var wire: Wire?
    }

    struct Wire: Sendable {
        var colour: Int
        var x: Int
        var y: Int
    }

    init(_ plan: Plan) {
        self.plan = plan
        let networks = plan.lab.networks
        // The line of the first network is the rightmost one, so that no line that starts further down crosses it.
        func x(_ network: Int) -> Int { Drawing.edge + Drawing.rail * (networks.count - network) }
        width = x(0) + Drawing.margin
        height = Drawing.margin + 22 * networks.count + Drawing.gap
        self.networks = networks.enumerated().map { place, network in
            let y = Drawing.margin + 22 * place
            return NetworkLine(network: network, colour: place % Drawing.colours, y: y, x: x(place), end: y + 8)
        }
        let places = Dictionary(uniqueKeysWithValues: networks.enumerated().map { ($1.name, $0) })
        for node in plan.lab.nodes {
            var box = NodeBox(node: node, top: height)
            for link in node.links { add(link, to: &box, networkAt: places[link.addressing.network.name]!) }
            addDisks(of: node, to: &box)
            box.height += 8
            nodes.append(box)
            height += box.height + Drawing.gap
        }
    }

    /// Adds a row for the RAID, and one for each volume group on other disks.
    private func addDisks(of node: Node, to box: inout NodeBox) {
        let groups = node.volumeGroups.map { (name: "volume group \($0.name)", count: $0.devices.count) }
        let mirror = node.disk.selector.members.map { [(name: "RAID 1", count: $0.count)] } ?? []
        for row in mirror + groups {
            box.rows.append(
                Row(
                    indent: 28, y: box.height, name: row.name,
                    address: "\(row.count) disk\(row.count == 1 ? "" : "s")"))
            box.height += Drawing.row
        }
    }

    private mutating func add(_ link: Link, to box: inout NodeBox, networkAt place: Int) {
        func addRow(_ indent: Int, _ name: String, address: String = "", isWired: Bool = false) {
            let wire = Wire(colour: networks[place].colour, x: networks[place].x, y: box.height)
            if isWired { networks[place].end = box.top + box.height + 10 }
            box.rows.append(
                Row(indent: indent, y: box.height, name: name, address: address, wire: isWired ? wire : nil))
            box.height += Drawing.row
        }
        func words(_ port: Port) -> String {
            let cards = port.cards.map(\.name.description).joined(separator: " ")
            return port.cards.count == 1 ? port.name.description : "\(port.name) (\(cards))"
        }
        let address = link.shownAddress
        guard link.bridge != nil else { return addRow(28, words(link.ports[0]), address: address, isWired: true) }
        box.height += 3
        box.bridges.append((box.height, Drawing.row * (1 + link.ports.count)))
        addRow(36, link.name.description, address: address)
        for port in link.ports { addRow(52, "port \(words(port))", isWired: true) }
        box.height += 4
    }
}

extension Link {
    /// The first address of the link; empty when only guests use it.
    fileprivate var shownAddress: String {
        if addressing.isBare { return "" }
        if let address = addressing.address { return address.description }
        return usesDHCP ? "DHCP" : addressing.ipv6?.description ?? "SLAAC"
    }
}
