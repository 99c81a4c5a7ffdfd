import TestSupport
import Testing

/// Tests user accounts, which the programs of the new system create, with the programs that use them.
@Suite(.timeLimit(.minutes(15)))
struct UserTests {
    /// The hash of the password `secret`.
    private static let hash =
        "$6$xenseedtests$8tEmxc.Ut2IT5sICPvcIS4vjvYMtLHugG12eMMmkcIe.r0282cw0SirR.E3dZd1pBCHGzkRxvwC7x0fB4Drew1"

    private static let text = """
        domain: hl.local
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true}
        nodes:
          xen01:
            cpus: 2
            memory: 2 GiB
            upgrade: false
            recommends: false
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: lan}
            files: {folder: files, owners: {/etc/xen/guests/web.cfg: "ann:adm"}}
            access:
              root: false
              users:
                ann:
                  full_name: Ann O'Brien
                  keys: ["\(key)", "\(key) it's `id` $HOME \\\\ \\"quoted\\""]
                  sudo: nopasswd
                  groups: [adm, lab, systemd-journal]
                bob: {full_name: Bób Żak, password: \(hash), sudo: true, uid: 1000}
                carla: {keys: ["\(key)"], shell: /bin/sh}
        """

    @Test func accountsWork() async throws {
        let world = try await World(lab: Self.text)
        try world.disk("sda", megabytes: 20000)
        #expect(try world.prepare().status == 0)
        // A repeated step must not change anything.
        for _ in 1...2 {
            let ran = try world.install()
            try #require(ran.status == 0, "\(ran.err)\(world.read("/var/log/syslog"))")
            try check(world)
        }
        try expectNoHash(in: world)
    }

    /// A name that is already in use stops the installation, and no file with a hash is left.
    @Test func takenName() async throws {
        let world = try await World(lab: Self.text)
        try world.disk("sda", megabytes: 20000)
        #expect(try world.prepare().status == 0)
        _ = try world.shell("in-target groupadd ann")
        let ran = try world.install()
        #expect(ran.status != 0 && ran.err.contains("step users of install: "), "\(ran.err)")
        #expect(ran.err.contains("group ann exists"), "\(ran.err)")
        try expectNoHash(in: world)
        _ = try world.shell("in-target groupdel ann")
        #expect(try world.install().status == 0)
        // bob's group got its number while the other group existed.
        try check(world, firstGroup: 1001)
    }

    /// Checks that no log of the installer or of the new system contains a hash, and that no file with hashes is left.
    /// Only the script contains one, in the installer's memory.
    private func expectNoHash(in world: World) throws {
        let found = try world.shell(
            """
            [ -d /target/var/lib/xenseed ] || exit
            grep -rsl xenseedtests /var/log /tmp/xenseed /target/var/log /target/var/lib/xenseed
            ls -d /target/var/lib/xenseed/users
            """)
        #expect(found.out == "/tmp/xenseed/late-command.sh\n", "\(found)")
    }

    /// Checks the accounts, and that the programs of the new system accept them.
    /// - Parameter firstGroup: The number of bob's group, whose account is the first.
    private func check(_ world: World, firstGroup: Int = 1000) throws {
        func target(_ command: String) throws -> Ran {
            try world.shell("in-target --pass-stdout sh -c 'PATH=$PATH:/usr/sbin:/usr/local/sbin; \(command)'")
        }
        // bob has a fixed number, so his account is created before ann's, which gets the next free number.
        let accounts = try target("getent passwd ann bob carla").out
        #expect(
            accounts == """
                ann:x:1001:\(firstGroup + 1):Ann O'Brien:/home/ann:/bin/bash
                bob:x:1000:\(firstGroup):Bób Żak:/home/bob:/bin/bash
                carla:x:1002:\(firstGroup + 2)::/home/carla:/bin/sh

                """)
        #expect(
            try target("id -Gn ann").out.split(whereSeparator: \.isWhitespace).sorted() == [
                "adm", "ann", "lab", "systemd-journal",
            ])
        #expect(
            try target("cut -d : -f 1,2 /etc/shadow | grep -E \"^(root|ann|bob|carla):\"").out
                .hasSuffix("bob:\(Self.hash)\nann:*\ncarla:*\n"))
        #expect(
            try target("stat -c \"%U:%G %a\" /home/ann /home/ann/.ssh /home/ann/.ssh/authorized_keys").out
                == "ann:ann 755\nann:ann 700\nann:ann 600\n")
        #expect(
            try target("cat /home/ann/.ssh/authorized_keys").out
                == "\(key)\n\(key) it's `id` $HOME \\ \"quoted\"\n")
        #expect(try target("ls -A /root/.ssh; :") == Ran(status: 0, out: ""))
        #expect(try target("stat -c %U:%G /etc/xen/guests/web.cfg").out == "ann:adm\n")

        // sshd and sudo read their files.
        #expect(try target("mkdir -p /run/sshd; sshd -t").status == 0)
        let settings = try target("sshd -T").out.split(separator: "\n")
        for line in [
            "passwordauthentication no", "permitrootlogin no", "kbdinteractiveauthentication no", "usepam yes",
        ] {
            #expect(settings.contains(line[...]), "\(line)")
        }
        #expect(try target("visudo -c").status == 0)
        #expect(try target("sudo -n -l -U ann").out.contains("(ALL : ALL) NOPASSWD: ALL"))
        #expect(try target("sudo -n -l -U bob").out.contains("(ALL : ALL) ALL"))
        #expect(try target("sudo -n -l -U carla").out.contains("not allowed"))

        // The verifier accepts the logins. The SSH service does not run here.
        let report = try target("xenseed-verify").out.split(separator: "\n").filter { $0.contains(" login ") }
        #expect(
            report == [
                "ok    login root: saw none", "ok    login ann: saw keys=2 sudo-nopasswd",
                "ok    login bob: saw password sudo", "ok    login carla: saw keys=1",
            ])
    }
}
