import Templates

/// The lab that `xenseed init` writes.
public enum Starter {
    public static var text: String { String(decoding: Template.starter.text, as: UTF8.self) }
}
