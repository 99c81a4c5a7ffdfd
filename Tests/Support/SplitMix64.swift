import Foundation

/// A small pseudo-random generator, which is determined by its seed (Steele, Lea and Flood, 2014).
public struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// Returns the seed in the variable XENSEED_SEED, to vary or repeat a run, or else the test's own.
    public static func seed(or own: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment["XENSEED_SEED"].flatMap { UInt64($0) } ?? own
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Returns true with a probability of one in `odds`.
    public mutating func isOne(in odds: Int) -> Bool { Int.random(in: 0..<odds, using: &self) == 0 }
}
