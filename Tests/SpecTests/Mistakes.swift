import Preseed

@testable import Lab

/// A mistake that people make in a lab file: a part of a correct lab, and what they write instead of it.
struct Mistake: Sendable {
    /// The part of ``lab`` that is replaced.
    let part: String
    /// The mistake, with ‸ at the place to which the diagnostic has to point.
    let wrong: String
    let code: String
    let hint: String
    /// The part with the mistake corrected as the hint says.
    let cure: String

    /// - Parameter cure: Nil when the corrected part is the one of ``lab``.
    init(_ part: String, _ wrong: String, _ code: String, _ hint: String, cure: String? = nil) {
        (self.part, self.wrong, self.code, self.hint, self.cure) = (part, wrong, code, hint, cure ?? part)
    }

    /// A lab without a mistake.
    static let lab = """
        release: bookworm
        domain: hl.local
        keymap: us
        timezone: Europe/Berlin
        ntp: [pool.ntp.org]
        mirror: {host: deb.debian.org, directory: /debian}
        boot_server: {address: 10.8.8.1, port: 8000}
        report_url: http://10.8.8.1:8000
        networks:
          lan:
            subnet: 10.8.8.0/24
            gateway: 10.8.8.1
            dns: [10.8.8.1, 10.8.8.2]
            ipv6: {method: off}
          drbd:
            subnet: 172.16.22.0/24
            vlan: 30
        defaults:
          cpus: 4
          memory: 8 GiB
          firmware: bios
          console: ttyS0,115200
          packages: [vim, tmux]
          toolstack: xl
          late_script: late.sh
          grub: {timeout: 5}
          disk:
            device: /dev/sda
            size: 500 GB
            layout: lvm
            swap: 1 GiB
          dom0:
            memory: 1 GiB
            vcpus: 1
            pin: true
            options: [loglvl=all, iommu=on]
          access:
            authorized_keys:
              - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGv0Xzo2Zp9dH2y1n7q3l5w8t6r4e2u0i8o6p4a2s0d1 ann@desk
            users:
              ann:
                full_name: Ann Smith
                keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGv0Xzo2Zp9dH2y1n7q3l5w8t6r4e2u0i8o6p4a2s0d1 ann@desk]
                sudo: nopasswd
        nodes:
          xen01:
            interfaces:
              eth0:
                mac: 08:00:27:08:08:13
                bond: bond0
              eth1:
                mac: 08:00:27:08:09:13
                bond: bond0
            bonds:
              bond0: {mode: active-backup}
            vlans:
              drbd:
                port: bond0
                address: 172.16.22.13
            bridges:
              xenbr0:
                network: lan
                port: bond0
                address: 10.8.8.13
                more_addresses: [10.8.8.14/24]
                stp: false

        """

    /// Reads the lab with a part replaced.
    private func report(_ text: String) -> DiagnosticReport {
        let files = LabFiles(
            read: { path throws(LabError) in
                if path != "late.sh" { throw LabError("no such file") }
                return Array("#!/bin/sh\n".utf8)
            },
            list: { _ throws(LabError) in throw LabError("no such file") })
        return Spec.read(text, file: "lab.yaml", labFiles: files).report
    }

    /// What is wrong with the report on the mistake: it has to have one error at the right place, with a hint that corrects it.
    var problems: [String] {
        let parts = Self.lab.components(around: part)
        guard let (before, after) = parts else { return ["the lab does not have “\(part)”"] }
        var found: [String] = []
        let marked = before + wrong + after
        let place = marked.unicodeScalars.prefix { $0 != "‸" }
        let lines = place.split(separator: "\n", omittingEmptySubsequences: false)
        let mark = SourceMark(line: lines.count, column: lines.last!.count + 1)
        let report = report(marked.replacing("‸", with: ""))
        let diagnostic = report.diagnostics.first
        if report.diagnostics.count != 1 { found.append("\(report.diagnostics.count) diagnostics") }
        if diagnostic?.severity != .error { found.append("not an error") }
        if diagnostic?.code.id != code { found.append("code \(diagnostic?.code.id ?? "none"), not \(code)") }
        if diagnostic?.mark != mark { found.append("at \(diagnostic?.mark.map { "\($0)" } ?? "none"), not \(mark)") }
        if diagnostic?.hint != hint { found.append("hint: \(diagnostic?.hint ?? "none")") }
        let cured = before + cure + after
        let cureReport = self.report(cured)
        if cureReport.errors > 0 { found.append("the cure is wrong: \(cureReport.text())") }
        if hint.hasPrefix("write "), !hint.hasPrefix("write it as ") {
            let line = hint.dropFirst(6).prefix { $0 != "…" }.drop { $0 == "“" }.prefix { $0 != "”" }
            let written = line.split(separator: " and delete ").first ?? line
            if !cured.contains(written) { found.append("the cure does not have “\(written)”") }
        }
        return found.isEmpty ? [] : found + [report.text()]
    }
}

extension String {
    /// Returns the text before and after the first occurrence of a part; nil when there is none.
    fileprivate func components(around part: String) -> (String, String)? {
        firstRange(of: part).map { (String(self[..<$0.lowerBound]), String(self[$0.upperBound...])) }
    }
}

extension Mistake {
    static let all: [Mistake] = [
        // The syntax of YAML.
        Mistake("\n  cpus: 4", "\n‸\tcpus: 4", "X0101", "write “  cpus: 4”"),
        Mistake("domain: hl", "‸domain:hl", "X0101", "write domain: hl.local"),
        Mistake("domain: hl", "‸domain = hl", "X0101", "write domain: hl.local"),
        Mistake("domain: hl", "‸domain hl", "X0101", "write domain: hl.local"),
        Mistake("defaults:", "‸defaults", "X0101", "write defaults:"),
        Mistake("  cpus: 4", "  ‸cpus:4", "X0101", "write cpus: 4"),
        Mistake(
            "domain:", "‸// The domain of all\ndomain:", "X0101", "write # The domain of all",
            cure: "# The domain of all\ndomain:"),
        Mistake("domain: hl.local", "domain: hl.local‸:", "X0101", "write domain: hl.local"),
        Mistake(
            "domain: hl.local", "domain: ‸\"hl.local", "X0101", "write domain: \"hl.local\"",
            cure: "domain: \"hl.local\""),
        Mistake(
            "domain: hl.local", "domain: ‸@hl.local", "X0101", "write domain: \"@hl.local\"",
            cure: "domain: hl.local # \"@hl.local\": domain: \"@hl.local\""),
        Mistake(
            "full_name: Ann Smith", "full_name: ‸Ann: Smith", "X0101", "write full_name: \"Ann: Smith\"",
            cure: "full_name: Ann Smith # full_name: \"Ann: Smith\""),
        Mistake("dns: [10.8.8.1, 10.8.8.2]", "dns: ‸[10.8.8.1, 10.8.8.2", "X0101", "write dns: [10.8.8.1, 10.8.8.2]"),
        Mistake("grub: {timeout: 5}", "grub: ‸{timeout: 5", "X0101", "write grub: {timeout: 5}"),
        Mistake(
            "10.8.8.1, port: 8000", "10.8.8.1 ‸port: 8000", "X0101",
            "write boot_server: {address: 10.8.8.1, port: 8000}"),
        Mistake("    size: 500 GB", "   ‸size: 500 GB", "X0101", "write “    size: 500 GB”"),
        Mistake("    size: 500 GB", "     ‸size: 500 GB", "X0101", "write “    size: 500 GB”"),
        Mistake(
            "packages: [vim, tmux]", "packages:\n    - vim\n    ‸tmux", "X0101", "write “    - tmux”",
            cure: "packages:\n    - vim\n    - tmux"),
        Mistake("packages: [vim, tmux]", "packages: ‸- vim", "X0101", "write packages: [vim]", cure: "packages: [vim]"),
        Mistake(
            "{timeout: 5}", "‸*grub", "X0102", "put settings that nodes share under `defaults`, or the value in quotes"),
        // Keys.
        Mistake("defaults:", "‸default:", "X0104", "did you mean defaults?"),
        Mistake("networks:", "‸network:", "X0104", "did you mean networks?"),
        Mistake("nodes:", "‸hosts:", "X0104", "write it as nodes"),
        Mistake("domain: hl.local", "‸Domain: hl.local", "X0104", "did you mean domain?"),
        Mistake("    interfaces:", "    ‸interface:", "X0104", "did you mean interfaces?"),
        Mistake("network: lan", "‸netwrok: lan", "X0104", "did you mean network?"),
        Mistake("mac: 08:00:27:08:08:13", "‸hwaddr: 08:00:27:08:08:13", "X0104", "write it as mac"),
        Mistake("address: 172.16.22.13", "‸adress: 172.16.22.13", "X0104", "did you mean address?"),
        Mistake("mode: active-backup", "‸bond_mode: active-backup", "X0104", "did you mean mode?"),
        Mistake(
            "    subnet: 172.16.22.0/24", "    subnet: 172.16.22.0\n    ‸netmask: 255.255.255.0", "X0104",
            "write subnet: 172.16.22.0/24 and delete netmask"),
        Mistake("  cpus: 4", "  ‸vcpus: 2\n  cpus: 4", "X0104", "write it as dom0.vcpus"),
        // Values of another kind.
        Mistake(
            "\n    device: /dev/sda\n    size: 500 GB\n    layout: lvm\n    swap: 1 GiB", " ‸/dev/sda", "X0105",
            "write disk: {device: /dev/sda}", cure: " {device: /dev/sda} # disk: {device: /dev/sda}"),
        Mistake(
            "\n    memory: 1 GiB\n    vcpus: 1\n    pin: true\n    options: [loglvl=all, iommu=on]", " ‸1 GiB", "X0105",
            "write dom0: {memory: 1 GiB}", cure: " {memory: 1 GiB}"),
        Mistake(
            "{address: 10.8.8.1, port: 8000}", "‸10.8.8.1:8000", "X0105",
            "write boot_server: {address: 10.8.8.1, port: 8000}"),
        Mistake(
            "{address: 10.8.8.1, port: 8000}", "‸10.8.8.1", "X0105", "write boot_server: {address: 10.8.8.1}",
            cure: "{address: 10.8.8.1}"),
        Mistake(
            "{host: deb.debian.org, directory: /debian}", "‸http://deb.debian.org/debian", "X0105",
            "write mirror: {host: deb.debian.org, directory: /debian}"),
        Mistake("{method: off}", "‸false", "X0105", "write ipv6: {method: off}"),
        Mistake("grub: {timeout: 5}", "grub: ‸5", "X0105", "write grub: {timeout: 5}"),
        Mistake("bond0: {mode: active-backup}", "bond0: ‸active-backup", "X0105", "write bond0: {mode: active-backup}"),
        Mistake("ntp: [pool.ntp.org]", "ntp: ‸pool.ntp.org", "X0105", "write ntp: [pool.ntp.org]"),
        Mistake("ntp: [pool.ntp.org]", "ntp: ‸none", "X0105", "write ntp: []", cure: "ntp: []"),
        Mistake("dns: [10.8.8.1, 10.8.8.2]", "dns: ‸10.8.8.1, 10.8.8.2", "X0105", "write dns: [10.8.8.1, 10.8.8.2]"),
        Mistake("packages: [vim, tmux]", "packages: ‸vim tmux", "X0105", "write packages: [vim, tmux]"),
        Mistake(
            "options: [loglvl=all, iommu=on]", "options: ‸loglvl=all iommu=on", "X0105",
            "write options: [loglvl=all, iommu=on]"),
        Mistake(
            "device: /dev/sda", "raid: 1\n    devices: ‸/dev/sda, /dev/sdb", "X0105",
            "write devices: [/dev/sda, /dev/sdb]", cure: "raid: 1\n    devices: [/dev/sda, /dev/sdb]"),
        Mistake(
            "keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGv0Xzo2Zp9dH2y1n7q3l5w8t6r4e2u0i8o6p4a2s0d1 ann@desk]",
            "keys: ‸ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGv0Xzo2Zp9dH2y1n7q3l5w8t6r4e2u0i8o6p4a2s0d1 ann@desk", "X0105",
            "write keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGv0Xzo2Zp9dH2y1n7q3l5w8t6r4e2u0i8o6p4a2s0d1 ann@desk]"),
        Mistake(
            "    bonds:\n      bond0: {mode: active-backup}",
            "    ‸bonds:\n      - name: bond0\n        mode: active-backup", "X0105",
            "use the name of each entry as its key, without a dash: bond0: {…}"),
        Mistake("domain: hl.local", "‸domain:", "X0105", "give it a value, as in domain: hl.local"),
        // Numbers and booleans.
        Mistake("pin: true", "pin: ‸yes", "X0108", "write pin: true"),
        Mistake("stp: false", "stp: ‸off", "X0108", "write stp: false"),
        Mistake("pin: true", "pin: ‸True", "X0108", "write pin: true"),
        Mistake("cpus: 4", "cpus: ‸4 cores", "X0107", "write cpus: 4"),
        Mistake("timeout: 5", "timeout: ‸5s", "X0107", "write timeout: 5"),
        Mistake("vlan: 30", "vlan: ‸vlan30", "X0107", "write vlan: 30"),
        Mistake("vcpus: 1", "vcpus: ‸1.0", "X0107", "write vcpus: 1"),
        Mistake("vcpus: 1", "vcpus: ‸01", "X0107", "write vcpus: 1"),
        Mistake(
            "device: /dev/sda", "raid: ‸raid1\n    devices: [/dev/sda, /dev/sdb]", "X0107", "write raid: 1",
            cure: "raid: 1\n    devices: [/dev/sda, /dev/sdb]"),
        // Addresses and names.
        Mistake("mac: 08:00:27:08:08:13", "mac: ‸080027080813", "X0201", "write mac: 08:00:27:08:08:13"),
        Mistake("mac: 08:00:27:08:08:13", "mac: ‸0800.2708.0813", "X0201", "write mac: 08:00:27:08:08:13"),
        Mistake("mac: 08:00:27:08:08:13", "mac: ‸8:0:27:8:8:13", "X0201", "write mac: 08:00:27:08:08:13"),
        Mistake("mac: 08:00:27:08:08:13", "mac: ‸“08:00:27:08:08:13”", "X0201", "write mac: 08:00:27:08:08:13"),
        Mistake("mac: 08:00:27:08:08:13", "mac: ‸O8:OO:27:O8:O8:13", "X0201", "write mac: 08:00:27:08:08:13"),
        Mistake("address: 172.16.22.13", "address: ‸172.16.22.13/24", "X0202", "write address: 172.16.22.13"),
        Mistake("address: 172.16.22.13", "address: ‸172.16.022.013", "X0202", "write address: 172.16.22.13"),
        Mistake("address: 172.16.22.13", "address: ‸172,16,22,13", "X0202", "write address: 172.16.22.13"),
        Mistake(
            "        address: 10.8.8.13", "        address: ‸dhcp", "X0202",
            "leave the field out; `dhcp` of the network says where addresses come from"),
        Mistake("[10.8.8.14/24]", "[‸10.8.8.14]", "X0202", "write 10.8.8.14/24"),
        Mistake("[10.8.8.14/24]", "[‸10.8.8.14/255.255.255.0]", "X0202", "write 10.8.8.14/24"),
        Mistake(
            "subnet: 172.16.22.0/24", "subnet: ‸172.16.22.0/255.255.255.0", "X0203", "write subnet: 172.16.22.0/24"),
        Mistake(
            "subnet: 172.16.22.0/24", "subnet: ‸172.16.22.0 255.255.255.0", "X0203", "write subnet: 172.16.22.0/24"),
        Mistake("subnet: 172.16.22.0/24", "subnet: ‸172.16.22.0", "X0203", "write subnet: 172.16.22.0/24"),
        Mistake("subnet: 172.16.22.0/24", "subnet: ‸172.16.22/24", "X0203", "write subnet: 172.16.22.0/24"),
        Mistake("subnet: 172.16.22.0/24", "subnet: ‸172.16.22.x", "X0203", "write subnet: 172.16.22.0/24"),
        Mistake("subnet: 172.16.22.0/24", "subnet: ‸172.16.22.1/24", "X0203", "write subnet: 172.16.22.0/24"),
        Mistake("  xen01:", "  ‸xen01.hl.local:", "X0204", "write xen01:"),
        Mistake("  xen01:", "  ‸Xen01:", "X0204", "write xen01:"),
        Mistake("  xen01:", "  ‸xen_01:", "X0204", "write xen-01:", cure: "  xen-01:"),
        Mistake("domain: hl.local", "domain: ‸.hl.local", "X0205", "write domain: hl.local"),
        Mistake("domain: hl.local", "domain: ‸hl.local.", "X0205", "write domain: hl.local"),
        Mistake("domain: hl.local", "domain: ‸HL.local", "X0205", "write domain: hl.local"),
        Mistake("network: lan", "network: ‸LAN", "X0212", "write network: lan"),
        Mistake(
            "gateway: 10.8.8.1", "gateway: ‸10.9.8.1", "X0304",
            "use an address from 10.8.8.1 to 10.8.8.254, or correct the subnet"),
        Mistake(
            "address: 172.16.22.13", "address: ‸172.16.22.0", "X0305",
            "use an address from 172.16.22.1 to 172.16.22.254"),
        Mistake(
            "gateway: 10.8.8.1", "gateway: 10.8.8.1\n    routes: {‸default: 10.8.8.1}", "X0203",
            "use `gateway` for the default route"),
        // Amounts.
        Mistake("memory: 8 GiB", "memory: ‸8", "X0206", "write memory: 8 GiB"),
        Mistake("memory: 8 GiB", "memory: ‸8192", "X0206", "write memory: 8192 MiB", cure: "memory: 8192 MiB"),
        Mistake("memory: 8 GiB", "memory: ‸8gb", "X0206", "write memory: 8 GB", cure: "memory: 8 GB"),
        Mistake("memory: 8 GiB", "memory: ‸8\u{A0}GiB", "X0206", "write memory: 8 GiB"),
        Mistake("memory: 1 GiB", "memory: ‸1.5 GiB", "X0206", "write memory: 1536 MiB", cure: "memory: 1536 MiB"),
        Mistake("memory: 1 GiB", "memory: ‸1048576 KiB", "X0206", "write memory: 1024 MiB", cure: "memory: 1024 MiB"),
        Mistake("size: 500 GB", "size: ‸500", "X0206", "write size: 500 GB"),
        Mistake("swap: 1 GiB", "swap: ‸0", "X0206", "write swap: none", cure: "swap: none"),
        Mistake("swap: 1 GiB", "swap: ‸false", "X0206", "write swap: none", cure: "swap: none"),
        // Disks.
        Mistake("device: /dev/sda", "device: ‸sda", "X0210", "write device: /dev/sda"),
        Mistake("device: /dev/sda", "device: ‸/dev/sda1", "X0210", "write device: /dev/sda"),
        Mistake(
            "device: /dev/sda", "device: ‸/dev/nvme0n1p1", "X0210", "write device: /dev/nvme0n1",
            cure: "device: /dev/nvme0n1"),
        Mistake(
            "device: /dev/sda", "device: ‸/dev/disk/by-id/ata-X_1", "X0210", "write by_id: ata-X_1",
            cure: "by_id: ata-X_1"),
        Mistake(
            "device: /dev/sda", "by_id: ‸/dev/disk/by-id/ata-X_1", "X0210", "write by_id: ata-X_1",
            cure: "by_id: ata-X_1"),
        Mistake("layout: lvm", "layout: ‸LVM", "X0212", "write layout: lvm"),
        // Choices, and names that the release knows.
        Mistake("firmware: bios", "firmware: ‸efi", "X0212", "write firmware: uefi", cure: "firmware: uefi"),
        Mistake("firmware: bios", "firmware: ‸BIOS", "X0212", "write firmware: bios"),
        Mistake("mode: active-backup", "mode: ‸1", "X0212", "write mode: active-backup"),
        Mistake("mode: active-backup", "mode: ‸lacp", "X0212", "write mode: 802.3ad", cure: "mode: 802.3ad"),
        Mistake("sudo: nopasswd", "sudo: ‸NOPASSWD", "X0212", "write sudo: nopasswd"),
        Mistake("console: ttyS0,115200", "console: ‸/dev/ttyS0", "X0212", "write console: ttyS0,115200"),
        Mistake("console: ttyS0,115200", "console: ‸ttyS0,115200n8", "X0212", "write console: ttyS0,115200"),
        Mistake("console: ttyS0,115200", "console: ‸true", "X0212", "write console: ttyS0,115200"),
        Mistake(
            "host: deb.debian.org, directory: /debian", "host: ‸http://deb.debian.org/debian", "X0212",
            "write host: deb.debian.org"),
        Mistake(
            "report_url: http://10.8.8.1:8000", "report_url: ‸10.8.8.1:8000", "X0212",
            "write report_url: http://10.8.8.1:8000"),
        Mistake(
            "report_url: http://10.8.8.1:8000", "report_url: ‸https://10.8.8.1:8000", "X0212",
            "write report_url: http://10.8.8.1:8000"),
        Mistake("late_script: late.sh", "late_script: ‸./late.sh", "X0209", "write late_script: late.sh"),
        Mistake("keymap: us", "keymap: ‸uk", "X0214", "write keymap: gb", cure: "keymap: gb"),
        Mistake("keymap: us", "keymap: ‸en", "X0214", "write keymap: us"),
        Mistake("keymap: us", "keymap: ‸de-latin1", "X0214", "write keymap: de", cure: "keymap: de"),
        Mistake("timezone: Europe/Berlin", "timezone: ‸Berlin", "X0221", "write timezone: Europe/Berlin"),
        Mistake("timezone: Europe/Berlin", "timezone: ‸europe/berlin", "X0221", "write timezone: Europe/Berlin"),
        Mistake(
            "keymap: us", "keymap: us\nlocale: ‸en", "X0212", "write locale: en_US.UTF-8",
            cure: "keymap: us\nlocale: en_US.UTF-8"),
        Mistake("release: bookworm", "release: ‸12", "X0301", "write release: bookworm"),
        Mistake("release: bookworm", "release: ‸Bookworm", "X0301", "write release: bookworm"),
        Mistake("toolstack: xl", "toolstack: ‸xm", "X0506", "write toolstack: xl"),
    ]
}
