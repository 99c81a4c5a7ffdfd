import Preseed

/// Reports packages that the user's package indices do not have.
struct PackageCheck {
    let reader: SpecReader
    let index: PackageIndex
    let release: Release

    /// Reports missing packages that a setting of the lab requires.
    /// - Parameter locations: The location for a diagnostic, by the cause of the package. Packages with other causes are not
    ///   checked.
    func check(_ packages: [ImpliedPackage], _ locations: [ImpliedPackage.Cause: FieldLocation]) {
        for (cause, location) in locations {
            let missing = packages.filter { $0.cause == cause && !index.has($0.package) }.map(\.package).sorted()
            if !missing.isEmpty { report(missing, at: location, ", which " + clause(cause)) }
        }
    }

    /// Reports a package in the lab file that is missing.
    func check(_ package: Located<PackageName>) {
        let name = package.value.description
        if !index.has(name) { report([name], at: package.location, "") }
    }

    private func report(_ names: [String], at location: FieldLocation, _ reason: String) {
        let components = Set(names.compactMap { release.packagesOutsideMain[$0] }).sorted().map(\.rawValue)
        let suggestion = names.count == 1 ? index.nearest(to: names[0]).map { "did you mean \($0)?" } : nil
        reader.add(
            .missingPackage, at: location, "the package indices have no \(names.joined(separator: ", "))\(reason)",
            hint: components.isEmpty
                ? (reason.isEmpty ? suggestion : nil) ?? "are these the indices of main of \(release.codename)?"
                : "give the index of \(components.joined(separator: " and ")), too (--packages)")
    }

    private func clause(_ cause: ImpliedPackage.Cause) -> String {
        switch cause {
        case .release: "every Xen host of \(release.codename) needs"
        case .bonds: "bonds need"
        case .disks: "disk.raid or volume_groups needs"
        case .access: "access over SSH needs"
        case .sudo: "the users' sudo needs"
        case .mirror: "a mirror with https needs"
        case .firmware: "nonfree_firmware installs"
        case .microcode: "microcode installs"
        case .time: "ntp installs"
        case .guests: "guests need"
        }
    }
}
