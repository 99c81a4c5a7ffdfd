import Lab
import Preseed

extension Plan {
    /// Checks a node's preseed against the questions of the release's installer, which must not ask any question with
    /// any boot method. It throws a ``BuildError`` with the diagnostics.
    /// - Parameter file: The name of the preseed in messages.
    package func checkPreseed(_ bytes: [UInt8], of node: Node, file: String) throws(BuildError) {
        // The installer fetches the preseed by URL, or it reads it from the seed in the RAM disk.
        let pxe = KernelLine(kernelOptions(node, base: baseURL, preseedSum: "").joined(separator: " "))
        try check(bytes, file, on: [(.pxe, pxe), (.initrd, KernelLine("priority=critical"))])
    }

    /// Checks a part of a preseed, which other parts complete, against the questions of the release's installer. It
    /// throws a ``BuildError`` with the diagnostics.
    func checkPreseed(_ bytes: [UInt8], file: String) throws(BuildError) { try check(bytes, file, on: []) }

    private func check(
        _ bytes: [UInt8], _ file: String, on media: [(medium: PreseedSource, line: KernelLine)]
    ) throws(BuildError) {
        var report = DiagnosticReport(file: file, source: String(decoding: bytes, as: UTF8.self))
        let preseed = PreseedFile(bytes, report: &report)
        preseed.check(for: lab.release, report: &report)
        for (medium, line) in media {
            QuestionSimulation(preseed, release: lab.release, medium: medium, kernelLine: line).report(to: &report)
        }
        guard report.diagnostics.isEmpty else { throw BuildError(report.text(), code: .preseed) }
    }
}
