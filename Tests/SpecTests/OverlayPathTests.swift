import Lab
import Plan
import Testing

@Suite struct OverlayPathTests {
    /// The full lab makes every file that depends on the lab.
    @Test func theyAreWhatIsWritten() throws {
        let lab = try #require(try SchemaTests.full.read().lab)
        let planner = Planner(lab: lab, templates: try TemplateSet())
        var written: Set<String> = []
        for node in lab.nodes {
            let users = Set(node.files.map { String($0.path.description.dropFirst()) })
            written.formUnion(try planner.overlay(node).map(\.path).filter { !users.contains($0) })
        }
        #expect(written == Set(OverlayPath.allCases.map(\.rawValue)))
    }
}
