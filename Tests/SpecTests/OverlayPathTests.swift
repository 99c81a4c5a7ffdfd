import Build
import Lab
import Preseed
import Testing

@Suite(.timeLimit(.minutes(15)))
struct OverlayPathTests {
    /// The full lab generates a file at every path in `OverlayPath`, with one of the releases.
    @Test func theyAreWhatIsWritten() throws {
        var written: Set<String> = []
        // The time service depends on the release, and the files for a RAID on the firmware.
        for release in Release.all {
            for firmware in release.uefiRefusal == nil ? ["bios", "uefi"] : ["bios"] {
                let text = try SchemaTests.full.text.replacing("firmware: bios", with: "firmware: \(firmware)")
                let (read, _) = Spec.read(text, file: "lab.yaml", labFiles: SchemaTests.full.labFiles, release: release)
                let lab = try #require(read)
                let plan = Plan(lab: lab, templates: try TemplateSet())
                for node in lab.nodes {
                    let users = Set(node.files.map { String($0.path.description.dropFirst()) })
                    written.formUnion(
                        plan.overlay(node).map(\.path).filter { !users.contains($0) && GuestPath(path: $0) == nil })
                }
            }
        }
        #expect(written == Set(OverlayPath.allCases.map(\.rawValue)))
    }
}
