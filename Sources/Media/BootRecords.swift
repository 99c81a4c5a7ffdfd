import Output

/// What firmware finds on an image, by xorriso's reports.
public struct BootRecords: Equatable, Sendable {
    /// The path of the image that a BIOS starts from CD; nil when there is none that is a file in the image.
    public var bios: String?
    /// Likewise for UEFI.
    public var uefi: String?
    /// There are records that are no files.
    public var hasHiddenImages = false
    /// A BIOS that takes it for a disk starts it too.
    public var hasHybridMBR = false
    /// UEFI finds its partition when it takes it for a disk.
    public var hasGPT = false
    public var hasAPM = false
    /// The list of boot images itself.
    public var catalogue: String?

    init(of image: String, _ xorriso: Xorriso, time: Int, scratch: String) throws(OutputError) {
        self.init(
            report: try xorriso.run(
                ["-indev", "stdio:" + image, "-report_el_torito", "plain", "-report_system_area", "plain"], time: time,
                scratch: scratch))
    }

    init(report: String) {
        var platforms: [Substring: Substring] = [:]
        var paths: [Substring: String] = [:]
        for line in report.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let words = parts[1].split(separator: " ")
            let name = String(parts[0].reversed().drop { $0 == " " }.reversed())
            switch name {
            case "El Torito boot img" where words.count > 2: platforms[words[0]] = words[1]
            // A path may have blanks.
            case "El Torito img path" where words.count > 1:
                paths[words[0]] = words.dropFirst().joined(separator: " ")
            case "El Torito cat path": catalogue = words.joined(separator: " ")
            case "System area summary":
                hasHybridMBR = words.contains("MBR") && words.contains("isohybrid")
                hasGPT = words.contains("GPT")
                hasAPM = words.contains("APM")
            default: break
            }
        }
        for (number, platform) in platforms.sorted(by: { $0.key < $1.key }) {
            guard let path = paths[number] else {
                hasHiddenImages = true
                continue
            }
            switch platform {
            case "BIOS": bios = bios ?? path
            case "UEFI": uefi = uefi ?? path
            default: break
            }
        }
    }

    /// What an image lacks to start anywhere, for a person.
    public var missing: [String] {
        var missing: [String] = []
        if bios == nil { missing.append("a boot image for BIOS") }
        if uefi == nil {
            missing.append("a boot image for UEFI" + (hasHiddenImages ? " that is a file in the image" : ""))
        }
        if !hasHybridMBR { missing.append("a hybrid MBR, by which a BIOS starts it from USB") }
        if !hasGPT { missing.append("a GPT, by which UEFI starts it from USB") }
        return missing
    }

    /// What there is, for a person.
    public var words: [String] {
        [
            bios.map { "BIOS \($0)" }, uefi.map { "UEFI \($0)" }, hasHybridMBR ? "hybrid MBR" : nil,
            hasGPT ? "GPT" : nil, hasAPM ? "APM" : nil,
        ].compactMap { $0 }
    }
}
