import Lab
import Preseed

extension Planner {
    /// Holds a node's preseed against the release's questions: the installation must ask nothing, whichever way it starts.
    /// - Parameter file: what a message calls it.
    package func checkPreseed(_ bytes: [UInt8], of node: Node, file: String) throws(BuildError) {
        func walks(_ preseed: PreseedFile) -> [Walk] {
            // Fetched by URL, and from the seed in the RAM disk.
            let pxe = KernelLine(kernelOptions(node, base: baseURL, preseedSum: "").joined(separator: " "))
            return [(Medium.pxe, pxe), (.initrd, KernelLine("priority=critical"))].map { medium, line in
                Walk(preseed, release: lab.release, medium: medium, kernelLine: line)
            }
        }
        let isWhole = checker.isWhole(bytes) {
            var ignored = DiagnosticReport(file: "", source: "")
            return walks(PreseedFile(bytes, report: &ignored)).allSatisfy(\.stops.isEmpty)
        }
        if !isWhole { try refuse(bytes, file, walks) }
    }

    /// Holds a part of a preseed, which others complete, against the release's questions.
    func checkPreseed(_ bytes: [UInt8], file: String) throws(BuildError) {
        if !checker.isSound(bytes) { try refuse(bytes, file) { _ in [] } }
    }

    private func refuse(_ bytes: [UInt8], _ file: String, _ walks: (PreseedFile) -> [Walk]) throws(BuildError) {
        var report = DiagnosticReport(file: file, source: String(decoding: bytes, as: UTF8.self))
        let preseed = PreseedFile(bytes, report: &report)
        preseed.check(for: lab.release, report: &report)
        for walk in walks(preseed) { walk.report(to: &report) }
        guard report.diagnostics.isEmpty else { throw BuildError(report.text(), code: .preseed) }
    }
}
