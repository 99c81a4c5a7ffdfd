import ArgumentParser
import Build
import FoundationEssentials
import Lab
import Preseed
import Server

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compares reports of the verifier with the current lab.",
        discussion: """
            Examples:
              xenseed verify reports/*.json
              ssh root@xen01 cat /var/lib/xenseed/report.json | xenseed verify -
              xenseed verify --ssh                 run xenseed-verify on every node
              xenseed verify --ssh --node xen01 --all
              xenseed verify --ssh --migrate web1  move a guest there and back

            A node differs if a check failed, if the lab has another value since the
            report, or if the lab has an assertion that was not checked. The exit status
            is 4 if a node differs, or if a selected node has no report.

            --ssh uses your ssh and its configuration, without forwarding anything to
            the node, and asks up to 8 nodes at a time. The report of a node counts only
            for this node.

            --migrate checks nothing else: the node on which the guest runs moves it to
            its other node and back, and says how long it stood still. The exit status is
            4 if the guest did not move, or runs on neither node.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(
        name: .customLong("lab"), help: "The lab file, or the directory with lab.yaml.",
        completion: .file(extensions: ["yaml", "yml"]), transform: labPath)
    var labFile = "lab.yaml"

    @Flag(help: "Run xenseed-verify on the nodes by ssh, as root, and collect its reports.")
    var ssh = false

    @Option(
        help: ArgumentHelp(
            "With --ssh, the time that each node may take. (default: 300; with --migrate, 3600)", valueName: "seconds"))
    var timeout: Int?

    @Option(help: ArgumentHelp("With --ssh, move this guest to its other node and back.", valueName: "guest"))
    var migrate: String?

    @Option(
        help: ArgumentHelp("With --migrate, meanwhile ping the guest at this address.", valueName: "address"))
    var ping: String?

    @Option(
        help: ArgumentHelp(
            "Show only this node; may be repeated. Default: all nodes with a report.", valueName: "name"))
    var node: [String] = []

    @Flag(help: "Also show the checks that passed.")
    var all = false

    @Option(help: "The output format.")
    var format = Format.text

    @Argument(help: "Reports; - is standard input.", completion: .file(extensions: ["json"]))
    var reports: [String] = []

    func validate() throws {
        if ssh, !reports.isEmpty { throw ValidationError("--ssh collects the reports itself.") }
        if !ssh, reports.isEmpty { throw ValidationError("Name reports, - for standard input, or --ssh.") }
        guard timeout ?? 1 > 0 else { throw ValidationError("--timeout needs a number of seconds, 1 or more.") }
        if migrate == nil, ping != nil { throw ValidationError("--ping needs --migrate.") }
        if let ping, (try? IPAddress(text: ping)) == nil { throw ValidationError("“\(ping)” is not an IP address.") }
        if migrate != nil {
            if !ssh { throw ValidationError("--migrate needs --ssh.") }
            if all || !node.isEmpty || format != .text {
                throw ValidationError("--migrate makes no report: leave --all, --node and --format out.")
            }
        }
    }

    func run() async throws {
        let lab = try readLab(at: labFile, show: printErrors(of:))
        if let migrate { return try await move(try lab.guest(migrate), lab) }
        let plan = Plan(lab: lab, templates: try TemplateSet())
        for name in node { _ = try lab.node(name) }
        let found = ssh ? try await collect(lab) : try newest(of: read(), lab)
        var results: [Result] = []
        for member in lab.nodes {
            let (name, report) = (member.name.description, found[member.name])
            // A node without a report is shown only if the user selected it.
            guard isChosen(name), report != nil || ssh || !node.isEmpty else { continue }
            let assertions = plan.assertions(of: member)
            results.append(Result(name, report, report.map { Drift($0, against: assertions) }))
        }
        let text = format == .json ? encoded(results) : results.map { $0.text(all: all) }.joined()
        try output(text, terminator: "")
        if results.contains(where: \.differs) { throw CommandError.differences }
    }

    private func isChosen(_ name: String) -> Bool { node.isEmpty || node.contains(name) }

    private func read() throws -> [VerifierReport] {
        var found: [VerifierReport] = []
        var isSound = true
        for file in reports {
            let data = try content(of: file)
            do { found.append(try VerifierReport(data)) } catch {
                complain("xenseed: \(file) \(error)")
                isSound = false
            }
        }
        guard isSound else { throw CommandError.input }
        return found
    }

    /// Returns the newest report of each node.
    private func newest(of reports: [VerifierReport], _ lab: Lab) throws(CommandError) -> [Hostname: VerifierReport] {
        var newest: [Hostname: VerifierReport] = [:]
        for report in reports {
            guard let member = lab.nodes.first(where: { report.isReport(of: $0, in: lab) }) else {
                let known = lab.nodes.flatMap { [$0.name.description, lab.fullName($0.name)] }
                throw .input(
                    "a report is from \(DiagnosticReport.printable(report.node)), which is not a node of the lab\(suggestion(for: report.node, among: known))"
                )
            }
            // ISO 8601 sorts by time.
            if let other = newest[member.name], other.time > report.time { continue }
            newest[member.name] = report
        }
        return newest
    }

    /// The number of nodes that are asked at a time.
    private static let sessions = 8

    /// Moves a guest there and back by the verifier of the node on which it runs.
    private func move(_ guest: Guest, _ lab: Lab) async throws {
        guard guest.nodes.count == 2 else {
            throw CommandError.usage("\(guest.name) can't move: its disk is on \(guest.nodes[0]) only")
        }
        let shell = try await NodeShell(lab)
        let command =
            "/usr/local/sbin/xenseed-verify --migrate \(guest.name)" + (ping.map { " --ping \($0)" } ?? "")
        for node in lab.nodes(of: guest) {
            switch try await shell.runForGuest(command, on: node, seconds: timeout ?? 3600) {
            case "exit status 0"?: return
            // The guest does not run there.
            case "exit status 4"?, nil: continue
            case let status?:
                complain("xenseed: \(node.name): xenseed-verify --migrate \(guest.name) ended with \(status)")
                throw CommandError.differences
            }
        }
        complain("xenseed: \(guest.name) was found on neither \(guest.nodes[0]) nor \(guest.nodes[1])")
        throw CommandError.differences
    }

    /// Runs the verifier on the nodes by the user's own ssh. What goes wrong with a node is printed to standard error.
    private func collect(_ lab: Lab) async throws -> [Hostname: VerifierReport] {
        let shell = try await NodeShell(lab)
        var waiting = lab.nodes.filter { isChosen($0.name.description) }[...]
        var reports: [Hostname: VerifierReport] = [:]
        await withTaskGroup(of: (Hostname, VerifierReport?).self) { group in
            func begin() {
                guard let member = waiting.popFirst() else { return }
                group.addTask { (member.name, await report(of: member, lab, shell)) }
            }
            for _ in 0..<Self.sessions { begin() }
            for await (name, report) in group {
                reports[name] = report
                begin()
            }
        }
        return reports
    }

    /// Returns the report that a node sends; nil when it sends none, or that of another node.
    private func report(of member: Node, _ lab: Lab, _ shell: NodeShell) async -> VerifierReport? {
        var problems: [String] = []
        defer {
            if !problems.isEmpty { complain(problems.map { "xenseed: \(member.name): \($0)" }.joined(separator: "\n")) }
        }
        do {
            let result = try await shell.run(
                "/usr/local/sbin/xenseed-verify >/dev/null; cat /var/lib/xenseed/report.json", on: member,
                limit: VerifierReport.limit, seconds: timeout ?? 300)
            problems = NodeShell.lines(of: result.errors).map { "ssh: \($0)" }
            guard result.isSuccess else {
                problems.append("ssh failed with \(result.status)")
                return nil
            }
            let report = try VerifierReport(Data(result.output))
            guard report.isReport(of: member, in: lab) else {
                problems.append(
                    "it sent a report of \(DiagnosticReport.printable(DiagnosticReport.shortened(report.node))), which does not count"
                )
                return nil
            }
            return report
        } catch let error as ServerError {
            problems.append("the output of ssh \(error)")
        } catch { problems.append("\(error)") }
        return nil
    }
}

extension VerifierReport {
    /// Whether the report gives the name of a node, with or without its domain, as the node that it is of.
    fileprivate func isReport(of member: Node, in lab: Lab) -> Bool {
        node == member.name.description || node == lab.fullName(member.name)
    }
}

/// A node and the comparison of its report with the lab.
private struct Result: Encodable {
    let node: String
    let time: String?
    let xen: String?
    let kernel: String?
    let items: [Drift.Item]
    let differs: Bool
    let needsRestart: Bool

    init(_ node: String, _ report: VerifierReport?, _ drift: Drift?) {
        self.node = node
        time = report?.time
        xen = report?.xen
        kernel = report?.kernel
        items = drift?.items ?? []
        differs = (drift?.differences ?? 1) > 0
        needsRestart = drift?.needsRestart ?? false
    }

    /// Returns a heading, and a line for each assertion to show.
    func text(all: Bool) -> String {
        guard let time else { return "\(node): no report\n" }
        let ok = items.count { $0.outcome == .ok }
        let count = items.count { $0.outcome.isDifference }
        var heading = "\(node): \(ok) ok, \(count) \(count == 1 ? "differs" : "differ")"
        if needsRestart { heading += ", restart needed" }
        heading +=
            " (\(DiagnosticReport.printable(time))\(xen.map { ", Xen \(DiagnosticReport.printable($0))" } ?? ""))\n"
        let shown = items.filter { all || $0.outcome != .ok }
        let widths = (
            shown.map(\.outcome.rawValue.utf8.count).max() ?? 0, shown.map(\.assertion.utf8.count).max() ?? 0
        )
        return heading
            + shown.map { item in
                var line = "  \(item.outcome.rawValue.padded(to: widths.0))  "
                line += item.assertion.padded(to: widths.1)
                line += item.seen.map { "  saw \($0.isEmpty ? "nothing" : $0)" } ?? "  not checked"
                line += item.asked.map { ", expected \($0)" } ?? ", no longer in the lab"
                return DiagnosticReport.printable(line) + "\n"
            }.joined()
    }
}
