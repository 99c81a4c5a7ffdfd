import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// Reads every preseed with Debian's debconf and with the reader that follows the installer's rules.
@Suite(.timeLimit(.minutes(15)))
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
        // The device is not known before the installer has looked for the disk.
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

    /// Values that continue over several lines are joined as the installer's reader joins them.
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
        // The file for sha256sum has two spaces, within one line.
        #expect(command.contains("echo \"$s  $w/late-command.sh\" >$w/late-command.sum; if sha256sum -c"))
        #expect(
            command.contains(
                "; done; logger -t xenseed \"step fetch-late-command FAILED: no late-command.sh with SHA-256 $s\"; read -r t _"
            ))
        // The report to the server is sent in the background.
        #expect(command.hasSuffix(" 6>&- & debconf-set partman-auto/method \"\"; exit 1"))
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

    /// Every generated preseed passes the check against the catalogue: each question exists and has the right owner.
    @Test(arguments: LabCase.all)
    func writtenOnesAreSound(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.lab.nodes {
            try tree.plan.checkPreseed(try tree.bytes(node, "preseed.cfg"), of: node, file: "preseed.cfg")
        }
    }
}
