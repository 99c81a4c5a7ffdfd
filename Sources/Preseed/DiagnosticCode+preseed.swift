extension DiagnosticCode {
    /// All codes of diagnostics about a preseed, in the order of their identifiers.
    public static let preseedCodes: [DiagnosticCode] = [
        .preseedSyntax, .unknownQuestion, .wrongOwner, .wrongType, .wrongValue, .duplicateAnswer, .otherRelease,
        .malformedValue, .plainPassword, .wrongRecipe, .shellSyntax, .missingProgram, .inTargetMisuse, .runsTwice,
        .lineEnd, .brokenJoin, .tooLate, .wouldStop, .disagreement,
    ]

    static let preseedSyntax = DiagnosticCode(
        "X0801", "a preseed line that can't be read",
        cause:
            "An answer consists of an owner, a question, a type and a value; a comment has its # in the first column.",
        example: "d-i  netcfg/get_hostname", cure: "d-i netcfg/get_hostname string xen01")
    static let unknownQuestion = DiagnosticCode(
        "X0802", "a question that the release's installer does not ask",
        cause: "The installer accepts such a line without a message, and then asks the intended question.",
        example: "d-i netcfg/get_hostnam string xen01", cure: "Correct the name of the question.")
    static let wrongOwner = DiagnosticCode(
        "X0803", "an answer under the wrong owner",
        cause: "Only answers with an owner other than d-i are copied into the installed system.",
        example: "d-i tasksel/first multiselect", cure: "tasksel tasksel/first multiselect")
    static let wrongType = DiagnosticCode(
        "X0804", "an answer of the wrong type",
        cause: "The installer does not check types, but debconf in the installed system does.",
        example: "d-i clock-setup/utc string true", cure: "d-i clock-setup/utc boolean true")
    static let wrongValue = DiagnosticCode(
        "X0805", "a value that the question does not accept",
        cause:
            "A boolean must be exactly true or false, a choice must be in the list of the question, and a command must not have \\n.",
        example: "d-i clock-setup/utc boolean yes", cure: "d-i clock-setup/utc boolean true")
    static let duplicateAnswer = DiagnosticCode(
        "X0806", "a question answered twice",
        cause: "The last answer wins, so the first one only misleads.",
        example: "d-i clock-setup/utc boolean true\nd-i clock-setup/utc boolean false", cure: "Keep one of the two.")
    static let otherRelease = DiagnosticCode(
        "X0807", "a question of another release",
        cause:
            "The questions change from release to release; a line for a question of a different release has no effect.",
        example: "d-i apt-setup/non-free-firmware boolean false   (in jessie)",
        cure: "Remove the line, or use the replacement in this release.")
    static let malformedValue = DiagnosticCode(
        "X0808", "a value of the wrong form",
        cause:
            "The installer checks an address, a host name or a device only when it is typed in: a preseeded value is used "
            + "unchecked, or the question is asked again.",
        example: "d-i netcfg/get_ipaddress string 10.0.0.300", cure: "d-i netcfg/get_ipaddress string 10.0.0.30")
    static let plainPassword = DiagnosticCode(
        "X0809", "a password that is not a crypt(3) hash",
        cause:
            "The value is written to /etc/shadow unchanged: a plain password does not work for logins, and everyone can read it in the preseed.",
        example: "d-i passwd/root-password-crypted password secret",
        cure: "Make a hash with xenseed passwd, or mkpasswd -m sha-512.")
    static let wrongRecipe = DiagnosticCode(
        "X0810", "a partition recipe that the installer misreads",
        cause: "partman silently changes or ignores what it does not understand in a recipe.",
        example: "d-i partman-auto/expert_recipe string x :: 500 500 -1 ext4 format{ } .",
        cure:
            "Write each partition as minimum, priority, maximum, filesystem, attributes such as mountpoint{ / }, and a dot."
    )
    static let shellSyntax = DiagnosticCode(
        "X0811", "a command that the shell can't read",
        cause: "A command with a syntax error fails, and the installer stops and shows an error.",
        example: "d-i preseed/late_command string if true; then echo done",
        cure: "d-i preseed/late_command string if true; then echo done; fi")
    static let missingProgram = DiagnosticCode(
        "X0812", "a program that the installer does not have",
        cause:
            "Commands run in the installer, which has few programs; the programs of the new system are below /target.",
        example: "d-i preseed/late_command string systemctl enable ssh",
        cure: "d-i preseed/late_command string in-target systemctl enable ssh")
    static let inTargetMisuse = DiagnosticCode(
        "X0813", "a wrong use of in-target",
        cause:
            "in-target runs one program with its arguments in the new system. Redirections, && and ; are interpreted by the "
            + "installer's shell, and before the base system is installed there is no new system.",
        example: "d-i preseed/late_command string in-target \"apt-get update && apt-get -y upgrade\"",
        cure: "d-i preseed/late_command string in-target sh -c 'apt-get update && apt-get -y upgrade'")
    static let runsTwice = DiagnosticCode(
        "X0814", "an early command that should not run twice",
        cause: "The installer runs preseed/early_command again with every further preseed that it loads.",
        example: "d-i preseed/early_command string mkdir /tmp/x",
        cure: "d-i preseed/early_command string mkdir -p /tmp/x")
    static let lineEnd = DiagnosticCode(
        "X0815", "text at the end of a line that becomes part of the value",
        cause: "Everything after the type is the value, even a comment. Only a line that begins with # is a comment.",
        example: "d-i clock-setup/utc boolean true # hardware clock", cure: "Put the comment on its own line.")
    static let brokenJoin = DiagnosticCode(
        "X0816", "lines that are not joined as they seem to be",
        cause:
            "Only a backslash at the very end of a line joins the next line. The installer ignores comments and empty lines "
            + "between joined lines, but for debconf-set-selections of an installed system they end the value.",
        example: "d-i pkgsel/include string ssh \\ \n    vim",
        cure: "Remove the blanks after the backslash, and move comments and empty lines elsewhere.")
    static let tooLate = DiagnosticCode(
        "X0817", "an answer that comes too late",
        cause:
            "A preseed from the network is read when the network is up, one from a CD or USB stick when it is mounted. Questions that "
            + "were asked before are not asked again.",
        example: "d-i netcfg/get_hostname string xen01   (read by url=)",
        cure: "On the kernel's command line: netcfg/hostname=xen01")
    static let wouldStop = DiagnosticCode(
        "X0818", "a question that stops the installation",
        cause:
            "At the priority of this installation the installer shows the question, and neither the file nor the kernel's "
            + "command line answers it in time.",
        example: "a preseed without partman/confirm", cure: "Add the line that the hint shows.")
    static let disagreement = DiagnosticCode(
        "X0819", "answers that do not fit together",
        cause:
            "The installer compares some answers with others. It asks again when they do not fit, or a later step fails.",
        example: "d-i passwd/root-password password a\nd-i passwd/root-password-again password b",
        cure: "Make the answers agree, or add the missing one.")
}
