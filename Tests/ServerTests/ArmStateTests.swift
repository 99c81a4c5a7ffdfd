import Testing

@testable import Server

/// The entries of the journal decide whether a node is armed.
@Suite(.timeLimit(.minutes(15)))
struct ArmStateTests {
    private static let early = Journal.Entry.Content.progress(["xenseed/1 xen01 early - start 12.5"])
    private static let reboot = Journal.Entry.Content.progress(["xenseed/1 xen01 reboot - start 900.5"])
    private static let refused = Journal.Entry.Content.progress(["xenseed/1 xen01 reboot - failed 900.5"])
    private static let boot = Journal.Entry.Content.progress(["xenseed/1 xen01 boot - ok 80"])
    private static let report = Journal.Entry.Content.report("{}")

    @Test(
        arguments: [
            ([], .neverInstalled), ([early], .neverInstalled), ([early, refused], .neverInstalled),
            ([reboot], .installed),
            ([report], .installed), ([boot], .installed), ([.installed], .installed), ([.disarmed], .disarmed),
            ([.disarmed, boot, report], .disarmed), ([.disarmed, .armed], .armed), ([reboot, .armed], .armed),
            // The old system is still running.
            ([reboot, .armed, boot, report], .armed),
            // The node was installed again.
            ([reboot, .armed, early, reboot, boot], .installed), ([reboot, .armed, early, boot], .installed),
            ([.armed, reboot], .installed), ([.armed, .disarmed], .disarmed),
        ] as [([Journal.Entry.Content], ArmState.Cause)])
    func cause(_ contents: [Journal.Entry.Content], _ cause: ArmState.Cause) {
        var state = ArmState()
        for content in contents { state.apply(content) }
        #expect(state.cause == cause)
        #expect(state.isArmed == (cause == .armed || cause == .neverInstalled))
        // A compacted journal gives the same state. It keeps the posts of a node after its last arming.
        let said = contents.split(separator: .armed, omittingEmptySubsequences: false).last ?? []
        var again = ArmState()
        for content in [state.records.before].compactMap({ $0 })
            + said.filter({ if case .progress = $0 { true } else { false } })
            + [state.records.after].compactMap({ $0 })
        { again.apply(content) }
        #expect(again.cause == state.cause)
    }
}
