import Foundation
import TestSupport
import Testing

@testable import Preseed

/// Tests the warnings of incomplete translations.
@Suite(.timeLimit(.minutes(5)))
struct TranslationTests {
    /// Bookworm's own installer says of each language of its list what the release data says.
    @Test func asTheInstallerSays() throws {
        let folder = try TemporaryFolder()
        let ran = try run(
            [
                "sh", "-ec",
                """
                zcat /usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/initrd.gz |
                    cpio --quiet -id usr/bin/translation-check usr/share/localechooser/translation-status
                # The script reads the list at its absolute path, and asks for the machine.
                sed "s,/usr/share,$PWD&,; s/\\$(archdetect)/amd64/" usr/bin/translation-check >check
                sed -n 's/^\\([a-z][^:]*\\):.*/\\1/p' usr/share/localechooser/translation-status |
                    while read -r language; do echo "$language $(sh check "$language" || true)"; done
                """,
            ], in: URL(filePath: folder.path))
        let lines = ran.out.split(separator: "\n")
        #expect(ran.status == 0 && lines.count > 70, "\(ran)")
        for line in lines {
            let words = line.split(separator: " ")
            // localechooser's warning_template: up to 2 is severe.
            let expected = words.count == 1 ? nil : Int(words[1])! <= 2 ? "warn-severe" : "warn-light"
            let question = Release.bookworm.translations.question(for: [String(words[0])])
            #expect(question == expected.map { "localechooser/translation/\($0)" }, "\(line)")
        }
    }

    @Test(arguments: [
        ("bookworm", "it_IT.UTF-8", "severe"), ("trixie", "it_IT.UTF-8", nil), ("trixie", "da_DK", "severe"),
        ("trixie", "fi_FI.UTF-8", "light"), ("bookworm", "zh_TW.UTF-8", "severe"), ("bookworm", "zh_CN.UTF-8", nil),
        ("jessie", "bs_BA.UTF-8", "severe"), ("jessie", "de_DE.UTF-8", nil),
    ]) func stops(codename: String, locale: String, warning: String?) throws {
        let release = try #require(Release.named(codename))
        func stops(_ text: String) -> [String] {
            var report = DiagnosticReport(file: "", source: "")
            let preseed = PreseedFile(text, report: &report)
            return QuestionSimulation(preseed, release: release, medium: .initrd).stops.map(\.question)
                .filter { $0.hasPrefix("localechooser/translation") }
        }
        let question = warning.map { "localechooser/translation/warn-\($0)" }
        #expect(stops("d-i debian-installer/locale string \(locale)\n") == (question.map { [$0] } ?? []))
        // The answer, or the priority critical, prevents it.
        let answer = question.map { "d-i \($0) boolean true\n" } ?? ""
        #expect(stops("d-i debian-installer/locale string \(locale)\n\(answer)").isEmpty)
        #expect(
            stops("d-i debian-installer/locale string \(locale)\nd-i debconf/priority select critical\n").isEmpty)
    }
}
