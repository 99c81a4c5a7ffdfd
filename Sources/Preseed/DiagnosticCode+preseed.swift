extension DiagnosticCode {
    /// What can be wrong with a preseed, in the order of their identifiers.
    public static let preseedCodes: [DiagnosticCode] = [
        .preseedSyntax, .unknownQuestion, .wrongOwner, .wrongType, .wrongValue, .duplicateAnswer, .otherRelease,
        .malformedValue, .plainPassword, .wrongRecipe, .shellSyntax, .missingProgram, .inTargetMisuse, .runsTwice,
        .lineEnd, .brokenJoin, .tooLate, .wouldStop,
    ]

    static let preseedSyntax = DiagnosticCode(
        "X0801", "a preseed line that can't be read",
        cause: "An answer has an owner, a question and a type; comments begin in the first column.",
        example: "d-i  netcfg/get_hostname", cure: "d-i netcfg/get_hostname string xen01")
    static let unknownQuestion = DiagnosticCode(
        "X0802", "a question that the release's installer does not ask",
        cause: "The installer keeps such a line without a word, and then asks the question that was meant.",
        example: "d-i netcfg/get_hostnam string xen01", cure: "Write the question's name as the catalogue has it.")
    static let wrongOwner = DiagnosticCode(
        "X0803", "an answer under the wrong owner",
        cause: "Lines of a package other than d-i are replayed into the installed system; the others are not.",
        example: "d-i tasksel/first multiselect", cure: "tasksel tasksel/first multiselect")
    static let wrongType = DiagnosticCode(
        "X0804", "an answer of the wrong type",
        cause: "The installer does not check types, the installed system's debconf does.",
        example: "d-i clock-setup/utc string true", cure: "d-i clock-setup/utc boolean true")
    static let wrongValue = DiagnosticCode(
        "X0805", "a value that the question does not take",
        cause: "A boolean is true or false to the letter; a choice is one of its list; a command has no \\n.",
        example: "d-i clock-setup/utc boolean yes", cure: "d-i clock-setup/utc boolean true")
    static let duplicateAnswer = DiagnosticCode(
        "X0806", "a question answered twice",
        cause: "The last answer wins, so the first one only misleads.",
        example: "d-i clock-setup/utc boolean true\nd-i clock-setup/utc boolean false", cure: "Keep one of the two.")
    static let otherRelease = DiagnosticCode(
        "X0807", "a question of another release",
        cause:
            "Components rename, add and drop questions from release to release; a line for another one does nothing.",
        example: "d-i apt-setup/non-free-firmware boolean false   (in jessie)",
        cure: "Remove the line, or write what this release has instead.")
    static let malformedValue = DiagnosticCode(
        "X0808", "a value of the wrong form",
        cause:
            "The installer checks an address, a host name or a device only when a person types it: a preseeded one is used "
            + "as it is, or the question is asked after all.",
        example: "d-i netcfg/get_ipaddress string 10.0.0.300", cure: "d-i netcfg/get_ipaddress string 10.0.0.30")
    static let plainPassword = DiagnosticCode(
        "X0809", "a password that is no crypt(3) hash",
        cause:
            "The value goes into /etc/shadow as it is: a plain password opens nothing, and is there for everybody to read.",
        example: "d-i passwd/root-password-crypted password secret",
        cure: "Make a hash with xenseed passwd, or mkpasswd -m sha-512.")
    static let wrongRecipe = DiagnosticCode(
        "X0810", "a partition recipe that is not read as it is meant",
        cause: "partman mends or drops silently what it does not understand in a recipe.",
        example: "d-i partman-auto/expert_recipe string x :: 500 500 -1 ext4 format{ } .",
        cure: "Each partition: minimum, priority, maximum, filesystem, attributes like mountpoint{ / }, and a dot.")
    static let shellSyntax = DiagnosticCode(
        "X0811", "a command that the shell can't read",
        cause: "A command that does not parse ends with an error, and the installer stops to show it.",
        example: "d-i preseed/late_command string if true; then echo done",
        cure: "d-i preseed/late_command string if true; then echo done; fi")
    static let missingProgram = DiagnosticCode(
        "X0812", "a program that the installer does not have",
        cause: "Commands run in the installer, whose programs are few; the new system's are below /target.",
        example: "d-i preseed/late_command string systemctl enable ssh",
        cure: "d-i preseed/late_command string in-target systemctl enable ssh")
    static let inTargetMisuse = DiagnosticCode(
        "X0813", "in-target used as what it is not",
        cause:
            "in-target runs one program with its words in the new system. Redirections, && and ; belong to the installer's "
            + "shell, and before the base system is installed there is no new system.",
        example: "d-i preseed/late_command string in-target \"apt-get update && apt-get -y upgrade\"",
        cure: "d-i preseed/late_command string in-target sh -c 'apt-get update && apt-get -y upgrade'")
    static let runsTwice = DiagnosticCode(
        "X0814", "an early command that should not run twice",
        cause: "The installer runs preseed/early_command again with every further preseed that it loads.",
        example: "d-i preseed/early_command string mkdir /tmp/x",
        cure: "d-i preseed/early_command string mkdir -p /tmp/x")
    static let lineEnd = DiagnosticCode(
        "X0815", "an end of a line that is read as part of the value",
        cause: "All that is behind the type is the value: a comment, too. Only a line that begins with # is one.",
        example: "d-i clock-setup/utc boolean true # hardware clock", cure: "Put the comment on a line of its own.")
    static let brokenJoin = DiagnosticCode(
        "X0816", "lines that are joined otherwise than they look",
        cause:
            "Only a backslash at the very end of a line joins the next; comments and empty lines between are left out by "
            + "the installer, and end the value for debconf's own reader.",
        example: "d-i pkgsel/include string ssh \\ \n    vim", cure: "Remove what is behind the backslash.")
    static let tooLate = DiagnosticCode(
        "X0817", "an answer that comes too late",
        cause:
            "A preseed from the network is read when the network is up, one from a CD or stick when that is mounted. What was "
            + "asked before is not asked again.",
        example: "d-i netcfg/get_hostname string xen01   (read by url=)",
        cure: "On the kernel's command line: netcfg/hostname=xen01")
    static let wouldStop = DiagnosticCode(
        "X0818", "a question that somebody would have to answer",
        cause:
            "At the priority of this installation the installer shows the question, and no line of the file, or of the kernel's "
            + "command line, answers it in time.",
        example: "a preseed without partman/confirm", cure: "Add the line that the hint shows.")
}
