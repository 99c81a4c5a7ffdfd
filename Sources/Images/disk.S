# disk.bin: what "Start this machine from its own disk" in the BIOS menu of a medium starts. ISOLINUX loads it as a boot sector.
#
# It starts the first hard disk that has a boot sector and is not the medium itself. ISOLINUX's own `localboot` cannot do that:
# -1 (interrupt 18h) halts VirtualBox's BIOS (INT18: BOOT FAILURE), and 0x80 is the medium if that is a stick, and ends with
# "Boot failed" in ISOLINUX 6.04 if it is a CD. If no disk can be started, it calls interrupt 18h too: most BIOSes then go on to
# the next device in their boot order.
#
# disk.bin is made by these commands (a test repeats them):
#   as --32 disk.S -o disk.o
#   ld -m elf_i386 --oformat binary -Ttext 0x600 -o disk.bin disk.o
#
# ISOLINUX loads it to 0000:7C00, with the number of the drive that ISOLINUX was started from in DL. The boot sector of the disk
# has to be at 0000:7C00, so this code moves to 0000:0600 first.
        .code16
        .globl  _start
_start:
        cli
        xorw    %ax, %ax
        movw    %ax, %ss
        movw    $0x7c00, %sp
        movw    %ax, %ds
        movw    %ax, %es
        cld
        movb    %dl, 0x7c00 + medium - _start
        movw    $0x7c00, %si
        movw    $_start, %di
        movw    $256, %cx
        rep movsw
        ljmp    $0, $moved
moved:
        sti
        movw    $3, %ax                 # Text mode again: the menu may be a graphical one.
        int     $0x10
        movb    $0x80, %dl              # The first hard disk.
        movb    0x475, %dh              # The BIOS's number of hard disks.
next:
        testb   %dh, %dh
        jz      none
        cmpb    medium, %dl
        je      skip
        call    read
        jc      skip
        cmpw    $0xaa55, 0x7dfe
        je      start
skip:
        incb    %dl
        decb    %dh
        jmp     next
start:
        ljmp    $0, $0x7c00             # The number of the disk is in DL.

none:
        movw    $message, %si
character:
        lodsb
        testb   %al, %al
        jz      give_up
        movb    $0x0e, %ah
        movw    $7, %bx
        int     $0x10
        jmp     character
give_up:
        int     $0x18                   # Some BIOSes go on to the next boot device.
stop:
        hlt
        jmp     stop

# Reads the first sector of the disk DL to 0000:7C00; carry is set on failure. EDD's extended read, which every BIOS of a 64-bit PC has.
read:
        pushw   %dx
        movw    $packet, %si
        movb    $0x42, %ah
        int     $0x13
        popw    %dx
        ret

message:
        .asciz  "\r\nNo disk of this machine can be started.\r\n"
        .balign 4
packet:
        .byte   16, 0
        .word   1
        .word   0x7c00, 0
        .quad   0
medium:
        .byte   0                       # The number of the drive that ISOLINUX was started from.
        .org    510
        .word   0xaa55
