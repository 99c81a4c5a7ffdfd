/// A simulation of the questions that an installation with a preseed asks, in the order of the installer.
///
/// It assumes an installation without failures: the DHCP server answers, the mirror has the release, and the disk is large
/// enough. Without a machine, it lists the questions of every machine, each with the condition under which it is asked.
public struct QuestionSimulation: Sendable {
    public enum Priority: String, CaseIterable, Comparable, Sendable {
        case low, medium, high, critical

        public static func < (a: Priority, b: Priority) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }

    public enum Verdict: Equatable, Sendable {
        /// The question is answered by a line of the preseed; nil when the kernel's command line or a command answers it.
        case answered(line: Int?)
        /// The question is not shown at this priority.
        case defaulted
        /// The installation stops at the question. The value is the line that would answer it.
        case stops(add: String)
    }

    public struct Step: Sendable {
        public var question: String
        public var priority: Priority
        public var verdict: Verdict
        /// The condition under which the question is asked; empty when it is always asked.
        public var note: String
        /// The property of the machine that the question depends on; nil when it is asked on every machine.
        public var condition: InstallationCondition?

        /// Whether the installation stops at the question.
        public var isStop: Bool { if case .stops = verdict { true } else { false } }
        /// Whether the question is asked on the simplest machine.
        var isCertain: Bool { condition?.holds(on: .simple) ?? true }
    }

    public private(set) var steps: [Step] = []
    /// The priority below which questions are not shown.
    public let priority: Priority
    /// What the preseed reads at run time and the simulation does not know, in the order of the lines.
    public let unseen: [Unseen]
    /// The machine; nil when every machine is considered.
    private let machine: InstallationMachine?

    /// Something that may answer questions, and is not known here.
    public struct Unseen: Sendable {
        /// For a message: `the file common.cfg (preseed/include)`.
        public var text: String
        public var mark: SourceMark
    }

    /// Simulates an installation.
    /// - Parameters:
    ///   - preseed: The file with the answers.
    ///   - release: The release that is installed.
    ///   - medium: The source from which the installer reads the file.
    ///   - kernelLine: The answers on the kernel's command line; nil for none.
    ///   - priority: The priority below which questions are not shown. The default is that of the kernel's command line or the
    ///     preseed, or high.
    ///   - answered: Questions that are answered by other means, such as a script.
    ///   - machine: The machine; nil for every machine.
    ///   - include: Returns the content of a file that the preseed names; nil when it can't be read.
    public init(
        _ preseed: PreseedFile, release: Release, medium: PreseedSource, kernelLine: KernelLine? = nil,
        priority: Priority? = nil,
        answered: Set<String> = [], machine: InstallationMachine? = nil, include: (String) -> [UInt8]? = { _ in nil }
    ) {
        let kernelLine = kernelLine ?? KernelLine("")
        let included = PreseedInclusion(preseed, include: include)
        let state = PreseedState(
            included.file, release: release, medium: medium, kernelLine: kernelLine, answered: answered)
        let priority = priority ?? state.priority
        self.priority = priority
        self.machine = machine
        unseen = included.unseen
        for item in InstallerQuestion.all(state)
        where release.questions.contains(item.question) && item.when(state) {
            if let machine, let condition = item.condition, !condition.holds(on: machine) { continue }
            let answer = ([item.question] + item.alternatives).lazy.compactMap { state.answer(to: $0) }.first
            let verdict: Verdict =
                if let answer {
                    .answered(line: answer.line)
                } else if item.priority < priority || kernelLine.isNoninteractive {
                    .defaulted
                } else {
                    .stops(add: item.line)
                }
            steps.append(
                Step(
                    question: item.question, priority: item.priority, verdict: verdict, note: item.note,
                    condition: item.condition))
        }
    }

    /// The questions at which the installation stops, on one machine or another.
    public var stops: [Step] { steps.filter(\.isStop) }

    /// A sentence for a person: what is asked, and under which condition.
    public var summary: String {
        let place = machine == nil ? "on a BIOS machine with one empty disk and one network card" : "on this machine"
        let certain = stops.filter { machine != nil || $0.isCertain }.map(\.question)
        var text = certain.isEmpty ? "asks nothing \(place)" : "asks \(certain.joined(separator: ", ")) \(place)"
        if machine == nil {
            for condition in InstallationCondition.allCases {
                let asked = stops.filter { $0.condition == condition && !$0.isCertain }.map(\.question)
                if !asked.isEmpty { text += "; asks \(asked.joined(separator: ", ")) \(condition.rawValue)" }
            }
        }
        return unseen.isEmpty ? text : text + "; not seen: " + unseen.map(\.text).joined(separator: ", ")
    }

    /// Adds a diagnostic for every question at which the installation stops (code X0818): an error if it stops on the simplest
    /// machine or on the given one, and otherwise a warning. A file that is not seen may have the answer.
    public func report(to report: inout DiagnosticReport) {
        for step in stops {
            guard case .stops(let line) = step.verdict else { continue }
            var diagnostic = Diagnostic(
                code: .wouldStop,
                severity: (machine != nil || step.isCertain) && unseen.isEmpty ? .error : .warning,
                message:
                    "the installer would stop and ask \(step.question)\(step.note.isEmpty ? "" : " (\(step.note))")",
                hint: "add: \(line)")
            (diagnostic.question, diagnostic.condition) = (step.question, step.condition?.rawValue)
            report.add(diagnostic, subject: step.question)
        }
        for unseen in unseen {
            report.add(
                .init(
                    code: .wouldStop, severity: .note,
                    message: "\(unseen.text) is not seen, and may answer questions", mark: unseen.mark),
                subject: unseen.text)
        }
    }
}

/// The answers of one installation, from the preseed, its commands and the kernel's command line.
private struct PreseedState {
    struct Answer {
        var value: String
        var line: Int?

        /// Whether the question is said to be answered elsewhere, without a value.
        var isElsewhere: Bool { line == nil && value.isEmpty }
    }

    private var answers: [String: Answer] = [:]
    let medium: PreseedSource
    let isArchived: Bool
    private let translations: IncompleteTranslations
    /// Whether a CD for network installations asks for further CDs.
    let offersFurtherCDs: Bool
    /// The line with a command that runs a script before partitioning; the script may choose the disk.
    private var diskScript: Int?
    /// The partition recipe; nil when there is none, or it is malformed.
    private(set) var recipe: PartitionRecipe?

    init(_ preseed: PreseedFile, release: Release, medium: PreseedSource, kernelLine: KernelLine, answered: Set<String>)
    {
        self.medium = medium
        translations = release.translations
        offersFurtherCDs = release.netinstOffersFurtherCDs
        isArchived = release.signaturesExpired
        for (question, value) in kernelLine.answers { answers[question] = Answer(value: value, line: nil) }
        // `seen false` makes an answer a default, which the installer shows.
        let shown = Set(
            preseed.flags.filter { flag in
                flag.value == "false"
                    && !preseed.answers.contains { $0.question == flag.question && $0.mark > flag.mark }
            }.map(\.question))
        for answer in preseed.answers where !shown.contains(answer.question) {
            // An answer that is read after its question was asked has no effect.
            if medium.hasAsked(answer.question, isAutomatic: kernelLine.isAutomatic) { continue }
            // If both answer the question, the one that is read last is used.
            if medium == .initrd, !release.seedOverridesKernelLine, kernelLine.answers[answer.question] != nil {
                continue
            }
            answers[answer.question] = Answer(value: answer.value, line: answer.mark.line)
        }
        for answer in preseed.answers {
            guard case .command = ValueFormat.of(answer.question), let script = try? ShellCommand(answer.value.utf8)
            else { continue }
            for command in script.commands {
                let arguments = command.words.map(\.literal)
                if answer.question == "partman/early_command", Self.runsScript(arguments) {
                    diskScript = answer.mark.line
                }
                // debconf-set QUESTION VALUE; an empty value removes the answer.
                if arguments.count > 2, arguments[0]?.split(separator: "/").last == "debconf-set",
                    let question = arguments[1], arguments[2] != "", Self.readByValue.contains(question),
                    answers[question] == nil
                {
                    answers[question] = Answer(value: arguments[2] ?? "", line: answer.mark.line)
                }
            }
        }
        for question in answered where answers[question] == nil { answers[question] = Answer(value: "", line: nil) }
        recipe = self["partman-auto/expert_recipe"].flatMap { try? PartitionRecipe($0, standsAlone: false) }
    }

    /// The questions whose values the installer reads before it asks. `debconf-set` sets a value, but leaves the flag `seen`, so
    /// that other questions are asked nevertheless (rootskel, bin/debconf-set; cdebconf, command_set).
    private static let readByValue: Set = [
        "partman-auto/method", "partman-auto/disk", "partman-auto/expert_recipe", "partman-auto/expert_recipe_file",
        "netcfg/hostname", "passwd/root-password-crypted", "passwd/user-password-crypted", "grub-installer/bootdev",
    ]

    /// Returns whether a command runs a script, whose effects are not known here.
    private static func runsScript(_ arguments: [String?]) -> Bool {
        guard let program = arguments.first ?? nil else { return false }
        if ["sh", "ash", "."].contains(program), arguments.count > 1 {
            return !(arguments[1]?.hasPrefix("-") ?? false)
        }
        if program == "exec" { return runsScript(Array(arguments.dropFirst())) }
        return program.contains("/")
    }

    func answer(to question: String) -> Answer? {
        if question == InstallerQuestion.script { return diskScript.map { Answer(value: "", line: $0) } }
        guard let answer = answers[question] else { return nil }
        switch question {
        // user-setup accepts neither an empty text nor ! as a password (1.61, 1.107), and an empty method is not an answer.
        case "passwd/root-password-crypted" where answer.value.isEmpty || answer.value == "!": return nil
        case "passwd/user-password-crypted" where answer.value.isEmpty: return nil
        case "passwd/root-password" where answer.value.isEmpty, "passwd/user-password" where answer.value.isEmpty:
            return nil
        // initial_auto of partman-auto 126 and 177 knows these methods.
        case "partman-auto/method" where !["regular", "lvm", "crypto", "raid"].contains(answer.value):
            return answer.line == nil && !answer.value.isEmpty ? answer : nil
        case "passwd/username" where Release.reservedUserNames.contains(answer.value): return nil
        // partman returns to its menu and asks again (partman-base, lib/commit.sh; partman-auto-lvm, lib/auto-lvm.sh).
        case "partman/confirm", "partman/confirm_nooverwrite", "partman-lvm/confirm", "partman-lvm/confirm_nooverwrite",
            "partman-md/confirm", "partman-md/confirm_nooverwrite", "partman-auto-lvm/no_boot":
            return answer.value == "false" ? nil : answer
        // Only `true` removes the old volumes (partman-lvm, lib/lvm-remove.sh; partman-md, lib/md-remove.sh).
        case "partman-lvm/device_remove_lvm", "partman-md/device_remove_md":
            return answer.value == "true" || answer.isElsewhere ? answer : nil
        // `true` means to return to the menu (the check.d scripts of partman-basicfilesystems, partman-efi and
        // partman-basicmethods).
        case "partman-basicfilesystems/no_swap", "partman-efi/no_efi", "partman-basicmethods/method_only":
            return answer.value == "true" ? nil : answer
        // grub-installer 1.212 takes the answer only if it is not empty.
        case "grub-installer/bootdev" where answer.value.isEmpty && !answer.isElsewhere: return nil
        case "passwd/root-password", "passwd/user-password", "partman-crypto/passphrase":
            return self["\(question)-again"].map { $0 == answer.value } ?? (answer.line == nil) ? answer : nil
        default: return answer
        }
    }

    subscript(question: String) -> String? { answers[question]?.value }

    var priority: QuestionSimulation.Priority {
        self["debconf/priority"].flatMap(QuestionSimulation.Priority.init) ?? .high
    }
    /// The question that warns of an incomplete translation; nil when there is none.
    var translationWarning: String? {
        let language = self["debian-installer/language"].flatMap { $0.split(separator: ":").first }.map { [String($0)] }
        return translations.question(
            for: language ?? Release.languages(of: self["debian-installer/locale"] ?? ""))
    }
    var method: String { self["partman-auto/method"] ?? "" }
    var isStatic: Bool { self["netcfg/disable_autoconfig"] == "true" || self["netcfg/use_autoconfig"] == "false" }
    /// Whether the host name has a domain, which netcfg then takes (netcfg 1.131+deb8u2, dhcp.c, preseed_hostname_from_fqdn).
    var hostNameHasDomain: Bool {
        let names = ["netcfg/hostname", "netcfg/get_hostname"].lazy.compactMap { self[$0] }
        guard let name = names.first(where: { !$0.isEmpty }) else { return false }
        return name.split(separator: ".", maxSplits: 1).count == 2
    }
    var hasRoot: Bool { self["passwd/root-login"] != "false" }
    /// Whether the country of the locale has several time zones (tzsetup 1:0.132, templates tzsetup/country/…).
    var hasSeveralZones: Bool {
        let locale = self["debian-installer/locale"] ?? ""
        let place =
            self["debian-installer/country"] ?? String(locale.split(separator: "_").dropFirst().first?.prefix(2) ?? "")
        return [
            "AQ", "AU", "BR", "CA", "CD", "CL", "CY", "EC", "ES", "FM", "GL", "ID", "KI", "KZ", "MN", "MX", "NZ", "PF",
            "PG",
            "PT", "RU", "UM", "US", "",
        ].contains(place)
    }
    /// Whether a user account is created, which is required when root can't log in.
    var makesUser: Bool { !hasRoot || self["passwd/make-user"] != "false" }
    var mirrorIsTyped: Bool { self["mirror/country"] == "manual" }
    var protocolName: String { self["mirror/protocol"] ?? "http" }
    var usesCD: Bool { medium.isCD || medium == .usb }
    var usesMirror: Bool { !usesCD || self["apt-setup/use_mirror"] != "false" }
    var usesLVM: Bool { method == "lvm" || method == "crypto" }
    /// Whether a volume group is made: on a partition, or on a RAID array.
    var makesGroup: Bool { usesLVM || method == "raid" && recipe?.usesLVM == true }
    /// Whether the recipes have swap space. The description of RAID arrays may come from a script, which is not known here.
    var hasSwap: Bool {
        recipe?.partitions.contains { $0.filesystem == "linux-swap" || $0["method"] == "swap" } != false
            || method == "raid" && self["partman-auto-raid/recipe"]?.split(separator: " ").contains("swap") == true
    }
}

/// A question that the installer asks in the course of an installation.
private struct InstallerQuestion: Sendable {
    let question: String
    /// The highest priority at which the question is asked in such an installation.
    let priority: QuestionSimulation.Priority
    /// The preseed line that answers the question.
    let line: String
    /// Other questions whose answers also answer this one.
    var alternatives: [String]
    let note: String
    let condition: InstallationCondition?
    let when: @Sendable (PreseedState) -> Bool

    /// - Parameters:
    ///   - answer: The type and the value of an answer.
    ///   - line: The preseed line, if it is not an answer to the question itself.
    ///   - alternatives: Other questions whose answers also answer this one.
    ///   - note: The reason for the question, if it is not always asked.
    ///   - condition: The property of the machine that the question depends on.
    ///   - when: Returns whether the question is asked.
    init(
        _ question: String, _ priority: QuestionSimulation.Priority, _ answer: String = "", line: String? = nil,
        or alternatives: [String] = [],
        note: String = "", if condition: InstallationCondition? = nil,
        when: @escaping @Sendable (PreseedState) -> Bool = { _ in true }
    ) {
        (self.question, self.priority, self.line) = (question, priority, line ?? "d-i \(question) \(answer)")
        (self.alternatives, self.note, self.when) = (alternatives, condition?.rawValue ?? note, when)
        self.condition = condition
    }

    /// An alternative that stands for a script which runs before partitioning.
    static let script = "(script)"

    /// Returns the questions in the order of the installer's menu. They were read from the component versions of jessie and
    /// trixie in the comments.
    static func all(_ state: PreseedState) -> [InstallerQuestion] {
        let mirror = "mirror/\(state.protocolName)"
        return language + network + [
            // choose-mirror 2.80 and 2.133.
            InstallerQuestion("mirror/country", .high, "string manual", when: { $0.usesMirror }),
            InstallerQuestion(
                "\(mirror)/hostname", .critical, "string deb.debian.org", when: { $0.usesMirror && $0.mirrorIsTyped }),
            InstallerQuestion(
                "\(mirror)/directory", .critical, "string /debian", when: { $0.usesMirror && $0.mirrorIsTyped }),
            InstallerQuestion(
                "\(mirror)/mirror", .high, "select deb.debian.org", when: { $0.usesMirror && !$0.mirrorIsTyped }),
            InstallerQuestion("\(mirror)/proxy", .high, "string", when: { $0.usesMirror }),
            InstallerQuestion(
                "mirror/bad", .critical, line: "d-i mirror/country string manual",
                note: "no mirror in the installer's list has this release",
                when: { $0.usesMirror && !$0.mirrorIsTyped && $0.isArchived }),
        ] + accounts + partitioning + system
    }

    /// localechooser 2.112, keyboard-configuration 1.242.
    private static let language =
        [
            InstallerQuestion(
                "debian-installer/locale", .critical, "string en_US.UTF-8", or: ["debian-installer/language"]),
            InstallerQuestion(
                "debian-installer/country", .critical, "string US",
                when: { $0["debian-installer/locale"] == nil && $0["debian-installer/language"] != nil }),
        ]
        + ["localechooser/translation/warn-severe", "localechooser/translation/warn-light"].map { question in
            InstallerQuestion(
                question, .high, "boolean true", note: "the installer's translation into this language is incomplete",
                when: { $0.translationWarning == question })
        } + [
            InstallerQuestion("keyboard-configuration/xkb-keymap", .critical, "select us")
        ]

    /// hw-detect 1.171; netcfg 1.131+deb8u2 and 1.176.
    private static let network = [
        InstallerQuestion(
            "hw-detect/load_firmware", .high, "boolean false", or: ["hw-detect/firmware-lookup"],
            if: .missingFirmware),
        InstallerQuestion("netcfg/choose_interface", .critical, "select auto", if: .severalCards),
        InstallerQuestion("netcfg/get_ipaddress", .critical, "string 192.0.2.42", when: { $0.isStatic }),
        InstallerQuestion(
            "netcfg/get_netmask", .critical, "string 255.255.255.0",
            when: { $0.isStatic && $0["netcfg/get_ipaddress"]?.contains("/") != true }),
        InstallerQuestion("netcfg/get_gateway", .critical, "string 192.0.2.1", when: { $0.isStatic }),
        InstallerQuestion("netcfg/get_nameservers", .critical, "string 192.0.2.1", when: { $0.isStatic }),
        InstallerQuestion("netcfg/confirm_static", .medium, "boolean true", when: { $0.isStatic }),
        InstallerQuestion("netcfg/get_hostname", .high, "string node", or: ["netcfg/hostname"]),
        InstallerQuestion("netcfg/get_domain", .high, "string example.org", when: { !$0.hostNameHasDomain }),
    ]

    /// user-setup 1.61 and 1.107, clock-setup 0.166, tzsetup.
    private static let accounts = [
        InstallerQuestion("passwd/root-login", .medium, "boolean true"),
        InstallerQuestion(
            "passwd/root-password", .critical, line: "d-i passwd/root-password-crypted password *",
            or: ["passwd/root-password-crypted"],
            when: { $0.hasRoot }),
        InstallerQuestion("passwd/make-user", .medium, "boolean false", when: { $0.hasRoot }),
        InstallerQuestion("passwd/user-fullname", .critical, "string", when: { $0.makesUser }),
        InstallerQuestion("passwd/username", .critical, "string user", when: { $0.makesUser }),
        InstallerQuestion(
            "passwd/user-password", .critical, line: "d-i passwd/user-password-crypted password *",
            or: ["passwd/user-password-crypted"],
            when: { $0.makesUser }),
        InstallerQuestion("clock-setup/ntp", .medium, "boolean true"),
        InstallerQuestion(
            "time/zone", .high, "string UTC", note: "for a country with several zones", when: { $0.hasSeveralZones }),
    ]

    /// partman-auto 126 and 177, partman-base 227, partman-auto-lvm 101, partman-basicfilesystems 126.
    private static let partitioning = [
        InstallerQuestion(
            "partman-auto/init_automatically_partition", .critical, line: "d-i partman-auto/method string regular",
            or: ["partman-auto/method"]),
        // display.d/10initial_auto asks for the disk although the method is answered.
        InstallerQuestion(
            "partman-auto/disk", .critical, "string /dev/sda", or: [script], if: .severalDisks),
        InstallerQuestion(
            "partman-auto/choose_recipe", .high, "select atomic",
            or: ["partman-auto/expert_recipe", "partman-auto/expert_recipe_file"]),
        InstallerQuestion("partman-crypto/passphrase", .critical, "password …", when: { $0.method == "crypto" }),
        InstallerQuestion("partman-crypto/passphrase-again", .critical, "password …", when: { $0.method == "crypto" }),
        // partman-auto-raid 55 (bin/auto-raidcfg, display.d/56initial_auto_raid_lvm).
        InstallerQuestion(
            "partman-auto-raid/error", .critical,
            line: "d-i partman-auto-raid/recipe string 1 2 0 ext4 / /dev/sda1#/dev/sdb1 .",
            or: ["partman-auto-raid/recipe", script], note: "because no recipe describes the arrays",
            when: { $0.method == "raid" }),
        InstallerQuestion("partman-auto-lvm/new_vg_name", .medium, "string vg0", when: { $0.makesGroup }),
        InstallerQuestion("partman-auto-lvm/guided_size", .high, "string max", when: { $0.makesGroup }),
        InstallerQuestion(
            "partman-auto-lvm/no_boot", .critical, "boolean true",
            note: "because the recipe has no /boot outside of LVM",
            when: { $0.usesLVM && $0.recipe.map { !$0.hasBootOutsideLVM } == true }),
        InstallerQuestion(
            "partman-lvm/confirm", .critical, "boolean true", if: .overwrites, when: { $0.usesLVM }),
        InstallerQuestion(
            "partman-lvm/confirm_nooverwrite", .critical, "boolean true", if: .overwritesNothing, when: { $0.usesLVM }),
        InstallerQuestion(
            "partman-md/confirm", .critical, "boolean true", if: .overwrites, when: { $0.method == "raid" }),
        InstallerQuestion(
            "partman-md/confirm_nooverwrite", .critical, "boolean true", if: .overwritesNothing,
            when: { $0.method == "raid" }),
        // partman-lvm 146 and 156, partman-md 106 and 114 ask this before partitioning. A script may have erased the disk.
        InstallerQuestion(
            "partman-lvm/device_remove_lvm", .critical, "boolean true", or: [script], if: .heldLVM),
        InstallerQuestion(
            "partman-md/device_remove_md", .critical, "boolean true", or: [script], if: .heldRAID),
        // partman-efi 110.
        InstallerQuestion(
            "partman-efi/non_efi_system", .critical, "boolean true",
            if: .uefiOverBIOS),
        InstallerQuestion("partman/choose_partition", .critical, "select finish"),
        // check.d/07efi: only the installer's own recipes for UEFI have the partition.
        InstallerQuestion(
            "partman-efi/no_efi", .critical, "boolean false", or: [script], if: .uefi,
            when: { $0.recipe.map { !$0.partitions.contains { $0["method"] == "efi" } } == true }),
        // check.d/07basic_method_only.
        InstallerQuestion(
            "partman-basicmethods/method_only", .critical, "boolean false",
            note: "because a partition is kept without a file system",
            when: {
                $0.recipe?.partitions.contains { $0["method"] == "keep" && $0["use_filesystem"] == nil } == true
            }),
        InstallerQuestion(
            "partman-basicfilesystems/no_swap", .critical, "boolean false", note: "because the recipe has no swap",
            when: { !$0.hasSwap }),
        InstallerQuestion("partman/confirm", .critical, "boolean true", if: .overwrites),
        InstallerQuestion("partman/confirm_nooverwrite", .critical, "boolean true", if: .overwritesNothing),
    ]

    /// base-installer 1.154 and 1.226, apt-setup 1:0.97 and 1:0.198, pkgsel 0.43 and 0.85, grub-installer 1.117+deb8u1 and 1.212,
    /// finish-install 2.124.
    private static let system = [
        InstallerQuestion("base-installer/kernel/image", .medium, "string linux-image-amd64"),
        // generators/50mirror: for an image that is not complete (netinst), the priority is medium.
        InstallerQuestion("apt-setup/use_mirror", .high, "boolean true", if: .fullCD, when: { $0.usesCD }),
        InstallerQuestion(
            "apt-setup/cdrom/set-first", .high, "boolean false", note: "from a CD",
            when: { $0.medium.isCD && $0.offersFurtherCDs }),
        InstallerQuestion(
            "apt-setup/cdrom/set-first", .high, "boolean false", if: .fullCD,
            when: { $0.medium.isCD && !$0.offersFurtherCDs }),
        InstallerQuestion("apt-setup/services-select", .medium, "multiselect security, updates"),
        InstallerQuestion("pkgsel/update-policy", .medium, "select none"),
        InstallerQuestion(
            "popularity-contest/participate", .high,
            line: "popularity-contest popularity-contest/participate boolean false"),
        InstallerQuestion(
            "tasksel/first", .high, line: "tasksel tasksel/first multiselect standard",
            when: { $0["pkgsel/run_tasksel"] != "false" }),
        InstallerQuestion(
            "grub-installer/only_debian", .high, "boolean true", or: ["grub-installer/bootdev", script],
            if: .bios),
        InstallerQuestion(
            "grub-installer/bootdev", .critical, "string /dev/sda", or: ["grub-installer/choose_bootdev", script],
            if: .bios),
        InstallerQuestion("clock-setup/utc", .high, "boolean true", if: .otherSystem),
        InstallerQuestion("finish-install/reboot_in_progress", .critical, "note"),
    ]
}
