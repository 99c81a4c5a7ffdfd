import Foundation
import Lab
import TestSupport
import Testing

@testable import Spec

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What holds for any text. XENSEED_SEED chooses other numbers.
struct ReaderPropertyTests {
    let seed = ProcessInfo.processInfo.environment["XENSEED_SEED"].flatMap(UInt64.init) ?? 20_150_425
    let reference: String

    init() throws { reference = try String(contentsOf: checkout.appending(path: "lab.yaml"), encoding: .utf8) }

    private func read(_ text: String) -> (lab: Lab?, codes: [String]) {
        let (lab, report) = Spec.read(text, file: "lab.yaml", beside: .reading(checkout.appending(path: "Tests")))
        // No lab without a reason, and no lab beside an error.
        #expect((lab == nil) == (report.errors > 0), "seed \(seed):\n\(text)\n\(report.text())")
        return (lab, report.sorted.map(\.code.id))
    }

    @Test func aTextCutAnywhereIsReadOrRefused() {
        let bytes = Array(reference.utf8)
        for end in stride(from: 0, through: bytes.count, by: 3) {
            _ = read(String(decoding: bytes[..<end], as: UTF8.self))
        }
    }

    @Test func aMangledTextIsReadOrRefused() {
        var random = SeededGenerator(seed: seed)
        let nasty = [
            "", "~", "[]", "{}", "no", "-1", "0x10", "é", "\u{0}", "*a", "&a b", "!!str x", "<<", "\"", "'", ": :", "#",
            "- -", "? x", "|", ">", "%", "\t", String(repeating: "[", count: 2000), "9999999999999999999999",
        ]
        for _ in 0..<600 {
            var lines = reference.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: lines.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: lines.remove(at: index)
                case 1: lines.insert(lines[index], at: index)
                case 2: lines.swapAt(index, Int.random(in: lines.indices, using: &random))
                case 3: lines[index] = "  " + lines[index]
                default:
                    let words = lines[index].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                    var changed = words
                    changed[Int.random(in: words.indices, using: &random)] = nasty.randomElement(using: &random)!
                    lines[index] = changed.joined(separator: " ")
                }
                if lines.isEmpty { lines = [""] }
            }
            _ = read(lines.joined(separator: "\n"))
        }
    }

    @Test func theOrderOfKeysDoesNotMatter() throws {
        let (lab, codes) = read(reference)
        let (reversed, reversedCodes) = read(Spec.reversingKeys(reference))
        #expect(String(describing: try #require(lab)) == String(describing: try #require(reversed)))
        #expect(codes == reversedCodes)
        for fixture in Fixture.all where fixture.code > "X0104" {
            let text = try String(contentsOf: fixture.lab, encoding: .utf8)
            let beside = Beside.reading(fixture.lab.deletingLastPathComponent().appending(path: "beside"))
            let reversed = Spec.read(Spec.reversingKeys(text), file: "lab.yaml", beside: beside).report
            #expect(Set(reversed.diagnostics.map(\.code.id)) == [fixture.code], "\(fixture)")
        }
    }

    /// An accepted text matches the pattern that the schema prints.
    @Test func acceptedTextsMatchTheirPattern() throws {
        let types: [any TextValue.Type] = [
            Hostname.self, DomainName.self, HostAddress.self, InterfaceName.self, NetworkName.self, PackageName.self,
            MACAddress.self, IPv4Address.self, IPv4Network.self, ByteCount.self, TargetPath.self, BesidePath.self,
            DiskDevice.self, DiskID.self, VolumeGroupName.self, BootOption.self, SerialConsole.self, LocaleName.self,
            TimeZoneName.self, KeymapName.self, AuthorizedKey.self, PasswordHash.self, ProxyURL.self,
            OrNone<ByteCount>.self,
        ]
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("abcxyzABZ0189.:/-_+@%=,$ ~#\"'\\\n\té€")
        for type in types {
            let pattern = try Regex(type.syntax.pattern)
            let example = type.syntax.example
            for _ in 0..<400 {
                // Near misses: the example with a few characters changed.
                var text = Array(example)
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let index = Int.random(in: 0...text.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: text.insert(alphabet.randomElement(using: &random)!, at: index)
                    case 1 where index < text.count: text[index] = alphabet.randomElement(using: &random)!
                    default: if index < text.count { text.remove(at: index) }
                    }
                }
                let candidate = String(text)
                guard (try? type.init(text: candidate)) != nil else { continue }
                #expect(try pattern.firstMatch(in: candidate) != nil, "\(type): \(candidate)")
            }
        }
    }
}
