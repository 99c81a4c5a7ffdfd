import Foundation
import TestSupport

/// What a system of Tests/Cards/boot-root has printed: lines by their first word.
struct BootState {
    var lines: [(kind: String, text: String)] = []
    subscript(kind: String) -> [String] { lines.filter { $0.kind == kind }.map(\.text) }

    struct Failure: Error { var said: String }

    /// Builds the lab in a folder, starts a machine with the overlay of its node xen01, and waits until it switches itself off.
    /// - Parameters:
    ///   - folder: The folder with lab.yaml and the directory `files`, whose script usr/local/sbin/boot-test the machine runs.
    ///   - devices: QEMU's options for the network cards.
    ///   - seconds: How long the machine may take.
    init(
        _ release: String, in folder: TemporaryFolder, uefi: Bool = false, xen: Bool = false, devices: [String] = [],
        seconds: Int = 600
    ) throws {
        let root = checkout.appending(path: ".build-boot/\(release)").path
        let made = try run([checkout.appending(path: "Tests/Cards/boot-root").path, root, release])
        guard made.status == 0 else { throw Failure(said: made.err) }
        // What the overlay's GRUB configuration gives to the kernel.
        let built = try run(
            [
                "sh", "-euc",
                """
                chmod 755 files/usr/local/sbin/boot-test
                "$1" build lab.yaml >&2
                gzip -dc out/nodes/xen01/overlay.tar.gz >overlay.tar
                cp /usr/share/OVMF/OVMF_VARS_4M.fd variables
                . ./out/nodes/xen01/overlay/etc/default/grub.d/50-xenseed.cfg
                echo "$GRUB_CMDLINE_LINUX"
                """, "sh", checkout.appending(path: ".build/debug/xenseed").path,
            ], in: URL(filePath: folder.path))
        guard built.status == 0 else { throw Failure(said: built.err) }
        // Emulated on a busy host, the kernel may find its timer too slow.
        let options =
            "root=/dev/vda rw quiet systemd.show_status=false no_timer_check panic=-1 console=\(xen ? "hvc0" : "ttyS0") "
            + built.out.trimmingCharacters(in: .whitespacesAndNewlines)
            + ["serial-getty@ttyS0", "serial-getty@hvc0", "xenseed-verify"].map { " systemd.mask=\($0).service" }
            .joined()
        var words = [
            "qemu-system-x86_64", "-machine", "pc,accel=tcg", "-cpu", "qemu64", "-m",
            "1024",
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-serial", "stdio", "-snapshot",
            "-drive", "file=\(root)/root.img,format=raw,if=none,id=root", "-device",
            "virtio-blk-pci,drive=root,addr=0x4",
            "-drive", "file=\(folder.url("overlay.tar").path),format=raw,if=none,id=overlay",
            "-device", "virtio-blk-pci,drive=overlay,addr=0x5",
        ]
        if uefi {
            words += [
                "-drive", "if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd",
                "-drive", "if=pflash,unit=1,format=raw,file=\(folder.url("variables").path)",
            ]
        }
        if xen {
            words += [
                "-kernel", "\(root)/xen", "-append", "dom0_mem=512M,max:512M com1=115200,8n1 console=com1 noreboot=0",
                "-initrd", "\(root)/vmlinuz \(options),\(root)/initrd.img",
            ]
        } else {
            words += ["-kernel", "\(root)/vmlinuz", "-initrd", "\(root)/initrd.img", "-append", options]
        }
        // `make e2e-qemu` builds a QEMU that emulates three times as fast.
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let fast = checkout.appending(path: ".e2e/qemu/bin").path
        let ran = try run(words + devices, environment: ["PATH": "\(fast):\(path)"], seconds: seconds)
        let serial = String(decoding: ran.out.utf8.filter { $0 != 13 }, as: UTF8.self)
        guard let begin = serial.firstRange(of: "BOOT-STATE begin\n"), let end = serial.firstRange(of: "BOOT-STATE end")
        else { throw Failure(said: "\(ran.err)\(serial.suffix(4000))") }
        for line in serial[begin.upperBound..<end.lowerBound].split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            lines.append((String(words[0]), words.count > 1 ? String(words[1]) : ""))
        }
    }
}
