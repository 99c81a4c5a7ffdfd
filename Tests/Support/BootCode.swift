/// Returns a minimal guest: code that a BIOS starts at 0000:7C00, as a boot sector or over the network.
///
/// It writes the text to the first serial port, echoes what it receives there, and switches the machine off when the
/// power button is pressed (in QEMU's i440fx, the ACPI registers are at 0x600).
public func bootCode(_ text: String) -> [UInt8] {
    var code: [UInt8] = [
        0x31, 0xC0,  // xor ax, ax
        0x8E, 0xD8,  // mov ds, ax
        0xBE, 0x00, 0x7D,  // mov si, 0x7D00
        0xBA, 0xF8, 0x03,  // mov dx, 0x3F8
        0xAC,  // lodsb
        0x84, 0xC0,  // test al, al
        0x74, 0x03,  // jz +3
        0xEE,  // out dx, al
        0xEB, 0xF8,  // jmp -8: lodsb
        0xBA, 0x02, 0x06,  // mov dx, 0x602
        0xB8, 0x00, 0x01,  // mov ax, 0x100: enables the power button
        0xEF,  // out dx, ax
        // The main loop:
        0xBA, 0xFD, 0x03,  // mov dx, 0x3FD
        0xEC,  // in al, dx
        0xA8, 0x01,  // test al, 1: a byte was received
        0x74, 0x05,  // jz +5
        0xBA, 0xF8, 0x03,  // mov dx, 0x3F8
        0xEC,  // in al, dx
        0xEE,  // out dx, al
        0xBA, 0x00, 0x06,  // mov dx, 0x600
        0xED,  // in ax, dx
        0xF6, 0xC4, 0x01,  // test ah, 1: the button was pressed
        0x74, 0xEA,  // jz -22: mov dx, 0x3FD
        0xBA, 0x04, 0x06,  // mov dx, 0x604
        0xB8, 0x00, 0x20,  // mov ax, 0x2000: sleep state 5
        0xEF,  // out dx, ax
        0xF4,  // hlt
    ]
    code += [UInt8](repeating: 0, count: 256 - code.count)
    code += (text + "\r\n\0").utf8
    return code + [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xAA]
}
