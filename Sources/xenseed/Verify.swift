import ArgumentParser
import Build
import Foundation
import Lab
import Preseed
import Server

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Holds verifiers' reports against the lab: what was seen, and what is asked now.",
        discussion: """
            Examples:
              xenseed verify reports/*.json
              ssh root@xen01 cat /var/lib/xenseed/report.json | xenseed verify -
              xenseed verify --ssh                 runs xenseed-verify on every node, and collects
              xenseed verify --ssh --node xen01 --all

            A node differs when it is not what it was asked to be, when the lab asks something else since,
            or when the lab asks something that nobody looked at. Exit status 4 when one differs, or when a
            node that was asked for has no report.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(name: .customLong("lab"), help: "The lab file.", completion: .file(extensions: ["yaml", "yml"]))
    var labFile = "lab.yaml"

    @Flag(help: "Run xenseed-verify on the nodes by ssh, as root, and collect its reports.")
    var ssh = false

    @Option(
        help: ArgumentHelp("Only this node; may be given again. Default: those that have a report.", valueName: "name"))
    var node: [String] = []

    @Flag(help: "Show what is in order, too.")
    var all = false

    @Option(help: "How it is printed.")
    var format = Format.text

    @Argument(help: "Reports; - is standard input.", completion: .file(extensions: ["json"]))
    var reports: [String] = []

    func validate() throws {
        if ssh, !reports.isEmpty { throw ValidationError("--ssh collects the reports itself.") }
        if !ssh, reports.isEmpty { throw ValidationError("Name reports, - for standard input, or --ssh.") }
    }

    func run() throws {
        let lab = try readLab(at: labFile) { found in
            if found.errors > 0 { complain(found.text()) }
            return found.errors == 0
        }
        let planner: Planner
        do { planner = Planner(lab: lab, templates: try TemplateSet()) } catch { throw Exit.environment("\(error)") }
        for name in node { _ = try lab.node(name) }
        let collected = ssh ? collect(lab) : try read()
        var results: [Result] = []
        for member in lab.nodes {
            let name = member.name.description
            let fullName = lab.fullName(member.name)
            let found = collected.filter { [name, fullName].contains($0.node) }
            // Without a report it is shown when it was asked for.
            guard isChosen(name), !found.isEmpty || ssh || !node.isEmpty else { continue }
            // ISO 8601 sorts by time.
            let report = found.max { $0.time < $1.time }
            do {
                let assertions = try Assertion.all(of: member, by: planner)
                results.append(Result(name, report, report.map { Drift($0, against: assertions) }))
            } catch { throw Exit.environment("\(error)") }
        }
        let known = Set(lab.nodes.flatMap { [$0.name.description, lab.fullName($0.name)] })
        for report in collected where !known.contains(report.node) {
            let near = suggestion(for: report.node, among: known)
            complain(
                "xenseed: a report is of \(DiagnosticReport.printable(report.node)), which is not a node of the lab\(near)"
            )
            throw Exit.input
        }
        let text = format == .json ? encoded(results) : results.map { $0.text(all: all) }.joined()
        try output(text, terminator: "")
        if results.contains(where: \.differs) { throw Exit.differences }
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
        guard isSound else { throw Exit.input }
        return found
    }

    /// By the user's own ssh, one node after the other; what ssh says goes to standard error.
    private func collect(_ lab: Lab) -> [VerifierReport] {
        lab.nodes.filter { isChosen($0.name.description) }.compactMap { member in
            let host = lab.fullName(member.name)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "root@\(host)",
                "/usr/local/sbin/xenseed-verify >/dev/null; cat /var/lib/xenseed/report.json",
            ]
            let output = Pipe()
            process.standardOutput = output
            process.standardInput = FileHandle.nullDevice
            do {
                try process.run()
                let data = try output.fileHandleForReading.read(upToCount: VerifierReport.limit + 1) ?? Data()
                try output.fileHandleForReading.close()
                process.waitUntilExit()
                guard process.terminationStatus == 0 else {
                    complain("xenseed: \(member.name): ssh ended with \(process.terminationStatus)")
                    return nil
                }
                return try VerifierReport(data)
            } catch let error as MonitoringError {
                complain("xenseed: \(member.name): what came by ssh \(error)")
            } catch { complain("xenseed: \(member.name): \(error.localizedReason)") }
            return nil
        }
    }
}

/// A node, its report, and how the two agree.
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

    /// A heading, and a line for each assertion that is to be seen.
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
                line += item.seen.map { "  saw \($0.isEmpty ? "nothing" : $0)" } ?? "  nobody looked"
                line += item.asked.map { ", asked \($0)" } ?? ", not asked any more"
                return DiagnosticReport.printable(line) + "\n"
            }.joined()
    }
}
