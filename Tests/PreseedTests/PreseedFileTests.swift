import Preseed
import TestSupport
import Testing

/// Tests the reader and the checks of the preseed format.
@Suite(.timeLimit(.minutes(15)))
struct PreseedFileTests {
    struct Line: CustomTestStringConvertible, Sendable {
        var text: String
        var values: [String]
        var testDescription: String { text.debugDescription }

        init(_ text: String, _ values: String...) { (self.text, self.values) = (text, values) }
    }

    /// The value of each line follows the installer's rules (preseed 1.66, debconf-set-selections).
    @Test(arguments: [
        Line("d-i a/b string x\n", "x"),
        Line("d-i a/b string x", "x"),
        Line("", []),
        Line("\n \n\t\n# a comment\n", []),
        Line("\td-i   a/b\tstring  x\n", "x"),
        Line("d-i a/b string x  y\n", "x  y"),
        // A comment can only begin in the first column.
        Line("d-i a/b string x # y\n", "x # y"),
        Line("d-i a/b string x \n", "x "),
        Line("d-i a/b string x\t\n", "x\t"),
        Line("d-i a/b string\n", ""),
        Line("d-i a/b string \n", ""),
        Line("d-i a/b string x\r\nd-i c/d string y\r\n", "x", "y"),
        Line("d-i a/b string x \\\n    y\n", "x y"),
        Line("d-i a/b string x\\\ny\n", "x y"),
        Line("d-i a/b string x  \t\\\n \t y  \\\n z\n", "x y z"),
        Line("d-i a/b string \\\n  x\n", "x"),
        Line("d-i \\\n a/b \\\n string \\\n x\n", "x"),
        // A backslash before a space at the end of a line does not continue it.
        Line("d-i a/b string x\\ \nd-i c/d string y\n", "x\\ ", "y"),
        // Comments and empty lines are removed before lines are joined.
        Line("d-i a/b string x \\\n# y\n\n z\n", "x z"),
        Line("d-i a/b string é ü\n", "é ü"),
    ])
    func values(_ line: Line) throws {
        #expect(try parsed(line.text).answers.map(\.value) == line.values)
    }

    @Test func wordsAndPlace() throws {
        let answer = try #require(
            try parsed("# first\n\ntasksel tasksel/first multiselect \\\n  standard, \\\n  ssh-server\n").answers.first)
        #expect(answer.owner == "tasksel")
        #expect(answer.question == "tasksel/first")
        #expect(answer.type == "multiselect")
        #expect(answer.value == "standard, ssh-server")
        #expect(answer.mark == SourceMark(line: 3, column: 1))
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
        var text: String
        var found: [String]
        var testDescription: String { text.debugDescription }

        init(_ text: String, _ found: String...) { (self.text, self.found) = (text, found) }
    }

    /// Code and line of every mistake are reported, on all releases.
    @Test(
        arguments: [
            Mistake("d-i clock-setup/utc boolean true\n"),
            Mistake("  # a comment\n", "X0801:1"),
            Mistake("d-i\n", "X0801:1"),
            Mistake("d-i clock-setup/utc\n", "X0801:1"),
            Mistake("d-i clock-setup/utc boolean true \\\n", "X0801:1"),
            Mistake("d-i netcfg/get_hostnam string xen01\n", "X0802:1"),
            Mistake("d-i tasksel/first multiselect\n", "X0803:1"),
            Mistake("tasksel tasksel/first multiselect\n"),
            Mistake("popularity-contest clock-setup/utc boolean true\n", "X0803:1"),
            Mistake("d-i clock-setup/utc string true\n", "X0804:1"),
            Mistake("\nd-i clock-setup/utc boolean yes\n", "X0805:2"),
            Mistake("d-i clock-setup/utc boolean true \n", "X0805:1"),
            Mistake("d-i clock-setup/utc boolean\n", "X0805:1"),
            Mistake("d-i netcfg/get_hostname string xen01\t\n", "X0805:1"),
            Mistake("d-i pkgsel/upgrade select everything\n", "X0805:1"),
            Mistake("d-i pkgsel/upgrade select full-upgrade\n"),
            Mistake("d-i preseed/late_command string printf 'a\\nb'\n", "X0805:1"),
            Mistake("d-i partman-auto/expert_recipe string a :: 1 1 1 ext4 format{ } .\n", "X0810:1"),
            Mistake("d-i time/zone string UTC\n# again\nd-i time/zone string UTC\n", "X0806:3"),
            Mistake(
                "d-i clock-setup/utc boolean yes\nd-i a/b string\nx\n\ntasksel clock-setup/utc string \\\n yes\n",
                "X0801:3", "X0802:2",
                "X0803:5", "X0804:5", "X0805:1", "X0806:5"),
        ], Release.all.map(\.codename))
    func mistakes(_ mistake: Mistake, _ codename: String) throws {
        var report = DiagnosticReport(file: "preseed.cfg", source: mistake.text)
        PreseedFile(mistake.text, report: &report).check(for: try #require(Release.named(codename)), report: &report)
        #expect(report.diagnostics.map { "\($0.code.id):\($0.mark?.line ?? 0)" }.sorted() == mistake.found)
    }

    @Test func nearestQuestion() throws {
        var report = DiagnosticReport(file: "preseed.cfg", source: "")
        PreseedFile("d-i netcfg/get_hostnam string x\n", report: &report).check(for: Release.all[0], report: &report)
        #expect(report.diagnostics.first?.hint == "did you mean netcfg/get_hostname?")
    }

    /// Every question of a catalogue is found; the search depends on the order of the questions.
    @Test(arguments: Release.all.map(\.codename)) func everyQuestionIsFound(_ codename: String) {
        let questions = Release.named(codename)!.questions
        #expect(questions.names.count > 600)
        for name in questions.names { #expect(questions[name]?.name == name) }
        for name in ["", "a", "d-i", "releases", "question", "netcfg/get_hostnam", "netcfg/get_hostnames", "zzz"] {
            #expect(questions[name] == nil)
        }
    }

    /// A question that a release does not ask is reported for this release only.
    @Test func perRelease() {
        func codes(_ codename: String) -> [String] {
            var report = DiagnosticReport(file: "preseed.cfg", source: "")
            PreseedFile("d-i apt-setup/non-free-firmware boolean false\n", report: &report)
                .check(for: Release.named(codename)!, report: &report)
            return report.diagnostics.map(\.code.id)
        }
        #expect(codes("jessie") == ["X0807"])
        #expect(codes("bookworm") == [])
    }

    @Test func codesAreListed() {
        #expect(DiagnosticCode.preseedCodes.map(\.id) == (1...18).map { $0 < 10 ? "X080\($0)" : "X08\($0)" })
    }
}

extension PreseedFileTests.Line {
    init(_ text: String, _ values: [String]) { (self.text, self.values) = (text, values) }
}
