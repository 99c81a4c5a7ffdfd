/// A question that no supported release of Debian asks, but which preseeds still answer.
struct RetiredQuestion {
    /// A clause about the origin of the question, which follows its name in a message.
    var origin: String
    /// The question that replaces it; nil when there is none.
    var replacement: String?
    /// Whether nothing is asked instead of it, so that the line can stay.
    var isHarmless = false
    /// Whether the replacement takes the same values.
    var takesSameValues = false

    /// Returns what is known of a question; nil when it is not in the list.
    static func named(_ name: String) -> RetiredQuestion? {
        if let known = replaced[name] { return known }
        if ubuntu.contains(name) || ubuntuPrefixes.contains(where: { name.utf8.starts(with: $0.utf8) }) {
            return RetiredQuestion(origin: "is a question of Ubuntu's installer", isHarmless: true)
        }
        return nil
    }

    private static func old(
        _ replacement: String? = nil, isHarmless: Bool = false, takesSameValues: Bool = false
    ) -> RetiredQuestion {
        RetiredQuestion(
            origin: "is a question of older installers", replacement: replacement, isHarmless: isHarmless,
            takesSameValues: takesSameValues)
    }

    /// An older name of a question.
    private static func renamed(_ replacement: String) -> RetiredQuestion { old(replacement, takesSameValues: true) }

    /// The questions of Debian's installers before jessie, and names that never were questions but are copied from file to
    /// file.
    private static let replaced: [String: RetiredQuestion] = [
        // Sarge, etch and lenny.
        "base-config/get-hostname": renamed("netcfg/get_hostname"),
        "console-data/keymap/policy": old("keyboard-configuration/xkb-keymap"),
        "console-keymaps-at/keymap": old("keyboard-configuration/xkb-keymap"),
        "console-keymaps-usb/keymap": old("keyboard-configuration/xkb-keymap"),
        "console-tools/archs": old("keyboard-configuration/xkb-keymap"),
        "console-setup/layout": old("keyboard-configuration/layout"),
        "console-setup/layoutcode": renamed("keyboard-configuration/layoutcode"),
        "console-setup/modelcode": renamed("keyboard-configuration/modelcode"),
        "console-setup/optionscode": renamed("keyboard-configuration/optionscode"),
        "console-setup/variant": old("keyboard-configuration/variant"),
        "console-setup/variantcode": renamed("keyboard-configuration/variantcode"),
        "countrychooser/country-name": old("debian-installer/country"),
        "countrychooser/shortlist": renamed("debian-installer/country"),
        "languagechooser/language-name": old("debian-installer/language"),
        "mirror/http/country": renamed("mirror/country"),
        "netcfg/disable_dhcp": renamed("netcfg/disable_autoconfig"),
        "passwd/md5": old(isHarmless: true),
        "passwd/shadow": old(isHarmless: true),
        "prebaseconfig/reboot_in_progress": renamed("finish-install/reboot_in_progress"),
        "tzconfig/gmt": renamed("clock-setup/utc"),
        "tzconfig/choose_country_zone/US": old("time/zone"),
        // The archive volatile.debian.org was closed in 2011.
        "apt-setup/volatile": old("apt-setup/services-select"),
        "apt-setup/volatile_host": old(isHarmless: true),
        // Wheezy's installer and older ones asked this for other architectures.
        "yaboot-installer/bootdev": old(isHarmless: true), "yaboot-installer/skip": old(isHarmless: true),
        "partman-auto/purge_lvm_from_device": renamed("partman-lvm/device_remove_lvm"),
        // partman-partitioning asks it only before it writes a label for Sun's machines.
        "partman/confirm_write_new_label": RetiredQuestion(
            origin: "is not a question of any installer", replacement: "partman-partitioning/confirm_write_new_label",
            isHarmless: true),
    ]

    private static let ubuntuPrefixes = ["ubiquity/", "oem-config/", "partman-auto-loop/", "partman-swapfile/"]

    /// Questions of Ubuntu's versions of the same components, from their templates as of 2020.
    private static let ubuntu: Set<String> = Set(
        """
        apt-setup/backports apt-setup/extras apt-setup/multiverse apt-setup/overlay apt-setup/overlay_components
        apt-setup/overlay_directory apt-setup/overlay_host apt-setup/partner apt-setup/proposed apt-setup/restricted
        apt-setup/security_path apt-setup/services-select-ubuntu apt-setup/universe apt-setup/volatile_path
        base-installer/kernel/altmeta base-installer/kernel/backports-modules base-installer/kernel/headers
        base-installer/kernel/override-image clock-setup/utc-auto console-setup/ask_detect console-setup/detect
        console-setup/detected debian-installer/quiet debian-installer/shell-plugin debian-installer/splash
        disk-detect/activate_dmraid disk-detect/activate_mdadm disk-detect/ibft/enable disk-detect/iscsi_choice
        grub-installer/timeout live-installer/net-image mdadm/boot_degraded netcfg/dhcp_ntp_servers
        netcfg/do_not_use_netplan netcfg/use_vlan netcfg/vlan_failed netcfg/vlan_id partman-auto/cap-ram-free-size
        partman-auto/cap-ram-percentage partman-auto/desired-swap partman-auto/ensure-min-mem
        partman-crypto/luksformat_options partman-ext3/lazy_itable_init partman/automount partman/filter_mounted
        partman/installation_medium_mounted partman/unmount_active passwd/auto-login passwd/auto-login-backup
        pkgsel/ignore-incomplete-language-support pkgsel/install-language-support pkgsel/language-pack-patterns
        pkgsel/language-packs tzsetup/detected tzsetup/geoip_server user-setup/allow-password-empty
        user-setup/allow-password-weak user-setup/encrypt-home user-setup/encrypt-home-failed
        user-setup/force-encrypt-home user-setup/password-weak
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}

/// Returns the question that a misspelt name stands for; nil when no question is certain enough to be proposed.
///
/// A wrong proposal can reverse the meaning of a line (`exclude`, `include`), so the bar is higher than for other names: only
/// the separators differ, a component of the same family has the question, or a long word has one or two wrong letters.
func intendedQuestion(_ name: String, among names: some Sequence<String>) -> String? {
    func words(_ text: String) -> [Substring.UTF8View] {
        text.utf8.split { !isAlphanumeric($0) }.map { Substring($0).utf8 }
    }
    func component(_ text: String) -> Substring { text.prefix { $0 != "/" } }
    let parts = words(name)
    let letters = parts.joined()
    var near: (name: String, distance: Int)?
    var sameEnd: [String] = []
    let end = name.dropFirst(component(name).count)
    for candidate in names {
        let others = words(candidate)
        if letters.elementsEqual(others.joined()) { return candidate }
        if !end.isEmpty, candidate.utf8.count != name.utf8.count, candidate.hasSuffix(end),
            candidate.dropFirst(component(candidate).count) == end,
            component(candidate).prefix(while: { $0 != "-" }) == component(name).prefix(while: { $0 != "-" })
        {
            sameEnd.append(candidate)
        }
        guard others.count == parts.count else { continue }
        var distance = 0
        for (a, b) in zip(parts, others) where !a.elementsEqual(b) {
            let (a, b) = (Array(a), Array(b))
            let length = max(a.count, b.count)
            let step = abs(a.count - b.count) <= 2 ? editDistance(a, b) : 9
            // `inet` and `exnet`, `enable` and `disable` are two letters apart.
            distance += length >= 5 && step <= (length >= 8 ? 2 : 1) && !isNegation(a, b) ? step : 9
        }
        if distance <= 2, near.map({ distance < $0.distance }) ?? true { near = (candidate, distance) }
    }
    return near?.name ?? (sameEnd.count == 1 ? sameEnd[0] : nil)
}

/// Returns whether one word is the other with a prefix that reverses its meaning.
private func isNegation(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let (short, long) = a.count < b.count ? (a, b) : (b, a)
    return ["un", "in", "no", "de", "re"].contains { long.elementsEqual(Array($0.utf8) + short) }
}
