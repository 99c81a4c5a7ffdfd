/// A debconf question: its type, and the values it takes when they are a fixed list.
public struct Question: Sendable {
    public let name: String
    public let type: String
    /// Empty when any text goes.
    public let choices: [String]
    /// The package that owns the answer: the installer (`d-i`), or a package of the installed system, whose lines
    /// are replayed into its debconf database (preseed 1.66, post-base-installer.d/05preseed).
    public let owner: String
}

/// The questions of one release.
public struct QuestionCatalogue: Sendable {
    private let questions: [String: Question]

    public subscript(name: String) -> Question? { questions[name] }

    public var names: [String] { questions.keys.sorted() }

    /// - Parameter tables: a question a line: name, type, then the choices parted by `|`, then `@owner`.
    init(tables: [String]) {
        var questions: [String: Question] = [:]
        for line in tables.flatMap({ $0.split(separator: "\n") }) where !line.hasPrefix("#") {
            var words = line.split(separator: " ").map(String.init)
            let owner = words.last!.first == "@" ? String(words.removeLast().dropFirst()) : "d-i"
            let choices = words.count > 2 ? words[2].split(separator: "|").map(String.init) : []
            questions[words[0]] = Question(name: words[0], type: words[1], choices: choices, owner: owner)
        }
        self.questions = questions
    }

    /// Questions that both releases ask, with the type that Debian's own guide writes
    /// (netcfg 1.131+deb8u2, preseed 1.66, partman-auto 126, partman-base, user-setup 1.61, apt-setup 1:0.97,
    /// base-installer 1.154, grub-installer 1.117+deb8u1, pkgsel 0.43).
    static let common = """
        debian-installer/locale string
        debian-installer/language string
        debian-installer/country string
        debian-installer/allow_unauthenticated boolean
        debian-installer/add-kernel-opts string
        debian-installer/exit/halt boolean
        debian-installer/exit/poweroff boolean
        debconf/priority select low|medium|high|critical
        auto-install/enable boolean
        preseed/early_command string
        preseed/late_command string
        preseed/include string
        preseed/include_command string
        preseed/run string
        partman/early_command string
        localechooser/supported-locales multiselect
        keyboard-configuration/xkb-keymap select
        netcfg/enable boolean
        netcfg/choose_interface select
        netcfg/link_wait_timeout string
        netcfg/dhcp_timeout string
        netcfg/dhcpv6_timeout string
        netcfg/disable_autoconfig boolean
        netcfg/get_ipaddress string
        netcfg/get_netmask string
        netcfg/get_gateway string
        netcfg/get_nameservers string
        netcfg/confirm_static boolean
        netcfg/get_hostname string
        netcfg/hostname string
        netcfg/get_domain string
        netcfg/wireless_wep string
        netcfg/target_network_config select nm_config|ifupdown|loopback
        hw-detect/load_firmware boolean
        hw-detect/load_media boolean
        mirror/protocol string
        mirror/country string
        mirror/http/hostname string
        mirror/http/directory string
        mirror/http/proxy string
        mirror/suite string
        mirror/udeb/suite string
        passwd/root-login boolean
        passwd/root-password-crypted password
        passwd/make-user boolean
        clock-setup/utc boolean
        clock-setup/ntp boolean
        clock-setup/ntp-server string
        time/zone string
        partman-auto/method string regular|lvm|crypto|raid
        partman-auto/disk string
        partman-auto/choose_recipe select
        partman-auto/expert_recipe string
        partman-auto-lvm/guided_size string
        partman-auto-lvm/new_vg_name string
        partman-auto-lvm/no_boot boolean
        partman-lvm/device_remove_lvm boolean
        partman-lvm/confirm boolean
        partman-lvm/confirm_nooverwrite boolean
        partman-md/device_remove_md boolean
        partman-md/confirm boolean
        partman-md/confirm_nooverwrite boolean
        partman-partitioning/confirm_write_new_label boolean
        partman-basicfilesystems/no_swap boolean
        partman-efi/non_efi_system boolean
        partman/choose_partition select
        partman/confirm boolean
        partman/confirm_nooverwrite boolean
        partman/mount_style select traditional|label|uuid
        partman/default_filesystem string
        base-installer/kernel/image string
        base-installer/install-recommends boolean
        base-installer/initramfs-tools/driver-policy select most|dep
        apt-setup/use_mirror boolean
        apt-setup/no_mirror boolean
        apt-setup/cdrom/set-first boolean
        apt-setup/non-free boolean
        apt-setup/contrib boolean
        apt-setup/services-select multiselect
        apt-setup/security_host string
        pkgsel/include string
        pkgsel/upgrade select none|safe-upgrade|full-upgrade
        tasksel/first multiselect @tasksel
        popularity-contest/participate boolean @popularity-contest
        grub-installer/only_debian boolean
        grub-installer/with_other_os boolean
        grub-installer/bootdev string
        grub-installer/force-efi-extra-removable boolean
        finish-install/reboot_in_progress note
        finish-install/keep-consoles boolean
        cdrom-detect/eject boolean
        """
}
