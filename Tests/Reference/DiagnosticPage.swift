import Lab
import Preseed

/// The page with all diagnostics.
enum DiagnosticPage {
    static func text() -> String {
        """
        \(Markdown.notice)

        # Diagnostics

        The code of a diagnostic does not change between versions. `xenseed explain CODE` prints what is on this page.

        ## In a lab

        \(text(DiagnosticCode.labCodes))

        ## In a preseed

        \(text(DiagnosticCode.preseedCodes))

        """
    }

    private static func text(_ codes: [DiagnosticCode]) -> String {
        let list = codes.map { "- [\($0.id)](#\($0.id.lowercased())) \(Markdown.prose($0.title))" }
        let parts = codes.map { code in
            """
            ### \(code.id)

            **\(Markdown.prose(code.title)).** \(Markdown.prose(code.cause))

            Example:

            \(Markdown.block(code.example))

            Cure:

            \(Markdown.block(code.cure))
            """
        }
        return (list + [""] + [parts.joined(separator: "\n\n")]).joined(separator: "\n")
    }
}
