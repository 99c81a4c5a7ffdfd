import Testing

@Suite(.timeLimit(.minutes(15)))
struct MistakeTests {
    /// Each mistake gives one error at its place, with a hint; the lab that is corrected as the hint says has no error.
    @Test func haveOneErrorEachWithItsCure() {
        #expect(Mistake.all.count >= 50)
        for mistake in Mistake.all {
            let problems = mistake.problems
            #expect(problems.isEmpty, "\(mistake.wrong): \(problems.joined(separator: "\n"))")
        }
    }
}
