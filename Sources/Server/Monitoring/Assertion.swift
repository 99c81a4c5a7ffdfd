import Build
import Lab
import Templates

/// An assertion that a node's verifier checks, with the name that it has in the verifier's report.
package struct Assertion: Sendable, Equatable {
    /// The name, such as `bridge xenbr0`.
    package let name: String
    /// The expected value, such as `up with eth1`.
    package let expected: String

    /// Returns the assertions for a node by the current lab, in the order of the verifier.
    package static func all(of node: Node, by planner: Planner) throws(BuildError) -> [Assertion] {
        let expect = planner.overlay(node).first { $0.path == OverlayPath.expect.rawValue }
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
            Assertion(name: "xen-running", expected: "control_d"), Assertion(name: "xl-info", expected: "an answer"),
        ]
        return always
            + lines.compactMap { line in
                let arguments = line.dropFirst()
                func named(_ name: String, expected: String) -> Assertion { Assertion(name: name, expected: expected) }
                guard let first = arguments.first else { return nil }
                let rest = arguments.dropFirst().joined(separator: " ")
                let key = String(first.prefix { $0 != "=" })
                return switch line[0] {
                case "report": nil
                case "xen-option": named("xen-option \(key)", expected: first)
                case "xendomains": named("xendomains \(key)", expected: first)
                case "dom0-memory", "total-memory": named(line[0], expected: "\(first) MiB")
                case "volume": named("volume \(first)", expected: "\(rest) MiB")
                case "card": named("card \(first)", expected: rest)
                case "current":
                    named(
                        "current \(first)", expected: first == "grub" ? "the newest installed" : "the installed build")
                case "time-service":
                    named(line[0], expected: "active, enabled, \(arguments.joined(separator: " "))")
                case "address", "diversion": named("\(line[0]) \(first)", expected: rest)
                case "bridge": named("bridge \(first)", expected: "up with \(rest)")
                case "lease": named("lease \(first)", expected: rest.isEmpty ? "an address" : rest)
                case "grub-first":
                    named(
                        line[0],
                        expected: (["xen"] + (options.isEmpty ? [] : ["with"] + options)).joined(separator: " "))
                default: named(line[0], expected: first)
                }
            }
    }
}
