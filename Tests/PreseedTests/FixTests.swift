import Foundation
import TestSupport
import Testing

@testable import Preseed

/// Tests the corrections of `lint --fix`.
@Suite(.timeLimit(.minutes(15)))
struct FixTests {
    private static func linter(_ codename: String = "bookworm") throws -> Linter {
        Linter(release: try #require(Release.named(codename)))
    }

    private static func fixed(_ text: String) throws -> String {
        String(decoding: try linter().fix(Array(text.utf8)).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        // Names.
        ("d-i keymap select us\n", "d-i keyboard-configuration/xkb-keymap select us\n"),
        ("d-i tasks string standard\n", "tasksel tasksel/first multiselect standard\n"),
        ("d-i console-setup/layoutcode string de\n", "d-i keyboard-configuration/layoutcode string de\n"),
        ("d-i netcfg_get/hostname string a1\n", "d-i netcfg/get_hostname string a1\n"),
        // The newer question is answered as well.
        (
            "d-i keymap select us\nd-i keyboard-configuration/xkb-keymap select de\n",
            "d-i keyboard-configuration/xkb-keymap select de\n"
        ),
        // Owners and types.
        (
            "d-i popularity-contest/participate boolean true\n",
            "popularity-contest popularity-contest/participate boolean true\n"
        ),
        ("d-i d-i debian-installer/locale string en_US.UTF-8\n", "d-i debian-installer/locale string en_US.UTF-8\n"),
        (
            "d-i clock-setup/utc boolean true\ntime/zone string Europe/Berlin\n",
            "d-i clock-setup/utc boolean true\nd-i time/zone string Europe/Berlin\n"
        ),
        ("d-i clock-setup/utc true\n", "d-i clock-setup/utc boolean true\n"),
        ("d-i clock-setup/utc bool true\n", "d-i clock-setup/utc boolean true\n"),
        ("d-i netcfg/get_hostname string string a1\n", "d-i netcfg/get_hostname string a1\n"),
        // Values.
        ("d-i clock-setup/utc boolean Yes\n", "d-i clock-setup/utc boolean true\n"),
        ("d-i clock-setup/utc boolean no\n", "d-i clock-setup/utc boolean false\n"),
        // Blanks and line ends.
        ("d-i pkgsel/include string vim  \n", "d-i pkgsel/include string vim\n"),
        ("d-i pkgsel/include string ab \\ \n  cd\n", "d-i pkgsel/include string ab \\\n  cd\n"),
        ("d-i pkgsel/include string ab \\\\\n  cd\n", "d-i pkgsel/include string ab \\\n  cd\n"),
        ("d-i\u{A0}clock-setup/utc\u{A0}boolean true\n", "d-i clock-setup/utc boolean true\n"),
        ("d-i clock-setup/utc boolean true\r\n# ö\r\n", "d-i clock-setup/utc boolean true\n# ö\n"),
        ("\u{FEFF}d-i clock-setup/utc boolean true\n", "d-i clock-setup/utc boolean true\n"),
        // Lines that are there twice, and comments between joined lines.
        (
            "d-i clock-setup/utc boolean true\n# a\nd-i clock-setup/utc boolean true\n",
            "# a\nd-i clock-setup/utc boolean true\n"
        ),
        (
            "d-i pkgsel/include string ab \\\n# one\n\n# two\n  cd\n",
            "# one\n# two\nd-i pkgsel/include string ab \\\n  cd\n"
        ),
    ]) func corrects(_ text: String, _ expected: String) throws {
        #expect(try Self.fixed(text) == expected)
        #expect(try Self.fixed(expected) == expected)
    }

    @Test(arguments: [
        // Another value: nobody knows which one is meant.
        "d-i clock-setup/utc boolean true\nd-i clock-setup/utc boolean false\n",
        // One line for each of two systems.
        "d-i keyboard-configuration/variant select B\nkeyboard-configuration keyboard-configuration/variant select B\n",
        // A name that is only similar, and values that are only similar.
        "d-i netcfg/get_hostnam string a1\n", "d-i pkgsel/update-policy select unattended-upgrade\n",
        "d-i clock-setup/utc boolean maybe\n",
        // A missing ; may be meant otherwise.
        "d-i preseed/late_command string echo a \\\n  in-target touch /b\n",
        // The old question has other values.
        "d-i console-keymaps-at/keymap select de-latin1\n",
        // The installer makes no difference between these owners and types.
        "choose-mirror-bin mirror/http/proxy string\n", "d-i passwd/root-login string true\n",
        // A description may have a no-break space.
        "d-i apt-setup/local0/comment string a\u{A0}b\n",
    ]) func leavesWhatIsNotCertain(_ text: String) throws { #expect(try Self.fixed(text) == text) }

    /// Lines that are joined with a comment between them are not removed.
    @Test func keepsComments() throws {
        let text = """
            d-i pkgsel/include string ab \\
            # why
              cd
            d-i pkgsel/include string ab \\
              cd

            """
        #expect(
            try Self.fixed(text) == """
                # why
                d-i pkgsel/include string ab \\
                  cd

                """)
    }

    /// In files that are as others wrote them, a correction of what is harmless changes no answer.
    @Test(arguments: ["jessie", "bookworm", "trixie"]) func keepsAnswers(codename: String) throws {
        let corpus = checkout.appending(path: "Tests/PreseedTests/Corpus")
        let linter = try Self.linter(codename)
        for name in try FileManager.default.contentsOfDirectory(atPath: corpus.path).sorted() {
            let text = try String(contentsOf: corpus.appending(path: name), encoding: .utf8)
            // What people do to a file: another line end, blanks, lines twice, comments inside of joined lines.
            let spoilt = text.replacing("\\\n", with: "\\\n# comment ö\n\n").replacing("\n", with: " \r\n")
                .replacing("\\ \r\n", with: "\\\r\n")
            let (fixed, count) = linter.fix(Array((spoilt + spoilt).utf8))
            #expect(count > 0 && !fixed.contains(13), "\(name)")
            func answers(_ bytes: [UInt8]) -> [String: String] {
                var report = DiagnosticReport(file: "", source: "")
                return Dictionary(
                    PreseedFile(bytes, report: &report).answers.map { ("\($0.owner) \($0.question)", $0.value) }
                ) { $1 }
            }
            #expect(answers(fixed) == answers(Array(text.utf8)), "\(name)")
            #expect(linter.fix(fixed).count == 0, "\(name)")
            let remaining = linter.lint(fixed, file: name).diagnostics.filter {
                [.duplicateAnswer, .lineEnd].contains($0.code) && $0.severity == .note
            }
            #expect(remaining.isEmpty, "\(name): \(remaining.map(\.message))")
        }
    }

    /// Every position that a diagnostic has is in its line, and ends behind its start.
    @Test func ends() throws {
        let text = """
            d-i clock-setup/utc boolean yes
            d-i pkgsel/include string ab C_D ef \\
              G_H
            d-i netcfg/get_ipaddress string 10.0.0.300
            d-i netcfg/get_hostnam string ö
            d-i preseed/late_command string foo bar; \\
              ö=ü baz

            """
        let report = try Self.linter().lint(Array(text.utf8), file: "x")
        #expect(
            report.sorted.map {
                "\($0.mark!.line):\($0.mark!.column)-\($0.end!.line):\($0.end!.column) \($0.question!)"
            }
                == [
                    "1:29-1:32 clock-setup/utc", "2:30-2:33 pkgsel/include", "4:33-4:43 netcfg/get_ipaddress",
                    "5:5-5:23 netcfg/get_hostnam", "6:33-6:36 preseed/late_command", "7:3-7:6 preseed/late_command",
                ], "\(report.text())")
    }
}
