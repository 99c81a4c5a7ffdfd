import Foundation
import TestSupport
import Testing

/// Tests the files of the page that `xenseed serve` shows.
@Suite(.timeLimit(.minutes(15)))
struct PageTests {
    /// Every colour that the style sheet uses is defined for light and dark. An undefined one has no effect, and
    /// browsers don't report it.
    @Test func everyColourIsDefinedForLightAndDark() throws {
        let style = try String(
            contentsOf: checkout.appending(path: "Sources/Server/Page/lab.css"), encoding: .utf8)
        func names(_ pattern: Regex<(Substring, Substring)>, in text: some StringProtocol) -> Set<Substring> {
            Set(String(text).matches(of: pattern).map(\.1))
        }
        let used = names(#/var\((--[a-z]+)\)/#, in: style)
        let roots = style.split(separator: ":root").dropFirst().map { $0.prefix { $0 != "}" } }
        #expect(roots.count == 2 && used.count > 8)
        for root in roots { #expect(names(#/(--[a-z]+):/#, in: root) == used) }
    }
}
