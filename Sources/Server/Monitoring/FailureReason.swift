import Preseed

/// Finds the reason of a failure: the most informative line of the failed step's output.
///
/// The end of the output is often a consequence of the error and not the error itself, as in
/// `E: Sub-process /usr/bin/dpkg returned an error code (1)`. So each line has a kind, and the kind decides before the place.
struct FailureReason: Sendable, CustomStringConvertible {
    let description: String

    /// Finds the reason.
    /// - Parameters:
    ///   - failure: The progress line of the failure.
    ///   - log: The log lines that followed it: the end of the late command's log, or the failed checks of the verifier.
    init(_ failure: ProgressLine, log: [String]) {
        if failure.stage == .verify {
            description = Self.failedChecks(log, of: failure.node) ?? failure.message
        } else if failure.message.isEmpty || failure.message.wholeMatch(of: #/exit code \d+/#) != nil {
            let output = Self.output(in: log).map(Line.init)
            // The steps before partitioning end with a sentence of the late command itself.
            let line =
                failure.stage == .early
                ? Self.last(output)
                : Self.packageError(output) ?? Self.dependencyError(output) ?? Self.lastError(output)
            description = line ?? failure.message
        } else {
            description = failure.message
        }
    }

    // MARK: The verifier

    /// Returns the first failed check, and the number of the others.
    private static func failedChecks(_ log: [String], of node: Hostname) -> String? {
        let mark = "\(node) verify "
        let checks = log.filter { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count) }
        guard let first = checks.first else { return nil }
        return checks.count == 1 ? String(first) : "\(first) (and \(checks.count - 1) more)"
    }

    // MARK: Steps

    /// Returns the output of the last step in a log of the late command. The command writes a progress line before the output, and
    /// lines that begin with its name after it.
    private static func output(in log: [String]) -> ArraySlice<String> {
        let isMark = { (line: String) in line.hasPrefix("xenseed/1 ") || line.hasPrefix("xenseed: step ") }
        let end = log.lastIndex { !isMark($0) }.map { $0 + 1 } ?? log.startIndex
        let begin = log[..<end].lastIndex(where: isMark).map { $0 + 1 } ?? log.startIndex
        return log[begin..<end]
    }

    private static func last(_ output: [Line]) -> String? {
        (output.last { $0.kind == .error || $0.kind == .other } ?? output.last { $0.kind == .consequence })?.trimmed
    }

    private static func lastError(_ output: [Line]) -> String? {
        output.last { $0.kind == .error }?.trimmed ?? last(output)
    }

    /// Returns the first dependency that apt could not fulfil; nil when there is none, or when there is another error after it.
    private static func dependencyError(_ output: [Line]) -> String? {
        guard
            let header = output.lastIndex(where: {
                $0.text.hasPrefix("The following packages have unmet dependencies:")
            })
        else { return nil }
        let after = output[(header + 1)...]
        guard let first = after.first, !after.contains(where: { $0.kind == .error && !$0.text.hasPrefix(" ") }) else {
            return nil
        }
        return first.trimmed
    }

    /// Returns the error of the first package that dpkg could not unpack or configure; nil when no package failed, or when there is
    /// an error after dpkg's end.
    ///
    /// The output of a package's script is above dpkg's message, below the line that begins its configuration. The cause is the
    /// error above the first consequence, or else the first error.
    private static func packageError(_ output: [Line]) -> String? {
        let prefix = "dpkg: error processing "
        let failed = output.indices.first { index in
            output[index].text.hasPrefix(prefix) && index + 1 < output.count
                && !output[index + 1].trimmed.hasPrefix("dependency problems")
        }
        guard let failed else { return nil }
        if let end = output.lastIndex(where: { Line.dpkgEnds.contains(where: $0.text.hasPrefix) }),
            output[end...].contains(where: { $0.kind == .error && !$0.text.hasPrefix(" ") })
        {
            return nil
        }
        let message = output[failed + 1].trimmed
        // `package NAME (--configure):` or `archive PATH (--unpack):`.
        let package = output[failed].text.dropFirst(prefix.count).split(separator: " ").dropFirst().first ?? ""
        guard message.contains("subprocess") else { return "\(package): \(message)" }
        let begin = output[..<failed].lastIndex { Line.dpkgSteps.contains(where: $0.text.hasPrefix) }
        let script = output[(begin.map { $0 + 1 } ?? 0)..<failed]
        let untilConsequence = script.prefix { $0.kind != .consequence }
        let cause =
            untilConsequence.count < script.count
            ? untilConsequence.last { $0.kind == .error } : script.first { $0.kind == .error }
        guard let cause = cause ?? script.last(where: { $0.kind == .other }) else { return "\(package): \(message)" }
        return cause.trimmed.hasPrefix("\(package):") ? cause.trimmed : "\(package): \(cause.trimmed)"
    }
}

/// A line of a step's output and its kind.
private struct Line {
    enum Kind {
        /// An error message.
        case error
        /// A message that an earlier line explains.
        case consequence
        /// Progress and warnings of common programs, which appear when all is well, too.
        case progress
        case other
    }

    let text: String
    let kind: Kind
    var trimmed: String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.dropLast(start.reversed().prefix(while: \.isWhitespace).count))
    }

    init(_ text: String) {
        self.text = text
        kind = Self.kind(of: text)
    }

    private static func kind(of text: String) -> Kind {
        if text.allSatisfy(\.isWhitespace) { return .progress }
        if consequences.contains(where: text.hasPrefix)
            || text.hasPrefix("E: The repository ") && text.hasSuffix("is not signed.")
        {
            return .consequence
        }
        if progress.contains(where: text.hasPrefix) || text.contains(summary) { return .progress }
        let lower = text.lowercased()
        if text.hasPrefix("W: ") {
            return lower.contains("failed to fetch") || lower.contains("gpg error") ? .error : .progress
        }
        if lower.contains("warning:") { return .other }
        return errors.contains(where: lower.contains) ? .error : .other
    }

    /// The lines with which dpkg begins to work on a package (dpkg 1.21).
    static let dpkgSteps = [
        "Selecting previously unselected", "Preparing to unpack", "Unpacking ", "Setting up ", "Removing ",
        "Processing triggers for ",
    ]
    /// The lines with which dpkg and apt end after an error.
    static let dpkgEnds = ["Errors were encountered while processing:", "E: Sub-process /usr/bin/dpkg"]

    private static let consequences =
        dpkgEnds + [
            // apt 2.6
            "E: Sub-process ", "E: Unable to fetch some archives", "E: Unable to correct problems",
            "E: Broken packages", "E: Unable to lock the administration directory",
            "E: Unable to acquire the dpkg frontend lock", "E: Problem executing scripts",
            "E: Some files failed to download",
            "E: Some index files failed to download", "W: Some index files failed to download",
            "E: Failed to fetch some archives",
            // dpkg 1.21, whose messages are read by packageError
            "dpkg: error processing ", "dpkg: dependency problems prevent",
            // initramfs-tools 0.142, debianutils
            "E: mkinitramfs failure", "update-initramfs: failed for", "run-parts: ",
            // GNU tar 1.34, coreutils and busybox, passwd 4.13, GNU make
            "tar: Child returned status", "tar: Error is not recoverable", "tar: Exiting with failure status",
            "sha256sum: WARNING:", "chpasswd: error detected, changes ignored", "make: ***",
            // the late command's own sentence on the output of apt-get update
            "The updates cannot be determined",
        ]

    private static let progress =
        dpkgSteps + [
            // apt 2.6
            "Reading package lists", "Building dependency tree", "Reading state information", "Calculating upgrade",
            "Get:", "Hit:", "Ign:", "Err:", "Fetched ", "Need to get ", "After this operation, ", "The following ",
            "Suggested packages:", "Recommended packages:", "Extracting templates from packages",
            "Preconfiguring packages", "N: ",
            // dpkg 1.21
            "(Reading database ",
            // Programs that the scripts of packages run in a chroot
            "I: ", "perl: warning:", "locale: Cannot set ", "debconf: ", "dpkg-preconfigure: unable to re-open stdin",
            "invoke-rc.d: ", "Running in chroot, ignoring ", "update-alternatives: ", "cryptsetup: ",
            "Created symlink ",
        ]

    /// The totals of apt and dd, and names in apt's lists of packages, which may contain the words of errors.
    nonisolated(unsafe) private static let summary =
        #/^\d+ upgraded, |^\d+\+\d+ records (in|out)$|^\d+ bytes .*copied|^  [a-z0-9][a-z0-9+.:-]+( [a-z0-9][a-z0-9+.:-]+)*$/#

    /// Words of error messages, in lower case.
    private static let errors = [
        "error", "fail", "fatal", "cannot", "can't", "could not", "couldn't", "unable to", "no such", "not found",
        "not exist", "no space", "denied", "not permitted", "not allowed", "invalid", "refused", "timed out",
        "unreachable", "unresolv", "resolving", "not installable", "but it is not", "is to be installed", "candidate",
        "not signed", "unauthenticated", "read-only", "not set", "unbound", "syntax", "missing",
    ]
}
