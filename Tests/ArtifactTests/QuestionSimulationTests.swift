import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// An installation stops at no question, and stops if a necessary line is missing.
@Suite(.timeLimit(.minutes(15)))
struct WalkTests {
    static let reference = LabCase.all.filter { $0.name == "reference" }

    private func simulation(_ text: String, _ lab: LabCase, _ medium: PreseedSource, _ kernelLine: KernelLine) throws
        -> QuestionSimulation
    {
        var report = DiagnosticReport(file: "", source: "")
        let release = try #require(Release.named(lab.codename))
        return QuestionSimulation(
            PreseedFile(text, report: &report), release: release, medium: medium, kernelLine: kernelLine)
    }

    /// Returns the kernel command lines of the reference lab: that in PXELINUX's file, and that of a USB stick's menu.
    private func kernelLines(_ tree: Tree) throws -> [(PreseedSource, KernelLine)] {
        let node = tree.lab.nodes[0]
        let file = "pxe/tftp/debian-installer/amd64/pxelinux.cfg/01-\(node.installMAC.dashed)"
        let entry = try String(contentsOf: tree.root.appending(path: file), encoding: .utf8)
        return [(.pxe, KernelLine(entry: entry)), (.initrd, KernelLine("priority=critical domain=hl.local"))]
    }

    @Test(arguments: reference) func asksNothing(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for (medium, kernelLine) in try kernelLines(tree) {
            let simulation = try simulation(try tree.text(tree.lab.nodes[0], "preseed.cfg"), lab, medium, kernelLine)
            #expect(simulation.priority == .critical)
            #expect(simulation.steps.count > 25)
            #expect(simulation.stops.isEmpty, "\(medium): \(simulation.stops.map(\.question))")
        }
    }

    /// The questions at which the installer stops if a line is missing. All other lines are for a lower priority, or
    /// change what the installer does.
    private static let necessary: [String: [String]] = [
        "debian-installer/locale": ["debian-installer/locale"],
        "keyboard-configuration/xkb-keymap": ["keyboard-configuration/xkb-keymap"],
        "netcfg/choose_interface": ["netcfg/choose_interface"],
        "passwd/root-password-crypted": ["passwd/root-password"],
        "passwd/make-user": ["passwd/user-fullname", "passwd/username", "passwd/user-password"],
        "partman-auto/method": ["partman-auto/init_automatically_partition"],
        // The early command erases the disk.
        "partman/early_command": [
            "partman-lvm/device_remove_lvm", "partman-md/device_remove_md", "partman-efi/no_efi",
        ],
        "partman-efi/non_efi_system": ["partman-efi/non_efi_system"],
        "partman/choose_partition": ["partman/choose_partition"],
        "partman/confirm": ["partman/confirm"],
        "partman/confirm_nooverwrite": ["partman/confirm_nooverwrite"],
        "finish-install/reboot_in_progress": ["finish-install/reboot_in_progress"],
    ]
    /// Over the network, the kernel command line answers these questions.
    private static let early: Set = [
        "debian-installer/locale", "keyboard-configuration/xkb-keymap", "netcfg/choose_interface",
    ]

    @Test(arguments: reference) func eachNecessaryLine(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let lines = try parsed(try tree.text(tree.lab.nodes[0], "preseed.cfg")).answers
        for (medium, kernelLine) in try kernelLines(tree) {
            for missing in lines {
                let rest = lines.filter { $0.question != missing.question }
                    .map { "\($0.owner) \($0.question) \($0.type) \($0.value)\n" }.joined()
                let stops = try simulation(rest, lab, medium, kernelLine).stops
                var expected = Self.necessary[missing.question] ?? []
                if medium == .pxe, Self.early.contains(missing.question) { expected = [] }
                // The mirrors in the installer's list do not have an archived release.
                if missing.question == "mirror/country" { expected = lab.codename == "jessie" ? ["mirror/bad"] : [] }
                if missing.question.hasPrefix("mirror/http/"),
                    ["hostname", "directory"].contains(missing.question.dropFirst(12))
                {
                    expected = [missing.question]
                }
                #expect(stops.map(\.question) == expected, "\(medium): without \(missing.question)")
            }
        }
    }

    /// Adding the line that the simulation suggests answers the question.
    @Test(arguments: reference) func theHintHelps(_ lab: LabCase) async throws {
        for medium in PreseedSource.allCases {
            var text = ""
            let kernelLine = KernelLine(
                "auto=true priority=high locale=en_US netcfg/choose_interface=auto hostname=a domain=b keymap=us")
            while let step = try simulation(text, lab, medium, kernelLine).stops.first {
                guard case .stops(let line) = step.verdict else { break }
                #expect(!text.contains(line), "\(medium): \(line)")
                if text.contains(line) { break }
                text += line + "\n"
            }
            #expect(text.contains("d-i partman/confirm boolean true\n"))
            _ = try parsed(text)
        }
    }

    /// An installation on RAID, with or without LVM, asks no question.
    @Test(arguments: LabCase.all.filter { $0.name == "raid" }) func asksNothingWithRAID(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.lab.nodes {
            let simulation = try simulation(
                try tree.text(node, "preseed.cfg"), lab, .initrd, KernelLine("priority=critical domain=hl.local"))
            #expect(simulation.steps.contains { $0.question == "partman-md/confirm" })
            #expect(simulation.stops.isEmpty, "\(node.name): \(simulation.stops.map(\.question))")
        }
    }

    /// Answers to some questions decide whether other questions are asked.
    @Test(
        arguments: [
            (
                "d-i passwd/root-login boolean false\nd-i passwd/make-user boolean false\n", ["passwd/username"],
                ["passwd/root-password"]
            ),
            ("d-i passwd/root-password-crypted password !\n", ["passwd/root-password"], []),
            ("d-i passwd/root-password-crypted password *\n", [], ["passwd/root-password"]),
            ("d-i netcfg/disable_autoconfig boolean true\n", ["netcfg/get_ipaddress", "netcfg/get_nameservers"], []),
            (
                "d-i partman-auto/method string lvm\n", ["partman-lvm/confirm", "partman-lvm/confirm_nooverwrite"],
                ["partman-md/confirm"]
            ),
            (
                "d-i partman-auto/method string raid\n", ["partman-md/confirm", "partman-auto-raid/error"],
                ["partman-lvm/confirm"]
            ),
            (
                "d-i partman-auto/method string raid\nd-i partman-auto-raid/recipe string 1 2 0 ext4 / /dev/sda1#/dev/sdb1 .\n"
                    + "d-i partman-auto/expert_recipe string a :: 2500 2500 -1 raid method{ raid } .\n",
                ["partman-md/confirm", "partman-basicfilesystems/no_swap"],
                ["partman-auto-raid/error", "partman-auto-lvm/no_boot"]
            ),
            (
                "d-i partman-auto/method string raid\nd-i partman-auto-raid/recipe string 1 2 0 swap - /dev/sda1#/dev/sdb1 .\n"
                    + "d-i partman-auto/expert_recipe string a :: 2500 2500 -1 raid method{ raid } .\n",
                ["partman-md/confirm"], ["partman-basicfilesystems/no_swap", "partman-lvm/confirm"]
            ),
            ("d-i partman-auto/method string crypto\n", ["partman-crypto/passphrase", "partman-lvm/confirm"], []),
            (
                "d-i partman-auto/expert_recipe string a :: 1 1 1 ext4 mountpoint{ / } .\n",
                ["partman-basicfilesystems/no_swap"], []
            ),
            (
                "d-i partman/early_command string sh /x.sh\n", [],
                ["partman-auto/disk", "partman-lvm/device_remove_lvm", "grub-installer/bootdev"]
            ),
            (
                "d-i partman/early_command string true\n",
                ["partman-auto/disk", "partman-lvm/device_remove_lvm", "grub-installer/bootdev"], []
            ),
            (
                "d-i partman/early_command string debconf-set partman-auto/disk /dev/sda\n", ["grub-installer/bootdev"],
                ["partman-auto/disk"]
            ),
            ("d-i partman-auto/method string\n", ["partman-auto/init_automatically_partition"], []),
            ("d-i mirror/country string manual\n", ["mirror/http/hostname", "mirror/http/directory"], ["mirror/bad"]),
        ] as [(String, [String], [String])])
    func depends(_ text: String, _ asked: [String], _ notAsked: [String]) throws {
        for lab in Self.reference {
            let stops = try simulation(text, lab, .initrd, KernelLine("priority=critical")).stops.map(\.question)
            #expect(Set(asked).isSubset(of: stops), "\(stops)")
            #expect(Set(notAsked).isDisjoint(with: stops), "\(stops)")
        }
    }
}
