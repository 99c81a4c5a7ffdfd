import Foundation
import Preseed
import TestSupport
import Testing

@testable import Lab

private let seed = SplitMix64.seed(or: 20_150_425)

/// Tests properties of the reader that hold for every text.
@Suite(.timeLimit(.minutes(15)))
struct ReaderPropertyTests {
    static let lab = Checkout.root.appending(path: "lab.yaml")

    @Test func everyTruncationIsReadOrReported() throws {
        let bytes = [UInt8](try Data(contentsOf: Self.lab))
        for length in bytes.indices {
            check(String(decoding: bytes[..<length], as: UTF8.self), "cut after byte \(length)")
        }
    }

    @Test func everyMutationIsReadOrReported() throws {
        let texts = try [String(contentsOf: Self.lab, encoding: .utf8), SchemaTests.full.text]
        var random = SplitMix64(seed: seed)
        for round in 1...600 {
            var text = texts.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...3, using: &random) { text = mutated(text, &random) }
            check(text, "XENSEED_SEED=\(seed), round \(round)")
        }
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "a:\n ", "'", "&a ", "!", "\u{FEFF}", "\u{0}", "\u{2028}", "\r", "\r\n"])
    func longRowsAreReadOrReported(_ part: String) { check(String(repeating: part, count: 2_000), part) }

    /// CRLF line ends change neither messages nor positions.
    @Test func lineEndsDoNotMatter() throws {
        let text = try LabFolder(url: Checkout.tests.appending(path: "TwentyMistakes")).text
        let crlf = text.replacing("\n", with: "\r\n")
        func said(_ text: String) -> String { Spec.read(text, file: "lab.yaml", labFiles: .empty).report.text() }
        #expect(said(crlf) == said(text))
    }

    // MARK: Order

    @Test func orderOfKeysMakesNoOtherLab() throws {
        var texts = try [Self.lab, Checkout.root.appending(path: "templates/starter.yaml")]
            .map { (try String(contentsOf: $0, encoding: .utf8), LabFiles.empty) }
        texts.append((try SchemaTests.full.text, SchemaTests.full.labFiles))
        for (text, labFiles) in texts {
            let (lab, _) = Spec.read(text, file: "", labFiles: labFiles)
            let (reversed, _) = Spec.read(Spec.reversingKeys(text), file: "", labFiles: labFiles)
            #expect(lab != nil)
            #expect(dumped(lab) == dumped(reversed))
        }
    }

    /// The order of keys changes neither the lab nor the codes. A file that is too large is exempt, because reversing its keys
    /// changes its size.
    @Test(
        arguments: Fixture.all.filter {
            $0.code > DiagnosticCode.duplicateKey.id && $0.code != DiagnosticCode.fileTooLarge.id
        })
    func orderOfKeysMakesNoOtherMistake(_ fixture: Fixture) throws {
        let (lab, report) = try fixture.lab.read()
        let other = Spec.read(
            Spec.reversingKeys(try fixture.lab.text), file: "lab.yaml", labFiles: fixture.lab.labFiles,
            packages: fixture.lab.packages)
        #expect(codes(report) == codes(other.report))
        #expect(dumped(lab) == dumped(other.lab))
    }

    // MARK: Checks

    private func check(_ text: String, _ comment: String) {
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: .empty)
        #expect(!report.text().unicodeScalars.contains("\u{1B}"), "\(comment)")
        #expect((lab == nil) == (report.errors > 0), "\(comment)")
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
        for mark in report.diagnostics.compactMap(\.mark) {
            #expect((1...lines + 1).contains(mark.line) && mark.column > 0, "\(comment)")
        }
        // No node is lost without a diagnostic.
        var syntax = DiagnosticReport(file: "", source: text)
        guard let root = YAMLParser.parse(text, report: &syntax) else { return }
        if let lab { #expect(lab.nodes.count == names(below: "nodes", of: root), "\(comment)") }
        guard syntax.diagnostics.isEmpty else { return }
        let other = Spec.read(Spec.reversingKeys(text), file: "", labFiles: .empty)
        #expect(codes(report) == codes(other.report), "\(comment)")
        #expect(dumped(lab) == dumped(other.lab), "\(comment)")
    }

    private func names(below key: String, of root: YAMLValue) -> Int {
        guard case .mapping(let entries, _) = root,
            case .mapping(let inner, _) = entries.first(where: { $0.key == key })?.value
        else { return 0 }
        return inner.count
    }

    private func codes(_ report: DiagnosticReport) -> Set<String> { Set(report.diagnostics.map(\.code.id)) }

    /// Returns everything in the lab except the facts of its release.
    private func dumped(_ lab: Lab?) -> String {
        guard let lab else { return "none" }
        return "\(lab.release.codename) \(lab.domain) \(lab.locale) \(lab.keymap) \(lab.timeZone) \(lab.mirror)"
            + "\(lab.networks) \(lab.nodes)"
    }

    // MARK: Mutations

    private func mutated(_ text: String, _ random: inout SplitMix64) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let (i, j) = (lines.indices.randomElement(using: &random)!, lines.indices.randomElement(using: &random)!)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: lines.remove(at: i)
        case 1: lines.insert(lines[i], at: j)
        case 2: lines.swapAt(i, j)
        default:
            let words = lines[i].ranges(of: /[A-Za-z0-9_.:\/@-]+/)
            guard let word = words.randomElement(using: &random) else { break }
            lines[i].replaceSubrange(word, with: nasty.randomElement(using: &random)!)
        }
        return lines.joined(separator: "\n")
    }

    private let nasty = [
        "", "~", "null", "[]", "{}", "[[", "{{x}}", "}", "\"", "'", "\"\\e[31m\"", "\u{1B}[31m", "\u{7}", "#", "x #",
        "&a", "*a", "!!str x", "<<", "? [a]", "- -", "---", "...", "|", ">-", "%", "@", "`", "\t", "\u{FEFF}",
        "\u{2028}",
        "\u{85}", "e\u{301}", "👩‍👩‍👧", "\u{202E}", "true", "yes", "0", "-1", "08", "0x10", "1e9", "1:30",
        "9223372036854775807", "99999999999999999999", "999999999 TiB", "999999999 TB", "1 M", "..", "/", "/..",
        "../../etc/passwd", "none", "$(reboot)", "`reboot`", "\\n", "a\\", "%s%n", "10.8.8.0/24", "255.255.255.255",
        "0.0.0.0", "10.0.0.0/8",
        "FF:FF:FF:FF:FF:FF", "xenbr0", "eth0", "lan", "lvm", "uefi", "bookworm", "https",
        String(repeating: "a", count: 300), String(repeating: "é", count: 90),
    ]
}

/// Tests properties of all values that are written as text.
@Suite(.timeLimit(.minutes(15)))
struct ValuePropertyTests {
    @Test func acceptedTextsMatchTheirPattern() throws {
        try check(MACAddress.self, "08:00:27:16:22:13", "08-00-27-16-22-13")
        try check(IPv4Address.self, "172.16.22.13")
        try check(IPv4Network.self, "172.16.22.0/24", "10.0.0.0/8")
        try check(ByteCount.self, "2 GiB", "512M", "99999 TB")
        try check(Hostname.self, "xen01", "a-b")
        try check(DomainName.self, "hl.local")
        try check(HostAddress.self, "deb.debian.org:80", "10.8.8.1")
        try check(InterfaceName.self, "eth0", "xenbr0")
        try check(NetworkName.self, "lan")
        try check(PackageName.self, "drbd-utils", "g++")
        try check(ProxyURL.self, "http://proxy.hl.local:3142/")
        try check(TargetPath.self, "/etc/xen/auto")
        try check(RelativePath.self, "files/a+b")
        try check(DiskDevice.self, "/dev/sda", "/dev/nvme0n1", "/dev/mmcblk0", "/dev/xvdaa", "/dev/hdc")
        try check(DiskID.self, "ata-VBOX_HARDDISK_VB1234")
        try check(VolumeGroupName.self, "vg0")
        try check(BootOption.self, "loglvl=all", "console=tty0")
        try check(SerialConsole.self, "ttyS0,115200", "ttyS1")
        try check(LocaleName.self, "en_US.UTF-8", "de_DE@euro")
        try check(TimeZoneName.self, "Europe/Berlin", "America/Indiana/Knox", "UTC")
        try check(KeymapName.self, "us", "fr(latin9)")
        try check(
            AuthorizedKey.self,
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKriSEmELXCCtm9XzoJwvQTaLDn/uX3yKAPCcJgwMsTl ann@desk")
        try check(
            PasswordHash.self,
            "$6$saltsalt$JcVDtuB6d1BHhCd5RPBh8g8xX/1CbY8EU2PN0MTaj2/Mypw4P./C6dN4j0HALhzBDTocyW1Jm.gYaTPjFGCV40",
            "$y$j9T$saltsaltsaltsaltsalt./$wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww")
        try check(OrNone<ByteCount>.self, "none", "2 GiB")
        try check(OrNone<TargetPath>.self, "none", "/etc/xen/auto")
        try check(Firmware.self, "bios")
        try check(MirrorScheme.self, "https")
        try check(DiskRule.self, "smallest")
        try check(LayoutKind.self, "lvm")
    }

    /// Starts from accepted texts, because purely random texts are rarely accepted.
    private func check<Value: TextValue>(_: Value.Type, _ accepted: String...) throws {
        let syntax = Value.syntax
        let choices = "^(\(syntax.choices.joined(separator: "|")))$"
        let pattern = try NSRegularExpression(pattern: syntax.choices.isEmpty ? syntax.pattern : choices)
        var random = SplitMix64(seed: seed)
        for text in accepted { #expect((try? Value(text: text)) != nil, "\(text) is \(syntax.name)") }
        var texts = accepted
        for round in 1...1_500 {
            let text = changed(texts.randomElement(using: &random)!, &random)
            guard let value = try? Value(text: text) else { continue }
            let all = NSRange(text.startIndex..., in: text)
            #expect(
                pattern.firstMatch(in: text, range: all)?.range == all,
                "\(syntax.name), “\(text)”: XENSEED_SEED=\(seed), round \(round)")
            // The text of a value gives the same value.
            let shown = value.text
            #expect((try? Value(text: shown)) == value, "\(shown): XENSEED_SEED=\(seed), round \(round)")
            if texts.count < 40 { texts.append(text) }
        }
    }

    private func changed(_ text: String, _ random: inout SplitMix64) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: 0...scalars.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where index < scalars.count: scalars.remove(at: index)
            case 1 where index < scalars.count: scalars[index] = scalar(text, &random)
            case 2: scalars.append(scalars.last ?? "0")
            default: scalars.insert(scalar(text, &random), at: index)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Returns a character of the text, of ASCII, or of Unicode.
    private func scalar(_ text: String, _ random: inout SplitMix64) -> Unicode.Scalar {
        if let own = text.unicodeScalars.randomElement(using: &random), random.isOne(in: 2) { return own }
        if random.isOne(in: 4) {
            return Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "\u{FFFD}"
        }
        return Unicode.Scalar(UInt8.random(in: 0...127, using: &random))
    }
}
