import Build
import Lab
import Templates

/// An assertion that a node's verifier checks, with the name that it has in the verifier's report.
package struct Assertion: Sendable, Equatable {
    /// The name, such as `bridge xenbr0`.
    package let name: String
    /// The expected value, such as `up with eth1`.
    package let asked: String

    /// Returns the assertions for a node by the current lab, in the order of the verifier.
    package static func all(of node: Node, by planner: Planner) throws(TemplateSet.Invalid) -> [Assertion] {
        let expect = try planner.overlay(node).first { $0.path == OverlayPath.expect.rawValue }
        guard case .file(let text) = expect?.kind else { return [] }
        return all(expect: String(decoding: text, as: UTF8.self))
    }

    /// Parses assertions.
    /// - Parameter expect: The content of a node's /etc/xenseed/expect, in the language that xenseed-verify.sh
    ///   describes.
    package static func all(expect: String) -> [Assertion] {
        let lines = expect.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ").map(String.init) }
        let options = lines.filter { $0[0] == "xen-option" }.map { $0[1] }
        let always = [
            Assertion(name: "xen-running", asked: "control_d"), Assertion(name: "xl-info", asked: "an answer"),
        ]
        return always
            + lines.compactMap { line in
                let arguments = line.dropFirst()
                func named(_ name: String, asked: String) -> Assertion { Assertion(name: name, asked: asked) }
                guard let first = arguments.first else { return nil }
                let rest = arguments.dropFirst().joined(separator: " ")
                let key = String(first.prefix { $0 != "=" })
                return switch line[0] {
                case "report": nil
                case "xen-option": named("xen-option \(key)", asked: first)
                case "xendomains": named("xendomains \(key)", asked: first)
                case "dom0-memory", "total-memory": named(line[0], asked: "\(first) MiB")
                case "volume": named("volume \(first)", asked: "\(rest) MiB")
                case "card": named("card \(first)", asked: rest)
                case "current":
                    named("current \(first)", asked: first == "grub" ? "the newest installed" : "the installed build")
                case "time-service":
                    named(line[0], asked: "active, enabled, \(arguments.joined(separator: " "))")
                case "address", "diversion": named("\(line[0]) \(first)", asked: rest)
                case "bridge": named("bridge \(first)", asked: "up with \(rest)")
                case "lease": named("lease \(first)", asked: rest.isEmpty ? "an address" : rest)
                case "grub-first":
                    named(
                        line[0], asked: (["xen"] + (options.isEmpty ? [] : ["with"] + options)).joined(separator: " "))
                default: named(line[0], asked: first)
                }
            }
    }
}
