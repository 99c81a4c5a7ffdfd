import Preseed
import Testing

@testable import Images

/// Tests how the release of images and initrds is read from them.
@Suite(.timeLimit(.minutes(15)))
struct InstallerVersionTests {
    private static let old = Release.all.first { $0.number == "8" }!
    private static let new = Release.all.first { $0.number == "12" }!

    @Test(arguments: [
        ("Debian GNU/Linux 8.11.0 \"Jessie\" - Official amd64 NETINST Binary-1 20180623-13:06", true, false),
        (
            "Debian GNU/Linux 8.11.0 \"Jessie\" - Official Multi-architecture amd64/i386/source NETINST #1 20180623",
            true, false
        ),
        ("Debian GNU/Linux 8.11.0 \"Jessie\" - Official i386 CD Binary-1 20180623-13:06", false, false),
        ("Debian GNU/Linux 12.11.0 \"Bookworm\" - Official amd64 NETINST with firmware 20250517-09:51", false, true),
        ("Debian GNU/Linux 12.11.0 \"Bookworm\" - Official arm64 NETINST with firmware 20250517-09:51", false, false),
        ("Debian GNU/Linux testing \"Trixie\" - Official Snapshot amd64 NETINST 20250101-03:05", false, false),
        ("Ubuntu-Server 18.04.6 LTS \"Bionic Beaver\" - Release amd64 (20210915)", false, false),
    ]) func info(line: String, fitsOld: Bool, fitsNew: Bool) throws {
        let version = try #require(InstallerVersion(info: line))
        #expect(version.contradicts(Self.old) == !fitsOld)
        #expect(version.contradicts(Self.new) == !fitsNew)
    }

    @Test(arguments: ["", "Debian", "My own installer, 2026"]) func silentInfo(line: String) {
        #expect(InstallerVersion(info: line) == nil)
    }

    @Test func lsbRelease() throws {
        func text(_ release: String, _ id: String = "Debian") -> String {
            "DISTRIB_ID=\(id)\nDISTRIB_DESCRIPTION=\"Debian GNU/Linux installer\"\n"
                + "DISTRIB_RELEASE=\"\(release)\"\nX_INSTALLATION_MEDIUM=cdrom\n"
        }
        let old = try #require(InstallerVersion(lsbRelease: text("8 (jessie) - installer build 20150422+deb8u5")))
        #expect(!old.contradicts(Self.old) && old.contradicts(Self.new))
        #expect(old.text == "8 (jessie) - installer build 20150422+deb8u5, cdrom")
        let other = try #require(InstallerVersion(lsbRelease: text("8 (jessie) - build", "Devuan")))
        #expect(other.contradicts(Self.old))
        #expect(InstallerVersion(lsbRelease: text("")) == nil)
        #expect(InstallerVersion(lsbRelease: "") == nil)
    }
}
