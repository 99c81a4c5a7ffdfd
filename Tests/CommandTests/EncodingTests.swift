import Foundation
import TestSupport
import Testing

/// A lab file in another encoding than UTF-8 is a mistake of the user (status 1), not an environment error.
@Suite(.timeLimit(.minutes(15)))
struct EncodingTests {
    @Test(arguments: [
        (String.Encoding.utf16, "1:1", "iconv -f UTF-16"), (.utf16LittleEndian, "1:1", "iconv -f UTF-16"),
        (.isoLatin1, "2:4", "iconv -f LATIN1"),
    ]) func otherEncodingsAreRefused(_ encoding: String.Encoding, _ place: String, _ cure: String) throws {
        let folder = try TemporaryFolder()
        try #require("domain: hl.local\n# Büro: é\n".data(using: encoding))
            .write(to: folder.url("lab.yaml"))
        let ran = try xenseed("check", in: folder)
        #expect(ran.status == 1, "\(ran.out)\(ran.err)")
        #expect(ran.out.contains("lab.yaml:\(place): error[X0101]"), "\(ran.out)")
        #expect(ran.out.contains(cure), "\(ran.out)")
    }
}
