import ArgumentParser
import Diagnostics
import Preseed
import Spec

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explains a diagnostic's code: cause, example and cure.",
        discussion: """
            Examples:
              xenseed explain X0315
              xenseed explain          all codes, a line each
            """)

    @Argument(help: "A code, as it stands in brackets in a message.")
    var code: String?

    func run() throws {
        let codes = DiagnosticCode.labCodes + DiagnosticCode.preseedCodes
        guard let wanted = code?.uppercased() else {
            for code in codes { print("\(code.id)  \(code.title)") }
            return
        }
        guard let code = codes.first(where: { $0.id == wanted }) else {
            let near = nearest(to: wanted, among: codes.map(\.id)).map { "; did you mean \($0)?" } ?? ""
            throw Exit.usage("there is no code \(wanted)\(near)")
        }
        print(
            """
            \(code.id): \(code.title)

            Cause: \(code.cause)

            Example:
            \(indented(code.example))

            Cure:
            \(indented(code.cure))
            """)
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n")
    }
}
