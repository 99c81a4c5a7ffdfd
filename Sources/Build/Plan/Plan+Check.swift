import Lab
import Preseed

extension Plan {
    /// Holds a node's preseed against the release's questions: the installation must ask nothing, whichever way it starts.
    /// - Parameter file: what a message calls it.
    package func checkPreseed(_ bytes: [UInt8], of node: Node, file: String) throws(BuildError) {
        func simulations(_ preseed: PreseedFile) -> [QuestionSimulation] {
            // Fetched by URL, and from the seed in the RAM disk.
            let pxe = KernelLine(kernelOptions(node, base: baseURL, preseedSum: "").joined(separator: " "))
            return [(PreseedSource.pxe, pxe), (.initrd, KernelLine("priority=critical"))].map { medium, line in
                QuestionSimulation(preseed, release: lab.release, medium: medium, kernelLine: line)
            }
        }
        let passesSimulation = checker.passesSimulation(bytes) {
            var ignored = DiagnosticReport(file: "", source: "")
            return simulations(PreseedFile(bytes, report: &ignored)).allSatisfy(\.stops.isEmpty)
        }
        if !passesSimulation { try refuse(bytes, file, simulations) }
    }

    /// Holds a part of a preseed, which others complete, against the release's questions.
    func checkPreseed(_ bytes: [UInt8], file: String) throws(BuildError) {
        if !checker.isValid(bytes) { try refuse(bytes, file) { _ in [] } }
    }

    private func refuse(_ bytes: [UInt8], _ file: String, _ simulations: (PreseedFile) -> [QuestionSimulation])
        throws(BuildError)
    {
        var report = DiagnosticReport(file: file, source: String(decoding: bytes, as: UTF8.self))
        let preseed = PreseedFile(bytes, report: &report)
        preseed.check(for: lab.release, report: &report)
        for simulation in simulations(preseed) { simulation.report(to: &report) }
        guard report.diagnostics.isEmpty else { throw BuildError(report.text(), code: .preseed) }
    }
}
