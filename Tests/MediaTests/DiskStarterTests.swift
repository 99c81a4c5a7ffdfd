import Foundation
import TestSupport
import Testing

/// Runs the boot sector with which the BIOS menu of a medium boots the machine's own disk, in QEMU's BIOS.
@Suite(.timeLimit(.minutes(15)))
struct DiskStarterTests {
    private static let source = checkout.appending(path: "Sources/Images")

    /// disk.bin is the result of assembling disk.S.
    @Test func binaryIsTheSource() throws {
        let folder = try TemporaryFolder()
        let ran = try run([
            "sh", "-euc",
            """
            cd "$1"
            as --32 "$2/disk.S" -o disk.o
            ld -m elf_i386 --oformat binary -Ttext 0x600 -o disk.bin disk.o
            cmp disk.bin "$2/disk.bin"
            """, "sh", folder.path, Self.source.path,
        ])
        #expect(ran.status == 0, "\(ran.out)\(ran.err)")
    }

    /// The boot sector, which is on the first disk as the medium, boots the first other disk that has a boot sector.
    /// - Parameters:
    ///   - disks: the texts that the boot sectors of the other disks write; empty for a disk without a boot sector.
    ///   - expected: the text that is written to the serial port.
    @Test(arguments: [
        (["first"], "first"), (["", "second"], "second"), (["", "", "third"], "third"), (["first", "second"], "first"),
    ])
    func startsTheFirstThatCanStart(_ disks: [String], _ expected: String) throws {
        #expect(try start(disks).serial == "this is \(expected)\r\n")
    }

    /// Without a disk to boot, the boot sector calls interrupt 18h, and QEMU's BIOS looks for another boot device.
    @Test(arguments: [[], [""]]) func noDisk(_ disks: [String]) throws {
        let seen = try start(disks)
        #expect(seen.serial.isEmpty)
        let handled = try #require(seen.bios.range(of: "enter handle_18"), "\(seen.bios)")
        #expect(seen.bios[handled.upperBound...].contains("No bootable device"))
    }

    /// - Returns: what the booted disk wrote to the serial port, and the log of QEMU's BIOS.
    private func start(_ disks: [String]) throws -> (serial: String, bios: String) {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(at: Self.source.appending(path: "disk.bin"), to: folder.url("0"))
        for (number, text) in disks.enumerated() {
            let sector = text.isEmpty ? [UInt8](repeating: 0, count: 512) : bootCode("this is \(text)")
            try Data(sector).write(to: folder.url("\(number + 1)"))
        }
        let drives = (0...disks.count).flatMap { number -> [String] in
            let file = folder.url("\(number)").path
            try? FileHandle(forWritingTo: URL(filePath: file)).truncate(atOffset: 1 << 20)
            return ["-drive", "file=\(file),format=raw,if=ide"]
        }
        // The BIOS logs to its debug port when there is nothing left to boot.
        let ran = try run(
            [
                "sh", "-euc",
                """
                cd "$1"
                shift
                : >serial >bios
                timeout 60 qemu-system-x86_64 -accel tcg -m 64 -display none -nodefaults -vga std -serial file:serial \
                    -chardev file,id=bios,path=bios -device isa-debugcon,iobase=0x402,chardev=bios "$@" &
                until grep -q 'this is' serial || grep -q 'No bootable device' bios || ! kill -0 $! 2>/dev/null; do
                    sleep 0.2
                done
                kill $! || :
                wait
                """, "sh", folder.path,
            ] + drives)
        #expect(ran.status == 0, "\(ran.err)")
        func read(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: folder.url(name)), as: UTF8.self)
        }
        return (try read("serial"), try read("bios"))
    }
}
