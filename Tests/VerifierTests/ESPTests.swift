import Foundation
import TestSupport
import Testing

/// xenseed-esp with directories in place of EFI system partitions, and programs that answer for them.
@Suite(.timeLimit(.minutes(15)))
struct ESPTests {
    private static let script = checkout.appending(path: "templates/xenseed-esp.sh")

    /// A machine whose sda1 is mounted at /boot/efi, and whose sdb1 has the same volume ID.
    private func machine(_ body: (TemporaryFolder, _ run: (String) throws -> Ran) throws -> Void) throws {
        let folder = try TemporaryFolder()
        func write(_ text: String, to path: String, isProgram: Bool = false) throws {
            let url = folder.url(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
            if isProgram {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
            }
        }
        for (path, text) in [
            "boot/efi/EFI/debian/grubx64.efi": "grub 2", "boot/efi/EFI/debian/grub.cfg": "search",
            "boot/efi/EFI/BOOT/BOOTX64.EFI": "grub 2", "sdb1/EFI/debian/grubx64.efi": "grub 1",
            "sdb1/EFI/old/file": "old", "sys/class/block/sda1/partition": "1\n",
            "sys/class/block/sdb1/partition": "1\n", "entries": "Boot0001* debian HD(1,GPT,AAAA-0001,0x800)\n",
        ] { try write(text, to: path) }
        let programs = [
            "findmnt": "echo /dev/sda1",
            "blkid": """
            case "$*" in
            *'-s UUID /dev/sda1') echo ABCD-1234 ;;
            *'-o device -t UUID=ABCD-1234') printf '/dev/sdb1\n/dev/sda1\n' ;;
            *'-s PARTUUID /dev/sda1') echo aaaa-0001 ;;
            *'-s PARTUUID /dev/sdb1') echo bbbb-0002 ;;
            *) exit 2 ;;
            esac
            """,
            "lsblk": "for device; do :; done; device=${device#/dev/}; echo ${device%1}",
            // What is mounted is copied in, and copied back when it is unmounted.
            "mount": """
            echo "$*" >>$XENSEED_ROOT/mounts
            [ -e $XENSEED_ROOT/${5#/dev/} ] || exit 32
            cp -r $XENSEED_ROOT/${5#/dev/}/. $6; echo ${5#/dev/} >$XENSEED_ROOT/mounted; echo "$4" >$XENSEED_ROOT/options
            """,
            "umount": """
            [ -e $XENSEED_ROOT/mounted ] || exit 32
            name=$(cat $XENSEED_ROOT/mounted); rm $XENSEED_ROOT/mounted
            case $(cat $XENSEED_ROOT/options) in
            ro,*) ;;
            *) rm -r $XENSEED_ROOT/$name; cp -r $1 $XENSEED_ROOT/$name ;;
            esac
            rm -rf $1/*
            """,
            "efibootmgr": """
            if [ "$1" = -v ]; then cat $XENSEED_ROOT/entries; exit; fi
            echo "$*" >>$XENSEED_ROOT/added
            echo "Boot0002* debian on sdb HD(1,GPT,BBBB-0002,0x800)" >>$XENSEED_ROOT/entries
            """,
        ]
        for (name, text) in programs { try write("#!/bin/sh\n\(text)\n", to: "bin/\(name)", isProgram: true) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        try body(folder) { argument in
            try run(
                ["dash", Self.script.path] + (argument.isEmpty ? [] : [argument]),
                environment: ["XENSEED_ROOT": folder.path, "PATH": "\(folder.path)/bin:\(path)"])
        }
    }

    @Test func keepsThemInStep() throws {
        try machine { folder, esp in
            func text(_ path: String) -> String? { try? String(contentsOf: folder.url(path), encoding: .utf8) }
            // The check changes nothing.
            var ran = try esp("check")
            #expect(ran == Ran(status: 1, out: "sda1 ok\nsdb1 differs from /boot/efi\n"))
            #expect(text("sdb1/EFI/debian/grubx64.efi") == "grub 1" && text("added") == nil)

            ran = try esp("")
            #expect(ran == Ran(status: 0, out: "sda1 ok\nsdb1 ok\n"))
            let same = try run(["diff", "-r", folder.url("boot/efi").path, folder.url("sdb1").path])
            #expect(same == Ran(status: 0, out: ""))
            // sda1 has its entry, in capitals.
            let added = "-q -c -d /dev/sdb -p 1 -L debian on sdb -l \\EFI\\debian\\grubx64.efi\n"
            #expect(text("added") == added)

            ran = try esp("check")
            #expect(ran == Ran(status: 0, out: "sda1 ok\nsdb1 ok\n"))
            ran = try esp("")
            #expect(ran.status == 0 && text("added") == added)
            #expect(text("mounted") == nil)
        }
    }

    @Test func saysWhatIsWrong() throws {
        try machine { folder, esp in
            try FileManager.default.removeItem(at: folder.url("sdb1"))
            #expect(try esp("") == Ran(status: 1, out: "sda1 ok\nsdb1 cannot be mounted\n"))
            #expect(try esp("else") == Ran(status: 2, out: "", err: "usage: xenseed-esp [check]\n"))
            try Data("#!/bin/sh\nexit 1\n".utf8).write(to: folder.url("bin/findmnt"))
            #expect(try esp("check") == Ran(status: 1, out: "", err: "/boot/efi is not mounted\n"))
        }
    }
}
