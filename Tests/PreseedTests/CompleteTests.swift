import Foundation
import Preseed
import Testing

/// The conditions under which an installation asks, and what it reads at run time. `Tests/ArtifactTests/QuestionSimulationTests`
/// has the questions themselves.
@Suite(.timeLimit(.minutes(15)))
struct CompleteTests {
    /// Answers everything that is asked on any machine at high.
    private static let all = """
        d-i debian-installer/locale string en_US.UTF-8
        d-i keyboard-configuration/xkb-keymap select us
        d-i netcfg/choose_interface select auto
        d-i netcfg/get_hostname string box
        d-i netcfg/get_domain string example.org
        d-i hw-detect/load_firmware boolean false
        d-i mirror/country string manual
        d-i mirror/http/hostname string deb.example.org
        d-i mirror/http/directory string /debian
        d-i mirror/http/proxy string
        d-i passwd/root-password password example
        d-i passwd/root-password-again password example
        d-i passwd/make-user boolean false
        d-i clock-setup/utc boolean true
        d-i time/zone string Europe/Berlin
        d-i partman-auto/method string regular
        d-i partman-auto/disk string /dev/sda
        d-i partman-auto/choose_recipe select atomic
        d-i partman-lvm/device_remove_lvm boolean true
        d-i partman-md/device_remove_md boolean true
        d-i partman-efi/non_efi_system boolean true
        d-i partman/choose_partition select finish
        d-i partman/confirm boolean true
        d-i partman/confirm_nooverwrite boolean true
        d-i apt-setup/cdrom/set-first boolean false
        d-i apt-setup/use_mirror boolean true
        tasksel tasksel/first multiselect standard
        popularity-contest popularity-contest/participate boolean false
        d-i grub-installer/only_debian boolean true
        d-i grub-installer/bootdev string /dev/sda
        d-i finish-install/reboot_in_progress note

        """

    private static func simulate(
        _ text: String, _ codename: String = "bookworm", medium: PreseedSource = .initrd, kernelLine: String = "",
        machine: String? = nil, files: [String: String] = [:]
    ) throws -> (report: DiagnosticReport, simulation: QuestionSimulation) {
        var linter = Linter(
            release: try #require(Release.named(codename)), medium: medium, kernelLine: KernelLine(kernelLine))
        linter.isComplete = true
        linter.machine = try machine.map { try InstallationMachine(text: $0) }
        linter.include = { name in files[name].map { Array($0.utf8) } }
        let (report, simulation) = linter.lintAndSimulate(Array(text.utf8), file: "preseed.cfg")
        return (report, try #require(simulation))
    }

    private static func without(_ questions: String...) -> String {
        all.split(separator: "\n").filter { line in !questions.contains { line.contains(" \($0) ") } }
            .map { $0 + "\n" }.joined()
    }

    @Test(arguments: Release.all.map(\.codename)) func asksNothing(_ codename: String) throws {
        let (report, simulation) = try Self.simulate(Self.all, codename)
        #expect(report.diagnostics.isEmpty, "\(report.text())")
        #expect(simulation.summary == "asks nothing on a BIOS machine with one empty disk and one network card")
    }

    /// A question that only some machines ask is a warning, with its condition; on a machine that asks it, it is an error.
    @Test(arguments: [
        ("partman-auto/disk", "partman-auto/disk", "with several disks", "disks=2"),
        ("netcfg/choose_interface", "netcfg/choose_interface", "with several network cards", "cards=2"),
        ("hw-detect/load_firmware", "hw-detect/load_firmware", "when firmware is missing", "missing-firmware"),
        (
            "partman-lvm/device_remove_lvm", "partman-lvm/device_remove_lvm", "when the disk held LVM", "used=lvm"
        ),
        ("partman-md/device_remove_md", "partman-md/device_remove_md", "when the disk held RAID", "used=system+raid"),
        (
            "partman-efi/non_efi_system", "partman-efi/non_efi_system",
            "with UEFI, when the disk held a system for BIOS",
            "firmware=uefi,used=system"
        ),
        ("clock-setup/utc", "clock-setup/utc", "when another system was found", "used=system"),
        ("partman/confirm", "partman/confirm", "when a file system is overwritten", "used=system"),
    ])
    func condition(_ line: String, _ question: String, _ condition: String, _ machine: String) throws {
        let text = Self.without(line)
        let (any, simulation) = try Self.simulate(text)
        #expect(any.errors == 0 && any.warnings == 1, "\(any.text())")
        #expect(
            simulation.summary
                == "asks nothing on a BIOS machine with one empty disk and one network card; asks \(question) \(condition)"
        )
        #expect(any.diagnostics.first?.message.contains(condition) == true)
        #expect(try Self.simulate(text, machine: "disks=1").report.diagnostics.isEmpty)
        let (this, named) = try Self.simulate(text, machine: machine)
        #expect(this.errors == 1 && named.stops.map(\.question) == [question], "\(this.text())")
        #expect(named.summary == "asks \(question) on this machine")
    }

    @Test(arguments: ["disks=0", "disks", "firmware=efi", "used=", "used=zfs", "cards=x", "x", "missing-firmware=1"])
    func noMachine(_ text: String) {
        #expect(throws: ValueError.self) { try InstallationMachine(text: text) }
    }

    /// Answers that the installer does not take.
    @Test(arguments: [
        ("d-i grub-installer/bootdev seen false", "grub-installer/bootdev"),
        ("d-i passwd/root-password-again password other", "passwd/root-password"),
        ("d-i partman-auto/method string LVM", "partman-auto/init_automatically_partition"),
        (
            "d-i passwd/root-login boolean false\nd-i passwd/user-fullname string a\n"
                + "d-i passwd/user-password-crypted password *\nd-i passwd/username string admin", "passwd/username"
        ),
    ]) func refused(_ lines: String, _ question: String) throws {
        let stops = try Self.simulate(Self.all + lines + "\n").simulation.stops
        #expect(stops.map(\.question) == [question])
    }

    /// Answers that the installer takes for a no, and asks again, on the machines that it asks.
    @Test(arguments: [
        ("partman/confirm boolean false", "used=system"), ("partman/confirm_nooverwrite boolean false", ""),
        ("partman-lvm/device_remove_lvm boolean false", "used=lvm"),
        ("partman-md/device_remove_md boolean", "used=raid"), ("grub-installer/bootdev string", ""),
    ]) func refusedOn(_ line: String, _ machine: String) throws {
        let question = String(line.prefix { $0 != " " })
        let text = Self.without(question) + "d-i \(line)\n"
        #expect(try Self.simulate(text, machine: machine).simulation.stops.map(\.question) == [question])
    }

    /// An empty confirmation is no refusal.
    @Test func emptyConfirmation() throws {
        let text = Self.without("partman/confirm_nooverwrite") + "d-i partman/confirm_nooverwrite boolean\n"
        #expect(try Self.simulate(text).simulation.stops.isEmpty)
    }

    /// `debconf-set` sets a value, but the question remains to be asked, unless the installer reads the value before.
    @Test func debconfSet() throws {
        func stops(_ question: String, _ value: String) throws -> [String] {
            let text = Self.without(question) + "d-i preseed/early_command string debconf-set \(question) \(value)\n"
            return try Self.simulate(text, machine: "disks=2").simulation.stops.map(\.question)
        }
        #expect(try stops("partman-auto/disk", "/dev/sda") == [])
        #expect(try stops("partman-auto/method", "regular") == [])
        #expect(try stops("mirror/http/proxy", "http://a") == ["mirror/http/proxy"])
    }

    @Test(arguments: [
        ("netcfg/hostname string a.example.org", true), ("netcfg/get_hostname string a.example.org", true),
        ("netcfg/hostname string a", false), ("netcfg/get_hostname string a.", false),
    ]) func domainOfHostName(_ line: String, _ hasDomain: Bool) throws {
        let text = Self.without("netcfg/get_hostname", "netcfg/get_domain") + "d-i \(line)\n"
        #expect(try Self.simulate(text).simulation.stops.map(\.question) == (hasDomain ? [] : ["netcfg/get_domain"]))
    }

    /// A recipe of one's own has the EFI partition only if it says so.
    @Test func recipeWithoutESP() throws {
        func stops(_ partitions: String, _ machine: String?) throws -> [String] {
            let text =
                Self.without("partman-auto/choose_recipe")
                + "d-i partman-auto/expert_recipe string x :: \(partitions) "
                + "500 500 -1 ext4 method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ / } . "
                + "100 100 200 linux-swap method{ swap } format{ } .\n"
            return try Self.simulate(text, machine: machine).simulation.stops.map(\.question)
        }
        #expect(try stops("", "firmware=uefi") == ["partman-efi/no_efi"])
        #expect(try stops("", "firmware=bios") == [])
        #expect(try stops("500 500 600 fat32 $primary{ } method{ efi } format{ } .", "firmware=uefi") == [])
        #expect(try stops("500 500 600 ext4 method{ keep } .", "firmware=bios") == ["partman-basicmethods/method_only"])
    }

    /// A flag before the answer is set again by the answer.
    @Test func flagBeforeAnswer() throws {
        #expect(
            try Self.simulate("d-i grub-installer/bootdev seen false\n" + Self.all).simulation.stops.isEmpty)
    }

    @Test func countriesWithSeveralZones() throws {
        let text = Self.without("time/zone")
        #expect(try Self.simulate(text).simulation.stops.map(\.question) == ["time/zone"])
        let german = text.replacingOccurrences(of: "en_US", with: "de_DE")
        #expect(try Self.simulate(german).simulation.stops.isEmpty)
    }

    @Test func noninteractive() throws {
        #expect(try Self.simulate("", kernelLine: "DEBIAN_FRONTEND=noninteractive").simulation.stops.isEmpty)
        // The question of that name is not read.
        #expect(try !Self.simulate("", kernelLine: "debconf/frontend=noninteractive").simulation.stops.isEmpty)
        #expect(try !Self.simulate("").simulation.stops.isEmpty)
    }

    /// From a CD with `url=`, the network is asked for before the preseed, and the CD after it.
    @Test func fromCDByURL() throws {
        let line = "auto=true url=http://192.0.2.1/p hostname=a domain=b"
        let (report, simulation) = try Self.simulate(Self.all, medium: .isoURL, kernelLine: line)
        #expect(simulation.stops.map(\.question) == ["netcfg/choose_interface"])
        #expect(report.errors == 0)
    }

    /// What a CD for network installations asks, and a full CD.
    @Test(arguments: [("jessie", false), ("bookworm", true), ("trixie", true)])
    func furtherCDs(_ codename: String, _ netinstAsks: Bool) throws {
        let text = Self.without("apt-setup/cdrom/set-first", "apt-setup/use_mirror")
        func stops(_ machine: String) throws -> Set<String> {
            Set(
                try Self.simulate(text, codename, medium: .iso, machine: machine).simulation.stops.map(\.question)
                    .filter { $0.hasPrefix("apt-setup/") })
        }
        #expect(try stops("") == (netinstAsks ? ["apt-setup/cdrom/set-first"] : []))
        #expect(try stops("full-cd") == ["apt-setup/cdrom/set-first", "apt-setup/use_mirror"])
    }

    // MARK: Files

    @Test(arguments: [
        "d-i preseed/include string common.cfg",
        "d-i preseed/early_command string debconf-set-selections common.cfg",
        "d-i preseed/early_command string true && /bin/debconf-set-selections --unseen common.cfg",
    ]) func included(_ line: String) throws {
        let text = Self.without("time/zone", "partman/confirm_nooverwrite") + line + "\n"
        let seen = try Self.simulate(
            text, files: ["common.cfg": "d-i time/zone string UTC\nd-i partman/confirm_nooverwrite boolean true\n"])
        #expect(seen.simulation.stops.isEmpty && seen.simulation.unseen.isEmpty)
        // Without the file, nothing is certain.
        let (report, simulation) = try Self.simulate(text)
        #expect(simulation.stops.count == 2 && report.errors == 0 && report.warnings == 2)
        #expect(simulation.summary.contains("not seen: the file common.cfg"))
    }

    @Test(arguments: [
        "d-i preseed/run string x.sh", "d-i preseed/include_command string echo x",
        "d-i partman/early_command string debconf-set-selections $x",
    ]) func unseen(_ line: String) throws {
        #expect(try Self.simulate(Self.all + line + "\n").simulation.unseen.count == 1)
    }

    /// A file that includes itself.
    @Test func circle() throws {
        let line = "d-i preseed/include string a\n"
        #expect(try Self.simulate(line, files: ["a": line]).simulation.unseen.isEmpty)
    }
}
