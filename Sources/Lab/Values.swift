/// A lab is made of these; whoever knows the one knows the other.
@_exported import Values
