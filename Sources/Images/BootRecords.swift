import Build

/// The boot records of an image, read from the reports of xorriso.
package struct BootRecords: Equatable, Sendable {
    /// The path of the El Torito image with which a BIOS boots from CD; nil when there is none that is a file of the
    /// image.
    var bios: String?
    /// The path of the El Torito image for UEFI; nil when there is none that is a file of the image.
    var uefi: String?
    /// Whether there are boot images that are not files of the image.
    var hasHiddenImages = false
    /// Whether a BIOS can boot the image from a disk or USB stick.
    var hasHybridMBR = false
    /// Whether UEFI finds its boot partition when the image is on a disk or USB stick.
    var hasGPT = false
    var hasAPM = false
    /// The path of the El Torito boot catalogue.
    var catalogue: String?

    init(of image: String, _ xorriso: Xorriso, time: Int) async throws {
        self.init(
            report: try await xorriso.run(
                ["-indev", "stdio:" + image, "-report_el_torito", "plain", "-report_system_area", "plain"], time: time,
                // It reads only the directories.
                limit: .seconds(120)))
    }

    init(report: String) {
        var platforms: [Substring: Substring] = [:]
        var paths: [Substring: String] = [:]
        for line in report.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let fields = parts[1].split(separator: " ")
            let name = String(parts[0].reversed().drop { $0 == " " }.reversed())
            switch name {
            case "El Torito boot img" where fields.count > 2: platforms[fields[0]] = fields[1]
            // A path may contain blanks.
            case "El Torito img path" where fields.count > 1:
                paths[fields[0]] = fields.dropFirst().joined(separator: " ")
            case "El Torito cat path": catalogue = fields.joined(separator: " ")
            case "System area summary":
                hasHybridMBR = fields.contains("MBR") && fields.contains("isohybrid")
                hasGPT = fields.contains("GPT")
                hasAPM = fields.contains("APM")
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

    /// The boot records that the image lacks, as text for a person.
    var missing: [String] {
        var missing: [String] = []
        if bios == nil { missing.append("a boot image for BIOS") }
        if uefi == nil {
            missing.append("a boot image for UEFI" + (hasHiddenImages ? " that is a file in the image" : ""))
        }
        if !hasHybridMBR { missing.append("a hybrid MBR, with which a BIOS boots it from USB") }
        if !hasGPT { missing.append("a GPT, with which UEFI boots it from USB") }
        return missing
    }

    /// The boot records that the image has, as text for a person.
    package var present: [String] {
        [
            bios.map { "BIOS \($0)" }, uefi.map { "UEFI \($0)" }, hasHybridMBR ? "hybrid MBR" : nil,
            hasGPT ? "GPT" : nil, hasAPM ? "APM" : nil,
        ].compactMap { $0 }
    }
}
