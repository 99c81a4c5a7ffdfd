import Preseed
import TestSupport
import Testing

/// Reads the names in a package index, in parts of any size.
@Suite(.timeLimit(.minutes(15)))
struct PackageIndexTests {
    private static let text = """
        Package: alpha
        Architecture: amd64
        Provides: mta, libalpha (= 1.2-3), beta-api:any ,
        \tfolded-one,
         folded-two (>= 2)
        Depends: nothing,
         Package: delta
        Description: Provides: nothing
         Provides: neither
        \r
        PACKAGE:\tc++
        Version: 1

        Package: libstdc++-12-dev\r
        Priority: optional
        Package-Type: udeb

        Package: last
        """

    private func index(_ text: String, parts: Int) -> (index: PackageIndex, count: Int) {
        var index = PackageIndex()
        var rest = Array(text.utf8)[...]
        let count = index.add {
            defer { rest = rest.dropFirst(parts) }
            return Array(rest.prefix(parts))
        }
        return (index, count)
    }

    @Test(arguments: [1, 2, 3, 7, 16, 100, 100_000]) func names(parts: Int) {
        let (index, count) = index(Self.text, parts: parts)
        #expect(count == 4)
        for name in [
            "alpha", "c++", "libstdc++-12-dev", "last", "mta", "libalpha", "beta-api", "folded-one", "folded-two",
        ] {
            #expect(index.has(name), "\(name)")
        }
        for name in ["delta", "nothing", "neither", "udeb", "optional", "", "amd64", "Package"] {
            #expect(!index.has(name), "\(name)")
        }
    }

    /// Accepts the suffixes that `apt-get install` allows after a package name.
    @Test func arguments() {
        let (index, _) = index(Self.text, parts: 50)
        for argument in [
            "alpha", "alpha:amd64", "alpha:any=1.2-3", "alpha=1:1.2+b1", "alpha/bookworm-backports", "alpha+", "alpha-",
            "c++", "c+++", "c++-", "mta", "libstdc++-12-dev:i386",
        ] {
            #expect(index.hasArgument(argument), "\(argument)")
        }
        for argument in ["alphas", "alph", "c+", "c", "alpha++", "beta=1", "=1", ""] {
            #expect(!index.hasArgument(argument), "\(argument)")
        }
        #expect(index.nearest(to: "alhpa") == "alpha")
        #expect(index.nearest(to: "something-else") == nil)
    }

    /// A file that is not a package index gives no packages, and is not read to its end.
    @Test func others() {
        #expect(index("", parts: 10).count == 0)
        #expect(index("release: bookworm\nPackages: none\n", parts: 10).count == 0)
        #expect(index("Package:\nPackage: \n", parts: 10).count == 0)
        var index = PackageIndex()
        var parts = 0
        let count = index.add {
            parts += 1
            return [UInt8](repeating: 0, count: 1 << 20)
        }
        #expect(count == 0 && parts == 2)
    }
}
