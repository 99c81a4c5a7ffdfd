import Preseed

/// One option of a command line that GRUB hands on: the hypervisor's or dom0's kernel's.
///
/// It passes through /etc/default/grub.d (a shell reads it in double quotes) and grub.cfg (GRUB's own script reads
/// it bare), so whatever is special to either is refused.
package struct BootOption: TextValue, CustomStringConvertible {
    package let description: String

    package static let syntax = TextSyntax(
        "a boot option", pattern: "^[A-Za-z0-9_.,:=/@%+-]+$", example: "loglvl=all")

    package init(text: String) throws(Malformed) {
        guard text.consists(of: { isAlphanumeric($0) || [95, 46, 44, 58, 61, 47, 64, 37, 43, 45].contains($0) }) else {
            throw Malformed(
                "would break out of GRUB's command line (letters, digits and _.,:=/@%+- only)",
                hint: text.contains(" ") ? "write each option as an item of its own" : nil)
        }
        guard !text.hasPrefix("---") && text != "--" else { throw Malformed("ends a command line") }
        description = text
    }
}

/// A serial port and its speed, as the kernel's `console=` writes them.
package struct SerialConsole: TextValue, CustomStringConvertible {
    /// 0 for ttyS0, which Xen calls com1.
    package let unit: Int
    /// Bits per second; 8 data bits, no parity, 1 stop bit.
    package let speed: Int

    static let speeds = [9600, 19200, 38400, 57600, 115200]
    package static let syntax = TextSyntax(
        "a serial console", pattern: "^ttyS[01](,(9600|19200|38400|57600|115200))?$", example: "ttyS0,115200")

    package init(text: String) throws(Malformed) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let speed = parts.count == 2 ? Int(parts[1]) ?? 0 : 115200
        // Xen drives com1 and com2 only.
        guard parts.count <= 2, ["ttyS0", "ttyS1"].contains(parts[0]), Self.speeds.contains(speed),
            parts.count == 1 || parts[1] == String(speed)
        else {
            throw Malformed(
                "is not a serial console", hint: "write ttyS0 or ttyS1, a comma and the speed: ttyS0,115200")
        }
        unit = parts[0] == "ttyS0" ? 0 : 1
        self.speed = speed
    }

    package var description: String { "ttyS\(unit),\(speed)" }
}
