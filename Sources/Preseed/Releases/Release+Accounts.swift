extension Release {
    /// The names that the installer refuses for a user (user-setup: reserved-usernames; the same in 1.60, 1.95 and 1.107): the
    /// users and groups of base-passwd, and those of common packages.
    public static let reservedUserNames: Set<String> = baseUsers.union(baseGroups).union(
        """
        netplan ftn mysql tac-plus alias qmail qmaild qmails qmailr qmailq qmaill qmailp asterisk vpopmail vchkpw slurm
        hacluster haclient grsec-tpe grsec-sock-all grsec-sock-clt grsec-sock-srv grsec-proc ceph opensrf libvirt-qemu
        admin
        Debian-exim bind crontab cupsys dcc dhcp dictd dnsmasq dovecot fetchmail firebird ftp fuse gdm haldaemon hplilp
        identd input jwhois klog kvm lpadmin messagebus mythtv netdev powerdev radvd render saned sbuild scanner slocate
        ssh sshd ssl-cert sslwrap statd syslog telnetd tftpd
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// The users of every installed system (base-passwd 3.5.37 to 3.6.7, passwd.master).
    private static let baseUsers: Set<String> = [
        "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy", "www-data",
        "backup", "list", "irc", "gnats", "nobody",
    ]

    /// The groups of every installed system (base-passwd 3.5.37 to 3.6.7, group.master), and that of systemd's journal.
    public static let baseGroups: Set<String> = [
        "root", "daemon", "bin", "sys", "adm", "tty", "disk", "lp", "mail", "news", "uucp", "man", "proxy", "kmem",
        "dialout", "fax", "voice", "cdrom", "floppy", "tape", "sudo", "audio", "dip", "www-data", "backup", "operator",
        "list", "irc", "src", "shadow", "utmp", "video", "sasl", "plugdev", "staff", "games", "users", "nogroup",
        "systemd-journal",
    ]
}
