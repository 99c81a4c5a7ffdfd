import Preseed

extension DiagnosticCode {
    /// Returns the code for a text that is not a value of its type.
    static func malformed(_ type: any TextValue.Type) -> DiagnosticCode {
        byType[ObjectIdentifier(type)] ?? .malformedValue
    }

    private static let byType: [ObjectIdentifier: DiagnosticCode] = [
        ObjectIdentifier(CardAddress.self): .malformedMAC,
        ObjectIdentifier(IPv4Address.self): .malformedAddress,
        ObjectIdentifier(OrNone<IPv4Address>.self): .malformedAddress,
        ObjectIdentifier(IPv6Address.self): .malformedAddress,
        ObjectIdentifier(IPAddress.self): .malformedAddress,
        ObjectIdentifier(HostPrefix.self): .malformedAddress,
        ObjectIdentifier(IPv4Network.self): .malformedSubnet,
        ObjectIdentifier(IPv6Network.self): .malformedSubnet,
        ObjectIdentifier(AddressRange.self): .malformedSubnet,
        ObjectIdentifier(Hostname.self): .malformedHostname,
        ObjectIdentifier(DomainName.self): .malformedDomain,
        ObjectIdentifier(ByteCount.self): .malformedAmount,
        ObjectIdentifier(OrNone<ByteCount>.self): .malformedAmount,
        ObjectIdentifier(BootOption.self): .malformedOption,
        ObjectIdentifier(PasswordHash.self): .malformedHash,
        ObjectIdentifier(TargetPath.self): .malformedPath,
        ObjectIdentifier(OrNone<TargetPath>.self): .malformedPath,
        ObjectIdentifier(RelativePath.self): .malformedPath,
        ObjectIdentifier(DiskDevice.self): .malformedDisk,
        ObjectIdentifier(DiskID.self): .malformedDisk,
        ObjectIdentifier(DiskPath.self): .malformedDisk,
        ObjectIdentifier(AuthorizedKey.self): .malformedKey,
        ObjectIdentifier(FileMode.self): .malformedMode,
    ]

    /// All codes of diagnostics about a lab file, in the order of their identifiers.
    package static let labCodes: [DiagnosticCode] = [
        .yamlSyntax, .yamlExtension, .duplicateKey, .unknownKey, .wrongKind, .missingField, .malformedNumber,
        .malformedBoolean, .pointlessField, .fileTooLarge, .unsupported, .malformedMAC, .malformedAddress,
        .malformedSubnet,
        .malformedHostname, .malformedDomain, .malformedAmount, .malformedOption, .malformedHash, .malformedPath,
        .malformedDisk,
        .malformedKey, .malformedValue, .malformedMode, .unknownKeymap,
        .unknownTimeZone, .unknownLocale, .unofferedLanguage, .reservedName, .reservedUser, .unknownRelease,
        .unknownNetwork,
        .unknownBridge,
        .outsideSubnet, .notAHostAddress, .duplicateMAC, .duplicateAddress, .duplicateName, .overlappingSubnets,
        .twoDefaultRoutes, .twiceOnOneNetwork, .bridgeWithoutPort, .portWithAddress, .bridgeOnClosedLink,
        .installInterface, .noNameServer, .duplicateSerial, .bridgeLoop, .unknownBond, .bondMembers, .bondParameter,
        .bridgePort, .longVLANName, .vlanMTU, .taggedInstallation, .bondInstallation, .duplicateVLAN, .bareBridge,
        .diskTooSmall, .recipe, .mediumAsTarget,
        .uefiRefused,
        .keptIsTarget,
        .twoSelectors, .sizeRuleWithoutSize, .diskNamesMove, .noBootLoader, .lastVolume, .secureBoot,
        .raidMembers, .diskUsedTwice,
        .dom0Memory, .dom0VCPUs, .notWholeMebibytes, .ownOption,
        .restoreWithoutSave, .toolstack, .bootLineTooLong, .dom0CannotBoot, .hashUnreadable, .nobodyCanLogIn,
        .twoPasswords, .besideUnreadable,
        .httpsRefused, .modeWithoutFile, .lateScript, .trailingComment, .overlayClash, .networkManager,
        .unknownComponent, .packageComponent, .missingPackage,
        .strictMode, .readableKey, .linkTarget,
        .lateScriptSyntax, .releaseNotOnMirror,
        .rootIsClosed, .nobodyBecomesRoot, .sudoWithoutPassword, .unknownGroup, .duplicateUID,
        .indistinguishable, .confirmation,
        .missingKey, .unusableKey, .openKey,
        .guestNodes, .replicationLink, .guestVolume, .guestTooLarge, .guestNumbers, .guestType, .hardwareVirtualization,
        .savedGuest,
    ]

    static let yamlSyntax = DiagnosticCode(
        "X0101", "broken YAML",
        cause: "The text is not YAML, or not one document, so nothing in it can be read.",
        example: "nodes: [xen01",
        cure: "Close every bracket and quote; indent with blanks, never with tabs.")
    static let yamlExtension = DiagnosticCode(
        "X0102", "a YAML feature that is not allowed in a lab file",
        cause:
            "Anchors, aliases, tags, merge keys and keys that are lists hide what a file means.",
        example: "xen02: *xen01",
        cure: "Put settings that nodes share under `defaults`.")
    static let duplicateKey = DiagnosticCode(
        "X0103", "a duplicate key in a mapping",
        cause:
            "Some YAML tools keep the first value, others the last; a duplicate host name is two machines with one name.",
        example: "nodes:\n  xen01: {}\n  xen01: {}",
        cure: "Rename or delete one of the two.")
    static let unknownKey = DiagnosticCode(
        "X0104", "a key that is not a field",
        cause: "It would be ignored, and the intended setting would keep its default.",
        example: "memroy: 2 GiB",
        cure: "memory: 2 GiB")
    static let wrongKind = DiagnosticCode(
        "X0105", "a value of the wrong kind",
        cause: "Each field takes a single value, a list or a mapping, and the file has a value of a different kind.",
        example: "packages: drbd-utils",
        cure: "packages: [drbd-utils]")
    static let missingField = DiagnosticCode(
        "X0106", "a missing field that is required",
        cause: "There is no default that suits every lab.",
        example: "networks:\n  lan: {dhcp: true}",
        cure: "networks:\n  lan: {subnet: 10.8.8.0/24, dhcp: true}")
    static let malformedNumber = DiagnosticCode(
        "X0107", "not a whole number, or out of range",
        cause: "Counts and seconds are whole decimal numbers without sign or leading zero.",
        example: "cpus: 0",
        cure: "cpus: 2")
    static let malformedBoolean = DiagnosticCode(
        "X0108", "neither true nor false",
        cause: "Some YAML readers take yes, no, on and off as booleans, others as text.",
        example: "dhcp: yes",
        cure: "dhcp: true")
    static let pointlessField = DiagnosticCode(
        "X0109", "a field that has no effect",
        cause: "Another field of the same object makes it irrelevant.",
        example: "disk: {layout: plain, volume_group: vg0}",
        cure: "disk: {layout: lvm, volume_group: vg0}")
    static let fileTooLarge = DiagnosticCode(
        "X0110", "a lab file that is too large",
        cause:
            "A lab file has at most 4 MiB, enough for thousands of nodes. A larger file is probably not a lab, and reading it would take much memory.",
        example: "tail --bytes=5M /var/log/syslog >lab.yaml",
        cure:
            "Put settings that nodes share under `defaults`, and the contents of files into a directory beside the lab file."
    )
    static let unsupported = DiagnosticCode(
        "X0111", "something that xenseed does not support",
        cause:
            "Xen hosts are installed over a wired card. Debian's installer would need the name and the password of the Wi-Fi network, and an access point does not forward frames for the guests behind a bridge.",
        example: "interfaces: {wlan0: {mac: …, network: lan}}",
        cure: "interfaces: {eth0: {mac: …, network: lan}}")
    static let malformedMAC = DiagnosticCode(
        "X0201", "not a MAC address",
        cause: "NICs are named by their MAC address, so it has to be the card's own, as `ip link` prints it.",
        example: "mac: 08:00:27:16:22",
        cure: "mac: 08:00:27:16:22:13")
    static let malformedAddress = DiagnosticCode(
        "X0202", "not an IP address",
        cause:
            "An IPv4 address is four decimal numbers from 0 to 255, without leading zeros, because some tools read those as octal. An IPv6 address is eight hexadecimal numbers, or fewer with one `::`.",
        example: "address: 10.0.0.300",
        cure: "address: 10.0.0.30")
    static let malformedSubnet = DiagnosticCode(
        "X0203", "not a subnet",
        cause: "A subnet is written as its first address, a slash, and the length of its prefix in bits.",
        example: "subnet: 172.16.22.13/24",
        cure: "subnet: 172.16.22.0/24")
    static let malformedHostname = DiagnosticCode(
        "X0204", "not a host name",
        cause: "By RFC 1123, a label consists of a-z, 0-9 and inner hyphens, and has at most 63 characters.",
        example: "nodes: {Xen_01: {}}",
        cure: "nodes: {xen01: {}}")
    static let malformedDomain = DiagnosticCode(
        "X0205", "not a domain",
        cause: "A domain consists of labels like those of host names, joined by dots.",
        example: "domain: .hl.local",
        cure: "domain: hl.local")
    static let malformedAmount = DiagnosticCode(
        "X0206", "not an amount of memory or disk",
        cause: "An amount needs its unit: MiB and GiB count in 1024, MB and GB in 1000.",
        example: "memory: 2048",
        cure: "memory: 2048 MiB")
    static let malformedOption = DiagnosticCode(
        "X0207", "a boot option with special characters",
        cause:
            "A boot option is read by a shell, by GRUB's script language, and by Xen or Linux. Each has its own quoting, so only characters that are special to none of them are allowed.",
        example: "options: ['loglvl=all; reboot']",
        cure: "options: [loglvl=all]")
    static let malformedHash = DiagnosticCode(
        "X0208", "not a crypt(3) hash",
        cause:
            "A password in plain text would end up in every artifact and in the installer's log; a truncated hash locks root out.",
        example: "root_password: secret",
        cure: "root_password: $6$… (xenseed passwd prints one)")
    static let malformedPath = DiagnosticCode(
        "X0209", "not a path that can be archived",
        cause: "Archive tools lose or change other characters, depending on the locale; .. would leave the directory.",
        example: "late_script: ../late.sh",
        cure: "late_script: late.sh")
    static let malformedDisk = DiagnosticCode(
        "X0210", "not a disk",
        cause: "The installer needs a whole disk, not a partition.",
        example: "device: /dev/sda1",
        cure: "device: /dev/sda")
    static let malformedKey = DiagnosticCode(
        "X0211", "not an SSH public key",
        cause: "sshd skips a line that it can't read, so the key would not work.",
        example: "authorized_keys: [AAAAC3Nza]",
        cure: "authorized_keys: ['ssh-ed25519 AAAAC3Nza… ann@desk']")
    static let malformedValue = DiagnosticCode(
        "X0212", "a value of the wrong form",
        cause: "The field has a fixed form, or takes one of a few values.",
        example: "firmware: efi",
        cure: "firmware: uefi")
    static let malformedMode = DiagnosticCode(
        "X0213", "not a mode",
        cause: "A mode is three octal digits: for the owner, the group and others.",
        example: "modes: {/etc/foo: rw}",
        cure: "modes: {/etc/foo: '0640'}")
    static let unknownKeymap = DiagnosticCode(
        "X0214", "a keymap that the release's installer does not offer",
        cause:
            "The installer accepts only the keymaps in its list, which changes from release to release, and asks for a keymap otherwise. Names of console keymaps (uk, de-latin1) are not in the list.",
        example: "keymap: uk",
        cure: "keymap: gb")
    static let unknownTimeZone = DiagnosticCode(
        "X0221", "a time zone that the release does not install",
        cause:
            "The installer ignores a name that is not in its new system's tzdata, and the node keeps UTC. Newer releases have moved old names such as US/Eastern to the package tzdata-legacy, which the installer does not install.",
        example: "timezone: Berlin",
        cure: "timezone: Europe/Berlin")
    static let unknownLocale = DiagnosticCode(
        "X0222", "a locale that the release's installer does not accept",
        cause:
            "The installer has a list of languages and of locales. It asks for the language or the country of a locale that is not in them, or silently uses a different locale.",
        example: "locale: en_EN.UTF-8",
        cure: "locale: en_US.UTF-8")
    static let unofferedLanguage = DiagnosticCode(
        "X0223", "a language that the installer does not offer on its console",
        cause:
            "On a serial console the installer offers English only, and without a graphical screen it leaves out some scripts. It ignores a locale of another language and asks for the language, so the installation stops before it begins.",
        example: "locale: de_DE.UTF-8 … console: ttyS0",
        cure: "locale: en_US.UTF-8")
    static let reservedName = DiagnosticCode(
        "X0224", "a reserved host name or domain",
        cause:
            "Debian's /etc/hosts reserves localhost, ip6-localhost and similar names, and resolvers reserve every name below localhost (RFC 6761). With such a name, the node would reach itself, and other machines would never reach the node.",
        example: "nodes:\n  localhost: {}",
        cure: "nodes:\n  xen01: {}")
    static let reservedUser = DiagnosticCode(
        "X0225", "a reserved user name",
        cause:
            "The installer refuses names of Debian's system users and groups for people. The account exists already, or a package will create it with other rights.",
        example: "access: {users: {backup: {…}}}",
        cure: "access: {users: {bob: {…}}}")
    static let unknownRelease = DiagnosticCode(
        "X0301", "a release that xenseed does not support",
        cause: "Everything from the mirror to the names of packages depends on the release.",
        example: "release: jesie",
        cure: "release: jessie")
    static let unknownNetwork = DiagnosticCode(
        "X0302", "a network that the lab does not define",
        cause: "An interface, a bond or a bridge has to be on one of the networks under `networks`.",
        example: "eth0: {network: drdb}",
        cure: "eth0: {network: drbd}")
    static let unknownBridge = DiagnosticCode(
        "X0303", "a bridge that the node does not have",
        cause: "An interface can be a port only of one of the node's own `bridges`.",
        example: "eth1: {bridge: xenbr1}",
        cure: "eth1: {bridge: xenbr0}")
    static let outsideSubnet = DiagnosticCode(
        "X0304", "an address outside its subnet",
        cause: "The node could not reach the other machines on the network.",
        example: "drbd: {subnet: 172.16.22.0/24} … address: 172.16.23.13",
        cure: "address: 172.16.22.13")
    static let notAHostAddress = DiagnosticCode(
        "X0305", "a subnet's own or broadcast address",
        cause: "No host may have this address.",
        example: "address: 172.16.22.255",
        cure: "address: 172.16.22.13")
    static let duplicateMAC = DiagnosticCode(
        "X0306", "a duplicate MAC address",
        cause: "Nodes are identified, and their NICs are named, by MAC address.",
        example: "two NICs with mac: 08:00:27:16:22:13",
        cure: "Copy each card's own address.")
    static let duplicateAddress = DiagnosticCode(
        "X0307", "a duplicate IP address",
        cause: "Two machines, or a machine and its gateway, would answer for the same address.",
        example: "xen01 and xen02 with address: 172.16.22.13",
        cure: "Give each machine its own address.")
    static let duplicateName = DiagnosticCode(
        "X0308", "one name for two of bridges, bonds and interfaces",
        cause: "The kernel has one namespace for all of them.",
        example: "bridges: {eth1: …}",
        cure: "bridges: {xenbr0: …}")
    static let overlappingSubnets = DiagnosticCode(
        "X0309", "two subnets that overlap",
        cause: "The kernel would send packets for one subnet to the other.",
        example: "10.8.8.0/24 and 10.8.0.0/16",
        cure: "Choose subnets that do not overlap.")
    static let twoDefaultRoutes = DiagnosticCode(
        "X0310", "two default gateways on one node",
        cause: "It would not be defined which gateway is used.",
        example: "two interfaces on networks with a gateway or DHCP",
        cure: "Keep one default gateway for each node.")
    static let twiceOnOneNetwork = DiagnosticCode(
        "X0311", "two links of a node on one network",
        cause: "Replies would be sent through the wrong NIC. Two ports of one bridge are allowed.",
        example: "eth0 and eth1 with network: lan",
        cure: "Make both ports of one bridge, or name a second network.")
    static let bridgeWithoutPort = DiagnosticCode(
        "X0312", "a bridge without a port",
        cause: "Guests on the bridge would have no connection to the network.",
        example: "bridges: {xenbr0: {network: lan}} and no interface with bridge: xenbr0",
        cure: "eth1: {mac: …, bridge: xenbr0}")
    static let portWithAddress = DiagnosticCode(
        "X0313", "a bridge port or a member of a bond with a network or an address of its own",
        cause: "The bridge or the bond has the address; a second one on its port or member breaks both.",
        example: "eth1: {bridge: xenbr0, address: 10.8.8.13}",
        cure: "bridges: {xenbr0: {network: lan, address: 10.8.8.13}}")
    static let bridgeOnClosedLink = DiagnosticCode(
        "X0314", "a bridge on a network without a route to the mirror",
        cause: "No interface of the node reaches the mirror, so the node can't be installed.",
        example: "xenbr0 on the DRBD link, and no other NIC",
        cure: "Put the bridge on the LAN.")
    static let installInterface = DiagnosticCode(
        "X0315", "no NIC, or several, for the installation",
        cause:
            "The installer would use the first NIC with a link, which is often the DRBD link, and would fail at DHCP.",
        example: "the mirror in the subnet of eth0, and eth1 on a network with DHCP",
        cure: "install: eth1")
    static let noNameServer = DiagnosticCode(
        "X0316", "a static installation without a name server",
        cause: "The mirror is given by name, and the installer could not resolve the name.",
        example: "networks: {lan: {subnet: 10.8.8.0/24, gateway: 10.8.8.1}}",
        cure: "Add dns: [10.8.8.1].")
    static let duplicateSerial = DiagnosticCode(
        "X0317", "a duplicate serial number",
        cause: "A USB stick for the whole lab identifies the node by its serial number, and two nodes would match.",
        example: "xen01 and xen02 with serial: CZ3210ABCD",
        cure: "Copy each machine's own serial number, or leave it out: the MAC addresses are enough.")
    static let bridgeLoop = DiagnosticCode(
        "X0318", "a bridge with several ports and no spanning tree",
        cause:
            "A bridge forwards packets from each port to the others. If two ports reach the same switch, they form a loop: broadcasts multiply until the network is overloaded.",
        example: "bridges: {xenbr0: {network: lan}}, and two interfaces with bridge: xenbr0",
        cure: "bridges: {xenbr0: {network: lan, stp: true}}, or one port for each bridge.")
    static let diskTooSmall = DiagnosticCode(
        "X0401", "a layout that does not fit on the disk",
        cause: "partman-auto would find no recipe that fits, and ask.",
        example: "disk: {size: 4 GB, layout: lvm, root: 8 GiB}",
        cure: "Make root or swap smaller, or use a larger disk.")
    static let recipe = DiagnosticCode(
        "X0402", "a partition recipe that the installer rejects or silently changes",
        cause: "partman-auto replaces what it can't read, or stops.",
        example: "recipe: 'lab :: 100 200 ext4 .'",
        cure:
            "recipe: 'lab :: 2500 3000 -1 ext4 method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ / } .'"
    )
    static let mediumAsTarget = DiagnosticCode(
        "X0403", "a selector that could choose the install medium",
        cause: "The USB stick from which the installer runs is a USB disk, too.",
        example: "by_id: usb-SanDisk_Ultra",
        cure: "by_id: ata-VBOX_HARDDISK_VB1234")
    static let uefiRefused = DiagnosticCode(
        "X0404", "UEFI with a release that can't start Xen there",
        cause: "The known failures are a dom0 without ACPI, which only partly works, and IRQ errors.",
        example: "release: jessie … firmware: uefi",
        cure: "firmware: bios")
    static let keptIsTarget = DiagnosticCode(
        "X0405", "a disk both to install on and to keep",
        cause: "A disk can't be both erased and kept.",
        example: "disk: {device: /dev/sda, keep: [/dev/sda]}",
        cure: "keep: [/dev/sdb]")
    static let twoSelectors = DiagnosticCode(
        "X0406", "a disk that is selected in two ways",
        cause: "The two fields may select different disks.",
        example: "disk: {device: /dev/sda, select: smallest}",
        cure: "Keep one of device, by_id, select and devices.")
    static let sizeRuleWithoutSize = DiagnosticCode(
        "X0407", "a setting that needs the size of the disk",
        cause: "The setting is checked against disk.size.",
        example: "disk: {select: size}",
        cure: "disk: {select: size, size: 20 GB}")
    static let diskNamesMove = DiagnosticCode(
        "X0408", "a disk that is found by a name which may belong to another disk",
        cause:
            "With several disks, the kernels of newer releases may exchange sda and sdb from boot to boot. A kept disk that is excluded by its name may then be erased, and a root file system named by its device is not found.",
        example:
            "release: bookworm … disk: {select: largest, keep: [/dev/sdb]} … grub: {disable_linux_uuid: true}",
        cure: "disk: {by_id: ata-VBOX_HARDDISK_VB1234, keep: [/dev/sdb]} … grub: {disable_linux_uuid: false}")
    static let noBootLoader = DiagnosticCode(
        "X0409", "a disk that the installer cannot install the boot loader on",
        cause: "The installer finds the disk of /boot by its name, and stops at a name that it does not know.",
        example: "release: jessie … disk: {device: /dev/nvme0n1}",
        cure: "disk: {device: /dev/sda}")
    static let lastVolume = DiagnosticCode(
        "X0410", "a recipe whose last volume becomes larger than its maximum",
        cause: "The installer of older releases gives the last volume all remaining space of the volume group.",
        example:
            "release: jessie … recipe: '… 1000 1000 1000 linux-swap $lvmok{ } lv_name{ swap } method{ swap } format{ } .'",
        cure:
            "Add a last volume for the rest, and remove it in late_script; or use layout: lvm, which leaves the rest free."
    )
    static let secureBoot = DiagnosticCode(
        "X0411", "a UEFI machine, on which Secure Boot has to be off",
        cause:
            "Debian's boot loader refuses to start the Xen hypervisor with Secure Boot, because the hypervisor is not signed.",
        example: "firmware: uefi",
        cure: "Switch Secure Boot off in the firmware setup. This is a note: it needs no change to the lab.")
    static let raidMembers = DiagnosticCode(
        "X0412", "disks that can't be the members of a RAID",
        cause: "RAID 1 keeps the system on each of at least two different disks, which the lab names.",
        example: "disk: {raid: 1, devices: [/dev/sda]}",
        cure: "disk: {raid: 1, devices: [/dev/sda, /dev/sdb]}")
    static let diskUsedTwice = DiagnosticCode(
        "X0413", "a disk or a volume group with two uses",
        cause: "A disk of a volume group belongs to this group only, and each group of a node has its own name.",
        example: "disk: {device: /dev/sda} … volume_groups: {guests: {devices: [/dev/sda]}}",
        cure: "volume_groups: {guests: {devices: [/dev/sdb]}}")
    static let dom0Memory = DiagnosticCode(
        "X0501", "memory for dom0 that does not fit",
        cause:
            "Xen needs memory for itself, and the guests need the rest. memory must be between memory_min and memory_max.",
        example: "memory: 2 GiB … dom0: {memory: 2 GiB}",
        cure: "dom0: {memory: 1 GiB}")
    static let dom0VCPUs = DiagnosticCode(
        "X0502", "more virtual CPUs for dom0 than the node has CPUs",
        cause: "When they are pinned, several would share one CPU.",
        example: "cpus: 2 … dom0: {vcpus: 4}",
        cure: "dom0: {vcpus: 1}")
    static let notWholeMebibytes = DiagnosticCode(
        "X0503", "memory that is not a whole number of MiB",
        cause: "dom0_mem is written in MiB, so the rest would be lost.",
        example: "dom0: {memory: 1 GB}",
        cure: "dom0: {memory: 1 GiB}")
    static let ownOption = DiagnosticCode(
        "X0504", "a boot option that xenseed writes itself",
        cause: "The option would be on the command line twice.",
        example: "dom0: {options: [dom0_mem=512M]}",
        cure: "dom0: {memory: 512 MiB}")
    static let restoreWithoutSave = DiagnosticCode(
        "X0505", "restoring guests that are never saved",
        cause: "xendomains restores guests from the directory into which it saved them.",
        example: "xendomains: {restore: true}",
        cure: "xendomains: {save: /var/lib/xen/save, restore: true}")
    static let toolstack = DiagnosticCode(
        "X0506", "a toolstack that the release does not have",
        cause: "Xen's wrapper would not find its program, and the init scripts would exit without a message.",
        example: "toolstack: xm",
        cure: "toolstack: xl")
    static let bootLineTooLong = DiagnosticCode(
        "X0511", "boot options that the hypervisor or the kernel would cut off",
        cause:
            "Xen passes 1,023 characters to dom0's kernel (MAX_GUEST_CMDLINE), and shows as many of its own command line, which xenseed-verify reads. Of a single hypervisor option it reads 99 characters (Xen 4.4) or 127 (Xen 4.17 and later). What exceeds a limit is lost silently.",
        example: "dom0: {options: [… more than 800 characters …]}",
        cure: "Leave out options that repeat a default.")
    static let dom0CannotBoot = DiagnosticCode(
        "X0512", "memory with which dom0 does not boot",
        cause:
            "dom0's kernel unpacks its initramfs into memory before anything else runs. With less than the release needs, it ends with “System is deadlocked on memory”, or the unpacking fails and the root file system is not found.",
        example: "release: bookworm … dom0: {memory: 256 MiB}",
        cure: "dom0: {memory: 1 GiB}")
    static let hashUnreadable = DiagnosticCode(
        "X0601", "a hash that the release can't read",
        cause: "Its libc does not know the method, so no password would ever match.",
        example: "release: jessie … root_password: $y$…",
        cure: "Make a $6$ hash: xenseed passwd.")
    static let nobodyCanLogIn = DiagnosticCode(
        "X0602", "a node or a user without a login",
        cause:
            "There is no default password. The nodes install and verify themselves, but nobody, or not this user, has a key or a password.",
        example: "a lab without `access`",
        cure: "access: {authorized_keys: ['ssh-ed25519 AAAA… you@desk']}")
    static let twoPasswords = DiagnosticCode(
        "X0603", "a password given twice",
        cause: "The two may differ.",
        example: "root_password and root_password_file",
        cure: "Keep one of them.")
    static let besideUnreadable = DiagnosticCode(
        "X0604", "a file beside the lab that can't be used",
        cause: "The file is missing, unreadable or not a regular file, or its name can't be archived.",
        example: "late_script: late.sh, which is not there",
        cure: "Paths are relative to the directory of the lab file.")
    static let httpsRefused = DiagnosticCode(
        "X0605", "https with an installer that has no TLS",
        cause: "The installer would stop at the mirror.",
        example: "release: jessie … mirror: {protocol: https}",
        cure: "mirror: {protocol: http}")
    static let modeWithoutFile = DiagnosticCode(
        "X0606", "a mode or an owner for a file that is not there",
        cause: "A typing error in the path would leave a secret readable.",
        example: "modes: {/etc/drbd.secrt: '0600'}",
        cure: "Write the path as it is below files.folder, with a leading slash.")
    static let lateScript = DiagnosticCode(
        "X0607", "a late script that is not a POSIX sh script",
        cause: "The installer's only shell is the sh of busybox.",
        example: "#!/bin/bash",
        cure: "#!/bin/sh")
    static let trailingComment = DiagnosticCode(
        "X0608", "a comment behind a value in interfaces(5)",
        cause: "ifupdown takes the comment as part of the value, and the link comes up without its address.",
        example: "address 172.16.22.13 # xen01",
        cure: "# xen01\naddress 172.16.22.13")
    static let overlayClash = DiagnosticCode(
        "X0609", "a user's file at a path that xenseed writes itself",
        cause: "One of the two would be lost.",
        example: "files/etc/network/interfaces",
        cure: "Use the lab's fields, or a directory like /etc/network/interfaces.d.")
    static let networkManager = DiagnosticCode(
        "X0610", "a package that takes over the network",
        cause:
            "Its hook in the installer writes its own network configuration over the overlay's, and its service takes the links from ifupdown.",
        example: "packages: [network-manager]",
        cure: "Leave it out; the lab describes the network.")
    static let unknownComponent = DiagnosticCode(
        "X0611", "components that the release's archive does not have",
        cause:
            "The installer would find no package list for a component that the release does not have, nor, without main, one for the base system.",
        example: "release: jessie … mirror: {components: [main, non-free-firmware]}",
        cure: "release: jessie … mirror: {components: [main, non-free]}")
    static let packageComponent = DiagnosticCode(
        "X0612", "a package outside the components that the node's sources name",
        cause: "apt would not find it, and the late command would stop at the packages.",
        example: "packages: [firmware-iwlwifi]",
        cure: "mirror: {components: [main, non-free-firmware]} … packages: [firmware-iwlwifi]")
    static let missingPackage = DiagnosticCode(
        "X0613", "a package that the given package indices do not have",
        cause: "apt would not find it, and the late command would stop at the packages.",
        example: "packages: [drdb-utils]",
        cure: "packages: [drbd-utils]")
    static let strictMode = DiagnosticCode(
        "X0614", "a mode that git does not record",
        cause:
            "Git records only whether the owner of a file may execute it; in another clone, all users could read the file.",
        example: "files/etc/drbd.secret with the mode 0600",
        cure: "modes: {/etc/drbd.secret: '0600'}")
    static let readableKey = DiagnosticCode(
        "X0615", "a private key that all users could read",
        cause: "Every user of the node, and everyone who can read the built files, would have the key.",
        example: "files/etc/ssh/ssh_host_ed25519_key with the mode 0644",
        cure: "modes: {/etc/ssh/ssh_host_ed25519_key: '0600'}")
    static let linkTarget = DiagnosticCode(
        "X0616", "a symbolic link that can't be archived",
        cause:
            "Its target has characters that archive tools change, or more than 100 characters, or it leads above the root.",
        example: "files/etc/xen/auto/web.cfg -> ../../../../guests/web.cfg",
        cure: "files/etc/xen/auto/web.cfg -> ../guests/web.cfg")
    static let lateScriptSyntax = DiagnosticCode(
        "X0620", "a late script that the shell cannot parse",
        cause:
            "The script is the last step of the installation. The shell stops at the error, and the installer shows a failed step instead of rebooting.",
        example: "if [ -e /etc/foo ]; then\n    echo found",
        cure: "if [ -e /etc/foo ]; then\n    echo found\nfi")
    static let releaseNotOnMirror = DiagnosticCode(
        "X0621", "a mirror that does not have the release",
        cause:
            "Old releases are moved from Debian's mirrors to archive.debian.org. The installer stops with “Bad archive mirror”.",
        example: "release: jessie … mirror: {host: deb.debian.org}",
        cure: "mirror: {host: archive.debian.org}")
    static let rootIsClosed = DiagnosticCode(
        "X0622", "a key or a password for root, who may not log in",
        cause: "One of the two settings is a mistake, and the key would be a way in that the lab rules out.",
        example: "access: {root: false, authorized_keys: ['ssh-ed25519 AAAA… ann@desk']}",
        cure: "access: {root: false, users: {ann: {keys: ['ssh-ed25519 AAAA… ann@desk'], sudo: nopasswd}}}")
    static let nobodyBecomesRoot = DiagnosticCode(
        "X0623", "a node that nobody could administer",
        cause:
            "root may not or cannot log in, and no user can use sudo: with sudo: true, a user needs a password; with sudo: nopasswd, a key or a password to log in.",
        example: "access: {root: false, users: {ann: {keys: […]}}}",
        cure: "access: {root: false, users: {ann: {keys: […], sudo: nopasswd}}}")
    static let sudoWithoutPassword = DiagnosticCode(
        "X0624", "sudo with a password for a user without one",
        cause: "sudo asks for the user's own password, so this user could not use it.",
        example: "users: {ann: {keys: […], sudo: true}}",
        cure: "users: {ann: {keys: […], sudo: nopasswd}}")
    static let unknownGroup = DiagnosticCode(
        "X0625", "a group that the base system does not have",
        cause:
            "Packages create further groups. If none of the node's packages creates the group, the installation does, and a misspelt name gives no rights. The group sudo is a field of its own.",
        example: "users: {ann: {groups: [admn]}}",
        cure: "users: {ann: {groups: [adm]}}")
    static let duplicateUID = DiagnosticCode(
        "X0626", "two users with one number",
        cause: "The kernel knows users only by their numbers, so the two would be one.",
        example: "users: {ann: {uid: 1000}, bob: {uid: 1000}}",
        cure: "users: {ann: {uid: 1000}, bob: {uid: 1001}}")
    static let indistinguishable = DiagnosticCode(
        "X0630", "machines that could not be told apart",
        cause:
            "A machine is found by its MAC addresses or its serial number. Without them, the installer can only ask whether a machine is the one node that is left.",
        example: "xen01 and xen02 with mac: unknown and without serial",
        cure: "xen02: {serial: CZ3210ABCD, …}")
    static let confirmation = DiagnosticCode(
        "X0631", "a machine that a person has to confirm",
        cause:
            "The lab does not know the MAC addresses of the node. The installer finds it by its serial number, or as the only node that is left, assigns the cards in the order of their PCI addresses, and asks on the console before it uses them.",
        example: "eth0: {mac: unknown, network: lan}",
        cure: "Confirm the question on the console. This is a note: it needs no change to the lab.")
}
