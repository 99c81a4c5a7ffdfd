/// How a guest runs under Xen.
public enum GuestType: String, Sendable, CaseIterable {
    /// Paravirtualized: the guest's kernel calls the hypervisor, and the processor needs no hardware virtualization.
    case pv
    /// Hardware virtualization without emulated devices.
    case pvh
    /// Hardware virtualization with the devices of a PC, which QEMU emulates in dom0.
    case hvm
}
