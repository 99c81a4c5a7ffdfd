/// Checks answers that have to fit together.
struct PreseedAgreement {
    /// The last answer to each question.
    let answers: [String: PreseedAnswer]
    let release: Release

    init(_ answers: [String: PreseedAnswer], release: Release) { (self.answers, self.release) = (answers, release) }

    func check(report: inout DiagnosticReport) {
        checkPassword("root", isUsed: value("passwd/root-login") != "false", report: &report)
        checkPassword(
            "user", isUsed: value("passwd/root-login") == "false" || value("passwd/make-user") != "false",
            report: &report)
        if let answer = answers["passwd/make-user"], answer.value == "false", value("passwd/root-login") == "false" {
            add(
                .error, "root can't log in (passwd/root-login), so the installer makes a user in spite of this line",
                at: answer, hint: "answer passwd/user-fullname, passwd/username and passwd/user-password-crypted",
                report: &report)
        }
        checkPassphrase(report: &report)
        checkGateway(report: &report)
        checkBootPartition(report: &report)
        checkBootVolume(report: &report)
        checkComponents(report: &report)
    }

    private func value(_ question: String) -> String? { answers[question]?.value }

    private func add(
        _ severity: Severity, _ message: String, at answer: PreseedAnswer, hint: String?, isSecret: Bool = false,
        report: inout DiagnosticReport
    ) {
        var diagnostic = Diagnostic(
            code: .disagreement, severity: severity, message: message, mark: answer.valueMark, hint: hint)
        diagnostic.isSecret = isSecret
        report.add(answer.located(diagnostic))
    }

    /// Both answers to a password question must be there and be equal (user-setup 1.61 and 1.107, user-setup-ask).
    private func checkPassword(_ account: String, isUsed: Bool, report: inout DiagnosticReport) {
        let name = "passwd/\(account)-password"
        let hash = value("\(name)-crypted") ?? ""
        guard isUsed, hash.isEmpty || account == "root" && hash == "!" else { return }
        checkPair(name, "\(name)-again", report: &report)
    }

    /// The same for the passphrase of an encrypted disk (partman-crypto, lib/crypto-base.sh).
    private func checkPassphrase(report: inout DiagnosticReport) {
        checkPair("partman-crypto/passphrase", "partman-crypto/passphrase-again", report: &report)
        guard let answer = answers["partman-crypto/passphrase"], answer.value.isEmpty else { return }
        add(
            .error, "the passphrase is empty, so the installer asks for another one", at: answer, hint: nil,
            report: &report)
    }

    private func checkPair(_ name: String, _ again: String, report: inout DiagnosticReport) {
        switch (answers[name], answers[again]) {
        case (let first?, let second?) where first.value != second.value:
            add(
                .error, "\(again) differs from \(name), so the installer asks for both", at: second,
                hint: "write the same value in both lines", isSecret: true, report: &report)
        case (let first?, nil) where !first.value.isEmpty:
            add(
                .error, "\(name) is answered, but \(again) is not, so the installer asks for both", at: first,
                hint: "add a line for \(again) with the same value", isSecret: true, report: &report)
        default: return
        }
    }

    /// netcfg asks for the gateway again when the network of the interface does not have it (static.c, netcfg_gateway_reachable).
    private func checkGateway(report: inout DiagnosticReport) {
        guard let gateway = answers["netcfg/get_gateway"], value("netcfg/get_pointopoint") ?? "" == "",
            let address = value("netcfg/get_ipaddress").flatMap({
                try? IPv4Address(text: String($0.prefix { $0 != "/" }))
            }),
            let mask = value("netcfg/get_netmask").flatMap({ try? IPv4Address(text: $0) }),
            let target = try? IPv4Address(text: gateway.value), mask.bits < ~1,
            target.bits & mask.bits != address.bits & mask.bits
        else { return }
        add(
            .error, "the gateway \(target) is not in the network of \(address) with the netmask \(mask)", at: gateway,
            hint: "the installer asks for another gateway", report: &report)
    }

    /// On a disk with a GPT, GRUB needs a partition of its own when the firmware is a BIOS (grub-install: “this GPT partition
    /// label contains no BIOS Boot Partition; embedding won't be possible”).
    private func checkBootPartition(report: inout DiagnosticReport) {
        guard let label = answers["partman-partitioning/default_label"], label.value == "gpt",
            let answer = answers["partman-auto/expert_recipe"],
            let recipe = try? PartitionRecipe(answer.value, standsAlone: false)
        else { return }
        let hasPlace = recipe.partitions.contains { ["biosgrub", "efi"].contains($0["method"]) }
        if hasPlace { return }
        report.add(
            answer.located(
                .init(
                    code: .wrongRecipe, severity: .error,
                    message:
                        "the disk gets a GPT, and the recipe has neither a partition for GRUB (BIOS) nor one for UEFI",
                    mark: answer.valueMark, hint: "add: 1 1 1 free method{ biosgrub } .")))
    }

    /// GRUB of a BIOS can read /boot on LVM, but the installer asks first (partman-auto-lvm 56 and 103, partman-auto-lvm/no_boot).
    private func checkBootVolume(report: inout DiagnosticReport) {
        guard value("partman-auto/method") == "lvm", value("partman-auto-lvm/no_boot") != "true",
            let answer = answers["partman-auto/expert_recipe"],
            let recipe = try? PartitionRecipe(answer.value, standsAlone: false),
            recipe.hasBootOnLVM
        else { return }
        report.add(
            answer.located(
                .init(
                    code: .wrongRecipe, severity: .error,
                    message: "/boot is a logical volume ($lvmok{ }): the installer stops and asks",
                    mark: answer.valueMark, hint: "d-i partman-auto-lvm/no_boot boolean true")))
    }

    /// Reports packages of components that the file does not enable.
    private func checkComponents(report: inout DiagnosticReport) {
        guard let answer = answers["pkgsel/include"], value("apt-setup/use_mirror") != "false" else { return }
        for (item, offset) in ValueFormat.items(answer.value) {
            let name = PackageIndex.name(of: item)
            // The table is read only for a package that it seems to have.
            guard mayBeOutsideMain(name), let component = release.packagesOutsideMain[name],
                value("apt-setup/\(component.rawValue)") != "true", !hasRepository(with: component)
            else { continue }
            report.add(
                answer.located(
                    .init(
                        code: .disagreement, severity: .error,
                        message: "\(name) is in \(component.rawValue), which the file does not enable",
                        mark: answer.valueMark(at: offset), hint: "d-i apt-setup/\(component.rawValue) boolean true")))
        }
    }

    /// Whether a package source of the file itself has a component.
    private func hasRepository(with component: Component) -> Bool {
        answers.values.contains {
            $0.question.utf8.starts(with: "apt-setup/local".utf8)
                && ValueFormat.items($0.value).contains { $0.text == component.rawValue }
        }
    }
}
