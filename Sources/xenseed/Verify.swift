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

            A node differs if a check failed, if the lab has another value since the
            report, or if the lab has an assertion that was not checked. The exit status
            is 4 if a node differs, or if a selected node has no report.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(name: .customLong("lab"), help: "The lab file.", completion: .file(extensions: ["yaml", "yml"]))
    var labFile = "lab.yaml"

    @Flag(help: "Run xenseed-verify on the nodes by ssh, as root, and collect its reports.")
    var ssh = false

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
    }

    func run() async throws {
        let lab = try readLab(at: labFile) { found in
            if found.errors > 0 { complain(found.text()) }
            return found.errors == 0
        }
        let plan = Plan(lab: lab, templates: try TemplateSet())
        for name in node { _ = try lab.node(name) }
        let collected = ssh ? try await collect(lab) : try read()
        var results: [Result] = []
        for member in lab.nodes {
            let name = member.name.description
            let fullName = lab.fullName(member.name)
            let found = collected.filter { [name, fullName].contains($0.node) }
            // A node without a report is shown only if the user selected it.
            guard isChosen(name), !found.isEmpty || ssh || !node.isEmpty else { continue }
            // ISO 8601 sorts by time.
            let report = found.max { $0.time < $1.time }
            let assertions = plan.assertions(of: member)
            results.append(Result(name, report, report.map { Drift($0, against: assertions) }))
        }
        let known = Set(lab.nodes.flatMap { [$0.name.description, lab.fullName($0.name)] })
        for report in collected where !known.contains(report.node) {
            let near = suggestion(for: report.node, among: known)
            throw CommandError.input(
                "a report is from \(DiagnosticReport.printable(report.node)), which is not a node of the lab\(near)")
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

    /// Runs the verifier by the user's own ssh, on one node after the other; ssh's messages go to standard error.
    private func collect(_ lab: Lab) async throws -> [VerifierReport] {
        guard let ssh = await Program("ssh") else {
            throw CommandError.environment("ssh is not installed; install Debian's package openssh-client")
        }
        var reports: [VerifierReport] = []
        for member in lab.nodes where isChosen(member.name.description) {
            let arguments = [
                "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "root@\(lab.fullName(member.name))",
                "/usr/local/sbin/xenseed-verify >/dev/null; cat /var/lib/xenseed/report.json",
            ]
            do {
                let result = try await ssh.run(arguments, limit: VerifierReport.limit, errors: .shown)
                guard result.isSuccess else {
                    complain("xenseed: \(member.name): ssh failed with \(result.status)")
                    continue
                }
                reports.append(try VerifierReport(Data(result.output)))
            } catch let error as ServerError {
                complain("xenseed: \(member.name): the output of ssh \(error)")
            } catch { complain("xenseed: \(member.name): \(error)") }
        }
        return reports
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
