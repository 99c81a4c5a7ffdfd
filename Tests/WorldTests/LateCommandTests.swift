import Foundation
import TestSupport
import Testing

let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHhlbnNlZWQgZml4dHVyZTogbm9ib2R5J3Mga2V5Li4u fixture"

/// The reference lab with a console, a key and a script, so that every step has something to do.
func lab(disk: String = "{device: /dev/sda}", more: String = "") -> String {
    """
    domain: hl.local
    networks:
      lan: {subnet: 10.8.8.0/24, dhcp: true}
      drbd: {subnet: 172.16.22.0/24}
    defaults:
      cpus: 2
      memory: 2 GiB
      disk: \(disk)
      console: ttyS0,115200
      access: {authorized_keys: ["\(key)"]}
      late_script: late.sh
      recommends: false
      bridges: {xenbr0: {network: lan}}
      \(more)
    nodes:
      xen01:
        interfaces:
          eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13}
          eth1: {mac: "08:00:27:08:08:13", bridge: xenbr0}
      xen02:
        interfaces:
          eth0: {mac: "08:00:27:16:22:14", network: drbd, address: 172.16.22.14}
          eth1: {mac: "08:00:27:08:08:14", bridge: xenbr0}
    """
}

@Suite(.timeLimit(.minutes(15)))
struct LateCommandTests {
    // MARK: Before partitioning

    @Test(arguments: [false, true]) func preparesFromTheMedium(dash: Bool) async throws {
        let world = try await World(lab: lab())
        try world.disk("sda", megabytes: 20000)
        let ran = try world.prepare(dash: dash)
        #expect(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
        #expect(world.answer("partman-auto/disk") == "/dev/sda")
        #expect(world.answer("grub-installer/bootdev") == "/dev/sda")
        #expect(world.answer("partman-auto/method") == "regular")
        #expect(world.read("/var/lib/xenseed/late-command.status") == "done prepare")
        // Each step is named in the installer's log.
        for step in Self.early {
            #expect(world.read("/var/log/syslog").contains("xenseed: xen01: step \(step)"))
        }
    }

    /// Past a proxy, which may know nothing but mirrors.
    @Test(arguments: ["", "http://127.0.0.1:9"]) func preparesByURL(proxy: String) async throws {
        let world = try await World(lab: (proxy.isEmpty ? "" : "mirror: {proxy: \"\(proxy)\"}\n") + lab())
        try world.disk("sda", megabytes: 20000)
        // Only what the installer has: its own wget against a web server in its own network namespace.
        _ = try world.shell(
            """
            mv /cdrom/nodes /srv; debconf-set preseed/url http://127.0.0.1:8000/nodes/xen01/preseed.cfg
            debconf-set mirror/http/proxy '\(proxy)'
            """)
        try FileManager.default.copyItem(
            at: URL(filePath: "/bin/busybox"), to: world.folder.url("world/usr/lib/world/httpd"))
        let ran = try world.shell(
            "cd /srv/.. && mkdir -p www && ln -sfn /srv www/nodes && "
                + "/usr/lib/world/httpd httpd -p 127.0.0.1:8000 -h /www; "
                + (try world.command("partman/early_command")))
        #expect(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
        #expect(world.answer("partman-auto/method") == "regular")
        #expect(world.answer("mirror/http/proxy") == proxy)
    }

    // MARK: How far it is

    /// The steps before partitioning, in order.
    private static let early = [
        "check-firmware", "fetch-overlay", "check-overlay", "choose-disk", "clear-disk", "leave-other-disks",
        "tell-stages",
    ]
    /// The installer's own web server puts what is posted to it into /posts.
    private static let server = """
        cat /dev/null >/posts; mkdir -p /www/cgi-bin; cd /www
        printf '#!/bin/sh\\n{ echo; cat; } >>/posts\\nprintf "Status: 204 No Content\\\\r\\\\n\\\\r\\\\n"\\n' >cgi-bin/progress; chmod 755 cgi-bin/progress
        /usr/lib/world/httpd httpd -p 127.0.0.1:8000 -h /www

        """

    private func told(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("xenseed/1 ") }.map(String.init)
    }

    private func reporting(to url: String = "http://127.0.0.1:8000/cgi-bin/") async throws -> World {
        let world = try await World(lab: "report_url: \(url)\n" + lab())
        try world.disk("sda", megabytes: 20000)
        try FileManager.default.copyItem(
            at: URL(filePath: "/bin/busybox"), to: world.folder.url("world/usr/lib/world/httpd"))
        return world
    }

    @Test func tellsHowFarItIs() async throws {
        let world = try await reporting()
        let hooks = [
            "/lib/partman/finish.d/99xenseed", "/usr/lib/base-installer.d/00xenseed",
            "/usr/lib/pre-pkgsel.d/00xenseed", "/usr/lib/finish-install.d/00xenseed",
            "/usr/lib/finish-install.d/94xenseed",
        ]
        let ran = try world.shell(
            Self.server + "( " + (try world.command("partman/early_command")) + " ) && for hook in "
                + hooks.joined(separator: " ") + "; do $hook || exit; done; "
                // Until the last one has come; a test's time limit is the end of it.
                + "until grep -q 'reboot - start' /posts; do sleep 1; done; sleep 1")
        #expect(ran.status == 0 && ran.out.isEmpty, "\(ran)\(world.read("/var/log/syslog"))")
        let expected =
            ["early - start"] + Self.early.flatMap { ["early \($0) start", "early \($0) ok"] }
            + [
                "early - ok", "partitioning - start", "partitioning - ok", "base - start", "base debootstrap ok",
                "base - ok",
                "packages - start", "packages - ok", "reboot - start",
            ]
        let lines = told(world.read("/dev/ttyS0"))
        #expect(lines.map { $0.split(separator: " ").dropFirst(2).prefix(3).joined(separator: " ") } == expected)
        for line in lines { #expect(line.wholeMatch(of: /xenseed\/1 xen01 .* [0-9]+\.[0-9]+ ?/) != nil, "\(line)") }
        // This server knows no tokens.
        #expect(told(world.read("/posts")) == lines)
        #expect(told(world.read("/tmp/xenseed/late-command.log")) == lines)
    }

    private static let served =
        "boot_server: {address: 10.8.8.1, port: 8000}\nreport_url: http://127.0.0.1:8000\n" + lab()
    /// Until the server has said that it kept the last one.
    private static let settled =
        "sleep 1; while [ -L /tmp/xenseed/sending ] || pidof nc >/dev/null; do sleep 1; done"
    /// What the installer has done before: the server gives the other files to the client that fetched the preseed.
    private static let byURL =
        "rm -rf /cdrom/nodes; u=http://127.0.0.1:8000/nodes/xen01/preseed.cfg; debconf-set preseed/url $u; wget -q -O /dev/null $u; "

    private func events(_ shown: [String: Any]) -> [String] {
        (shown["timeline"] as? [[String: Any]] ?? []).map { event in
            "\(event["stage"] ?? "") \(event["step"] ?? "-") \(event["status"] ?? "")"
        }
    }

    /// `xenseed serve` gives the installer's wget what was built, and hears its nc.
    @Test func preparesFromTheServer() async throws {
        let world = try await World(lab: Self.served)
        try world.disk("sda", megabytes: 20000)
        let (ran, shown, log) = try world.shell(
            Self.byURL + "( " + (try world.command("partman/early_command")) + " ); " + Self.settled,
            servedBy: Self.served)
        #expect(ran.status == 0, "\(ran)\(world.read("/var/log/syslog"))")
        #expect(world.answer("partman-auto/method") == "regular")
        let expected =
            ["early - start"] + Self.early.flatMap { ["early \($0) start", "early \($0) ok"] }
            + ["early - ok", "partitioning - start"]
        #expect(events(shown) == expected)
        #expect(shown["fetched"] as? String == "nodes/xen01/overlay.tar.gz" && shown["state"] as? String == "underWay")
        #expect(
            log.contains(
                "node=xen01 client=127.0.0.1 method=GET path=/nodes/xen01/late-command.sh status=200\n"))
    }

    /// Where it stops, a node is seen within seconds, whatever of its files is not right.
    @Test(arguments: [
        (
            "fetch-late-command", "no late-command.sh with the right SHA-256",
            "no late-command.sh with the right SHA-256", "other.lab", ":"
        ),
        (
            "fetch-overlay", "exit code 1", "wget: server returned error: HTTP/1.1 500 Internal Server Error",
            "hl.local",
            "echo x >>out/nodes/xen01/overlay.tar.gz"
        ),
    ])
    func aFailureIsSeenAtOnce(step: String, says: String, reason: String, served domain: String, after: String)
        async throws
    {
        let world = try await World(lab: Self.served)
        try world.disk("sda", megabytes: 20000)
        let (_, shown, _) = try world.shell(
            Self.byURL + "date +%s >/begun; ( " + (try world.command("partman/early_command")) + " ); " + Self.settled,
            servedBy: Self.served.replacing("hl.local", with: domain), after: after)
        let failure = try #require(shown["failure"] as? [String: Any], "\(shown)\(world.read("/var/log/syslog"))")
        #expect(failure["step"] as? String == step && failure["message"] as? String == says)
        #expect(shown["state"] as? String == "failed" && (shown["advice"] as? String)?.isEmpty == false)
        #expect(shown["reason"] as? String == reason, "\(shown)")
        #expect(world.read("/dev/ttyS0").contains(" early \(step) failed "))
        let begun = try #require(Int(world.read("/begun")))
        #expect(try #require(failure["time"] as? Int) - begun < 30)
        #expect(world.answer("partman-auto/method").isEmpty)
    }

    @Test func aFailureComesWithTheLog() async throws {
        let world = try await reporting()
        let ran = try world.shell(
            "echo x >> /cdrom/nodes/xen01/overlay.tar.gz; " + Self.server + "( "
                + (try world.command("partman/early_command")) + " ); "
                + "until grep -q 'check-overlay failed' /posts; do sleep 1; done; sleep 1")
        #expect(ran.status == 0, "\(ran)")
        for place in ["/dev/ttyS0", "/posts"] {
            let lines = world.read(place).split(whereSeparator: \.isNewline).map(String.init)
            let failure = try #require(lines.firstIndex { $0.contains(" check-overlay failed ") }, "\(lines)")
            #expect(lines[failure].hasSuffix("exit code 1"))
            #expect(
                lines[failure...].contains {
                    $0.hasPrefix("xenseed/1+ xen01 ") && $0.contains("overlay.tar.gz: FAILED")
                })
        }
    }

    /// A server that is not there, one that does not answer, and a command that never ends.
    @Test(arguments: [
        ("http://127.0.0.1:9", ":"), ("http://192.0.2.1", ":"),
        (
            "http://127.0.0.1:8000",
            "nc=$(command -v nc); rm $nc; printf '#!/bin/sh\\nexec sleep 9999\\n' >$nc; chmod 755 $nc"
        ),
    ]) func noServerIsWaitedFor(url: String, before: String) async throws {
        let world = try await reporting(to: url)
        let ran = try world.shell("\(before); " + (try world.command("partman/early_command")))
        #expect(ran.status == 0, "\(ran)\(world.read("/var/log/syslog"))")
        #expect(told(world.read("/dev/ttyS0")).last?.contains("partitioning - start") == true)
    }

    /// What goes wrong before partitioning, and what is then said. Never is there a method to erase with.
    @Test(arguments: [
        (
            "fetch-late-command", "echo '# other' >> /cdrom/nodes/xen01/late-command.sh",
            "no late-command.sh with SHA-256"
        ),
        ("fetch-overlay", "rm /cdrom/nodes/xen01/overlay.tar.gz", "overlay.tar.gz"),
        ("check-overlay", "echo x >> /cdrom/nodes/xen01/overlay.tar.gz", "overlay.tar.gz: FAILED"),
        (
            "choose-disk", "rm /sys/block/sda /sys/class/block/sda",
            "there is no /dev/sda; the disks are: sdb (30000 MB)"
        ),
        ("choose-disk", "echo 1000 > /sys/block/sda/size", "sda has 0 MB; the layout needs 3576 MB"),
        ("clear-disk", "rm /dev/sda1; mknod /dev/sda1 b 60 99", "/dev/sda1"),
        (
            "choose-disk",
            "rm /dev/sda1; mknod /dev/sda1 b 60 99; mount -t tmpfs /dev/sda1 /cdrom && cp -r /saved/nodes /cdrom",
            "sda is the install medium itself"
        ),
    ]) func stopsBeforeAnythingIsErased(step: String, damage: String, says: String) async throws {
        let world = try await World(lab: lab())
        try world.disk("sda", megabytes: 20000)
        try world.disk("sdb", megabytes: 30000)
        _ = try world.shell("mkdir /saved && cp -r /cdrom/nodes /saved; debconf-set partman-auto/method regular")
        let ran = try world.shell("\(damage); " + (try world.command("partman/early_command")))
        #expect(ran.status != 0)
        let log = world.read("/var/log/syslog")
        #expect(log.contains("step \(step) FAILED"), "\(log)")
        #expect(log.contains(says), "\(log)")
        #expect(world.answer("partman-auto/method") == "")
        if step != "fetch-late-command" {
            #expect(ran.err.contains("xenseed: xen01: step \(step) of prepare"), "\(ran.err)")
            #expect(world.read("/var/lib/xenseed/late-command.status").hasPrefix("failed prepare \(step)"))
        }
        // Mended, the same command goes through. A medium mounted for the run went with it.
        _ = try world.shell("rm -rf /cdrom/nodes; cp -r /saved/nodes /cdrom")
        try world.disk("sda", megabytes: 20000)
        #expect(try world.prepare().status == 0)
        #expect(world.answer("partman-auto/method") == "regular")
    }

    @Test(
        arguments: [
            ("{select: only}", "vda", nil), ("{select: smallest}", "sdb", nil), ("{select: largest}", "sda", nil),
            ("{select: size, size: 20 GB}", "sdb", nil), ("{by_id: ata-TEST_sdb}", "sdb", nil),
            ("{select: smallest, keep: [/dev/sdb]}", "sda", nil),
            (
                "{select: size, size: 25 GB}", nil,
                "the disk of 25 GB: found ; the disks are: sda (30000 MB) sdb (20000 MB)"
            ),
            ("{by_id: ata-GONE}", nil, "there is no /dev/disk/by-id/ata-GONE"),
        ] as [(String, String?, String?)]) func choosesTheDisk(disk: String, chosen: String?, says: String?)
        async throws
    {
        let world = try await World(lab: lab(disk: disk))
        if chosen == "vda" {
            _ = try world.shell("rm /sys/block/sda")
            try world.disk("vda", megabytes: 8000)
        } else {
            try world.disk("sda", megabytes: 30000)
            try world.disk("sdb", megabytes: 20000)
        }
        // A stick smaller and a stick larger than any disk are never candidates.
        try world.disk("sdy", megabytes: 4000, usb: true)
        try world.disk("sdz", megabytes: 64000, usb: true)
        let ran = try world.prepare()
        if let chosen {
            #expect(ran.status == 0, "\(ran.err)")
            #expect(world.answer("partman-auto/disk") == "/dev/\(chosen)")
            #expect(world.answer("grub-installer/bootdev") == "/dev/\(chosen)")
        } else {
            #expect(ran.status != 0)
            #expect(ran.err.contains(says!), "\(ran.err)")
        }
    }

    /// A disk that must not be erased, by what makes it so.
    enum Spared: String, CaseIterable, Sendable {
        case medium, removable, usb, mapped, partitionMapped, otherPath
        // These need another lab, and come last.
        case keptByName, keptByID

        func field(_ name: String) -> String {
            switch self {
            case .keptByName: ", keep: [/dev/\(name)]"
            case .keptByID: ", keep: [/dev/disk/by-id/wwn-TEST_\(name)]"
            default: ""
            }
        }

        /// What makes it so, as a command in the installer's shell.
        func command(_ name: String) -> String {
            switch self {
            case .keptByName: ":"
            case .keptByID: "ln -s ../../\(name) /dev/disk/by-id/wwn-TEST_\(name)"
            case .medium:
                "cp -r /cdrom/nodes /tmp; rm /dev/\(name)1; mknod /dev/\(name)1 b 60 99; "
                    + "mount -t tmpfs /dev/\(name)1 /cdrom && cp -r /tmp/nodes /cdrom"
            case .removable: "echo 1 >/sys/block/\(name)/removable"
            case .usb:
                "mkdir -p /sys/devices/usb1 && mv $(readlink -f /sys/block/\(name)) /sys/devices/usb1/ && "
                    + "ln -sfn ../devices/usb1/\(name) /sys/block/\(name)"
            case .mapped: Self.map(of: "/sys/block/\(name)", uuid: "mpath-3600")
            case .partitionMapped: Self.map(of: "/sys/block/\(name)/\(name)1", uuid: "LVM-xyz")
            case .otherPath:
                "mkdir -p /sys/block/\(name)/device /sys/block/sdx/device && echo naa.1 >/sys/block/\(name)/device/wwid && "
                    + "echo naa.1 >/sys/block/sdx/device/wwid"
            }
        }

        private static func map(of path: String, uuid: String) -> String {
            "mkdir -p /sys/devices/virtual/block/dm-0/dm \(path)/holders && echo \(uuid) >/sys/devices/virtual/block/dm-0/dm/uuid "
                + "&& ln -s ../../devices/virtual/block/dm-0 /sys/class/block/dm-0 && ln -s /sys/class/block/dm-0 \(path)/holders/dm-0"
        }

        func reason(_ name: String) -> String {
            switch self {
            case .keptByName, .keptByID: "\(name) is a disk that the lab keeps"
            case .medium: "\(name) is the install medium itself"
            case .removable, .usb: "\(name) is on USB or removable, so it may be the install medium"
            case .mapped: "\(name) is in use by dm-0 (mpath-3600)"
            case .partitionMapped: "\(name) is in use by dm-0 (LVM-xyz)"
            case .otherPath: "\(name) is one of several paths to the same disk: sdx"
            }
        }
    }

    /// Whatever selects it, such a disk is not erased: a name or a link that leads to it stops the installation, and a rule does
    /// not see it.
    @Test(arguments: [
        "by_id: ata-TEST_sdb", "device: /dev/sdb", "select: only", "select: smallest", "select: largest",
        "select: size, size: 30 GB",
    ])
    func sparesWhatMustNotBeErased(selector: String) async throws {
        let world = try await World(lab: lab(disk: "{\(selector)}"))
        for spared in Spared.allCases {
            if !spared.field("sdb").isEmpty {
                // X0405 refuses a lab that installs on a disk and keeps it by the same name.
                if spared == .keptByName && selector == "device: /dev/sdb" { continue }
                try await world.place(lab: lab(disk: "{\(selector)\(spared.field("sdb"))}"))
            }
            _ = try world.shell(
                "rm -rf /sys/block/* /sys/class/block/* /sys/devices/* /dev/disk/by-id/* /var/lib/debconf-stub/partman-auto*"
            )
            // The rule would choose sdb but for what it is; so it would its second name, were that another disk.
            let size = selector.contains("smallest") ? 10000 : 30000
            try world.disk("sda", megabytes: 20000)
            try world.disk("sdb", megabytes: size)
            if spared == .otherPath { try world.disk("sdx", megabytes: size) }
            _ = try world.shell("echo label | dd of=/dev/sdb bs=512 conv=notrunc")
            let ran = try world.shell("\(spared.command("sdb")); " + (try world.command("partman/early_command")))
            #expect(try world.shell("head -c 5 /dev/sdb").out == "label", "\(spared)")
            if selector.hasPrefix("select") && !selector.contains("size:") {
                #expect(ran.status == 0, "\(spared) \(ran.err)")
                #expect(world.answer("partman-auto/disk") == "/dev/sda", "\(spared)")
            } else {
                #expect(ran.status != 0, "\(spared)")
                #expect(
                    world.answer("partman-auto/method") == "" && world.answer("partman-auto/disk") == "", "\(spared)")
                let says =
                    selector.hasPrefix("select")
                    ? "the disk of 30 GB: found ; the disks are: sda (20000 MB)" : spared.reason("sdb")
                #expect(ran.err.contains("step choose-disk of prepare: "), "\(spared) \(ran.err)")
                #expect(ran.err.contains(says), "\(spared) \(ran.err)")
            }
        }
    }

    /// A link that does not lead to a whole disk.
    @Test(arguments: ["dm-0", "md127", "loop0", "sr0", "sdb1", "nvme0c0n1", "mmcblk0boot0"])
    func refusesWhatIsNotAWholeDisk(name: String) async throws {
        let world = try await World(lab: lab(disk: "{by_id: scsi-36001405}"))
        try world.disk("sdb", megabytes: 30000)
        let ran = try world.shell(
            """
            if [ ! -e /sys/class/block/\(name) ]; then
                mkdir -p /sys/devices/virtual/block/\(name); cd /sys/devices/virtual/block/\(name)
                echo 60000000 >size; echo 0 >removable
                ln -s ../devices/virtual/block/\(name) /sys/block/\(name)
                ln -s ../../devices/virtual/block/\(name) /sys/class/block/\(name)
            fi
            touch /dev/\(name); ln -s ../../\(name) /dev/disk/by-id/scsi-36001405
            \(try world.command("partman/early_command"))
            """)
        #expect(ran.status != 0)
        #expect(
            ran.err.contains("\(name) is not a whole disk; the disks are: sda (20000 MB) sdb (30000 MB)"), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
    }

    /// What the lab keeps and the machine does not have may be there under another name.
    @Test(
        arguments: ["/dev/sdc", "/dev/disk/by-id/ata-GONE"],
        ["device: /dev/sda", "by_id: ata-TEST_sda", "select: only"])
    func stopsWhenAKeptDiskIsMissing(kept: String, selector: String) async throws {
        let world = try await World(lab: lab(disk: "{\(selector), keep: [\(kept)]}"))
        let ran = try world.prepare()
        #expect(ran.status != 0)
        #expect(ran.err.contains("the lab keeps \(kept), but this machine has no such disk"), "\(ran.err)")
        #expect(ran.err.contains("the disks are: sda (20000 MB)"), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
        // Once it is there, the same command goes through.
        try world.disk(kept.hasSuffix("GONE") ? "sdx" : "sdc", megabytes: 8000)
        _ = try world.shell("[ -e \(kept) ] || ln -s ../../sdx \(kept)")
        #expect(try world.prepare().status == 0)
        #expect(world.answer("partman-auto/disk") == "/dev/sda")
    }

    /// A kept link may lead to a map over several disks.
    @Test func keepsEveryDiskBelowAMap() async throws {
        let world = try await World(
            lab: lab(disk: "{device: /dev/sdb, keep: [/dev/disk/by-id/scsi-36001405]}"))
        for name in ["sdb", "sdc"] { try world.disk(name, megabytes: 30000) }
        let ran = try world.shell(
            """
            mkdir -p /sys/devices/virtual/block/dm-3/slaves; cd /sys/devices/virtual/block/dm-3/slaves
            ln -s /sys/class/block/sdb1 sdb1; ln -s /sys/class/block/sdc sdc
            ln -s ../../devices/virtual/block/dm-3 /sys/class/block/dm-3
            touch /dev/dm-3; ln -s ../../dm-3 /dev/disk/by-id/scsi-36001405
            \(try world.command("partman/early_command"))
            """)
        #expect(ran.status != 0)
        #expect(ran.err.contains("sdb is a disk that the lab keeps; the disks are: sda (20000 MB) "), "\(ran.err)")
    }

    /// Jessie's grub-installer stops at disks whose names it does not know, when everything is installed.
    @Test(arguments: [("nvme0n1", false), ("sdaa", false), ("vda", true)])
    func stopsWhereTheBootLoaderCannotGo(name: String, isKnown: Bool) async throws {
        let world = try await World(lab: lab(disk: "{select: largest}"), release: "jessie")
        try world.disk(name, megabytes: 30000)
        let ran = try world.prepare()
        if isKnown {
            #expect(ran.status == 0, "\(ran.err)")
            #expect(world.answer("partman-auto/disk") == "/dev/\(name)")
        } else {
            #expect(ran.status != 0)
            #expect(
                ran.err.contains("the installer of jessie cannot install its boot loader on \(name)"), "\(ran.err)")
            #expect(world.answer("partman-auto/method") == "")
        }
    }

    // MARK: Firmware

    private static let secureBoot = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

    /// With Secure Boot, GRUB would refuse Xen when the disk is erased already. The installer may have to mount the variables first.
    @Test(arguments: [(1, true), (1, false), (0, true), (0, false)])
    func stopsWhenSecureBootIsOn(value: Int, isMounted: Bool) async throws {
        let world = try await World(lab: lab(more: "firmware: uefi"))
        let put = "printf '\\006\\000\\000\\000\\00\(value)' >\(Self.secureBoot)"
        _ = try world.shell("mkdir -p /sys/firmware/efi/efivars")
        if isMounted {
            _ = try world.shell(put)
        } else {
            _ = try world.shell("rm /bin/mount")
            try world.write(
                "#!/bin/sh\n[ \"$2 $4\" = \"efivarfs /sys/firmware/efi/efivars\" ] && \(put)\n", to: "/bin/mount")
            _ = try world.shell("chmod 755 /bin/mount")
        }
        let ran = try world.prepare()
        #expect(world.read(Self.secureBoot).utf8.count == 5)
        #expect((ran.status == 0) == (value == 0), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == (value == 0 ? "regular" : ""))
        if value == 1 {
            #expect(ran.err.contains("step check-firmware of prepare: Secure Boot is on"), "\(ran.err)")
            #expect(ran.err.contains("disable Secure Boot in the firmware setup"), "\(ran.err)")
            #expect(!world.read("/var/log/syslog").contains("step choose-disk"))
        }
    }

    /// The layout has what the lab's firmware needs, and not the other's.
    @Test(arguments: ["bios", "uefi"]) func stopsInTheOtherFirmwareMode(firmware: String) async throws {
        let world = try await World(lab: lab(more: "firmware: \(firmware)"))
        let ran = try world.shell(
            (firmware == "bios" ? "mkdir -p /sys/firmware/efi; " : "") + (try world.command("partman/early_command")))
        #expect(ran.status != 0)
        #expect(ran.err.contains("the lab has firmware: \(firmware). Nothing has been erased"), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
    }

    @Test func twoDisksOfOneSizeAreNoChoice() async throws {
        let world = try await World(lab: lab(disk: "{select: smallest}"))
        for name in ["sda", "sdb"] { try world.disk(name, megabytes: 20000) }
        let ran = try world.prepare()
        #expect(ran.status != 0)
        #expect(ran.err.contains("the smallest disk: found sda (20000 MB) sdb (20000 MB)"), "\(ran.err)")
    }

    /// A stick may have the name that the lab gives the disk, and need not be mounted when the installer runs from RAM.
    @Test(arguments: ["sdy", "sdz"]) func sparesTheStick(name: String) async throws {
        let world = try await World(lab: lab(disk: "{device: /dev/\(name)}"))
        try world.disk("sda", megabytes: 20000)
        try world.disk(name, megabytes: 30000, usb: name == "sdy")
        if name == "sdz" { try world.write("1\n", to: "/sys/block/sdz/removable") }
        try world.write("SanDisk \n", to: "/sys/block/\(name)/device/vendor")
        try world.write("Ultra           \n", to: "/sys/block/\(name)/device/model")
        let image = """
            rm /dev/\(name)
            printf '\\001CD001\\001\\000%-32s%-32s' LINUX 'Debian 12.5.0 amd64 n' |
                dd of=/dev/\(name) bs=1 seek=32768 2>/dev/null
            """
        let ran = try world.shell("\(image)\n\(try world.command("partman/early_command"))")
        #expect(ran.status != 0)
        #expect(
            ran.err.contains(
                "\(name) is on USB or removable, so it may be the install medium: SanDisk Ultra 30000 MB the image "
                    + "Debian 12.5.0 amd64 n; the disks are: sda (20000 MB)"), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
    }

    /// Ventoy shows the image by a map onto the stick.
    @Test func looksBelowMaps() async throws {
        let world = try await World(lab: lab())
        try world.disk("sda", megabytes: 20000)
        let ran = try world.shell(
            """
            mkdir -p /sys/devices/virtual/block/dm-0/slaves /dev/mapper
            ln -s /sys/class/block/sda1 /sys/devices/virtual/block/dm-0/slaves/sda1
            ln -s /sys/devices/virtual/block/dm-0 /sys/class/block/dm-0
            mknod /dev/dm-0 b 60 99; ln -s ../dm-0 /dev/mapper/ventoy; cp -r /cdrom/nodes /tmp
            mount -t tmpfs /dev/mapper/ventoy /cdrom && cp -r /tmp/nodes /cdrom
            \(try world.command("partman/early_command"))
            """)
        #expect(ran.status != 0 && ran.err.contains("sda is the install medium itself"), "\(ran.err)")
    }

    /// Labels of arrays, volume groups and tables go, and only those of the disk that is installed on.
    @Test func clearsItsDiskOnly() async throws {
        let world = try await World(lab: lab(disk: "{layout: lvm}"))
        for name in ["sda", "sdb"] { try world.disk(name, megabytes: 20000) }
        // The first and the last sector of disks and partitions.
        let places = ["sda", "sdb"].flatMap { [($0, 0), ($0, 39_062_499), ($0 + "1", 0), ($0 + "1", 39_060_451)] }
        for (device, sector) in places {
            _ = try world.shell("echo label | dd of=/dev/\(device) bs=512 seek=\(sector) conv=notrunc")
        }
        _ = try world.shell(
            """
            echo '  /dev/sda1  vg0' >/var/lib/pvs-stub; echo '  /dev/sdb1  guests' >>/var/lib/pvs-stub
            mkdir -p /lib/partman/init.d; cd /lib/partman/init.d
            touch 25md-devices 26lvm-devices 30parted 80autouse_swap
            printf '#!/bin/sh\necho /dev/sdb1:other:Other:linux\n' >/usr/bin/os-prober; chmod +x /usr/bin/os-prober
            """)
        let ran = try world.prepare()
        #expect(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
        for (device, sector) in places {
            let there = try world.shell("dd if=/dev/\(device) bs=512 skip=\(sector) count=1 2>/dev/null").out
            #expect(there.hasPrefix("label") == device.hasPrefix("sdb"), "\(device) \(sector)")
        }
        #expect(try world.shell("ls /lib/partman/init.d").out == "30parted\n")
        #expect(try world.shell("os-prober").out == "")
        #expect(world.answer("partman-auto/method") == "lvm")
    }

    @Test func sparesAVolumeGroupOfTheSameName() async throws {
        let world = try await World(lab: lab(disk: "{layout: lvm}"))
        for name in ["sda", "sdb"] { try world.disk(name, megabytes: 20000) }
        try world.write("  /dev/sda1  vg0\n  /dev/sdb1  vg0\n", to: "/var/lib/pvs-stub")
        let ran = try world.prepare()
        #expect(ran.status != 0)
        #expect(ran.err.contains("there is a volume group vg0 on /dev/sdb1, which is not erased"), "\(ran.err)")
        #expect(world.answer("partman-auto/method") == "")
    }

    // MARK: At the end

    /// The whole way, with real apt, dpkg-divert, grub-mkconfig and Xen's own grub.d script; then each step made to
    /// fail, mended, and run again.
    @Test func installs() async throws {
        // More than the dialog has room for, and then the reason.
        let failing = "#!/bin/sh\nfor n in 1 2 3 4 5 6; do printf '%0200d\\n' $n; done; echo said; exit 3\n"
        let world = try await World(
            lab: lab(more: "packages: [no-such-package]"), lateScript: failing)
        try world.disk("sda", megabytes: 20000)
        #expect(try world.prepare().status == 0)
        // Where no mirror answers, apt would go on without the updates.
        try expectFailure(of: "upgrade", says: "The updates cannot be determined", in: world)
        try offerUpdates(in: world)
        try expectFailure(of: "packages", says: "Unable to locate package no-such-package", in: world)
        #expect(
            try world.shell("in-target --pass-stdout dpkg-query -W old new").out.split(separator: "\n")
                == ["new\t1", "old\t2"])
        #expect(try world.shell("cat /target/etc/old.conf").out == "changed\n")

        // The lab is mended, the user's script is not.
        let nobodys = "files: {folder: files, owners: {/etc/xen/guests/web.cfg: \"nobody-here:adm\"}}"
        try await world.place(lab: lab(more: nobodys), lateScript: failing)
        #expect(try world.prepare().status == 0)
        try expectFailure(of: "owners", says: "invalid user: 'nobody-here:adm'", in: world)

        let files = """
            files: {folder: files, owners: {/etc/xen/guests/web.cfg: "daemon:adm", /etc/xen/auto/web.cfg: games, /srv/closed: daemon}}
            """
        try await world.place(lab: lab(more: files), lateScript: failing)
        #expect(try world.prepare().status == 0)
        _ = try world.shell(
            "mv /tmp/xenseed/overlay.tar.gz /tmp/kept; head -c 5000 /tmp/kept > /tmp/xenseed/overlay.tar.gz")
        try expectFailure(of: "overlay", says: "overlay.tar.gz: FAILED", in: world)
        _ = try world.shell("mv /tmp/kept /tmp/xenseed/overlay.tar.gz")

        _ = try world.shell("in-target dpkg-divert --local --divert /etc/grub.d/other --add /etc/grub.d/20_linux_xen")
        try expectFailure(of: "diversion", says: "clashes with", in: world)
        _ = try world.shell("in-target dpkg-divert --local --remove /etc/grub.d/20_linux_xen")

        _ = try world.shell("echo 'echo broken; exit 7' > /target/etc/default/grub.d/40-broken.cfg")
        try expectFailure(of: "update-grub", says: "broken", in: world)
        _ = try world.shell("rm /target/etc/default/grub.d/40-broken.cfg; chmod -x /target/etc/grub.d/08_linux_xen")
        try expectFailure(of: "first-entry", says: "the first entry: menuentry 'Debian GNU/Linux'", in: world)
        _ = try world.shell("chmod +x /target/etc/grub.d/08_linux_xen")

        try expectFailure(of: "late-script", says: "said", in: world)
        try await world.place(lab: lab(more: files), lateScript: "#!/bin/sh\ntouch /root/late\n")
        #expect(try world.prepare().status == 0)
        let ran = try world.install()
        #expect(ran.status == 0, "\(ran.err)")
        try expectInstalled(world)

        // As it came, and once.
        let log = world.read("/var/log/syslog").split(separator: "\n")
        for line in ["E: Unable to locate package no-such-package", "Setting up xen-hypervisor-common"] {
            #expect(log.count { $0.contains("in-target: \(line)") } == 1, "\(line)")
        }

        // Once more: nothing changes.
        let before = try state(of: world)
        #expect(try world.install().status == 0)
        #expect(try state(of: world) == before)
        try expectUpgradesAreNoticed(world)
    }

    /// What the verifier says of the menu and of what runs, with a real apt, grub-mkconfig, hypervisor and kernel.
    private func expectUpgradesAreNoticed(_ world: World) throws {
        func target(_ script: String) throws -> Ran {
            try world.shell(
                "cat >/target/tmp/script <<'END OF SCRIPT'\n\(script)\nEND OF SCRIPT\nin-target --pass-stdout sh /tmp/script"
            )
        }
        // What runs is what is installed: its own texts say so.
        _ = try target(
            #"""
            mkdir -p /tmp/root/proc/sys/kernel /tmp/bin
            ln -sfn /boot /tmp/root/boot; ln -sfn /etc /tmp/root/etc
            date=$(gzip -dc /boot/xen-4.17-amd64.gz | tr -c ' -~' '\n' | grep '^[A-Z][a-z][a-z] .* UTC 20[0-9][0-9]$')
            cat >/tmp/bin/xl <<END
            #!/bin/sh
            [ \$1 = info ] && echo 'cc_compile_date : $date'
            END
            chmod 755 /tmp/bin/xl
            kernel=$(ls /boot/vmlinuz-*)
            echo ${kernel#*-} >/tmp/root/proc/sys/kernel/osrelease
            head -c 65536 $kernel | tr -c ' -~' '\n' | sed -n 's/^[^ ]* ([^)]*) #/#/p' >/tmp/root/proc/sys/kernel/version
            """#)
        func current(_ change: String = "") throws -> [String] {
            let ran = try target(
                change + "\n"
                    + "PATH=/tmp/bin:$PATH XENSEED_ROOT=/tmp/root /usr/local/sbin/xenseed-verify | grep -E ' current (grub|xen|kernel): '"
            )
            return ran.out.split(separator: "\n").map(String.init)
        }
        let good = try current()
        #expect(good.count == 3 && good.allSatisfy { $0.hasPrefix("ok ") }, "\(good)")
        #expect(good.first?.contains("saw xen-4.17-amd64.gz, vmlinuz-6.1.0-") == true, "\(good)")

        // A newer kernel and a newer hypervisor, by the names that Debian gives them.
        let upgraded = try current(
            #"""
            old=$(ls /boot/vmlinuz-*); old=${old#*-} new=6.1.0-100-amd64
            cp /boot/config-$old /boot/config-$new; cp /boot/initrd.img-$old /boot/initrd.img-$new
            sed "s/$old (/$new (/" /boot/vmlinuz-$old >/boot/vmlinuz-$new
            gzip -dc /boot/xen-4.17-amd64.gz | sed 's/UTC 20../UTC 2099/' | gzip >/boot/xen-4.20-amd64.gz
            update-grub >/dev/null 2>&1
            """#)
        #expect(upgraded.count == 3, "\(upgraded)")
        #expect(
            upgraded.first
                == "ok    current grub: saw xen-4.20-amd64.gz, vmlinuz-6.1.0-100-amd64, initrd.img-6.1.0-100-amd64",
            "\(upgraded)")
        #expect(upgraded.dropFirst().allSatisfy { $0.hasPrefix("WARN  current ") }, "\(upgraded)")
        // GRUB leaves out what is not there.
        let missing = try current("rm /boot/initrd.img-6.1.0-100-amd64; update-grub >/dev/null 2>&1")
        #expect(
            missing.first == "FAIL  current grub: saw xen-4.20-amd64.gz, vmlinuz-6.1.0-100-amd64; "
                + "no initrd.img-6.1.0-100-amd64 in /boot, expected the newest installed", "\(missing)")
        // The menu was not made again.
        let old = try current(
            """
            cp /boot/config-6.1.0-100-amd64 /boot/initrd.img-6.1.0-100-amd64
            cp /boot/xen-4.20-amd64.gz /boot/xen-4.100-amd64.gz
            """)
        #expect(
            old.first?.contains("; not xen-4.100-amd64.gz; not initrd.img-6.1.0-100-amd64, expected") == true, "\(old)")
        _ = try target("rm /boot/*6.1.0-100* /boot/xen-4.100* /boot/xen-4.20*; update-grub")

        // systemd's own reading of the units, and apt's of the hook.
        let units = try target(
            "systemd-analyze verify xenseed-verify.service xenseed-verify.timer xenseed-verify-soon.timer 2>&1")
        #expect(units.status == 0 && units.out.isEmpty, "\(units)")
        // apt goes on, whether systemd runs, answers, hangs, fails or is not there.
        for (systemctl, called) in [("exit 0", true), ("exec sleep 60", true), ("exit 1", true), ("", false)] {
            let start = ContinuousClock.now
            let ran = try target(
                """
                rm -rf /run/systemd/system /tmp/called /tmp/bin/systemctl
                if [ -n "\(systemctl)" ]; then
                    mkdir -p /run/systemd/system
                    printf '#!/bin/sh\\necho "$*" >>/tmp/called; \(systemctl)\\n' >/tmp/bin/systemctl
                    chmod 755 /tmp/bin/systemctl
                fi
                export PATH=/tmp/bin:$PATH
                apt-get -q -y --reinstall install /var/cache/apt/archives/bridge-utils_*.deb >/tmp/apt.log 2>&1
                echo $?
                cat /tmp/called 2>/dev/null
                rm -rf /run/systemd/system
                """)
            let lines = ran.out.split(separator: "\n")
            #expect(lines.first == "0", "\(systemctl): \(ran)")
            #expect(lines.contains("--no-block restart xenseed-verify-soon.timer") == called, "\(systemctl): \(ran)")
            #expect(ContinuousClock.now - start < .seconds(50), "\(systemctl)")
        }
    }

    /// Makes the packages that the target has downloaded its mirror, with an update for one that is installed: the update depends on
    /// a package that is not, as a new kernel's does, and has another version of a file that somebody changed.
    private func offerUpdates(in world: World) throws {
        let made = try world.shell(
            """
            cat >/target/tmp/offer <<'END'
            set -e
            cd /tmp
            package() {
                rm -rf "$1"; mkdir -p "$1/DEBIAN" "$1/etc"
                printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody\nDescription: test\n%s' "$1" "$2" "$3" \
                    >"$1/DEBIAN/control"
                echo "/etc/$1.conf" >"$1/DEBIAN/conffiles"; echo "$2" >"$1/etc/$1.conf"
                dpkg-deb --build --root-owner-group "$1" "/var/cache/apt/archives/$1_$2_all.deb"
            }
            package old 1 ''; dpkg -i /var/cache/apt/archives/old_1_all.deb; echo changed >/etc/old.conf
            package new 1 ''; package old 2 'Depends: new
            '
            cd /var/cache/apt/archives
            apt-ftparchive -o APT::FTPArchive::MD5=false -o APT::FTPArchive::SHA1=false -o APT::FTPArchive::SHA512=false packages . >Packages
            echo 'deb [trusted=yes] file:/var/cache/apt/archives ./' >/etc/apt/sources.list
            END
            in-target --pass-stdout sh /tmp/offer
            """)
        try #require(made.status == 0, "\(made)\(world.read("/var/log/syslog").suffix(2000))")
    }

    /// Jessie's partman-auto-lvm gives the last volume of a recipe all that is left; ours has a volume for it, which goes.
    @Test func leavesTheRestOfTheGroupFree() async throws {
        let world = try await World(lab: lab(disk: "{layout: lvm}"), release: "jessie")
        let recipe = try world.command("partman-auto/expert_recipe")
        #expect(recipe.hasSuffix(" . 16 16 -1 ext4 $lvmok{ } lv_name{ xenseed_rest } ."), "\(recipe)")
        for (name, body) in [
            ("lvs", "[ -e /dev/$1 ]"), ("lvremove", "[ \"$1\" = -f ] && rm /dev/$2 && echo \"$2\" >>/removed"),
        ] {
            try world.write("#!/bin/sh\n\(body)\n", to: "/sbin/\(name)")
            _ = try world.shell("chmod 755 /sbin/\(name)")
        }
        #expect(try world.prepare().status == 0)
        _ = try world.shell("mkdir /dev/vg0; touch /dev/vg0/root /dev/vg0/swap /dev/vg0/xenseed_rest")
        // The target is bookworm's, so the rest of the steps cannot follow; this one comes first, and does nothing twice.
        for _ in 1...2 {
            _ = try world.install()
            #expect(world.read("/dev/ttyS0").contains(" late free-rest ok "))
            #expect(try world.shell("cat /removed; ls /dev/vg0").out == "vg0/xenseed_rest\nroot\nswap\n")
        }
    }

    @Test func upgradesOnlyWhereTheLabSaysSo() async throws {
        let world = try await World(lab: "report_url: http://127.0.0.1:8000\n" + lab(more: "upgrade: false"))
        #expect(try world.prepare().status == 0)
        // With only a network that leads nowhere, the packages come from what is downloaded.
        let (ran, posts) = try world.shell(try world.command("preseed/late_command") + "; " + Self.settled, answers: [])
        #expect(ran.status == 0, "\(ran.err)")
        #expect(!world.read("/var/log/syslog").contains("step upgrade"))

        // The new system has the token, which no log has. What could not be posted before partitioning is posted now.
        #expect(posts.filter(\.isStored).flatMap(\.lines) == told(world.read("/dev/ttyS0")))
        let token = try #require(posts.last?.token?.dropFirst("Bearer ".count))
        let found = try world.shell(
            """
            cd /target/var/lib/xenseed; ls -l token | cut -c 1-10; cat token; echo; ls -A
            grep -rl \(token) /var/log /tmp /target/var/log /target/etc /target/tmp
            """)
        #expect(found.out == "-rw-------\n\(token)\nlate-command.status\ntoken\n/tmp/xenseed/token\n", "\(found)")
    }

    private func expectFailure(of step: String, says: String, in world: World) throws {
        let ran = try world.install()
        #expect(ran.status != 0, "step \(step)")
        #expect(ran.err.contains("xenseed: xen01: step \(step) of install"), "\(ran.err)")
        #expect(ran.err.contains(says), "\(ran.err)")
        #expect(world.read("/var/log/syslog").contains("step \(step) FAILED"))
        let status = try world.shell("cat /target/var/lib/xenseed/late-command.status").out
        #expect(status.hasPrefix("failed install \(step) "), "\(status)")
        #expect(try world.shell("cat /target/var/log/xenseed/late-command.log").out.contains("step \(step) FAILED"))
    }

    private func expectInstalled(_ world: World) throws {
        func target(_ command: String) throws -> String { try world.shell("cd /target && \(command)").out }
        let menu = try target("cat boot/grub/grub.cfg")
        let entry = try #require(menu.components(separatedBy: "\nmenuentry ").dropFirst().first)
        #expect(entry.contains("Xen hypervisor"))
        let hypervisor = try #require(
            entry.split(separator: "\n").first { $0.contains("multiboot") && $0.contains("xen") })
        #expect(
            hypervisor.contains(
                "dom0_mem=1024M,max:1024M dom0_max_vcpus=1 dom0_vcpus_pin com1=115200,8n1 console=com1,vga"),
            "\(hypervisor)")
        let kernel = try #require(entry.split(separator: "\n").first { $0.contains("vmlinuz") })
        #expect(kernel.contains("net.ifnames=0 console=tty0 console=hvc0"), "\(kernel)")
        // Disk names may move, so the default is a name that stays with the file system.
        #expect(kernel.contains("root=UUID=5ee0b0a7-0c5d-4c5e-9d2b-7c1f6f3a2b10 "), "\(kernel)")
        #expect(menu.contains("set timeout=1\n"))

        // No package asked anything.
        #expect(!world.read("/var/log/syslog").contains("unable to initialize frontend: Passthrough"))
        #expect(world.read("/var/log/debconf-passthrough").isEmpty)

        #expect(try target("cat etc/hostname") == "xen01.hl.local\n")
        #expect(try target("ls -ld root/.ssh").hasPrefix("drwx------ "))
        #expect(try target("ls -l root/.ssh/authorized_keys").hasPrefix("-rw------- "))
        #expect(try target("cat root/.ssh/authorized_keys").contains(key))
        #expect(try target("ls etc/grub.d").split(separator: "\n").contains("08_linux_xen"))
        #expect(try !target("ls etc/grub.d").contains("20_linux_xen"))
        #expect(try target("ls root") == "late\n")
        #expect(try target("cat var/lib/xenseed/late-command.status") == "done install\n")
        #expect(try target("readlink etc/xen/auto/web.cfg") == "../guests/web.cfg\n")
        #expect(try target("readlink etc/xen/auto/later.cfg") == "/srv/later.cfg\n")
        #expect(try target("cat etc/xen/auto/web.cfg") == "name = 'web'\n")
        let owners = try world.shell(
            "in-target --pass-stdout stat -c '%U:%G %a' /etc/xen/guests/web.cfg /etc/xen/auto/web.cfg /srv/closed /etc/xen/auto"
        )
        #expect(owners.out == "daemon:adm 640\ngames:root 777\ndaemon:root 700\nroot:root 755\n")
        let timers = try world.shell(
            "in-target --pass-stdout systemctl is-enabled xenseed-verify.timer systemd-timesyncd")
        #expect(timers.out == "enabled\nenabled\n", "\(timers)")
        let steps = [
            "upgrade", "packages", "overlay", "owners", "diversion", "update-grub", "first-entry", "late-script",
        ]
        let late = told(world.read("/dev/ttyS0")).filter { $0.contains(" late ") }
        let told = late.map { $0.split(separator: " ")[3...4].joined(separator: " ") }
        let expected = steps.flatMap { ["\($0) start", "\($0) ok"] }
        #expect(told.suffix(expected.count + 2) == ["- start"] + expected + ["- ok"])
        #expect(
            try target("readlink etc/systemd/system/multi-user.target.wants/xenseed-verify.service")
                == "/etc/systemd/system/xenseed-verify.service\n")
        for package in ["xen-system-amd64", "bridge-utils", "openssh-server"] {
            #expect(
                try world.shell("in-target --pass-stdout dpkg-query -W -f '${Status}' \(package)").out
                    .contains("install ok installed"), "\(package)")
        }
        // Every file of the overlay is there as it was packed.
        let sums = try run(
            ["sh", "-c", "cd out/nodes/xen01/overlay && find . -type f -exec sha256sum {} +"],
            in: URL(filePath: world.folder.path)
        ).out
        try world.write(sums, to: "/tmp/sums")
        #expect(try world.shell("cd /target && sha256sum -c /tmp/sums").status == 0)
    }

    /// Everything that a second run must not change; logs tell of it.
    private func state(of world: World) throws -> String {
        try world.shell(
            """
            cd /target && find etc root boot usr/local var/lib/dpkg -type f ! -name '*lock*' | sort | while read -r file; do
                sha256sum "$file"; done; ls -lR etc/grub.d etc/default root/.ssh
            """
        ).out
    }

    // MARK: With a frontend

    /// The installer's own dialog names the step, and dismissing it tries again: a half-configured node never reboots.
    @Test func triesAgainWhenTheDialogIsDismissed() async throws {
        let world = try await World(lab: lab())
        try world.disk("sda", megabytes: 20000)
        try world.write(
            """
            db_subst() { echo "SUBST $*" >> /tmp/dialog; }
            db_fset() { :; }
            db_input() { echo "INPUT $*" >> /tmp/dialog; }
            # The person behind the keyboard puts the file back, and presses Continue.
            db_go() { mv /tmp/away /cdrom/nodes/xen01/overlay.tar.gz; }
            """, to: "/usr/share/debconf/confmodule")
        let ran = try world.shell(
            "mv /cdrom/nodes/xen01/overlay.tar.gz /tmp/away; export DEBIAN_HAS_FRONTEND=1; "
                + (try world.command("partman/early_command")))
        #expect(ran.status == 0, "\(ran.err)")
        let dialog = world.read("/tmp/dialog")
        #expect(dialog.contains("SUBST preseed/command_failed COMMAND xenseed: xen01: step fetch-overlay of prepare: "))
        #expect(dialog.contains("INPUT critical preseed/command_failed"))
        #expect(world.answer("partman-auto/method") == "regular")
        #expect(world.read("/var/lib/xenseed/late-command.status") == "done prepare")
    }
}
