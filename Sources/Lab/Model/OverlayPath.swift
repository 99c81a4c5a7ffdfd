/// The files of the overlay that xenseed writes itself, as paths relative to the root of the installed system.
package enum OverlayPath: String, CaseIterable, Sendable {
    case hostname = "etc/hostname"
    case hosts = "etc/hosts"
    case interfaces = "etc/network/interfaces"
    case carrierWait = "etc/network/if-pre-up.d/xenseed-carrier"
    case nicNames = "etc/udev/rules.d/70-persistent-net.rules"
    case cards = "etc/xenseed/cards"
    case cardsRule = "etc/udev/rules.d/70-xenseed-cards.rules"
    case cardsUnit = "etc/systemd/system/xenseed-cards.service"
    case cardsUnitWanted = "etc/systemd/system/sysinit.target.wants/xenseed-cards.service"
    case cardsScript = "usr/local/sbin/xenseed-cards"
    case grub = "etc/default/grub.d/50-xenseed.cfg"
    case xendomains = "etc/default/xendomains"
    case toolstack = "etc/default/xen"
    case aptSources = "etc/apt/sources.list"
    case aptConf = "etc/apt/apt.conf.d/90xenseed"
    case aptHook = "etc/apt/apt.conf.d/95xenseed-verify"
    case resolv = "etc/resolv.conf"
    case sshFolder = "root/.ssh"
    case authorizedKeys = "root/.ssh/authorized_keys"
    case sshd = "etc/ssh/sshd_config"
    case sshdDropIn = "etc/ssh/sshd_config.d/10-xenseed.conf"
    case sudoers = "etc/sudoers.d/xenseed"
    case expect = "etc/xenseed/expect"
    case serialGetty0 = "etc/systemd/system/serial-getty@ttyS0.service.d/10-xenseed.conf"
    case serialGetty1 = "etc/systemd/system/serial-getty@ttyS1.service.d/10-xenseed.conf"
    case verifyUnit = "etc/systemd/system/xenseed-verify.service"
    case verifyUnitWanted = "etc/systemd/system/multi-user.target.wants/xenseed-verify.service"
    case verifyTimer = "etc/systemd/system/xenseed-verify.timer"
    case verifyTimerWanted = "etc/systemd/system/timers.target.wants/xenseed-verify.timer"
    case verifySoonTimer = "etc/systemd/system/xenseed-verify-soon.timer"
    case timesyncd = "etc/systemd/timesyncd.conf"
    case timesyncdDropIn = "etc/systemd/timesyncd.conf.d/10-xenseed.conf"
    case timesyncdWanted = "etc/systemd/system/sysinit.target.wants/systemd-timesyncd.service"
    case xlConf = "etc/xen/xl.conf"
    case xendomainsUnit = "etc/systemd/system/xendomains.service.d/10-xenseed.conf"
    case espScript = "usr/local/sbin/xenseed-esp"
    case espHook = "etc/apt/apt.conf.d/94xenseed-esp"
    case guests = "etc/xenseed/guests"
    case guestsScript = "usr/local/sbin/xenseed-guests"
    case guestsUnit = "etc/systemd/system/xenseed-guests.service"
    case guestsUnitWanted = "etc/systemd/system/multi-user.target.wants/xenseed-guests.service"
    case guestDemoScript = "usr/local/sbin/xenseed-guest-demo"
    case lvmFilter = "etc/lvm/lvmlocal.conf"
    case lvmConf = "etc/lvm/lvm.conf"
    case drbdModule = "etc/modules-load.d/xenseed-drbd.conf"
    case migrateScript = "usr/local/sbin/xenseed-migrate"
    case migratePeerScript = "usr/local/sbin/xenseed-migrate-peer"
    case migrationKey = "etc/xenseed/migration/key"
    case migrationHosts = "etc/xenseed/migration/known_hosts"
    case hostKey = "etc/ssh/ssh_host_ed25519_key"
    case hostPublicKey = "etc/ssh/ssh_host_ed25519_key.pub"
    case verifyWaits = "etc/systemd/system/xenseed-verify.service.d/10-xenseed.conf"
    case verifyScript = "usr/local/sbin/xenseed-verify"
    case lateScript = "usr/local/lib/xenseed/late-script"
}

extension OverlayPath {
    /// The guests for which a node has the file.
    enum Guests: Sendable { case any, replicated }

    /// The guests for which a node has the file; nil for a file that does not depend on guests.
    var guests: Guests? {
        switch self {
        case .guests, .guestsScript, .guestsUnit, .guestsUnitWanted, .guestDemoScript, .lvmFilter, .lvmConf: .any
        case .drbdModule, .migrateScript, .migratePeerScript, .migrationKey, .migrationHosts, .hostKey, .hostPublicKey,
            .verifyWaits:
            .replicated
        default: nil
        }
    }

    /// Returns whether the file is at a path, above it or below it.
    func isAt(_ path: String) -> Bool {
        rawValue == path || rawValue.hasPrefix(path + "/") || self != .sshFolder && path.hasPrefix(rawValue + "/")
    }
}

/// The files of each guest in the overlays of its nodes.
package enum GuestPath: CaseIterable, Sendable {
    /// The configuration of the guest (xl.cfg(5)).
    case configuration
    /// The DRBD resource with its disk (drbd.conf(5)); only of a replicated guest.
    case resource

    /// Returns the path relative to the root of the installed system.
    /// - Parameter guest: The name of the guest, or `*` for the path of any guest.
    package func path(of guest: some CustomStringConvertible) -> String {
        switch self {
        case .configuration: "etc/xen/\(guest).cfg"
        case .resource: "etc/drbd.d/\(guest).res"
        }
    }

    /// Returns the file that has a path; nil for the path of another file.
    package init?(path: String) {
        guard
            let found = Self.allCases.first(where: { file in
                let parts = file.path(of: "*").split(separator: "*")
                return path.hasPrefix(parts[0]) && path.hasSuffix(parts[1])
                    && !path.dropFirst(parts[0].count).contains("/")
            })
        else { return nil }
        self = found
    }
}
