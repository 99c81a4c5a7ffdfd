import Diagnostics
import Foundation
import Lab
import Plan
import Preseed
import Releases
import TestSupport
import Testing

/// Every preseed, as Debian's debconf reads it and as the installer's own reader would.
struct PreseedTests {
    @Test(arguments: LabCase.all)
    func debconfTakesThem(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let folder = try TemporaryFolder()
        let environment = try Debconf.database(in: folder)
        for node in tree.someNodes {
            let file = tree.url(node, "preseed.cfg").path
            let ran = try tool(["debconf-set-selections", "--checkonly", file], environment: environment)
            #expect(ran.status == 0 && ran.err.isEmpty, "\(node.name): \(ran.err)")
        }
    }

    @Test(arguments: LabCase.all)
    func readBack(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let texts = try tree.lab.nodes.map { try tree.text($0, "preseed.cfg") }
        let files = try texts.map(parsed)
        let debconf = try Debconf.values(texts, questions: files.map { $0.answers.map(\.question) })
        for (file, values) in zip(files, debconf) {
            for answer in file.answers {
                let seen = try #require(values[answer.question], "\(answer.question)")
                if joined.contains(answer.question) {
                    #expect(squeezed(seen) == squeezed(answer.value))
                    #expect(!answer.value.contains("\\"))
                } else {
                    #expect(seen == answer.value)
                }
            }
        }
    }

    @Test func asPlanned() async throws {
        let tree = try await LabCase(name: "everything", codename: "bookworm").tree()
        let alpha = try answers(tree, 0)
        #expect(alpha["debian-installer/locale"] == "fr_BE@euro")
        #expect(alpha["keyboard-configuration/xkb-keymap"] == "fr(latin9)")
        #expect(alpha["netcfg/choose_interface"] == "3c:97:0e:aa:bb:01")
        #expect(alpha["netcfg/get_ipaddress"] == "10.64.1.1")
        #expect(alpha["netcfg/get_netmask"] == "255.192.0.0")
        #expect(alpha["netcfg/get_gateway"] == "10.64.0.1")
        #expect(alpha["netcfg/get_nameservers"] == "10.64.0.2 10.64.0.53")
        #expect(alpha["mirror/http/hostname"] == "mirror.example.net:8080")
        #expect(alpha["mirror/http/proxy"] == "http://10.64.0.3:3142")
        #expect(alpha["time/zone"] == "America/Argentina/Buenos_Aires")
        // No device is known before the installer looks.
        #expect(alpha["partman-auto/disk"] == nil)
        #expect(alpha["partman-auto-lvm/new_vg_name"] == "vg_x.1+y")
        #expect(alpha["partman-auto-lvm/guided_size"] == "20000MB")
        #expect(alpha["base-installer/install-recommends"] == "false")
        #expect(alpha["base-installer/initramfs-tools/driver-policy"] == "dep")
        let hash = try String(
            contentsOf: LabCase.here.appending(path: "Labs/everything/root.hash"), encoding: .utf8)
        #expect(alpha["passwd/root-password-crypted"].map { $0 + "\n" } == hash)
        let beta = try answers(tree, 1)
        #expect(beta["partman-auto/disk"] == "/dev/xvdb")
        #expect(beta["partman-auto/method"] == "lvm")
        #expect(beta["passwd/root-password-crypted"].map { $0 + "\n" } == hash)
    }

    /// The joined lines, as they come out of the installer's reader.
    @Test func joinedLines() async throws {
        let tree = try await LabCase(name: "reference", codename: "jessie").tree()
        let node = try answers(tree, 0)
        #expect(
            node["partman-auto/expert_recipe"]
                == "xenseed :: 1 1 1 free $iflabel{ gpt } method{ biosgrub } . "
                + "2500 10000 -1 ext4 $primary{ } $bootable{ } method{ format } format{ } use_filesystem{ } "
                + "filesystem{ ext4 } mountpoint{ / } . 1074 1074 1074 linux-swap method{ swap } format{ } .")
        let command = try #require(node["partman/early_command"])
        #expect(command.hasPrefix("w=/tmp/xenseed; mkdir -p $w; s="))
        // sha256sum's file has two blanks, within one line.
        #expect(command.contains("echo \"$s  $w/late-command.sh\" >$w/late-command.sum; if sha256sum -c"))
        #expect(
            command.hasSuffix(
                "; done; logger -t xenseed \"step fetch-late-command FAILED: no late-command.sh with SHA-256 $s\"; debconf-set partman-auto/method \"\"; exit 1"
            ))
        let uefi = try answers(try await LabCase(name: "everything-uefi", codename: "bookworm").tree(), 1)
        #expect(
            uefi["partman-auto/expert_recipe"]
                == "own :: 538 538 1075 free $iflabel{ gpt } method{ efi } format{ } . "
                + "4000 10000 100000 ext4 method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ / } . "
                + "1024 1024 200% linux-swap method{ swap } format{ } .")
    }

    private let joined = ["partman/early_command", "partman-auto/expert_recipe"]

    private func answers(_ tree: Tree, _ index: Int) throws -> [String: String] {
        let file = try parsed(try tree.text(tree.lab.nodes[index], "preseed.cfg"))
        return Dictionary(uniqueKeysWithValues: file.answers.map { ($0.question, $0.value) })
    }
}

/// A preseed without mistakes, read.
func parsed(_ text: String) throws -> PreseedFile {
    var report = Report(file: "preseed.cfg", source: text)
    let file = PreseedFile(text, report: &report)
    try #require(report.diagnostics.isEmpty, "\(report.text())")
    return file
}

/// The format's reader and checks.
struct PreseedFileTests {
    struct Line: CustomTestStringConvertible, Sendable {
        var text: String
        var values: [String]
        var testDescription: String { text.debugDescription }

        init(_ text: String, _ values: String...) { (self.text, self.values) = (text, values) }
    }

    /// Values that come out of lines, by the installer's rules (preseed 1.66, debconf-set-selections).
    @Test(arguments: [
        Line("d-i a/b string x\n", "x"),
        Line("d-i a/b string x", "x"),
        Line("", []),
        Line("\n \n\t\n# a comment\n", []),
        Line("\td-i   a/b\tstring  x\n", "x"),
        Line("d-i a/b string x  y\n", "x  y"),
        // Only a line's first column begins a comment.
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
        // A backslash before a blank joins nothing.
        Line("d-i a/b string x\\ \nd-i c/d string y\n", "x\\ ", "y"),
        // The comments and empty lines have gone before the lines are joined.
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

    /// Code and line of all that is wrong, on both releases.
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
            Mistake("d-i partman-auto/expert_recipe string a :: 1 1 1 ext4 format{ } .\n", "X0805:1"),
            Mistake("d-i time/zone string UTC\n# again\nd-i time/zone string UTC\n", "X0806:3"),
            Mistake(
                "d-i clock-setup/utc boolean yes\nd-i a/b string\nx\n\ntasksel clock-setup/utc string \\\n yes\n",
                "X0801:3", "X0802:2",
                "X0803:5", "X0804:5", "X0805:1", "X0805:5", "X0806:5"),
        ], Release.all.map(\.codename))
    func mistakes(_ mistake: Mistake, _ codename: String) throws {
        var report = Report(file: "preseed.cfg", source: mistake.text)
        PreseedFile(mistake.text, report: &report).check(for: try #require(Release.named(codename)), report: &report)
        #expect(report.diagnostics.map { "\($0.code.id):\($0.mark?.line ?? 0)" }.sorted() == mistake.found)
    }

    /// Lines that were in order once hide no mistake.
    @Test(arguments: [
        Mistake("d-i clock-setup/utc boolean true\n"),
        Mistake("d-i netcfg/get_gateway string 192.0.2.1\n"),
        Mistake("  # a comment\n", "X0801"),
        Mistake("d-i mirror/suite\n", "X0801"),
        Mistake("d-i mirror/suite string jessie \\\n", "X0801"),
        Mistake("d-i mirror/suit string jessie\n", "X0802"),
        Mistake("tasksel mirror/suite string jessie\n", "X0803"),
        Mistake("d-i clock-setup/utc string true\n", "X0804"),
        Mistake("d-i clock-setup/utc boolean yes\n", "X0805"),
        Mistake("d-i netcfg/get_domain string lab.example\n", "X0806"),
        Mistake("d-i netcfg/get_domain string other.example\n", "X0806"),
    ])
    func knownLines(_ mistake: Mistake) {
        let common = "d-i netcfg/enable boolean true\nd-i netcfg/get_domain \\\n string lab.example\n"
        let checker = PreseedChecker(for: Release.all[0])
        func isSound(_ text: String) -> Bool { checker.isSound(Array(text.utf8)) }
        // From the second time on, `common` is known.
        for _ in 1...3 {
            #expect(isSound(common))
            #expect(isSound(common + mistake.text) == mistake.found.isEmpty)
            // A backslash at the end would take the first line of `common` with it.
            #expect(isSound(mistake.text + common) == mistake.found.isEmpty || mistake.text.hasSuffix("\\\n"))
            #expect(!isSound(common + common))
        }
    }

    @Test func nearestQuestion() throws {
        var report = Report(file: "preseed.cfg", source: "")
        PreseedFile("d-i netcfg/get_hostnam string x\n", report: &report).check(for: Release.all[0], report: &report)
        #expect(report.diagnostics.first?.hint == "did you mean netcfg/get_hostname?")
    }

    /// Questions that only one release asks.
    @Test func perRelease() {
        func codes(_ codename: String) -> [String] {
            var report = Report(file: "preseed.cfg", source: "")
            PreseedFile("d-i apt-setup/non-free-firmware boolean false\n", report: &report)
                .check(for: Release.named(codename)!, report: &report)
            return report.diagnostics.map(\.code.id)
        }
        #expect(codes("jessie") == ["X0802"])
        #expect(codes("bookworm") == [])
    }

    @Test func codesAreListed() {
        #expect(DiagnosticCode.preseedCodes.map(\.id) == (1...6).map { "X080\($0)" })
    }

    /// The questions that the planner answers by name are all in the catalogue, with the owner that it writes.
    @Test(arguments: LabCase.all)
    func writtenOnesAreSound(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.lab.nodes {
            try tree.planner.checkPreseed(try tree.bytes(node, "preseed.cfg"), file: "preseed.cfg")
        }
    }
}

extension PreseedFileTests.Line {
    init(_ text: String, _ values: [String]) { (self.text, self.values) = (text, values) }
}

struct PartitionRecipeTests {
    @Test func parts() throws {
        let recipe = try PartitionRecipe(
            """
            two words ::
                512 512 512 ext2 $primary{ } $bootable{ } method{ format } mountpoint{ /boot } .
                100% 200% 300% linux-swap $lvmok{ } method{ swap } .
                2000+50% 3000 -1 ext4 $lvmok{ } options/noatime{ noatime } label{ two words } mountpoint{ / } .
            """)
        #expect(recipe.name == "two words")
        #expect(recipe.partitions.map(\.filesystem) == ["ext2", "linux-swap", "ext4"])
        #expect(recipe.partitions.map(\.mountpoint) == ["/boot", nil, "/"])
        #expect(recipe.partitions.map(\.isLogicalVolume) == [false, true, true])
        #expect(recipe.usesLVM)
        #expect(recipe.minimumMegabytes == 512)
    }

    @Test(arguments: [
        "a :: 1 1 1 ext4 mountpoint{ / } .", "a : 1 1 1 ext4 mountpoint{ / } .", "a ::\t1 1 1 ext4\nmountpoint{ / } .",
        "a :: 1 1 1 free method{ biosgrub } . 1 5 -1 xfs mountpoint{ / } .",
        "a :: 1 1 1 $default_filesystem mountpoint{ / } .",
    ])
    func good(_ text: String) throws {
        let recipe = try PartitionRecipe(text)
        #expect(recipe.name == "a")
        #expect(recipe.partitions.last?.mountpoint == "/")
    }

    @Test(arguments: [
        ("", "begins with its name"),
        ("a 1 1 1 ext4 mountpoint{ / } .", "begins with its name"),
        (":: 1 1 1 ext4 mountpoint{ / } .", "begins with its name"),
        ("a ::", "no partition with mountpoint{ / }"),
        ("a :: 1 1 1 ext4 mountpoint{ / }", "does not end with"),
        ("a :: 1 1 1 ext4 mountpoint{ / } . 1 1 1 ext4", "partition 2 of the recipe does not end"),
        ("a :: 1 1 1 .", "needs a minimum"),
        ("a :: 1 1 1 ext4 mountpoint{ /srv } .", "no partition with mountpoint{ / }"),
        ("a :: 1G 1 1 ext4 mountpoint{ / } .", "the size “1G”"),
        ("a :: -1 1 1 ext4 mountpoint{ / } .", "the size “-1”"),
        ("a :: 1 -1 1 ext4 mountpoint{ / } .", "the size “-1”"),
        ("a :: 1 1 -2 ext4 mountpoint{ / } .", "the size “-2”"),
        ("a :: 1 1 %  ext4 mountpoint{ / } .", "the size “%”"),
        ("a :: 1+ 1 1 ext4 mountpoint{ / } .", "the size “1+”"),
        ("a :: 9223372036854775807 1 -1 ext4 mountpoint{ / } .", "the size “9223372036854775807”"),
        ("a :: 10 10 5 ext4 mountpoint{ / } .", "a maximum (5) below its minimum (10)"),
        ("a :: 1 1 1 ntfs mountpoint{ / } .", "the filesystem “ntfs”"),
        ("a :: 1 1 1 ext4 mountpoint{/} .", "“mountpoint{/}”"),
        ("a :: 1 1 1 ext4 { / } .", "“{”"),
        ("a :: 1 1 1 ext4 mountpoint{ / .", "“mountpoint{”"),
        ("a :: 1 1 1 ext4 $lvmok{ } mountpoint{ / } . 1 1 1 ext2 $lvmok{ } mountpoint{ /boot } .", "/boot must not be"),
    ])
    func bad(_ text: String, _ problem: String) {
        switch PartitionRecipe.parse(text) {
        case .success: Issue.record("taken")
        case .failure(let fault): #expect(fault.message.contains(problem), "\(fault.message)")
        }
    }
}
